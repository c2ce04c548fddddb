"""A local server that does what real ones do over HTTP: pages, an event stream, a WebSocket, uploads, slow answers.

    GET  /                 PAGE
    GET  /bytes/COUNT      so many bytes, the same each time
    GET  /peer             the address from which the request came
    GET  /events           an event stream: whatever the test publishes
    GET  /slow             half an answer; the other half once the test releases it
    GET  /cut              an answer that breaks off with a reset before its end
    GET  /socket           a WebSocket that sends back what it gets
    POST /upload           length and SHA-256 of the body, both with Content-Length and in chunks
    POST /refused          413 at once, without reading the body

Connections are kept alive, as HTTP/1.1 has it.
"""

from __future__ import annotations

import hashlib
import json
import queue
import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from wsproto import ConnectionType, WSConnection
from wsproto.events import AcceptConnection, CloseConnection, Message, Ping, Request

from portway.core.target import Target
from tests.fakes.origins.page import PAGE

HALF = b"half of an answer\n"
_STALL_LIMIT = 30.0  # seconds: nothing here outlives a test that hangs


class HttpOrigin:
    """Runs while its context lasts. `peers` has the source address of each connection that brought a request."""

    def __init__(self, server: _Server, target: Target) -> None:
        self._server = server
        self.target = target

    @property
    def peers(self) -> list[str]:
        return list(self._server.peers)

    @property
    def streams(self) -> int:
        """How many event streams are open."""
        return len(self._server.streams)

    def publish(self, text: str) -> None:
        """Send one event into every open stream."""
        for stream in tuple(self._server.streams):
            stream.put(text)

    def end_streams(self) -> None:
        """End every open stream properly."""
        for stream in tuple(self._server.streams):
            stream.put(None)

    def release(self) -> None:
        """Let slow answers go on."""
        self._server.released.set()


@contextmanager
def http_origin(address: str = "127.0.0.1", port: int = 0) -> Iterator[HttpOrigin]:
    """Serve at `address`, in the network namespace of the calling thread."""
    server = _Server((address, port), _Answers)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, name="origin", daemon=True)
    thread.start()
    origin = HttpOrigin(server, Target("http", address, server.server_address[1]))
    try:
        yield origin
    finally:
        origin.release()
        origin.end_streams()
        server.shutdown()
        server.server_close()
        thread.join(5)


def content(count: int) -> bytes:
    """Return what /bytes/COUNT answers."""
    pattern = bytes(range(251))  # a prime: no power of two hides a byte that was moved
    return (pattern * (count // len(pattern) + 1))[:count]


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256  # hundreds of visitors at once are no trouble of the local server

    def __init__(self, address: tuple[str, int], handler: type[BaseHTTPRequestHandler]) -> None:
        self.address_family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
        super().__init__(address, handler)
        self.peers: list[str] = []
        self.streams: set[queue.Queue[str | None]] = set()
        self.released = threading.Event()

    def handle_error(self, request: object, client_address: object) -> None:
        """A visitor who went away is no fault of the server."""


class _Answers(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = _STALL_LIMIT
    server: _Server

    def setup(self) -> None:
        super().setup()
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._known = False

    def parse_request(self) -> bool:
        if not self._known:  # a look whether we are there sends no request
            self._known = True
            self.server.peers.append(self.client_address[0])
        return super().parse_request()

    def do_GET(self) -> None:
        _, verb, *rest = self.path.split("/")
        match verb:
            case "":
                self._answer(PAGE)
            case "bytes":
                self._answer(content(int(rest[0])))
            case "peer":
                self._answer(str(self.client_address[0]).encode())
            case "host":
                self._answer(self.headers["Host"].encode())
            case "events":
                self._stream()
            case "slow":
                self._answer_slowly()
            case "cut":
                self._break_off()
            case "socket":
                self._echo()
            case _:
                self._answer(b"not found", 404)

    def do_POST(self) -> None:
        if self.path == "/refused":
            self._answer(b"too large", 413)
            self.close_connection = True
            return
        digest, length = hashlib.sha256(), 0
        for part in self._body():
            digest.update(part)
            length += len(part)
        self._answer(json.dumps({"length": length, "sha256": digest.hexdigest()}).encode())

    def _body(self) -> Iterator[bytes]:
        if self.headers.get("Transfer-Encoding") == "chunked":
            while size := int(self.rfile.readline(), 16):
                yield self.rfile.read(size)
                self.rfile.readline()
            self.rfile.readline()
            return
        left = int(self.headers["Content-Length"])
        while left and (part := self.rfile.read(min(left, 65536))):
            left -= len(part)
            yield part

    def _answer(self, body: bytes, status: int = 200) -> None:
        self._head(status, Content_Length=str(len(body)))
        self.wfile.write(body)

    def _answer_slowly(self) -> None:
        self._head(200, Content_Length=str(2 * len(HALF)))
        self.wfile.write(HALF)
        self.server.released.wait(_STALL_LIMIT)
        self.wfile.write(HALF)

    def _break_off(self) -> None:
        self._head(200, Content_Length="1000")
        self.wfile.write(HALF)
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True
        # By the descriptor: http.server itself would say a proper end first.
        socket.close(self.connection.detach())

    def _stream(self) -> None:
        """Send events until the test ends it or the visitor leaves. Without a length: its end is the connection's."""
        stream: queue.Queue[str | None] = queue.Queue()
        self._head(200, Content_Type="text/event-stream", Cache_Control="no-store", Connection="close")
        self.server.streams.add(stream)
        try:
            while (text := stream.get(timeout=_STALL_LIMIT)) is not None:
                self.wfile.write(f"data: {text}\n\n".encode())
        finally:
            self.server.streams.discard(stream)
            self.close_connection = True

    def _echo(self) -> None:
        protocol = WSConnection(ConnectionType.SERVER)
        head = "".join(f"{name}: {value}\r\n" for name, value in self.headers.items())
        protocol.receive_data(f"{self.requestline}\r\n{head}\r\n".encode())
        self.close_connection = True
        while True:
            for event in protocol.events():
                match event:
                    case Request():
                        self.wfile.write(protocol.send(AcceptConnection()))
                    case Message(data=data, message_finished=finished):
                        self.wfile.write(protocol.send(Message(data=data, message_finished=finished)))
                    case Ping():
                        self.wfile.write(protocol.send(event.response()))
                    case CloseConnection():
                        self.wfile.write(protocol.send(event.response()))
                        return
                    case _:  # pongs
                        pass
            received = self.connection.recv(65536)
            if not received:
                return
            protocol.receive_data(received)

    def _head(self, status: int, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name that http.server gives it
        """Keep the output of the tests clean."""
