"""Tells what passes through one tunnel: at most once a second, and nothing while nothing does."""

from collections.abc import Callable
from typing import Protocol

from portway.core.status import Traffic
from portway.relay.engine.loop import Loop, Timer
from portway.relay.http.exchange import Exchange, ExchangeListener
from portway.relay.http.traffic import TrafficCounter

_EVERY = 1.0  # seconds


class TrafficListener(Protocol):
    """Hears how much has passed, on the relay's thread."""

    def counted(self, traffic: Traffic) -> None:
        """So much has passed so far."""


class TrafficReporter(ExchangeListener):
    """Counts, and tells the sums. Lives on the loop's thread."""

    def __init__(
        self, loop: Loop, listener: TrafficListener, connections: Callable[[], int], counter: TrafficCounter
    ) -> None:
        self._loop = loop
        self._listener = listener
        self._connections = connections
        self._counter = counter
        self._told: Traffic | None = None
        self._due: Timer | None = None

    def began(self, exchange: Exchange) -> None:
        self._counter.began(exchange)
        if self._due is None:
            self._tell_soon()

    def sent(self, exchange: Exchange, part: memoryview) -> None:  # noqa: ARG002 - of the base
        if self._due is None:
            self._tell_soon()

    def received(self, exchange: Exchange, part: memoryview) -> None:  # noqa: ARG002 - of the base
        if self._due is None:
            self._tell_soon()

    def ended(self, exchange: Exchange) -> None:
        self._counter.ended(exchange)
        if self._due is None:
            self._tell_soon()

    def _tell_soon(self) -> None:
        self._due = self._loop.later(0.0 if self._told is None else _EVERY, self._tell)

    def _tell(self) -> None:
        self._due = None
        now = self._counter.so_far(self._connections())
        if now != self._told:
            self._told = now
            self._listener.counted(now)
            self._tell_soon()  # once more, for connections that have ended since
