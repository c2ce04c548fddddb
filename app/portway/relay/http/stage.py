"""A test of what gets through a way out: the relay answers its requests itself, each once, while the test lasts."""

import base64
import hashlib
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from portway.core.status import StreamTest
from portway.relay.engine.end import End
from portway.relay.engine.loop import READ, WRITE, Loop, Timer
from portway.relay.http.exchange import Exchange
from portway.relay.http.framing import Chunked, Framing, Sized
from portway.relay.http.heads import MalformedHeadError

EVENTS = 5
UPLOAD = 256 * 1024  # bytes

_WEBSOCKET = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"  # RFC 6455, 1.3
_MOST_OF_A_FRAME = 125  # bytes: that long its length takes seven bits
_FRAME_HEAD = 6  # bytes, with the mask
_TEXT, _CLOSE = 0x81, 0x88
_FAREWELL = 2.0  # seconds
_ALLOWED = 15.0  # seconds that a part may take beyond what it waits for by itself
_NO_STORE = b"Cache-Control: no-store\r\nReferrer-Policy: no-referrer\r\nConnection: close\r\n"


@dataclass(frozen=True, slots=True)
class Pace:
    """How long a test takes, in seconds: between two events, within the upload, and until the late answer.

    Cloudflare gives up after 100 s (read); what else is slower than the pauses would look as if it were held back.
    """

    gap: float = 0.5
    pause: float = 2.0
    wait: float = 110.0


class Stage:
    """What the relay and the test know alone. Times are monotonic, in seconds; None until then. Any thread."""

    def __init__(self, pace: Pace) -> None:
        self.pace = pace
        self.content = secrets.token_hex(16).encode()  # by which its answers are known
        self.is_open = True
        self.last_event: float | None = None  # when it was sent
        self.first_part: float | None = None  # when something of the upload came
        self._word = secrets.token_urlsafe(16)
        self._left = {self.path(test).encode(): test for test in StreamTest}

    def path(self, test: StreamTest) -> str:
        """Return where one of its parts is answered."""
        return f"/.portway/streams/{self._word}/{test}"

    def take(self, target: bytes) -> StreamTest | None:
        """Return what is asked for there, once; None for what is no part of it, or after its end."""
        return self._left.pop(target, None) if self.is_open else None

    def met(self, test: StreamTest) -> bool:
        """Whether it was asked for."""
        return self.path(test).encode() not in self._left


class Part(NamedTuple):
    """One request of a test."""

    stage: Stage
    test: StreamTest


class StagedOwner(Protocol):
    """The connection over which a part came."""

    moved_at: float

    def bytes_ended(self, *, reset: bool) -> None:
        """It is closed."""


class Staged:
    """Answers one part, and closes. Lives on the loop's thread; takes and keeps little, and not for long."""

    def __init__(  # noqa: PLR0913, PLR0917 - who asks for what
        self, loop: Loop, owner: StagedOwner, part: Part, exchange: Exchange, visitor: End, chunk: memoryview
    ) -> None:
        self._loop = loop
        self._owner = owner
        self._stage, self._test = part
        self._exchange = exchange
        self._visitor = visitor
        self._chunk = chunk
        self._over = self._answered = False
        self._said = b""  # of a message that is not whole yet
        self._came = 0
        length = exchange.request.length
        self._body: Framing = Chunked() if length is None else Sized(length)
        self._timers: list[Timer] = []

    @property
    def stands(self) -> bool:
        """Whether its test still goes on."""
        return self._stage.is_open

    def begin(self, held: bytes) -> None:
        """Answer soon; `held` came with the request."""
        pace = self._stage.pace
        self._later(max(pace.wait, pace.pause, EVENTS * pace.gap) + _ALLOWED, self.reset)
        self._visitor.call(self._on_ready)
        self._later(0, lambda: self._start(held))

    def reset(self) -> None:
        """End it now, so that the other side sees a cut, not an end."""
        self._close(reset=True)

    def _start(self, held: bytes) -> None:
        match self._test:
            case StreamTest.EVENTS:
                head = b"Content-Type: text/event-stream\r\n" + self._in_chunks
                self._send(b"HTTP/1.1 200 OK\r\n" + head + _NO_STORE + b"\r\n")
                self._tell_event(1)
            case StreamTest.WEBSOCKET:
                self._shake_hands()
            case StreamTest.WAIT:
                self._later(self._stage.pace.wait, lambda: self._answer(b"200 OK", self._stage.content))
            case StreamTest.UPLOAD:
                pass
        if not self._over:
            self._take(held)

    @property
    def _in_chunks(self) -> bytes:
        return b"Transfer-Encoding: chunked\r\n" if self._exchange.request.version == "1.1" else b""

    def _tell_event(self, number: int) -> None:
        event = b"data: %b %d\n\n" % (self._stage.content, number)
        in_chunks = bool(self._in_chunks)
        if number == EVENTS:
            self._stage.last_event = time.monotonic()
        self._send(b"%x\r\n%b\r\n" % (len(event), event) if in_chunks else event)
        if number < EVENTS:
            self._later(self._stage.pace.gap, lambda: self._tell_event(number + 1))
            return
        self._send(b"0\r\n\r\n" if in_chunks else b"")
        self._end()

    def _shake_hands(self) -> None:
        upgrade = (self._exchange.request.upgrade or b"").strip().lower()
        key = self._exchange.header(b"sec-websocket-key")
        if upgrade != b"websocket" or key is None:
            self._answer(b"426 Upgrade Required", b"")
            return
        self._send(
            b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Accept: %b\r\n\r\n" % accepted(key)
        )

    def _take(self, data: bytes) -> None:
        if self._answered:
            return
        if self._test is StreamTest.UPLOAD:
            self._take_upload(data)
        elif self._test is StreamTest.WEBSOCKET:
            self._said = (self._said + data)[: _FRAME_HEAD + _MOST_OF_A_FRAME]
            if len(self._said) >= _FRAME_HEAD and len(self._said) >= _FRAME_HEAD + (self._said[1] & 0x7F):
                content = self._stage.content
                self._send(bytes([_TEXT, len(content)]) + content + bytes([_CLOSE, 0]))
                self._end()

    def _take_upload(self, data: bytes) -> None:
        if data and self._stage.first_part is None:
            self._stage.first_part = time.monotonic()
        self._came += len(data)
        if self._came > 2 * UPLOAD:
            self._answer(b"413 Content Too Large", b"")
            return
        try:
            self._body.take(data, 0, len(data))
        except MalformedHeadError:
            self.reset()
            return
        if self._body.done:
            whole = self._came >= UPLOAD  # in chunks, a little more
            self._answer(b"200 OK" if whole else b"400 Bad Request", self._stage.content if whole else b"")

    def _answer(self, status: bytes, content: bytes) -> None:
        head = b"HTTP/1.1 %b\r\nContent-Type: text/plain\r\nContent-Length: %d\r\n" % (status, len(content))
        self._send(head + _NO_STORE + b"\r\n" + content)
        self._end()

    def _send(self, data: bytes) -> None:
        self._owner.moved_at = time.monotonic()
        self._visitor.send(data)
        self._settle()

    def _end(self) -> None:
        """It was the last; hear the other side out, so that it is not lost in a reset."""
        if not self._over:
            self._answered = True
            self._visitor.say_no_more()
            self._later(_FAREWELL, self._close)

    def _on_ready(self, events: int) -> None:
        if events & WRITE:
            self._visitor.flush()
        if events & READ:
            try:
                size = self._visitor.read(self._chunk)
            except OSError:
                size = 0
            if size == 0:
                self._close(reset=not self._answered)
                return
            self._take(bytes(self._chunk[: size or 0]))
        self._settle()

    def _settle(self) -> None:
        if self._over:
            return
        if self._visitor.broken:
            self._close(reset=True)
        else:
            self._visitor.wait(READ)

    def _later(self, seconds: float, callback: Callable[[], None]) -> None:
        self._timers.append(self._loop.later(seconds, callback))

    def _close(self, *, reset: bool = False) -> None:
        if self._over:
            return
        self._over = True
        for timer in self._timers:
            timer.cancel()
        self._timers.clear()
        self._visitor.close(reset=reset)
        self._owner.bytes_ended(reset=reset)


def accepted(key: bytes) -> bytes:
    """Return how a server shows that it takes a WebSocket with this key."""
    return base64.b64encode(hashlib.sha1(key + _WEBSOCKET, usedforsecurity=False).digest())
