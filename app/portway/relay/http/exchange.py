"""One request and its answer, as they pass; and who hears of them."""

import time
from collections.abc import Callable
from enum import StrEnum

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
    if len(hear) == 1:
        return hear[0]

    def tell(exchange: Exchange) -> None:
        for one in hear:
            one(exchange)

    return tell


def _part_by_part(hear: list[Callable[[Exchange, memoryview], None]]) -> Callable[[Exchange, memoryview], None]:
    if len(hear) == 1:
        return hear[0]

    def tell(exchange: Exchange, part: memoryview) -> None:
        for one in hear:
            one(exchange, part)

    return tell
