"""What gets through a way out: an event stream, a WebSocket, an upload and a long wait, sent to our own relay.

All of it comes back to this process, so one clock says what was where at what time.
"""

from __future__ import annotations

import base64
import contextlib
import http.client
import secrets
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlsplit

from portway.core.guard.reasons import Reason, Why, why
from portway.core.status import Passage, StreamCheck, StreamTest
from portway.relay.http.stage import EVENTS, UPLOAD, Pace, Stage, accepted
from portway.system.network.outside import NotKnownError, Outside, unseen_from_here

if TYPE_CHECKING:
    import ssl

_HTTPS = 443
_OK, _SWITCHING = 200, 101
_MOST_OF_A_LINE = 1024  # bytes
_MOST_LINES = 100
_MOST_HEAD = 16 * 1024  # bytes
_MESSAGE = b"portway"
_HEADERS = {"User-Agent": "Portway", "ngrok-skip-browser-warning": "1", "Cache-Control": "no-store"}

Found = tuple[Passage, Why]


class Stages(Protocol):
    """Answers the requests of a test. Any thread."""

    def open_stage(self, pace: Pace) -> Stage:
        """Answer them from now on."""


@dataclass(frozen=True, slots=True)
class Way:
    """Where a test is sent, and what answers it."""

    name: str
    port: int
    addresses: tuple[str, ...]
    stage: Stage


def find_way(
    public_url: str, relay: Stages, outside: Outside, environment: Mapping[str, str], pace: Pace | None = None
) -> Way:
    """Find out where to send a test, and let the relay answer it. Blocks. Raises NotKnownError."""
    unseen = unseen_from_here(public_url, environment)
    if unseen is not None:
        raise NotKnownError(unseen)
    parts = urlsplit(public_url)
    name = parts.hostname or ""
    addresses = outside.look_up(name)
    return Way(name, parts.port or _HTTPS, addresses, relay.open_stage(pace or Pace()))


def check(test: StreamTest, way: Way, outside: Outside) -> StreamCheck:
    """Send one part of the test, and say what came of it. Blocks."""
    began = time.monotonic()
    send = {
        StreamTest.EVENTS: _events,
        StreamTest.WEBSOCKET: _websocket,
        StreamTest.UPLOAD: _upload,
        StreamTest.WAIT: _wait,
    }[test]
    try:
        with outside.dial(way.name, way.port, way.addresses) as wire:
            state, reason = send(way, wire, outside.limit)
    except NotKnownError as error:
        state, reason = Passage.UNKNOWN, error.why
    except TimeoutError:
        state, reason = _silence(test, way)
    except (OSError, http.client.HTTPException, ValueError):
        state, reason = _cut(test, way, time.monotonic() - began)
    return StreamCheck(test, state, reason, round((time.monotonic() - began) * 1000))


def _silence(test: StreamTest, way: Way) -> Found:
    """Say what it means that nothing came in time."""
    if not way.stage.met(test):
        return Passage.UNKNOWN, why(Reason.NOTHING_ARRIVED)
    if test is StreamTest.WEBSOCKET:
        return Passage.HELD, why(Reason.MESSAGES_HELD)
    return Passage.UNKNOWN, why(Reason.NOTHING_RETURNED)


def _cut(test: StreamTest, way: Way, after: float) -> Found:
    if not way.stage.is_open:
        return Passage.UNKNOWN, why(Reason.ENDED_BEFORE)
    if way.stage.met(test):
        return Passage.REFUSED, why(Reason.CUT_AFTER, seconds=round(after))
    return Passage.UNKNOWN, why(Reason.BROKE_OFF)


def _events(way: Way, wire: ssl.SSLSocket, _limit: float) -> Found:
    """Whether the first event is here before the last one is sent."""
    mark, count, first = b"data: " + way.stage.content, 0, None
    with _asking(way, wire) as connection:
        connection.request(
            "GET", way.stage.path(StreamTest.EVENTS), headers={**_HEADERS, "Accept": "text/event-stream"}
        )
        answer = connection.getresponse()
        if answer.status != _OK:
            return _refused(answer.status)
        with contextlib.suppress(http.client.IncompleteRead):
            for _ in range(_MOST_LINES):
                line = answer.readline(_MOST_OF_A_LINE)
                if line.startswith(mark):
                    count, first = count + 1, first or time.monotonic()
                if not line or count == EVENTS:
                    break
    if first is None:
        return Passage.REFUSED, why(Reason.ANOTHER_ANSWER)
    if count < EVENTS:
        return Passage.REFUSED, why(Reason.EVENTS_CUT, count=count, all=EVENTS)
    if first < (way.stage.last_event or 0.0):
        return Passage.OK, why(Reason.EVENTS_FLOW)
    return Passage.HELD, why(Reason.EVENTS_HELD)


def _websocket(way: Way, wire: ssl.SSLSocket, _limit: float) -> Found:
    """Whether a message gets there, and another one back."""
    key = base64.b64encode(secrets.token_bytes(16))
    lines = [
        f"GET {way.stage.path(StreamTest.WEBSOCKET)} HTTP/1.1",
        f"Host: {way.name}" if way.port == _HTTPS else f"Host: {way.name}:{way.port}",
        "Connection: Upgrade",
        "Upgrade: websocket",
        "Sec-WebSocket-Version: 13",
        f"Sec-WebSocket-Key: {key.decode()}",
        *(f"{name}: {value}" for name, value in _HEADERS.items()),
    ]
    wire.sendall("\r\n".join([*lines, "", ""]).encode())
    head, rest = _read_head(wire)
    first, *others = head.split(b"\r\n")
    status = int(first.split(b" ", 2)[1]) if first.count(b" ") else 0
    if status != _SWITCHING:
        return _refused(status)
    if not any(
        name.strip().lower() == b"sec-websocket-accept" and value.strip() == accepted(key)
        for name, _, value in (line.partition(b":") for line in others)
    ):
        return Passage.REFUSED, why(Reason.ANOTHER_ANSWER)
    mask = secrets.token_bytes(4)
    masked = bytes(byte ^ mask[at % 4] for at, byte in enumerate(_MESSAGE))
    wire.sendall(bytes([0x81, 0x80 | len(_MESSAGE)]) + mask + masked)
    while len(rest) < 2 + len(way.stage.content):
        part = wire.recv(_MOST_OF_A_LINE)
        if not part:
            return Passage.REFUSED, why(Reason.MESSAGES_CUT)
        rest += part
    if rest[2 : 2 + len(way.stage.content)] != way.stage.content:
        return Passage.REFUSED, why(Reason.ANOTHER_MESSAGE)
    return Passage.OK, why(Reason.MESSAGES_FLOW)


def _upload(way: Way, wire: ssl.SSLSocket, _limit: float) -> Found:
    """Whether the first half is there before the second one is sent."""
    half = bytes(UPLOAD // 2)
    with _asking(way, wire) as connection:
        connection.putrequest("POST", way.stage.path(StreamTest.UPLOAD), skip_accept_encoding=True)
        headers = {**_HEADERS, "Content-Type": "application/octet-stream", "Content-Length": str(UPLOAD)}
        for name, value in headers.items():
            connection.putheader(name, value)
        connection.endheaders()
        with contextlib.suppress(ConnectionError):  # refused early: its answer is there to be read
            connection.send(half)
            time.sleep(way.stage.pace.pause)
        resumed = time.monotonic()
        with contextlib.suppress(ConnectionError):
            connection.send(half)
        answer = connection.getresponse()
        if answer.status != _OK:
            return _refused(answer.status)
        if answer.read(_MOST_OF_A_LINE) != way.stage.content:
            return Passage.REFUSED, why(Reason.ANOTHER_ANSWER)
    first = way.stage.first_part
    if first is not None and first < resumed:
        return Passage.OK, why(Reason.UPLOAD_PASSES)
    return Passage.HELD, why(Reason.UPLOAD_HELD)


def _wait(way: Way, wire: ssl.SSLSocket, limit: float) -> Found:
    """Whether an answer may take long."""
    lasts = way.stage.pace.wait
    wire.settimeout(lasts + limit)
    began = time.monotonic()
    with _asking(way, wire) as connection:
        connection.request("GET", way.stage.path(StreamTest.WAIT), headers=_HEADERS)
        answer = connection.getresponse()
        if answer.status != _OK:
            after = time.monotonic() - began
            return Passage.REFUSED, why(Reason.LATE_REFUSAL, seconds=round(after), status=answer.status)
        if answer.read(_MOST_OF_A_LINE) != way.stage.content:
            return Passage.REFUSED, why(Reason.ANOTHER_ANSWER)
    return Passage.OK, why(Reason.WAIT_PASSES, seconds=round(lasts))


def _refused(status: int) -> Found:
    return Passage.REFUSED, why(Reason.REFUSED, status=status)


@contextlib.contextmanager
def _asking(way: Way, wire: ssl.SSLSocket) -> Iterator[http.client.HTTPConnection]:
    connection = http.client.HTTPSConnection(way.name, way.port)
    connection.sock = wire
    with contextlib.closing(connection):
        yield connection


def _read_head(wire: ssl.SSLSocket) -> tuple[bytes, bytes]:
    """Return a head, and what came after it. Raises ValueError where none comes."""
    said = b""
    while b"\r\n\r\n" not in said:
        part = wire.recv(_MOST_OF_A_LINE)
        if not part or len(said) > _MOST_HEAD:
            message = "no head came"
            raise ValueError(message)
        said += part
    head, _, rest = said.partition(b"\r\n\r\n")
    return head, rest
