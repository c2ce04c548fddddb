"""The relay of one open tunnel: listens on loopback, leads to the target, and says how that goes."""

import socket
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from portway.core.backend import ClientHeader
from portway.core.target import Target
from portway.relay.engine.forwarder import Forwarder, Limits
from portway.relay.engine.loop import Loop
from portway.relay.engine.wires import TlsWire, Wire, dialled
from portway.relay.guard.gate import Gate
from portway.relay.host_watch import HostListener, HostWatch
from portway.relay.http.connection import serving
from portway.relay.http.exchange import Exchange, ExchangeListener, Listeners
from portway.relay.http.heads import values_of
from portway.relay.http.pages import Pages
from portway.relay.http.rewriting import rewriting_to
from portway.relay.http.site import Site
from portway.relay.http.traffic import TrafficCounter
from portway.relay.reporting import TrafficListener, TrafficReporter

# All visitors come from one address, that of the program that brings them, and cloudflared alone keeps 100 idle ones.
RELAY_LIMITS = Limits(connections=256, per_peer=256)


class RelayListener(TrafficListener, HostListener, Protocol):
    """Hears how visitors fare, on the relay's thread."""

    def origin_answered(self) -> None:
        """A visitor was served just now."""

    def origin_suspect(self) -> None:
        """A visitor met a local server that did not answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """What a relay is made of. It owns the listening socket from then on.

    `name` is the tunnel's, for visitors. `origin` is a literal address. `client_header` is one that the way in writes.
    `recorder` hears of all exchanges. `gate` judges requests.
    """

    listening: socket.socket
    name: str
    origin: Target
    listener: RelayListener
    client_header: ClientHeader | None = None
    recorder: ExchangeListener | None = None
    gate: Gate | None = None
    limits: Limits = RELAY_LIMITS


class Relay:
    """Serves from when it is made until it is closed, on a thread of its own."""

    def __init__(self, opening: Opening) -> None:
        self._loop = Loop("portway-relay")
        self._dialler = LoopbackDialler(self._loop, opening.origin)
        self._port: int = opening.listening.getsockname()[1]
        counter = TrafficCounter(client_by(opening.client_header))
        reporter = TrafficReporter(self._loop, opening.listener, lambda: self._forwarder.connections, counter)
        recorders = () if opening.recorder is None else (opening.recorder,)
        heard = Listeners(reporter, *recorders, HostWatch(opening.listener, self._dialler))
        self._site = Site(self._dialler, heard, Pages(opening.name))
        serve = serving(self._loop, self._site, opening.limits)
        visitors = self._visitors = _EverybodyOfThisComputer(opening.listener)
        self._forwarder = Forwarder(self._loop, opening.listening, serve, visitors, opening.limits)
        self._closed = False
        gate = self._site.gate = opening.gate
        self._leave_gate = _nothing
        if gate is not None:
            self._leave_gate = gate.watch(lambda: self._loop.call(self._forwarder.reconsider_all))
        self._loop.start()

    @property
    def port(self) -> int:
        """Where it listens."""
        return self._port

    @property
    def address(self) -> Target:
        """What a backend gets as its origin."""
        return Target("http", "127.0.0.1", self._port)

    @property
    def site(self) -> Site:
        """What its connections share; its rewriting may be replaced."""
        return self._site

    @property
    def connections(self) -> int:
        """How many are open. Any thread."""
        return self._forwarder.connections

    @property
    def closed(self) -> bool:
        """Whether nothing listens any longer."""
        return self._closed

    def aim_at(self, origin: Target) -> None:
        """Lead the next requests to another literal address, or another target. Any thread."""
        self._dialler.aim_at(origin)

    def send_host(self, host: str, target: Target) -> None:
        """Send this as Host from the next requests on, and rewrite what goes with it; empty: nothing. Any thread."""
        self._site.rewriting = rewriting_to(host, target)

    def shut_out(self) -> None:
        """Reset all visitors and let nobody in any longer, but keep the port: what leads here may live on for a while.

        Any other thread.
        """
        self._visitors.welcome = False
        self._loop.call(self._forwarder.reset_all)

    def close(self, limit: float) -> None:
        """Reset all visitors and free the port, within `limit` seconds. Any other thread; idempotent."""
        if self._closed:
            return
        self._leave_gate()
        self._loop.stop(limit)
        self._forwarder.close()
        self._closed = True


class LoopbackDialler:
    """Dials a local server, encrypted where its scheme says so. What it dials is replaced whole, by any thread."""

    def __init__(self, loop: Loop, origin: Target) -> None:
        self._loop = loop
        self.aim = origin  # the literal address that is dialled

    def aim_at(self, origin: Target) -> None:
        """Dial another one from now on."""
        self.aim = origin

    def begin(self) -> Wire:
        origin = self.aim
        plain = dialled(origin.host, origin.port)
        return TlsWire(self._loop, plain, origin.host) if origin.scheme == "https" else plain


class _EverybodyOfThisComputer:
    """The doorkeeper: who reaches loopback reaches the target as well."""

    def __init__(self, target: RelayListener) -> None:
        self._target = target
        self.welcome = True

    def admits(self, peer: str) -> bool:  # noqa: ARG002 - of the Protocol
        return self.welcome

    def target_answered(self) -> None:
        self._target.origin_answered()

    def target_refused(self) -> None:
        self._target.origin_suspect()


def client_by(header: ClientHeader | None) -> Callable[[Exchange], str]:
    """Return what tells visitors apart."""
    if header is None:
        return lambda exchange: exchange.peer
    values = values_of(header.name.encode())

    def client(exchange: Exchange) -> str:
        known = exchange.client
        if known is None:
            named = header.client([value.decode("latin-1") for value in values(exchange.request)])
            known = exchange.client = named or exchange.peer
        return known

    return client


def _nothing() -> None:
    pass
