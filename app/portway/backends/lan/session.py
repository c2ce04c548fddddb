"""One published address: listener, forwarding, and an eye on the network, on one thread of its own."""

from __future__ import annotations

import contextlib
import socket
from dataclasses import dataclass
from datetime import datetime
from ipaddress import IPv4Address

from portway.backends.lan import name
from portway.backends.lan.addresses import Interface
from portway.backends.lan.declaration import LanExtras
from portway.backends.lan.dialler import Dialler
from portway.backends.lan.forwarder import Forwarder, Limits
from portway.backends.lan.loop import READ, Loop
from portway.backends.lan.presence import Presence, ReadInterfaces
from portway.backends.lan.proof import prove
from portway.backends.lan.visitors import Visitors
from portway.backends.lan.watch import NetworkWatch
from portway.core.backend import Context, Listener
from portway.core.codes import Code
from portway.core.errors import Problem, TunnelError
from portway.core.target import Target
from portway.core.timing import Timing


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """What a session is made of. It owns the listening socket from then on."""

    interface: Interface
    listening: socket.socket
    dialler: Dialler
    target: Target
    extras: LanExtras
    rest: LanExtras  # what the status shows once it is closed
    listener: Listener
    timing: Timing
    read_interfaces: ReadInterfaces
    limits: Limits


class LanSession:
    """Implements Session, Retargetable and Home. Raises TunnelError if the address does not lead to us."""

    def __init__(self, opening: Opening) -> None:
        self._opening = opening
        self._loop = Loop("portway-lan")
        own = frozenset(one.address for one in opening.read_interfaces()) | {opening.interface.address}
        self._visitors = Visitors(opening.interface, own, opening.extras, opening.listener)
        self._forwarder = Forwarder(self._loop, opening.listening, opening.dialler, self._visitors, opening.limits)
        self._presence = Presence(self._loop, opening.interface, self, opening.timing.address_return)
        self._watch = NetworkWatch(self._loop, opening.timing, self._on_network_changed)
        self._asking: socket.socket | None = None
        self._named: set[IPv4Address] = set()
        self._closed = False
        if not self.proves_itself():
            self._release()
            raise TunnelError(Code.NO_NETWORK, "lan_address", address=opening.interface.address)
        self._ask_for_name()
        self._loop.later(opening.timing.firewall_hint, self._visitors.nobody_came)
        self._loop.later(0.0, self._on_network_changed)  # it may have, between the choice and the watch
        self._visitors.tell()
        self._loop.start()

    @property
    def public_url(self) -> str:
        """Scheme of the target, published address and port."""
        return self._url(str(self._opening.interface.address))

    @property
    def since(self) -> datetime | None:
        """None: it is never adopted."""
        return None

    @property
    def pid(self) -> int | None:
        """None: there is no child."""
        return None

    @property
    def port(self) -> int:
        """The port that is published."""
        port = self._opening.extras.listen_port
        assert port is not None  # noqa: S101 - for the type checker: a session has one
        return port

    @property
    def closed(self) -> bool:
        """Whether nothing listens any longer."""
        return self._closed

    @property
    def interface(self) -> Interface:
        """As it was when it was published."""
        return self._opening.interface

    def retarget(self, origin: Target) -> None:
        """Serve new visitors from `origin`. Any thread."""
        self._opening.dialler.aim(origin)
        self._loop.call(lambda: self._visitors.tell(seen_as_local=self._opening.dialler.seen_as_local))

    def close(self, context: Context) -> None:
        """Reset all visitors and free the port, in a few milliseconds."""
        if self._closed:
            return
        self._closed = True
        self._release()
        context.listener.report(self._opening.rest)

    def leave(self) -> None:
        """Nothing can stay: it ends with the process that forwards. The runtime asks `can_stay` before."""

    def proves_itself(self) -> bool:
        proof = prove(self._opening.listening, self._opening.timing.resolve_address)
        for visitor, peer in proof.visitors:
            self._forwarder.welcome(visitor, peer)
        return proof.given

    def went_away(self, problem: Problem) -> None:
        self._opening.listener.recovering(problem)

    def came_back(self) -> None:
        self._opening.listener.recovered(self.public_url)
        self._ask_for_name()  # somebody else may have taken it meanwhile

    def gave_up(self, problem: Problem) -> None:
        self._opening.listener.lost(problem)

    def _url(self, host: str) -> str:
        return f"{self._opening.target.scheme}://{host}:{self.port}"

    def _on_network_changed(self) -> None:
        interfaces = self._opening.read_interfaces()
        self._visitors.know_own({one.address for one in interfaces} | {self._opening.interface.address})
        self._presence.look(interfaces)

    def _ask_for_name(self) -> None:
        """Find out, beside the rest, whether HOST.local is this computer's."""
        asked = name.local_name(socket.gethostname())
        # macOS asks the person before a program may send multicast, so there it stays without a name.
        if asked is None or self._opening.interface.is_loopback or not name.MAY_ASK or self._asking is not None:
            return
        self._named.clear()
        try:
            self._asking = name.ask(asked, self._opening.interface.address)
        except OSError:
            return
        self._loop.watch(self._asking, READ, lambda _events: self._on_named(asked))
        self._loop.later(self._opening.timing.name_answer, lambda: self._on_name_known(asked))

    def _on_named(self, asked: str) -> None:
        with contextlib.suppress(OSError):
            if self._asking is not None:
                self._named |= name.addresses_in(self._asking.recv(name.LARGEST_ANSWER), asked)

    def _on_name_known(self, asked: str) -> None:
        self._stop_asking()
        ours = self._named == {self._opening.interface.address}
        name_url = self._url(asked) if ours else None
        if name_url != self._visitors.extras.name_url:
            self._visitors.tell(name_url=name_url)

    def _stop_asking(self) -> None:
        asking, self._asking = self._asking, None
        if asking is not None:
            self._loop.forget(asking)
            asking.close()

    def _release(self) -> None:
        """Free everything. After the loop has ended, or before it began."""
        self._loop.stop(self._opening.timing.close_limit)
        self._stop_asking()
        self._forwarder.close()
        self._watch.close()
