"""A release host on loopback: the newest release in GitHub's form, its file, and each way in which both can fail."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

LIST, FILE = "/latest", "/file"
Fault = Callable[["ReleaseServer", BaseHTTPRequestHandler], None]


class ReleaseServer:
    """What is published, and what goes wrong. Any thread."""

    def __init__(self, asset: str) -> None:
        self.asset = asset
        self.version = "2026.8.2"
        self.content = b""
        self.others: list[dict[str, Any]] = [{"name": "other"}]  # what else is in the list
        self.changes: dict[str, Any] = {}  # to the entry of the file in the list
        self.body = ""  # the release notes
        self.faults: dict[str, Fault] = {}  # by path
        self.asked: list[str] = []  # the paths of all requests
        self.over = threading.Event()
        self.url = ""

    @property
    def releases(self) -> str:
        """Where the list is."""
        return self.url + LIST

    @property
    def release(self) -> dict[str, Any]:
        """The list as it is published."""
        digest = f"sha256:{hashlib.sha256(self.content).hexdigest()}"
        entry = {"name": self.asset, "browser_download_url": self.url + FILE, "digest": digest, **self.changes}
        return {"tag_name": self.version, "body": self.body, "assets": [*self.others, entry]}

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        path = urlsplit(request.path).path
        self.asked.append(path)
        if path in self.faults:
            self.faults[path](self, request)
        elif path == LIST:
            send(request, 200, json.dumps(self.release).encode())
        else:
            send(request, 200, self.content)


def send(
    request: BaseHTTPRequestHandler, status: int, body: bytes, *, length: int | None = None, location: str | None = None
) -> None:
    """Answer; `length` is what is said of the body, where that is not the truth."""
    request.send_response(status)
    request.send_header("Content-Length", str(len(body) if length is None else length))
    if location is not None:
        request.send_header("Location", location)
    request.end_headers()
    request.wfile.write(body)
    request.wfile.flush()
    request.close_connection = True


def answers(status: int, body: bytes = b"", location: str | None = None) -> Fault:
    return lambda _server, request: send(request, status, body, location=location)


def hangs(server: ReleaseServer, _request: BaseHTTPRequestHandler) -> None:
    """Take the request and say nothing."""
    server.over.wait(30)


def stands_still(server: ReleaseServer, request: BaseHTTPRequestHandler) -> None:
    """Begin the file and say nothing more."""
    send(request, 200, server.content[:1000], length=len(server.content))
    server.over.wait(30)


def ends_early(server: ReleaseServer, request: BaseHTTPRequestHandler) -> None:
    send(request, 200, server.content[:1000], length=len(server.content))


def is_said_to_be_huge(_server: ReleaseServer, request: BaseHTTPRequestHandler) -> None:
    send(request, 200, b"x" * 1000, length=1 << 40)


def never_ends(server: ReleaseServer, request: BaseHTTPRequestHandler) -> None:
    """Send a list without a length and without an end."""
    request.send_response(200)
    request.end_headers()
    request.close_connection = True
    while not server.over.is_set():
        request.wfile.write(b" " * (1 << 16))


def once(fault: Fault) -> Fault:
    """Fail at the first request only."""
    left = [fault]

    def fail_or_serve(server: ReleaseServer, request: BaseHTTPRequestHandler) -> None:
        if left:
            left.pop()(server, request)
        else:
            send(request, 200, server.content)

    return fail_or_serve


@contextmanager
def release_server(asset: str) -> Iterator[ReleaseServer]:
    """Serve on a loopback port."""
    releases = ReleaseServer(asset)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            try:
                releases.answer(self)
            except ConnectionError:
                self.close_connection = True  # The client has had enough.

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name that http.server gives it
            """Keep the output of the tests clean."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    releases.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield releases
    finally:
        releases.over.set()
        server.shutdown()
        server.server_close()
        thread.join(5)
