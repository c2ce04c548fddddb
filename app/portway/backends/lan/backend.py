"""The local network: a listening socket on this computer's address that forwards bytes to the target."""

from __future__ import annotations

import contextlib
import socket
import sys
from collections.abc import Mapping
from ipaddress import IPv4Address
from typing import TYPE_CHECKING

from portway import __version__
from portway.backends.lan import causes
from portway.backends.lan.addresses import Interface, choose, others
from portway.backends.lan.declaration import ABOUT, LanExtras, LanOptions, LanTiming
from portway.backends.lan.dialler import Dialler, is_reachable
from portway.backends.lan.firewall import Firewall, allow_command, find_firewall
from portway.backends.lan.interfaces import ReadInterfaces, read_interfaces
from portway.backends.lan.ports import keep, listen
from portway.core.backend import BackendBase, Context
from portway.core.codes import Code
from portway.core.errors import Problem, TunnelError
from portway.core.options import host_of
from portway.core.status import BackendId, Installation, Reach, TunnelId
from portway.core.texts import translatable
from portway.system.services import Services
from portway.system.storage.app_state import AppState

if TYPE_CHECKING:
    from portway.backends.lan.session import LanSession, Opening
    from portway.relay.engine.forwarder import Limits

__all__ = ["LanBackend", "LanExtras", "LanOptions"]

_SUBNET, _GATEWAY, _ADDRESS = "subnet", "gateway", "address"
_DESCRIPTORS_WANTED = 1024


class LanBackend(BackendBase):
    """The embedded default: no account, no child, no download. Implements Backend, WishKeeper and PortOwner."""

    kind = BackendId("lan")
    title = translatable("Local network")
    about = ABOUT
    icon = "lan"
    reach = Reach.NETWORK
    options: type = LanOptions
    no_extras = LanExtras()

    def __init__(
        self,
        services: Services,
        read: ReadInterfaces = read_interfaces,
        limits: Limits | None = None,
        tunnel: TunnelId | None = None,
    ) -> None:
        super().__init__(tunnel)
        self._services = services
        self._timing = LanTiming.of(services.timing)
        self._memory = AppState(services.app_state)
        self._read = read
        self._limits = limits
        self._firewall: Firewall | None = None
        self._session: LanSession | None = None
        self._asked: IPv4Address | None = None

    def another(self, tunnel: TunnelId) -> LanBackend:
        return LanBackend(self._services, self._read, self._limits, tunnel)

    def inspect(self) -> Installation:
        self._firewall = find_firewall(self._timing.probe_limit)
        return Installation(version=__version__, source="builtin", extras=LanExtras(firewall=self._firewall))

    def open(self, context: Context) -> LanSession:
        from portway.backends.lan.session import LanSession  # late, with all of the relay: only what is open needs it

        context.cancel.check()
        _raise_descriptor_limit()
        options: LanOptions = context.options
        self._asked = IPv4Address(options.address) if options.address else None
        interface = choose(self._read(), self._asked)
        listening = listen(interface.address, context.target, options.listen_port, self._memory, own=self._own)
        try:
            context.cancel.check()
            session = LanSession(self._opening(context, interface, listening))
        except BaseException:
            listening.close()
            raise
        self._session = session
        return session

    def own_ports(self) -> frozenset[int]:
        session = self._session
        return frozenset() if session is None or session.closed else frozenset({session.port})

    def wish_facts(self) -> Mapping[str, str]:
        session = self._session
        return {} if session is None else _facts(session.interface, self._asked)

    def fits(self, facts: Mapping[str, str]) -> Problem | None:
        try:
            asked = IPv4Address(facts[_ADDRESS]) if facts.get(_ADDRESS) else None
        except ValueError:
            return Problem(Code.NETWORK_CHANGED)  # what was kept was damaged, and names no network
        try:
            here = _facts(choose(self._read(), asked), asked)
        except TunnelError:
            return None  # There is no network yet: the wish waits for one, and is asked again.
        if here == facts:
            return None
        router = facts.get(_GATEWAY, "")
        if router and here == {**facts, _GATEWAY: ""}:
            # It comes a little after the address. Only then is it known which network this is.
            return TunnelError(causes.ROUTER_MISSING, gateway=router).problem
        return Problem(Code.NETWORK_CHANGED)

    @property
    def _own(self) -> TunnelId:
        """The word of a tunnel of the person's own; the built-in one has none."""
        return "" if self.id == self.kind else self.id

    def _opening(self, context: Context, interface: Interface, listening: socket.socket) -> Opening:
        from portway.backends.lan.session import Opening
        from portway.relay.engine.forwarder import Limits
        from portway.relay.http.rewriting import rewriting_to

        timing = self._timing
        firewall = self._firewall or find_firewall(timing.probe_limit)
        dialler = Dialler(context.target, context.origin, interface, timing.resolve_address)
        port = listening.getsockname()[1]
        extras = LanExtras(
            address=str(interface.address),
            interface=interface.name,
            listen_port=port,
            firewall=firewall,
            firewall_command=allow_command(firewall, interface.network, port),
            reachable_directly=is_reachable(interface, context.target, timing.resolve_address),
            seen_as_local=dialler.seen_as_local,
            other_addresses=tuple(str(one.address) for one in others(self._read(), interface)),
        )
        return Opening(
            name=self.title,
            rewriting=rewriting_to(host_of(context.target, context.options), context.target, public_scheme="http"),
            interface=interface,
            listening=listening,
            dialler=dialler,
            target=context.target,
            extras=extras,
            rest=LanExtras(firewall=firewall),
            listener=context.listener,
            timing=timing,
            recorder=context.recorder,
            gate=context.gate,
            read_interfaces=self._read,
            limits=self._limits or Limits(),
            keep_port=lambda led_to: keep(led_to, context.options.listen_port, port, self._memory, own=self._own),
        )


def _facts(interface: Interface, asked: IPv4Address | None) -> dict[str, str]:
    """Return what tells a network from another one, and which address was asked for, if any."""
    return {
        _SUBNET: str(interface.network),
        _GATEWAY: "" if interface.gateway is None else str(interface.gateway),
        _ADDRESS: "" if asked is None else str(asked),
    }


def _raise_descriptor_limit() -> None:
    """Make room for all visitors: programs on macOS start with 256 descriptors (read, not verified)."""
    if sys.platform == "win32":
        return
    import resource  # there is none on Windows

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY or soft >= _DESCRIPTORS_WANTED:
        return
    wanted = _DESCRIPTORS_WANTED if hard == resource.RLIM_INFINITY else min(_DESCRIPTORS_WANTED, hard)
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
