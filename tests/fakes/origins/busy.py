"""A local server that streams and takes what it is sent: for what a single page does not show."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from portway.core.target import Target

LARGE = 5 << 20
CONTENT = hashlib.sha512(b"content").digest() * (LARGE // 64)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        {"/": self._own_name_only, "/large": self._large, "/events": self._events, "/host": self._host}[self.path]()

    def do_POST(self) -> None:
        received = self.rfile.read(int(self.headers["Content-Length"]))
        self._answer(hashlib.sha256(received).hexdigest().encode())

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name that http.server gives it
        """Keep the output of the tests clean."""

    def _own_name_only(self) -> None:
        """Serve visitors of its own name, as servers for development do."""
        known = self.headers["Host"].startswith(("localhost", "127.0.0.1"))
        self._answer(b"welcome" if known else b"unknown host", 200 if known else 403)

    def _large(self) -> None:
        self._answer(CONTENT)

    def _host(self) -> None:
        self._answer(self.headers["Host"].encode())

    def _events(self) -> None:
        """Send one event, and the next one only when the first was read: a visitor that buffers would wait for ever."""
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(b"data: first\n\n")
        self.wfile.flush()
        server = self.server
        assert isinstance(server, BusyServer)
        server.first_was_read.wait(10)
        self.wfile.write(b"data: second\n\n")
        self.close_connection = True

    def _answer(self, content: bytes, status: int = 200) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


class BusyServer(ThreadingHTTPServer):
    daemon_threads = True
    first_was_read = threading.Event()

    @property
    def target(self) -> Target:
        return Target("http", "127.0.0.1", self.server_address[1])


@contextmanager
def busy_server() -> Iterator[BusyServer]:
    server = BusyServer(("127.0.0.1", 0), _Handler)
    server.first_was_read = threading.Event()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, name="origin", daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.first_was_read.set()
        server.shutdown()
        server.server_close()
        thread.join(5)
