"""What passed through one tunnel since it came up, in numbers, and when in the last five minutes."""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from portway.core.status import SLOT, SLOTS, Traffic, TrafficSlot
from portway.relay.http.exchange import Exchange, ExchangeListener, Outcome

_MOST_VISITORS = 10_000  # that are told apart
_SERVER_FAULT = 500
_HERE = -1  # no slot: they have a request open


class TrafficCounter(ExchangeListener):
    """Counts on the loop's thread; `so_far` may be read from any.

    `client_of` tells visitors apart; `clock` gives the Unix time.
    """

    def __init__(
        self,
        client_of: Callable[[Exchange], str] = lambda exchange: exchange.peer,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._client_of = client_of
        self._clock = clock
        self._visitors = _Visitors()
        self._slots: dict[int, _Slot] = {}
        self._requests = self._failures = self._refused = 0
        self._open: dict[Exchange, tuple[int, str]] = {}  # with the slot in which each began, and whose it is
        self._bytes_in = self._bytes_out = 0
        self._last_at: float | None = None

    def so_far(self, connections: int) -> Traffic:
        """Return how much it was so far; exchanges that are still going on count with what has passed."""
        going_on = tuple(self._open)
        return Traffic(
            requests=self._requests,
            failures=self._failures,
            refused=self._refused,
            visitors=self._visitors.count,
            active_connections=connections,
            bytes_in=self._bytes_in + sum(exchange.sent for exchange in going_on),
            bytes_out=self._bytes_out + sum(exchange.received for exchange in going_on),
            last_at=None if self._last_at is None else datetime.fromtimestamp(self._last_at, UTC),
            present=self._visitors.present,
            recent=tuple(self._recent()),
        )

    def began(self, exchange: Exchange) -> None:
        now = self._clock()
        number, client = int(now // SLOT), self._client_of(exchange)
        self._requests += 1
        self._last_at = now
        self._open[exchange] = number, client
        slot = self._slots.get(number)
        if slot is None:
            slot = self._new_slot(number)
        slot.requests += 1
        self._visitors.came(client)

    def ended(self, exchange: Exchange) -> None:
        number, client = self._open.pop(exchange)
        self._bytes_in += exchange.sent
        self._bytes_out += exchange.received
        if exchange.outcome is Outcome.REFUSED:
            self._refused += 1
        elif exchange.outcome is not Outcome.DONE or exchange.status >= _SERVER_FAULT:
            self._failures += 1
            if number in self._slots:
                self._slots[number].failures += 1
        self._visitors.went(client, int(self._clock() // SLOT))

    def _new_slot(self, number: int) -> "_Slot":
        """Begin that of now; older ones than are remembered go."""
        for old in [one for one in self._slots if one <= number - SLOTS]:
            del self._slots[old]
        slot = self._slots[number] = _Slot()
        return slot

    def _recent(self) -> Iterator[TrafficSlot]:
        left = self._visitors.left()
        first = int(self._clock() // SLOT) - SLOTS
        for number in sorted({*tuple(self._slots), *tuple(left)}):
            if number > first:
                slot = self._slots.get(number, _Slot())
                yield TrafficSlot(
                    number=number, requests=slot.requests, failures=slot.failures, visitors=left.get(number, 0)
                )


@dataclass(slots=True)
class _Slot:
    requests: int = 0
    failures: int = 0


class _Visitors:
    """Who was there at all, who has a request open, and when those were there last who have none."""

    def __init__(self) -> None:
        self._last: dict[str, int] = {}  # by visitor, the slot in which their last request ended; _HERE before that
        self._open: dict[str, int] = {}  # by visitor, how many are

    @property
    def count(self) -> int:
        """How many there were."""
        return len(self._last)

    @property
    def present(self) -> int:
        """How many have a request open."""
        return len(self._open)

    def left(self) -> Counter[int]:
        """Return how many were there last in each slot. Any thread: what changes meanwhile is not looked at."""
        return Counter([slot for visitor, slot in tuple(self._last.items()) if visitor not in self._open])

    def came(self, client: str) -> None:
        """A request of theirs began."""
        if client not in self._last:
            if len(self._last) >= _MOST_VISITORS:
                return
            self._last[client] = _HERE
        self._open[client] = self._open.get(client, 0) + 1

    def went(self, client: str, slot: int) -> None:
        """A request of theirs ended in this slot."""
        still = self._open.get(client, 0) - 1
        if still > 0:
            self._open[client] = still
        elif still == 0:
            del self._open[client]
            self._last[client] = slot
