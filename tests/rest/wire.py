"""A running REST server as a test sees it, and clients that send exact bytes on the event loop of the test."""

from __future__ import annotations

import json
import select
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import h11
from PySide6.QtCore import QCoreApplication

from portway.core.guard.callers import Consents
from portway.core.timing import Timing
from portway.rest.auth.tokens import Tokens
from portway.rest.http.answers import FIXED_HEADERS, TEXT
from portway.rest.server.http_server import HttpServer
from portway.rest.server.server import RestServer
from portway.rest.server.serving import Serving
from tests.fakes.runtime.hub import FakeHub, FakeVault
from tests.limits import SEEN
from tests.watched.documented import Documented

VERSION = "1.2.3"
ANSWER_LIMIT = SEEN  # only bounds a hang
_REQUEST_LINE = 1000  # bytes: longer than any that gets in


@dataclass(frozen=True)
class Answer:
    """One HTTP answer, as it came."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes
    continued: bool = False  # a 100 came first

    def header(self, name: str) -> str | None:
        values = [value for key, value in self.headers if key == name.lower()]
        assert len(values) <= 1, f"{name} is repeated"
        return values[0] if values else None

    @cached_property
    def json(self) -> dict[str, Any]:
        record = json.loads(self.body)
        assert isinstance(record, dict)
        return record


@dataclass(eq=False)
class Wire:
    """One connection of a client. Whatever it waits for, the event loop goes on."""

    connection: socket.socket
    sent: bytes = b""  # the beginning of it, with the request line
    received: bytes = b""
    ended: bool = False
    broken: bool = False  # reset, not closed

    def send(self, data: bytes) -> None:
        """Send all of it, or as much as is taken."""
        self.sent = (self.sent + data[:_REQUEST_LINE])[:_REQUEST_LINE]
        rest = memoryview(data)
        until = time.monotonic() + ANSWER_LIMIT
        while rest and not self.ended:
            self.look(0)
            try:
                rest = rest[self.connection.send(rest) :]
            except BlockingIOError:
                assert time.monotonic() < until, "nobody reads"
            except OSError:
                self.ended = self.broken = True

    def look(self, patience: float = 0.001) -> None:
        """Let the event loop turn once, and take what came."""
        QCoreApplication.processEvents()
        if self.ended or not select.select([self.connection], [], [], patience)[0]:
            return
        try:
            data = self.connection.recv(1 << 20)
        except OSError:
            self.ended = self.broken = True
            return
        self.received += data
        self.ended = not data

    def wait(self, condition: Callable[[], bool], limit: float = ANSWER_LIMIT) -> None:
        until = time.monotonic() + limit
        while not condition():
            assert time.monotonic() < until, f"waited in vain; received {self.received[-500:]!r}"
            self.look()

    def wait_for(self, text: bytes, limit: float = ANSWER_LIMIT) -> None:
        self.wait(lambda: text in self.received, limit)

    def to_end(self, limit: float = ANSWER_LIMIT) -> bytes:
        """Return all that came until the server closed."""
        self.wait(lambda: self.ended, limit)
        return self.received

    def close(self) -> None:
        self.connection.close()
        self.ended = True


@dataclass
class Rest:
    """A running server and all around it."""

    hub: FakeHub
    vault: FakeVault
    tokens: Tokens
    timing: Timing
    server: RestServer
    raised: list[str]  # one item for each time that the window was raised
    documented: Documented
    port: int = 0
    consents: Consents | None = None  # of a server with a screen
    wires: list[Wire] = field(default_factory=list)

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def http(self) -> HttpServer:
        """Return what stands behind the server, once it has listened."""
        http = self.server._server
        assert http is not None
        return http

    @property
    def serving(self) -> Serving:
        """Return what answers the calls, made if none has come yet."""
        return self.http._made(self.port)

    @property
    def token(self) -> str:
        return self.tokens.run.reveal()

    def connect(self, source: tuple[str, int] = ("127.0.0.1", 0)) -> Wire:
        """Connect from an address and port of the client; port 0 is any free one."""
        connection = socket.create_connection(("127.0.0.1", self.port), ANSWER_LIMIT, source)
        QCoreApplication.processEvents()  # the queue of those who wait to be accepted is short
        connection.setblocking(False)
        wire = Wire(connection)
        self.wires.append(wire)
        return wire

    def head(self, line: str, *headers: str, token: str | None = "", host: str | None = None) -> bytes:
        """Return a request's head. `token` "" is the right one, None is none."""
        lines = [f"{line} HTTP/1.1", f"Host: {self.host if host is None else host}"]
        if token is not None:
            lines.append(f"Authorization: Bearer {token or self.token}")
        return ("\r\n".join([*lines, *headers]) + "\r\n\r\n").encode("latin-1")

    def raw(self, data: bytes) -> Answer:
        """Send bytes, and return the one answer that came; it has to be one that is promised."""
        wire = self.connect()
        wire.send(data)
        received = wire.to_end()
        wire.close()
        self.wires.remove(wire)
        method = data.split(b" ", 1)[0]
        answer = parsed(received, "HEAD" if method == b"HEAD" else "GET")
        self.check(answer, data)
        return answer

    def call(
        self, method: str, path: str, body: object = None, *headers: str, token: str | None = "", wait: str = ""
    ) -> Answer:
        """Make a call as a decent client does."""
        content = b"" if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
        if content:
            headers = (*headers, f"Content-Length: {len(content)}", "Content-Type: application/json")
        return self.raw(self.head(f"{method} {path}{wait}", *headers, token=token) + content)

    def begin(self, method: str, path: str, body: object, *headers: str) -> Wire:
        """Make a call, and return its connection without waiting for the answer."""
        content = json.dumps(body).encode()
        wire = self.connect()
        named = (*headers, f"Content-Length: {len(content)}", "Content-Type: application/json")
        wire.send(self.head(f"{method} {path}", *named) + content)
        return wire

    def wait(self, condition: Callable[[], bool]) -> None:
        """Let the event loop go on until something is so."""
        until = time.monotonic() + ANSWER_LIMIT
        while not condition():
            assert time.monotonic() < until, "waited in vain"
            QCoreApplication.processEvents()
            time.sleep(0.001)

    def check(self, answer: Answer, request: bytes) -> None:
        """Hold an answer against all that is promised of every answer."""
        for name, value in FIXED_HEADERS:
            assert answer.header(name) == value, f"{name} of {answer}"
        assert answer.header("Connection") == "close"
        assert not [name for name, _ in answer.headers if name.startswith("access-control-") or name == "server"]
        is_stream = answer.header("Content-Type") == "text/event-stream"
        assert is_stream or answer.header("Content-Type") in ("application/json", TEXT)
        if request.startswith(b"HEAD "):
            assert answer.body == b""
            return
        if not is_stream:
            assert answer.header("Content-Length") == str(len(answer.body))
        self.check_body(answer, request)

    def check_body(self, answer: Answer, request: bytes) -> None:
        """Hold a whole body, or the frames of a stream so far, against the document."""
        method, target = _asked(request)
        if answer.header("Content-Type") == TEXT:
            self.documented.check_text(method, target)
            return
        if answer.header("Content-Type") != "text/event-stream":
            self.documented.check(method, target, answer.status, answer.json)
            return
        for frame in _frames(answer.body.decode()):
            self.documented.check_event(method, target, frame.event, frame.data)

    def end(self) -> None:
        """Close the server and every client, and check what was not looked at before."""
        self.server.close()
        for wire in self.wires:
            wire.close()
            answer, whole = so_far(wire.received)
            if answer is not None and (whole or answer.header("Content-Type") == "text/event-stream"):
                self.check_body(answer, wire.sent)

    @contextmanager
    def stream(self, method: str = "GET", path: str = "/api/events", *headers: str) -> Iterator[Wire]:
        """Open a stream, and yield it once its head is there."""
        wire = self.connect()
        wire.send(self.head(f"{method} {path}", *headers))
        wire.wait_for(b"\r\n\r\n")
        assert wire.received.startswith(b"HTTP/1.1 200 OK\r\n")
        yield wire
        wire.close()


def parsed(received: bytes, method: str = "GET") -> Answer:
    """Return the one answer that bytes hold."""
    answer, whole = so_far(received, method, ended=True)
    assert answer is not None, f"no answer in {received!r}"
    assert whole, f"no whole answer in {received!r}"
    return answer


def so_far(received: bytes, method: str = "GET", *, ended: bool = False) -> tuple[Answer | None, bool]:
    """Return the answer as far as it has come, and whether it is whole."""
    if not received:
        return None, False
    client = h11.Connection(h11.CLIENT)
    client.send(h11.Request(method=method, target="/", headers=[("Host", "x")]))
    client.send(h11.EndOfMessage())
    client.receive_data(received)
    if ended:
        client.receive_data(b"")
    head: h11.Response | None = None
    body = b""
    continued = False
    event = client.next_event()
    while isinstance(event, h11.InformationalResponse | h11.Response | h11.Data):
        match event:
            case h11.InformationalResponse():
                continued = True
            case h11.Response():
                head = event
            case h11.Data():
                body += event.data
        event = client.next_event()
    if head is None:
        return None, False
    rest, _ = client.trailing_data
    assert rest == b"", "a second answer"
    headers = [(name.decode().lower(), value.decode()) for name, value in head.headers]
    return Answer(head.status_code, headers, body, continued), isinstance(event, h11.EndOfMessage)


@dataclass(frozen=True)
class Frame:
    """One server-sent event."""

    event: str
    data: dict[str, Any]
    id: int | None = None


def frames(received: bytes) -> list[Frame]:
    """Return the whole events of a stream so far."""
    _head, _, chunked = received.partition(b"\r\n\r\n")
    return list(_frames(_unchunked(chunked)))


def _frames(text: str) -> Iterator[Frame]:
    for part in text.split("\n\n")[:-1]:
        lines = dict(line.split(": ", 1) for line in part.split("\n") if not line.startswith(":"))
        if lines:
            number = int(lines["id"]) if "id" in lines else None
            yield Frame(lines["event"], json.loads(lines["data"]), number)


def _asked(request: bytes) -> tuple[str, str]:
    """Return method and target of a request, whatever else is wrong with it."""
    method, _, rest = request.partition(b" ")
    return method.decode("latin-1"), rest.partition(b" ")[0].decode("latin-1")


def _unchunked(data: bytes) -> str:
    whole = b""
    while True:
        size, found, rest = data.partition(b"\r\n")
        length = int(size, 16) if found else 0
        if not length or len(rest) < length:
            return whole.decode()
        whole += rest[:length]
        data = rest[length + 2 :]
