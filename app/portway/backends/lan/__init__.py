"""The local network: a listening socket on this computer's address that forwards bytes to the target."""

from __future__ import annotations

import contextlib
import socket
import sys
from collections.abc import Mapping
from ipaddress import IPv4Address

from portway import __version__
from portway.backends.lan.addresses import Interface, choose
from portway.backends.lan.declaration import LanExtras, LanOptions
from portway.backends.lan.dialler import Dialler
from portway.backends.lan.firewall import Firewall, allow_command, find_firewall
from portway.backends.lan.forwarder import Limits
from portway.backends.lan.interfaces import read_interfaces
from portway.backends.lan.ports import listen
from portway.backends.lan.presence import ReadInterfaces
from portway.backends.lan.session import LanSession, Opening
from portway.core.backend import Command, Context
from portway.core.codes import Code
from portway.core.errors import Problem, TunnelError
from portway.core.status import BackendId, Installation, Reach
from portway.core.target import Target
from portway.system.app_state import AppState
from portway.system.services import Services

__all__ = ["LanBackend", "LanExtras", "LanOptions"]

_SUBNET, _GATEWAY, _ADDRESS = "subnet", "gateway", "address"
_DESCRIPTORS_WANTED = 1024


class LanBackend:
    """The embedded default: no account, no child, no download. Implements Backend, WishKeeper and PortOwner."""

    id = BackendId("lan")
    title = "Local network"
    reach = Reach.NETWORK
    options: type = LanOptions
    no_extras: object = LanExtras()
    commands: tuple[Command, ...] = ()
    can_stay = False
    refusals_allowed = 0

    def __init__(
        self, services: Services, read: ReadInterfaces = read_interfaces, limits: Limits | None = None
    ) -> None:
        self._timing = services.timing
        self._memory = AppState(services.app_state)
        self._read = read
        self._limits = limits or Limits()
        self._firewall: Firewall | None = None
        self._session: LanSession | None = None
        self._asked: IPv4Address | None = None

    def inspect(self) -> Installation:
        self._firewall = find_firewall(self._timing.probe_limit)
        return Installation(version=__version__, source="builtin", extras=LanExtras(firewall=self._firewall))

    def reclaim(self, context: Context) -> LanSession | None:  # noqa: ARG002 - of the Protocol
        return None  # what an earlier run listened on ended with it

    def open(self, context: Context) -> LanSession:
        context.cancel.check()
        _raise_descriptor_limit()
        options: LanOptions = context.options
        self._asked = IPv4Address(options.address) if options.address else None
        interface = choose(self._read(), self._asked)
        listening = listen(interface.address, context.target, options.listen_port, self._memory)
        try:
            context.cancel.check()
            session = LanSession(self._opening(context, interface, listening))
        except BaseException:
            listening.close()
            raise
        self._session = session
        return session

    def still_blocked(self, code: Code) -> bool:  # noqa: ARG002 - of the Protocol
        return False  # it never needs a person

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
            return TunnelError(Code.NO_NETWORK, "lan_router", gateway=router).problem
        return Problem(Code.NETWORK_CHANGED)

    def _opening(self, context: Context, interface: Interface, listening: socket.socket) -> Opening:
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
            reachable_directly=_is_reachable(interface, context.target, timing.resolve_address),
            seen_as_local=dialler.seen_as_local,
        )
        return Opening(
            interface=interface, listening=listening, dialler=dialler, target=context.target, extras=extras,
            rest=LanExtras(firewall=firewall), listener=context.listener, timing=timing, read_interfaces=self._read,
            limits=self._limits,
        )  # fmt: skip


def _facts(interface: Interface, asked: IPv4Address | None) -> dict[str, str]:
    """Return what tells a network from another one, and which address was asked for, if any."""
    return {
        _SUBNET: str(interface.network),
        _GATEWAY: "" if interface.gateway is None else str(interface.gateway),
        _ADDRESS: "" if asked is None else str(asked),
    }


def _is_reachable(interface: Interface, target: Target, limit: float) -> bool:
    """Whether the target itself listens on the published address: then it is open without Portway, too."""
    with contextlib.suppress(OSError), socket.create_connection((str(interface.address), target.port), timeout=limit):
        return True
    return False


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
