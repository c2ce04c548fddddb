"""One request and its answer, as they pass; and who hears of them."""

import time
from collections.abc import Callable
from enum import StrEnum
from functools import reduce

from portway.relay.http.heads import AnswerHead, RequestHead


class Outcome(StrEnum):
    """How an exchange stands."""

    OPEN = "open"  # still going on; also one that became another protocol
    DONE = "done"
    CUT = "cut"  # one side went before the end
    UNANSWERED = "unanswered"  # the target did not answer, so that the relay did
    REFUSED = "refused"  # it did not get as far as the target: it was kept out, or it was for the guard


class Exchange:
    """Written by its connection, on the loop's thread. Times are monotonic, in seconds; sizes in bytes of bodies."""

    __slots__ = (
        "answer",
        "began",
        "client",
        "ended",
        "first_byte",
        "judged",
        "outcome",
        "peer",
        "received",
        "refused_by",
        "request",
        "sent",
        "started_at",
        "status",
    )

    def __init__(self, peer: str, request: RequestHead, began: float | None = None) -> None:
        """`began` is when the request had come, now if not told."""
        self.peer = peer
        self.request = request
        self.judged = request  # as it came, where a guard left something out of the former
        self.client: str | None = None  # whose it is, once somebody wanted to know
        self.answer: AnswerHead | None = None
        self.status = 0
        self.outcome = Outcome.OPEN
        self.refused_by: str | None = None  # the rule that kept the visitor out
        self.started_at = time.time()
        self.began = time.monotonic() if began is None else began
        self.first_byte: float | None = None
        self.ended: float | None = None
        self.sent = 0
        self.received = 0

    def header(self, name: bytes) -> bytes | None:
        """Return the last value of a header of the request, by its name in small letters."""
        values = [value for other, value in self.request.headers if other.lower() == name]
        return values[-1] if values else None

    def headers(self, name: bytes) -> tuple[bytes, ...]:
        """Return all values of a header of the request, by its name in small letters."""
        return tuple(value for other, value in self.request.headers if other.lower() == name)


HearPart = Callable[[Exchange, memoryview], None]


class ExchangeListener:
    """Hears of all exchanges, on the loop's thread, as far as it wants to.

    The bytes of a body are good during the call only.
    """

    def began(self, exchange: Exchange) -> None:
        """A request has come."""

    def sent(self, exchange: Exchange, part: memoryview) -> None:
        """A part of its body went to the target."""

    def answered(self, exchange: Exchange) -> None:
        """The head of its answer has come; `status` is set."""

    def received(self, exchange: Exchange, part: memoryview) -> None:
        """A part of the answer's body went to the visitor."""

    def ended(self, exchange: Exchange) -> None:
        """It is over; `outcome` tells how."""


class Listeners:
    """Those who hear of the exchanges of one tunnel, one after the other; each is called for what it wants to hear."""

    __slots__ = ("answered", "began", "ended", "received", "sent")

    def __init__(self, *listeners: ExchangeListener) -> None:
        kind = ExchangeListener
        self.began = _one_by_one([one.began for one in listeners if type(one).began is not kind.began])
        self.answered = _one_by_one([one.answered for one in listeners if type(one).answered is not kind.answered])
        self.ended = _one_by_one([one.ended for one in listeners if type(one).ended is not kind.ended])
        self.sent = _part_by_part([one.sent for one in listeners if type(one).sent is not kind.sent])
        self.received = _part_by_part([one.received for one in listeners if type(one).received is not kind.received])


def _one_by_one(hear: list[Callable[[Exchange], None]]) -> Callable[[Exchange], None]:
    return reduce(_both, hear) if hear else _nobody


def _both(first: Callable[[Exchange], None], second: Callable[[Exchange], None]) -> Callable[[Exchange], None]:
    """Not a loop over all of them, which takes twice the time: most are two."""

    def tell(exchange: Exchange) -> None:
        first(exchange)
        second(exchange)

    return tell


def _nobody(_exchange: Exchange) -> None:
    pass


def _part_by_part(hear: list[HearPart]) -> HearPart:
    return reduce(_both_parts, hear) if hear else _no_part


def _both_parts(first: HearPart, second: HearPart) -> HearPart:
    def tell(exchange: Exchange, part: memoryview) -> None:
        first(exchange, part)
        second(exchange, part)

    return tell


def _no_part(_exchange: Exchange, _part: memoryview) -> None:
    pass
