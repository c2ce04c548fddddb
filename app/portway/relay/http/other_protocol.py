"""What passes once a connection has left HTTP: an upgrade that was taken, or something that never was HTTP."""

import time
from typing import Protocol

from portway.relay.engine.byte_relay import ByteRelay
from portway.relay.engine.end import End
from portway.relay.engine.loop import Loop
from portway.relay.http.exchange import Exchange
from portway.relay.http.site import Site

_NOTHING_TO_KEEP = memoryview(b"")  # only the sizes are counted


class OtherProtocolOwner(Protocol):
    """The connection that became this."""

    moved_at: float  # when something came last, monotonic, in seconds

    def answer_begun(self) -> None:
        """The target has said something."""

    def bytes_ended(self, *, reset: bool) -> None:
        """Both ends are closed."""


class OtherProtocol:
    """Bytes both ways, counted for the exchange that led here, if one did. Implements ByteRelayOwner."""

    def __init__(  # noqa: PLR0913, PLR0917 - both ends, and what lies between them
        self,
        loop: Loop,
        owner: OtherProtocolOwner,
        site: Site,
        exchange: Exchange | None,
        visitor: End,
        target: End,
        chunk: memoryview,
    ) -> None:
        self._owner = owner
        self._site = site
        self._exchange = exchange
        self._told = exchange is not None
        self._up, self._down = bytes(target.waiting or b""), bytes(visitor.waiting or b"")
        self._relay = ByteRelay(loop, self, visitor.release(), target.release(), chunk)

    def begin(self, up: bytes, down: bytes) -> None:
        """Move bytes, those first that came before."""
        self._relay.begin(self._up + up, self._down + down)

    def reset(self) -> None:
        """End it now, so that both sides see a cut, not an end."""
        self._relay.reset()

    def sent_up(self, size: int) -> None:
        self._owner.moved_at = time.monotonic()
        if self._exchange is not None:
            self._exchange.sent += size
            self._site.heard.sent(self._exchange, _NOTHING_TO_KEEP)

    def sent_down(self, size: int) -> None:
        self._owner.moved_at = time.monotonic()
        if self._exchange is not None:
            self._exchange.received += size
            self._site.heard.received(self._exchange, _NOTHING_TO_KEEP)
        elif not self._told:
            self._told = True
            self._owner.answer_begun()

    def bytes_ended(self, *, reset: bool) -> None:
        del self._relay  # it refers back to this: together they would wait for the collector
        self._owner.bytes_ended(reset=reset)
