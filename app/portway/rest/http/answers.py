"""What a call comes to: an answer, an answer that comes later, or a stream."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol, TypeVar

import msgspec

from portway.core.codes import Code
from portway.core.errors import Problem
from portway.core.hub import Unsubscribe

Result = TypeVar("Result")

JSON = "application/json"
TEXT = "text/plain; charset=utf-8"
EVENT_STREAM = "text/event-stream"

# Part of every answer, refusals and streams too.
FIXED_HEADERS = (
    ("Cache-Control", "no-store"),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"),
    ("Referrer-Policy", "no-referrer"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
)

Headers = tuple[tuple[str, str], ...]


def _plain(value: object) -> str:
    """Return a checked text, such as a PublicUrl, as the text that it is: msgspec takes no subclass of str."""
    if isinstance(value, str):
        return str(value)
    raise TypeError(f"no JSON for {type(value).__name__}")


_encoder = msgspec.json.Encoder(enc_hook=_plain)


@dataclass(frozen=True, slots=True)
class Response:
    """One whole answer, in JSON unless it says otherwise. `headers` are those besides the fixed ones."""

    status: int
    body: bytes
    headers: Headers = ()
    content_type: str = JSON


@dataclass(frozen=True, slots=True)
class Later:
    """An answer that is not there yet.

    `wait` passes it to its argument when it is, perhaps at once, and returns what ends the waiting. `expired` makes
    the answer for when `limit` seconds are over, `ended` the one for when the server closes before.
    """

    limit: float
    wait: Callable[[Callable[[Response], None]], Unsubscribe]
    expired: Callable[[], Response]
    ended: Callable[[], Response]


class StreamClient(Protocol):
    """Who reads a stream."""

    def send(self, frame: bytes) -> None:
        """Write one frame. May find that the client has left: then the stream is unsubscribed before this returns."""

    def end(self) -> None:
        """Say that nothing more comes."""


@dataclass(frozen=True, slots=True)
class Stream:
    """An answer of server-sent events. `subscribe` may send at once; what it returns ends it."""

    subscribe: Callable[[StreamClient], Unsubscribe]
    farewell: bytes = b""  # the last frame if the server closes before the stream has ended


Reply = Response | Later | Stream


def _encode(message: object) -> bytes:
    try:
        return _encoder.encode(message)
    except UnicodeEncodeError:  # it names a file whose name is not valid UTF-8
        return _encoder.encode(_valid(msgspec.to_builtins(message, enc_hook=_plain)))


def _valid(value: object) -> object:
    """Return the same with U+FFFD in the place of each lone surrogate, by which Python holds a byte that is no text."""
    match value:
        case str():
            return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        case dict():
            return {_valid(key): _valid(item) for key, item in value.items()}
        case list():
            return [_valid(item) for item in value]
        case _:
            return value


def as_json(message: object) -> bytes:
    """Return `message` as JSON; times come out as RFC 3339 in UTC."""
    return _encode(message)


def answer(message: object, status: int = 200, headers: Headers = ()) -> Response:
    """Return `message` as an answer."""
    return Response(status, _encode(message), headers)


def refusal(problem: Problem, headers: Headers = (), **more: object) -> Response:
    """Return the one envelope of all errors, with the HTTP status of the problem's code."""
    body = {"error": problem.sentence, "code": problem.code, **more}
    return Response(problem.code.http_status, _encode(body), headers + retry_after(problem))


def retry_after(problem: Problem, retry_at: datetime | None = None) -> Headers:
    """Return the Retry-After header where the answer of this problem carries one."""
    if problem.code.http_status not in (503, 429):
        return ()
    seconds = problem.retry_after
    if seconds is None and retry_at is not None:
        seconds = (retry_at - datetime.now(UTC)).total_seconds()
    return (("Retry-After", str(max(1, math.ceil(seconds or 1)))),)


def frame(event: str, message: Mapping[str, object] | object, number: int | None = None) -> bytes:
    """Return one server-sent event. Its data is one line: JSON has no line break of its own."""
    head = b"" if number is None else b"id: %d\n" % number
    return b"%sevent: %s\ndata: %s\n\n" % (head, event.encode(), _encode(message))


HEARTBEAT = b":\n\n"
INTERNAL_ERROR = refusal(Problem(Code.INTERNAL))


def while_open(
    deliver: Callable[[Response], None],
    start: Callable[[Callable[[Result], None]], None],
    shown: Callable[[Result], Response],
) -> Unsubscribe:
    """Deliver the result of what `start` begins, unless the client has left by then; it is done all the same."""
    is_open = True

    def tell(result: Result) -> None:
        if is_open:
            deliver(shown(result))

    def leave() -> None:
        nonlocal is_open
        is_open = False

    start(tell)
    return leave
