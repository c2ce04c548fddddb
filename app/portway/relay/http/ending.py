"""How one visitor's connection ends: after its last answer, at once, or as HTTP, to go on as bytes."""

import time
from abc import ABC, abstractmethod

from portway.relay.engine.end import End
from portway.relay.engine.forwarder import ConnectionOwner, Limits
from portway.relay.engine.loop import Loop, Timer
from portway.relay.http.answering import Answering
from portway.relay.http.asking import Asking
from portway.relay.http.exchange import Exchange, Outcome
from portway.relay.http.other_protocol import OtherProtocol
from portway.relay.http.site import Site
from portway.relay.http.stage import Staged
from portway.relay.http.target_side import TargetSide


class EndingConnection(ABC):
    """What every way out needs to know. Whoever extends it makes the parts, and says what passes between them.

    Where bytes come that are no HTTP/1, before an exchange or as its answer, it becomes a byte relay for good.
    """

    peer: str
    _visitor: End
    _target: TargetSide
    _asking: Asking
    _answering: Answering

    def __init__(self, loop: Loop, owner: ConnectionOwner, site: Site, limits: Limits, chunk: bytearray) -> None:
        self.moved_at = time.monotonic()
        self.exchange: Exchange | None = None
        self._loop = loop
        self._owner = owner
        self._site = site
        self._limits = limits
        self._chunk = memoryview(chunk)
        self._farewell: Timer | None = None
        self._bytes: OtherProtocol | Staged | None = None
        self._becoming_bytes = False
        self._down = b""  # what came from the target meanwhile
        self._ending = False
        self._closed = False

    @abstractmethod
    def begin(self) -> None:
        """Serve it from now on. Once."""

    @abstractmethod
    def reconsider(self) -> None:
        """Other rules hold for visitors: end it, if it would not be let in by them."""

    @abstractmethod
    def idle_for(self, now: float) -> float | None:
        """Return for how many seconds it could have made room for another one; None while it is at work."""

    def reset(self) -> None:
        """End it now, so that both sides see a cut, not an end."""
        if self._bytes is not None:
            self._bytes.reset()
        else:
            self._close(reset=True)

    def _end_exchange(self, outcome: Outcome) -> None:
        exchange = self.exchange
        if exchange is not None and exchange.ended is None:
            exchange.ended = self.moved_at if outcome is Outcome.DONE else time.monotonic()
            exchange.outcome = outcome
            self._site.heard.ended(exchange)
            exchange.judged = exchange.request  # what let its visitor in is not kept with a recording

    def _end(self) -> None:
        """Say that the answer was the last one, and hear the visitor out, so that it is not lost in a reset."""
        self._target.wait_no_longer()
        self._target.drop()
        self._ending = True
        self._visitor.say_no_more()

    def _said_farewell(self) -> bool:
        """Whether the connection is over, now that the visitor has got everything."""
        if self._asking.ended:
            self._close()
        elif self._farewell is None:
            self._farewell = self._loop.later(self._limits.farewell, self._close)
        return self._closed

    def _close(self, *, reset: bool = False) -> None:
        if self._closed:
            return
        self._closed = True
        self._end_exchange(Outcome.CUT)
        self._wait_no_longer()
        self._answering.forget()
        self._visitor.close(reset=reset)
        self._target.close(reset=reset)
        self._leave()

    def _wait_no_longer(self) -> None:
        self._asking.wait_no_longer()
        self._target.wait_no_longer()
        if self._farewell is not None:
            self._farewell.cancel()

    # Bytes

    def answer_begun(self) -> None:
        """Tell that the target is there."""
        self._owner.target_answered()

    def _become_bytes(self, down: bytes = b"") -> None:
        """From now on, pass on whatever comes, unless somebody would have to judge it."""
        if self._site.guard is not None:
            self.reset()
            return
        self._becoming_bytes = True
        self._down = down
        if self._target.end is None:
            self._target.dial()
        elif not self._target.connecting:
            self._relay_bytes(down)

    def _relay_bytes(self, down: bytes) -> None:
        target, held = self._target.end, self._asking.held
        assert target is not None  # noqa: S101 - for the type checker
        self._wait_no_longer()
        self._asking.held = self._down = b""
        moving = OtherProtocol(self._loop, self, self._site, self.exchange, self._visitor, target, self._chunk)
        self._bytes = moving
        moving.begin(held, down)

    def bytes_ended(self, *, reset: bool) -> None:
        """End with them."""
        self._closed = True
        self._end_exchange(Outcome.CUT if reset else Outcome.DONE)
        self._bytes = None
        self._leave()

    def _leave(self) -> None:
        """Let go of what refers back to this: together they would wait for the collector."""
        del self._asking, self._answering, self._target
        self._owner.connection_ended(self)
