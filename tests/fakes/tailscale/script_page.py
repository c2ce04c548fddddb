"""The host of an install script: what it answers is what a test says."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.limits import NEVER


class Page:
    """What the host of the script answers: any path, one page; a `location` makes it a redirect."""

    def __init__(self) -> None:
        self.body = b"#!/bin/sh\nexit 0\n"
        self.status = 200
        self.location = ""
        self.asked = threading.Event()
        self.gate = threading.Event()
        self.gate.set()


@contextmanager
def served(page: Page) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            page.asked.set()
            page.gate.wait(NEVER)
            self.send_response(page.status)
            if page.location:
                self.send_header("Location", page.location)
            self.send_header("Content-Length", str(len(page.body)))
            self.end_headers()
            self.wfile.write(page.body)

        def log_message(self, *_: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        def handle_error(self, *_: object) -> None:
            pass  # a client that went away

    server = Server(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/install.sh"
    finally:
        page.gate.set()
        server.shutdown()
        thread.join()
        server.server_close()
