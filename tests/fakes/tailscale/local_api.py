"""The daemon's own interface, as measured: Host, Origin, token, ETag and mask are checked; the bus tells of changes.

It serves the world of a fake tailscale. `ways` are the troubles of its bus: `denied`, `hangs` (not even a head),
`ends` (at once), `garbage`, `floods` (messages without end), `huge` (a map of a large tailnet comes with each change).
"""

from __future__ import annotations

import base64
import hashlib
import itertools
import json
import socketserver
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.fakes.tailscale.computer import FakeTailscale

STATES = ("NoState", "InUseOtherUser", "NeedsLogin", "NeedsMachineAuth", "Stopped", "Starting", "Running")
TOKEN = "0123456789abcdef"
_INITIAL_STATE, _NO_PRIVATE_KEYS = 2, 16
_LOOKS_APART = 0.01


class FakeLocalApi:
    """What the servers of one daemon share. It can refuse to write, or let somebody else be faster."""

    def __init__(self, tailscale: FakeTailscale) -> None:
        self.tailscale = tailscale
        self.token = ""
        self.ways: set[str] = set()
        self.feature: Mapping[str, object] | None = None
        self.old = False  # like a daemon that tells the whole map instead of what changed of itself
        self.denied = False
        self.meanwhile: list[Callable[[], None]] = []
        self.writes = 0
        self.calls: list[str] = []
        self.listeners = 0
        self.told = 0  # bytes, by the bus
        self.over = threading.Event()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    @property
    def fake(self) -> FakeLocalApi:
        return self.server.fake  # type: ignore[attr-defined, no-any-return]

    def do_GET(self) -> None:
        match self._call():
            case "status":
                self._answer(200, json.dumps(self.fake.tailscale.world["node"], indent="\t"))
            case "serve-config":
                text = _text(self.fake.tailscale)
                self._answer(200, text, _etag(text))
            case "watch-ipn-bus":
                self._watch()
            case "query-feature":
                self._answer(405, "use POST")
            case call:
                self._answer(404 if call else 403, "404 page not found" if call else "invalid localapi request")

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"] or 0))
        match self._call():
            case "serve-config":
                self._write_config(json.loads(body))
            case "query-feature" if self.fake.feature is None:
                self._answer(503, "no netmap")
            case "query-feature":
                self._answer(200, json.dumps(self.fake.feature))
            case _:
                self._answer(403, "invalid localapi request")

    def _call(self) -> str | None:
        """Return what is asked for, None for a request that is not answered at all."""
        path = urlsplit(self.path).path.removeprefix("/localapi/v0/")
        proof = f"Basic {base64.b64encode(f':{self.fake.token}'.encode()).decode()}" if self.fake.token else None
        self.fake.calls.append(path)
        foreign = self.headers["Host"] != "local-tailscaled.sock" or self.headers["Origin"] or self.headers["Referer"]
        return None if foreign or self.headers["Authorization"] != proof else path

    def _write_config(self, new: object) -> None:
        fake = self.fake
        if fake.meanwhile:
            fake.meanwhile.pop()()
        if fake.denied:
            self._answer(403, "serve config denied")
        elif self.headers["If-Match"] not in (None, _etag(_text(fake.tailscale))):
            self._answer(412, "etag mismatch")
        else:
            fake.writes += 1
            fake.tailscale.change(lambda world: world.update(config=new))
            self._answer(200, "")

    def _watch(self) -> None:
        fake, mask = self.fake, int(parse_qs(urlsplit(self.path).query)["mask"][0])
        fake.listeners += 1
        if "hangs" in fake.ways:
            fake.over.wait()
            return
        if "denied" in fake.ways or not mask & _NO_PRIVATE_KEYS:
            self._answer(403, "watch IPN bus access denied, must set ipn.NotifyNoPrivateKeys when not running as admin")
            return
        self.send_response(200)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        self.close_connection = True
        try:
            for message in () if "ends" in fake.ways else _messages(fake, mask):
                self.wfile.write(b"%x\r\n%s\r\n" % (len(message), message))
                fake.told += len(message)
            self.wfile.write(b"0\r\n\r\n")
        except OSError:  # nobody listens any longer
            return

    def _answer(self, status: int, text: str, etag: str = "") -> None:
        self.send_response(status)
        if etag:
            self.send_header("Etag", etag)
        self.send_header("Tailscale-Cap", "142")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *_: Any) -> None:  # noqa: ANN401 - of the base class
        pass


class _UnixServer(socketserver.ThreadingUnixStreamServer):
    fake: FakeLocalApi


class _TcpServer(socketserver.ThreadingTCPServer):
    fake: FakeLocalApi


@contextmanager
def local_api(tailscale: FakeTailscale, path: Path) -> Iterator[FakeLocalApi]:
    """Serve at a socket, as the service of Linux, and of macOS with the open-source daemon."""
    fake = FakeLocalApi(tailscale)
    with _UnixServer(str(path), _Handler) as server:
        try:
            yield from _serving(server, fake)
        finally:
            path.unlink()


@contextmanager
def app_api(tailscale: FakeTailscale, folder: Path) -> Iterator[FakeLocalApi]:
    """Serve at a port with a token, as the app of macOS; both are told in `folder`."""
    fake = FakeLocalApi(tailscale)
    fake.token = TOKEN
    with _TcpServer(("127.0.0.1", 0), _Handler) as server:
        port = server.server_address[1]
        (folder / "ipnport").symlink_to(str(port))
        (folder / f"sameuserproof-{port}").write_text(f"{TOKEN}\n")
        yield from _serving(server, fake)


def _serving(server: _UnixServer | _TcpServer, fake: FakeLocalApi) -> Iterator[FakeLocalApi]:
    server.fake = fake
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield fake
    finally:
        fake.over.set()
        server.shutdown()
        thread.join()


def _messages(fake: FakeLocalApi, mask: int) -> Iterator[bytes]:
    """Tell the state at first, if that is asked for, then each change in a line; nothing of what is served."""
    node = fake.tailscale.world["node"]
    if mask & _INITIAL_STATE:
        yield _line(Version=node["Version"], SessionID="s1", State=STATES.index(node["BackendState"]), BrowseToURL=None)
    if "garbage" in fake.ways:
        yield b"\x16\x03\x01 this is no message\n"
    for number in itertools.count() if "floods" in fake.ways else ():
        if fake.over.is_set():
            return
        yield _line(Engine={"RBytes": number, "LivePeers": ["x" * 100] * 100})
    while not fake.over.wait(_LOOKS_APART):
        now = fake.tailscale.world["node"]
        if now["BackendState"] != node["BackendState"]:
            yield _line(State=STATES.index(now["BackendState"]))
        if now["Self"] != node["Self"]:
            name = {"Name": now["Self"]["DNSName"]}
            yield _line(NetMap={"SelfNode": name, "Peers": _peers(fake)}) if fake.old else _line(SelfChange=name)
        node = now


def _peers(fake: FakeLocalApi) -> list[str]:
    return ["x" * 1000] * 5000 if "huge" in fake.ways else []


def _line(**parts: object) -> bytes:
    return json.dumps({"Version": "1.102.3", **parts}).encode() + b"\n"


def _text(tailscale: FakeTailscale) -> str:
    return json.dumps(tailscale.world["config"])


def _etag(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
