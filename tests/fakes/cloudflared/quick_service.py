"""Cloudflare's quick service on loopback: gives names, or refuses in each of the ways in which the real one does."""

from __future__ import annotations

import json
import socket
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class QuickService:
    """What it answers next. Any thread."""

    def __init__(self) -> None:
        self.url = ""
        self.names = 0
        self.refusal: tuple[int, str] | None = None
        self.closes = False  # without an answer
        self.free = threading.Event()  # until it is set, nobody is answered
        self.free.set()

    def answer(self, client: socket.socket) -> tuple[int, str] | None:
        """Return status and body; None: hang up."""
        while not self.free.wait(0.02):
            if _has_left(client):
                return None
        if self.closes:
            return None
        if self.refusal is not None:
            return self.refusal
        self.names += 1
        host = f"plum-otter-lamp-{self.names}.trycloudflare.com"
        return 200, answer_with(hostname=host)


def answer_with(**changes: object) -> str:
    """Return the answer that makes a tunnel, with something of its result changed."""
    result = {"id": str(uuid.uuid4()), "name": "qt-1", "account_tag": "0" * 32, "secret": "AAAA", **changes}
    return json.dumps({"success": True, "errors": [], "messages": [], "result": result})


def _has_left(client: socket.socket) -> bool:
    try:
        return client.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT) == b""
    except BlockingIOError:
        return False


@contextmanager
def quick_service() -> Iterator[QuickService]:
    """Serve on a loopback port."""
    service = QuickService()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            answer = service.answer(self.connection)
            if answer is None:
                self.close_connection = True
                return
            status, body = answer
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name that http.server gives it
            """Keep the output of the tests clean."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    service.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield service
    finally:
        service.free.set()
        server.shutdown()
        server.server_close()
        thread.join(5)
