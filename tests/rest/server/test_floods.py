"""What one client can press into the server: nothing that stays in memory, and nobody else waits for it.

Against the whole program in a process of its own, as the memory of a test run says nothing about that of Portway.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import select
import socket
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes.portway.program import LOOPBACK_ONLY, Program, call_api, started
from tests.limits import AT_ONCE
from tests.watched.documented import Documented

pytestmark = [
    pytest.mark.children,
    pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells the highest memory since a moment"),
]

MEGABYTE = 1 << 20
FLOOD = 100 * MEGABYTE
MOST_GROWTH = 16.0  # MB; without the gate it was up to 1,900
LONG_GET = 2.0  # seconds, on two busy processors; measured: milliseconds
PAUSES = 2  # of the computer itself, which may stand still for longer than that
MANY = 300
GIVEN_UP = 20.0  # seconds: only bounds a hang
REQUEST_LIMIT = 5.0  # seconds, as promised
LATE = 40.0  # seconds, on two busy processors

HEAD = "{line} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAuthorization: Bearer {token}\r\n"
JSON = "Content-Type: application/json\r\n"
POST = HEAD.replace("{line}", "POST /api/tunnels/lan") + JSON
GET = HEAD.replace("{line}", "GET /api/tunnels")


@pytest.fixture(scope="session")
def documented(published: Documented) -> Documented:
    """Return that of the real program, which these tests talk to."""
    return published


@pytest.fixture(scope="module")
def portway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    folder = tmp_path_factory.mktemp("floods")
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    own = {"PORTWAY_HOME": str(folder / "home"), "PORTWAY_KEYRING": "memory"}
    with started({**kept, **own, **LOOPBACK_ONLY}, folder / "output") as program:
        program.wait_for_phase("stopped")
        yield program


@pytest.fixture(autouse=True)
def no_harm(portway: Program) -> Iterator[None]:
    """Claim that memory stays, and that whoever has the token is answered all the time."""
    api = portway.api()
    took, over = list[float](), threading.Event()

    def ask() -> None:
        while not over.wait(0.02):
            began = time.monotonic()
            assert call_api(api["port"], api["token"], "GET", "/api/tunnels/lan")[0] == 200
            took.append(time.monotonic() - began)

    asking = threading.Thread(target=ask)
    asking.start()
    forget_peak(portway)
    before = peak(portway)
    yield
    after = peak(portway)
    over.set()
    asking.join()
    assert after - before < MOST_GROWTH
    assert max(took, default=0.0) < AT_ONCE
    assert sum(one > LONG_GET for one in took) <= PAUSES
    assert portway.status()["phase"] == "stopped"


def forget_peak(portway: Program) -> None:
    Path(f"/proc/{portway.process.pid}/clear_refs").write_text("5")


def peak(portway: Program) -> float:
    """Return the highest memory in use since then, in MB."""
    status = Path(f"/proc/{portway.process.pid}/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def connected(portway: Program) -> socket.socket:
    return socket.create_connection(("127.0.0.1", portway.api()["port"]), timeout=GIVEN_UP)


def filled(portway: Program, text: str) -> bytes:
    api = portway.api()
    return text.format(port=api["port"], token=api["token"]).encode()


def pressed(portway: Program, begin: str, again: bytes) -> tuple[int, bytes]:
    """Send a beginning, then one thing again and again until it is cut off; return how much, and what came back."""
    piece = again * max(1, 65536 // len(again))
    with connected(portway) as client:
        client.sendall(filled(portway, begin))
        sent = 0
        with contextlib.suppress(ConnectionError):
            while sent < FLOOD:
                sent += client.send(piece)
        return sent, rest_of(client)


def rest_of(client: socket.socket) -> bytes:
    """Return what can still be read; a connection that was cut off may have lost it."""
    received = b""
    with contextlib.suppress(ConnectionError):
        while data := client.recv(65536):
            received += data
    return received


ENDLESS = {
    "a body of 500 MB": (POST + "Content-Length: 500000000\r\n\r\n", b"x", 413),
    "a body in chunks": (POST + "Transfer-Encoding: chunked\r\n\r\n", b"10000\r\n" + b"x" * 65536 + b"\r\n", 411),
    "a URL": ("GET /", b"a", 431),
    "a header": (GET + "X-Fill: ", b"a", 431),
    "headers": (GET, b"X-Fill: a\r\n", 431),
    "a chunk size": (POST + "Transfer-Encoding: chunked\r\n\r\n", b"0", 411),
    "a chunk extension": (POST + "Transfer-Encoding: chunked\r\n\r\n1;", b"a", 411),
    "blank lines": ("", b"\r\n", 400),
    "no line at all": ("", b"\0", 400),
    "bytes behind a request": (GET + "\r\n", b"x", 200),
    "requests, with no answer read": (GET + "\r\n", (GET + "\r\n").encode(), 200),
    "answers, by a length of nothing": (POST + "Content-Length: 0\r\n\r\n", b"{}", 400),
}


@pytest.mark.parametrize(("begin", "again", "status"), ENDLESS.values(), ids=ENDLESS)
def test_what_never_ends_is_cut_off_and_answered_once_at_most(
    portway: Program, begin: str, again: bytes, status: int
) -> None:
    sent, received = pressed(portway, begin, again)
    assert sent < FLOOD / 2  # what the system itself holds in between is a few MB
    assert received.count(b"HTTP/1.1 ") <= 1
    assert received == b"" or received.startswith(b"HTTP/1.1 %d " % status)


SLOW = {
    "nothing": ("", b""),
    "half a head": (GET, b""),
    "half a body": (POST + 'Content-Length: 20\r\n\r\n{{"action"', b""),
    "a byte now and then": ("GET /api/", b"a"),
}


def test_a_crowd_that_does_not_finish_makes_room_and_is_gone_in_time(portway: Program) -> None:
    kinds = [(filled(portway, begin), more) for begin, more in SLOW.values()]
    with contextlib.ExitStack() as stack:
        crowd = [(stack.enter_context(connected(portway)), *kind) for _ in range(MANY // len(kinds)) for kind in kinds]
        began = time.monotonic()
        for client, begin, _ in crowd:
            with contextlib.suppress(ConnectionError):  # the oldest have made room already
                client.sendall(begin)
        for turn in itertools.count():
            crowd = [one for one in crowd if not has_ended(one[0], one[2] if turn % 4 == 0 else b"")]
            if not crowd:
                break
            assert time.monotonic() - began < REQUEST_LIMIT + LATE
            time.sleep(0.1)  # one that is asked more often has no time to end


def has_ended(client: socket.socket, more: bytes) -> bool:
    """Return whether it was closed from the other side; without an answer."""
    try:
        client.sendall(more)
        if not select.select([client], [], [], 0)[0]:
            return False
        assert client.recv(65536) == b""
    except ConnectionError:
        return True
    return True
