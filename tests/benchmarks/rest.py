"""How fast the REST server is, and what it holds, against a bare QHttpServer in the same run.

Goals: at least 0.45 times as many statuses a second, each on a new connection, as a bare after-handler without checks;
the 99th of 100 within 5 ms while 50 enables wait, and while 50 streams are open and a tunnel changes ten times in one;
the event loop never held for more than 25 ms while 1,000 clients connect at once; at most 2 MB more after 20,000
requests and 2,000 streams.
"""

from __future__ import annotations

import http.client
import select
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from tests.benchmarks.measure import REPEATS, report

_REQUESTS, _ROUNDS = 2_000, 3
_MANY = 20_000
_STREAMS = 2_000
_CROWD = 1_000
_WARM = 1_000
_LIMIT = 60.0  # seconds: only bounds a hang
_ROOT = Path(__file__).parents[2]

_BARE = """
import sys
from PySide6.QtCore import QByteArray, QCoreApplication
from PySide6.QtHttpServer import QHttpServer, QHttpServerResponse
from PySide6.QtNetwork import QHostAddress, QHttpHeaders, QTcpServer
from portway.rest.http.answers import FIXED_HEADERS
application = QCoreApplication([])
body = QByteArray(b"x" * int(sys.argv[1]))
def answer(request, response):
    made, headers = QHttpServerResponse(b"application/json", body), QHttpHeaders()
    for name, value in (("Content-Type", "application/json"), *FIXED_HEADERS):
        headers.append(name, value)
    made.setHeaders(headers)
    response.swap(made)
server, listening = QHttpServer(), QTcpServer()
server.addAfterRequestHandler(server, answer)
listening.listen(QHostAddress("127.0.0.1"), 0)
server.bind(listening)
print(listening.serverPort(), "none", flush=True)
application.exec()
"""

# A line on standard input asks for the longest time since the last line that the event loop was held.
_OURS = """
import sys, tempfile, time
from pathlib import Path
from PySide6.QtCore import QCoreApplication, QSocketNotifier, QTimer
from portway.core.timing import Timing
from portway.rest.server.server import RestServer
from portway.rest.auth.tokens import Tokens
from tests.fakes.backends.api import api_backends
from tests.fakes.runtime.hub import FakeHub, FakeVault
application = QCoreApplication([])
hub = FakeHub(api_backends(), keeps_up=True)
with tempfile.TemporaryDirectory() as folder:
    tokens = Tokens.load(Path(folder), {})
    server = RestServer(hub, FakeVault(), tokens, version="1", timing=Timing(), run_folder=Path(folder))
    print(server.listen(0), tokens.run.reveal(), flush=True)
    turns, held = [time.perf_counter()], [0.0]
    def turned():
        now = time.perf_counter()
        held[0] = max(held[0], now - turns[0])
        turns[0] = now
    def asked():
        sys.stdin.readline()
        print(held[0], flush=True)
        held[0] = 0.0
    ticking, changing, notifier = QTimer(), QTimer(), QSocketNotifier(0, QSocketNotifier.Type.Read)
    ticking.timeout.connect(turned)
    notifier.activated.connect(asked)
    changing.timeout.connect(lambda: hub.show("ngrok", log_path=str(time.time())))
    if "watched" in sys.argv:
        ticking.start(0)
    if "changing" in sys.argv:
        changing.start(100)
    application.exec()
"""


@dataclass(frozen=True)
class _Subject:
    """A server in a process of its own."""

    process: subprocess.Popen[str]
    port: int
    token: str

    def request(self, line: str, body: bytes = b"") -> bytes:
        """Return a whole request."""
        typed = "Content-Type: application/json\r\n" if body else ""
        return (
            f"{line} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nAuthorization: Bearer {self.token}\r\n{typed}"
            f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
        ).encode() + body

    def begin(self, request: bytes) -> socket.socket:
        """Send a request on a new connection."""
        connection = socket.create_connection(("127.0.0.1", self.port), timeout=_LIMIT)
        connection.sendall(request)
        return connection

    def ask(self, request: bytes) -> float:
        """Make a call on a new connection, and return how long its answer took."""
        began = time.perf_counter()
        with closing(self.begin(request)) as connection:
            received = b""
            while data := connection.recv(1 << 16):
                received += data
        taken = time.perf_counter() - began
        if not received.startswith(b"HTTP/1.1 200 "):
            message = f"no status, but {received[:200]!r}"
            raise RuntimeError(message)
        return taken

    def held(self) -> float:
        """Return the longest time that the event loop was held since the last look, in seconds."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        return float(self.process.stdout.readline())

    def memory(self) -> float:
        """Return the resident memory, in MB."""
        return float(psutil.Process(self.process.pid).memory_info().rss) / 2**20


def run() -> list[bool]:
    """Measure and print."""
    return [_speed(), _while_enables_wait(), _while_streams_are_open(), _crowd(), _growth()]


@contextmanager
def _subject(code: str, *arguments: str) -> Iterator[_Subject]:
    command = [sys.executable, "-c", code, *arguments]
    pipe = subprocess.PIPE
    process = subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, cwd=_ROOT)
    try:
        assert process.stdout is not None
        port, token = process.stdout.readline().split()
        yield _Subject(process, int(port), token)
    finally:
        process.kill()
        process.communicate()


def _speed() -> bool:
    with _subject(_OURS) as ours:
        status = ours.request("GET /api/tunnels/lan")
        with closing(ours.begin(status)) as connection:
            size = len(connection.recv(1 << 16).partition(b"\r\n\r\n")[2])
        with _subject(_BARE, str(size)) as bare:
            # In turns, so that whatever else this computer does slows both down alike.
            calls = [(_call(ours, "/api/tunnels/lan"), _call(bare, "/")) for _ in range(REPEATS * _REQUESTS)]
    mine, floor = (1 / statistics.median(column) for column in zip(*calls, strict=True))
    return report("statuses a second on new connections", mine, floor, "≥ 0.45")


def _call(subject: _Subject, path: str) -> float:
    """Make a call as scripts and our command line do, and return how long it took."""
    headers = {"Authorization": f"Bearer {subject.token}"}
    began = time.perf_counter()
    with closing(http.client.HTTPConnection("127.0.0.1", subject.port, timeout=_LIMIT)) as connection:
        connection.request("GET", path, headers=headers)
        connection.getresponse().read()
    return time.perf_counter() - began


def _while_enables_wait() -> bool:
    with _subject(_OURS) as subject, ExitStack() as open_calls:
        enable = subject.request("POST /api/tunnels/lan?wait=300", b'{"action":"enable"}')
        for _ in range(50):
            open_calls.enter_context(closing(subject.begin(enable)))
        return report("p99 of a status while 50 enables wait", _slowest_but_one_percent(subject), None, "≤ 5", " ms")


def _while_streams_are_open() -> bool:
    with _subject(_OURS, "changing") as subject, ExitStack() as open_calls:
        events = subject.request("GET /api/events")
        streams = [open_calls.enter_context(closing(subject.begin(events))) for _ in range(50)]
        slowest = _slowest_but_one_percent(subject, streams)
        return report("p99 of a status with 50 streams and changes", slowest, None, "≤ 5", " ms")


def _slowest_but_one_percent(subject: _Subject, streams: list[socket.socket] | None = None) -> float:
    """Return the 99th percentile of a status in milliseconds; the median of some rounds."""
    status = subject.request("GET /api/tunnels/lan")

    def one() -> float:
        for stream in select.select(streams or [], [], [], 0)[0]:
            stream.recv(1 << 20)
        return subject.ask(status)

    for _ in range(_WARM):
        one()
    rounds = [statistics.quantiles((one() for _ in range(_REQUESTS)), n=100)[-1] for _ in range(_ROUNDS)]
    return statistics.median(rounds) * 1000


def _crowd() -> bool:
    with _subject(_OURS, "watched") as subject:
        status = subject.request("GET /api/tunnels/lan")
        for _ in range(_WARM):
            subject.ask(status)

        def crowd() -> float:
            subject.held()
            with ExitStack() as clients:
                for _ in range(_CROWD):
                    client = clients.enter_context(socket.socket())
                    client.setblocking(False)
                    client.connect_ex(("127.0.0.1", subject.port))
                time.sleep(2)
                return subject.held() * 1000

        longest = statistics.median(crowd() for _ in range(REPEATS))
        return report("event loop held while 1,000 clients connect", longest, None, "≤ 25", " ms")


def _growth() -> bool:
    with _subject(_OURS) as subject:
        status, events = subject.request("GET /api/tunnels/lan"), subject.request("GET /api/events")

        def read_a_stream() -> None:
            with closing(subject.begin(events)) as connection:
                connection.recv(1 << 16)

        for _ in range(_WARM):
            subject.ask(status)
            read_a_stream()
        before = subject.memory()
        for _ in range(_MANY):
            subject.ask(status)
        for _ in range(_STREAMS):
            read_a_stream()
        grown = subject.memory() - before
    return report("memory after 20,000 requests and 2,000 streams", grown, None, "≤ 2", " MB")
