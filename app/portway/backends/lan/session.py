"""One published address: listener, forwarding, and watching the network, on one thread of its own."""

import contextlib
import socket
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv4Address

from portway.backends.lan import causes
from portway.backends.lan.addresses import Interface
from portway.backends.lan.declaration import LanExtras, LanTiming
from portway.backends.lan.dialler import Dialler, is_reachable
from portway.backends.lan.interfaces import ReadInterfaces
from portway.backends.lan.mdns import LARGEST_ANSWER, MAY_ASK, addresses_in, ask, local_name
from portway.backends.lan.presence import NetworkWatch, Presence
from portway.backends.lan.visitors import Visitors, prove
from portway.core.backend import Context, Listener, SessionBase
from portway.core.errors import Problem, TunnelError
from portway.core.foreign_text import PublicUrl
from portway.core.target import Target
from portway.relay.engine.forwarder import Forwarder, Limits
from portway.relay.engine.loop import READ, Loop
from portway.relay.guard.gate import Gate
from portway.relay.host_watch import HostWatch
from portway.relay.http.connection import serving
from portway.relay.http.exchange import ExchangeListener, Listeners
from portway.relay.http.pages import Pages
from portway.relay.http.rewriting import HostRewriting, rewriting_to
from portway.relay.http.site import Site
from portway.relay.http.traffic import TrafficCounter
from portway.relay.reporting import TrafficReporter


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """What a session is made of. It owns the listening socket from then on."""

    name: str  # for visitors
    rewriting: HostRewriting | None
    interface: Interface
    listening: socket.socket
    dialler: Dialler
    target: Target
    extras: LanExtras
    rest: LanExtras  # what the status shows once it is closed
    listener: Listener
    timing: LanTiming
    read_interfaces: ReadInterfaces
    limits: Limits
    keep_port: Callable[[Target], None]  # for this target, to which the session was led
    recorder: ExchangeListener | None = None
    gate: Gate | None = None


class LanSession(SessionBase):
    """Implements Session, Retargetable, Leadable and PresenceListener.

    Making one raises TunnelError if the address does not lead to us.
    """

    def __init__(self, opening: Opening) -> None:
        self._opening = opening
        self._loop = Loop("portway-lan")
        own = frozenset(one.address for one in opening.read_interfaces()) | {opening.interface.address}
        self._visitors = Visitors(opening.interface, own, opening.extras, opening.listener)
        reporter = TrafficReporter(self._loop, opening.listener, lambda: self._forwarder.connections, TrafficCounter())
        recorders = () if opening.recorder is None else (opening.recorder,)
        heard = Listeners(reporter, *recorders, HostWatch(opening.listener, opening.dialler))
        self._site = Site(opening.dialler, heard, Pages(opening.name), opening.rewriting, opening.gate)
        serve = serving(self._loop, self._site, opening.limits)
        self._forwarder = Forwarder(self._loop, opening.listening, serve, self._visitors, opening.limits)
        self._presence = Presence(self._loop, opening.interface, self, opening.timing.address_return)
        self._watch = NetworkWatch(self._loop, opening.timing, self._on_network_changed)
        self._query: socket.socket | None = None
        self._named: set[IPv4Address] = set()
        self._leave_gate: Callable[[], None] | None = None
        self._closed = False
        if not self.proves_itself():
            self._release()
            raise TunnelError(causes.ADDRESS_GONE, address=opening.interface.address)
        if opening.gate is not None:
            self._leave_gate = opening.gate.watch(lambda: self._loop.call(self._forwarder.reconsider_all))
        self._query_name()
        self._loop.later(opening.timing.firewall_hint, self._visitors.nobody_came)
        self._loop.later(0.0, self._on_network_changed)  # it may have, between the choice and the watch
        self._visitors.tell()
        self._loop.start()

    @property
    def public_url(self) -> PublicUrl:
        """Scheme of the target, published address and port."""
        return PublicUrl(self._url(str(self._opening.interface.address)))

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
        self._opening.dialler.aim_at(origin)
        self._loop.call(lambda: self._visitors.tell(seen_as_local=self._opening.dialler.seen_as_local))

    def lead(self, target: Target, origin: Target, host: str) -> bool:
        opening = self._opening
        if target.scheme != opening.target.scheme:
            return False  # it is a part of the URL
        opening.dialler.lead(target, origin)
        opening.keep_port(target)
        self._site.rewriting = rewriting_to(host, target, public_scheme="http")
        told = {
            "seen_as_local": opening.dialler.seen_as_local,
            "reachable_directly": is_reachable(opening.interface, target, opening.timing.resolve_address),
        }
        self._loop.call(lambda: self._visitors.tell(**told))
        return True

    def close(self, context: Context) -> None:
        """Reset all visitors and free the port, in a few milliseconds."""
        if self._closed:
            return
        self._release()
        self._closed = True  # not before: while anything listens it is not closed
        context.listener.report(self._opening.rest)

    def proves_itself(self) -> bool:
        proof = prove(self._opening.listening, self._opening.timing.resolve_address)
        for visitor, peer in proof.visitors:
            self._forwarder.welcome(visitor, peer)
        return proof.given

    def went_away(self, problem: Problem) -> None:
        self._opening.listener.recovering(problem)

    def came_back(self) -> None:
        self._opening.listener.recovered(self.public_url)
        self._query_name()  # somebody else may have taken it meanwhile

    def gave_up(self, problem: Problem) -> None:
        self._opening.listener.lost(problem)

    def _url(self, host: str) -> str:
        return f"{self._opening.target.scheme}://{host}:{self.port}"

    def _on_network_changed(self) -> None:
        interfaces = self._opening.read_interfaces()
        self._visitors.know_own({one.address for one in interfaces} | {self._opening.interface.address})
        self._presence.look(interfaces)

    def _query_name(self) -> None:
        """Find out, beside the rest, whether HOST.local is this computer's."""
        asked = local_name(socket.gethostname())
        # macOS asks the person before a program may send multicast, so there it stays without a name.
        if asked is None or self._opening.interface.is_loopback or not MAY_ASK or self._query is not None:
            return
        self._named.clear()
        try:
            self._query = ask(asked, self._opening.interface.address)
        except OSError:
            return
        self._loop.watch(self._query, READ, lambda _events: self._on_named(asked))
        self._loop.later(self._opening.timing.name_answer, lambda: self._on_name_known(asked))

    def _on_named(self, asked: str) -> None:
        with contextlib.suppress(OSError):
            if self._query is not None:
                self._named |= addresses_in(self._query.recv(LARGEST_ANSWER), asked)

    def _on_name_known(self, asked: str) -> None:
        self._stop_query()
        ours = self._named == {self._opening.interface.address}
        name_url = self._url(asked) if ours else None
        if name_url != self._visitors.extras.name_url:
            self._visitors.tell(name_url=name_url)

    def _stop_query(self) -> None:
        query, self._query = self._query, None
        if query is not None:
            self._loop.forget(query)
            query.close()

    def _release(self) -> None:
        """Free everything. After the loop has ended, or before it began."""
        if self._leave_gate is not None:
            self._leave_gate()
        self._loop.stop(self._opening.timing.close_limit)
        self._stop_query()
        self._forwarder.close()
        self._watch.close()
