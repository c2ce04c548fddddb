"""The daemon's own interface over a unix socket, as measured: Host and ETag are checked, a stale one is 412."""

from __future__ import annotations

import hashlib
import json
import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

from tests.fakes.tailscale import FakeTailscale


class FakeLocalApi(socketserver.ThreadingUnixStreamServer):
    """Serves the configuration of a fake tailscale. It can refuse to write, or let somebody else be faster."""

    def __init__(self, tailscale: FakeTailscale, path: Path) -> None:
        super().__init__(str(path), _Handler)
        self.tailscale = tailscale
        self.denied = False
        self.meanwhile: list[Callable[[], None]] = []
        self.writes = 0


class _Handler(BaseHTTPRequestHandler):
    server: FakeLocalApi

    def do_GET(self) -> None:
        text = _text(self.server.tailscale)
        self._answer(200, text, _etag(text))

    def do_POST(self) -> None:
        fake = self.server
        new = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if fake.meanwhile:
            fake.meanwhile.pop()()
        if fake.denied:
            self._answer(403, "serve config denied")
        elif self.headers["If-Match"] != _etag(_text(fake.tailscale)):
            self._answer(412, "etag mismatch")
        else:
            fake.writes += 1
            fake.tailscale.change(lambda world: world.update(config=new))
            self._answer(200, "")

    def _answer(self, status: int, text: str, etag: str = "") -> None:
        if self.headers["Host"] != "local-tailscaled.sock" or self.path != "/localapi/v0/serve-config":
            status, text = 403, "invalid localapi request"
        self.send_response(status)
        if etag:
            self.send_header("Etag", etag)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *_: Any) -> None:  # noqa: ANN401 - of the base class
        pass


@contextmanager
def local_api(tailscale: FakeTailscale, path: Path) -> Iterator[FakeLocalApi]:
    """Serve at a socket."""
    with FakeLocalApi(tailscale, path) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


def _text(tailscale: FakeTailscale) -> str:
    return json.dumps(tailscale.world["config"])


def _etag(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
