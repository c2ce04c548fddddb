"""A local server worth exposing: plain HTTP, one page."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from portway.core.target import Target

PAGE = b"hello from the local server\n"


class _Page(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(PAGE)))
        self.end_headers()
        self.wfile.write(PAGE)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name that http.server gives it
        """Keep the output of the tests clean."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True


class _ServerOnSix(_Server):
    address_family = socket.AF_INET6


@contextmanager
def origin_server(address: str = "127.0.0.1", port: int = 0) -> Iterator[Target]:
    """Serve PAGE at a loopback address; yields the target that means it."""
    server = (_ServerOnSix if ":" in address else _Server)((address, port), _Page)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, name="origin", daemon=True)
    thread.start()
    try:
        yield Target("http", address, server.server_address[1])
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


class _Picky(_Page):
    """Takes calls for a loopback name only, as servers for development do."""

    def do_GET(self) -> None:
        if self.headers.get("Host", "").startswith("127."):
            super().do_GET()
        else:
            self.send_error(403)


@contextmanager
def picky_server() -> Iterator[Target]:
    """Serve PAGE to those who ask for it by a loopback name."""
    server = _Server(("127.0.0.1", 0), _Picky)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, name="picky", daemon=True)
    thread.start()
    try:
        yield Target("http", "127.0.0.1", server.server_address[1])
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
