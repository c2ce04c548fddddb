"""Which connection is the SDK's, as the operating system tells it, and how it is cut."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from portway.backends.ngrok.tcp_connection import TcpConnection, connections_to
from tests.fakes.backends.news import wait_until
from tests.limits import SEEN

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows tells no descriptors")


@pytest.fixture(params=[(socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")], ids=["IPv4", "IPv6"])
def listening(request: pytest.FixtureRequest) -> Iterator[socket.socket]:
    family, host = request.param
    with socket.create_server((host, 0), family=family) as server:
        yield server


@pytest.fixture
def ours(listening: socket.socket) -> Iterator[socket.socket]:
    with socket.create_connection(listening.getsockname()[:2]) as connection:
        connection.settimeout(SEEN)
        yield connection


def wires(listening: socket.socket) -> frozenset[TcpConnection]:
    return connections_to(listening.getsockname()[1])


def test_finds_what_is_connected_and_nothing_else(
    listening: socket.socket, ours: socket.socket, tmp_path: Path
) -> None:
    """The listening socket, the accepted end, a file, a pipe and a socket of another kind are none of it."""
    near, far = socket.socketpair()
    reading, writing = os.pipe()
    accepted, _ = listening.accept()
    with near, far, accepted, (tmp_path / "file").open("w"), os.fdopen(reading), os.fdopen(writing, "w"):
        assert wires(listening) == {TcpConnection(ours.fileno(), ours.getsockname()[:2])}


def test_a_cut_is_seen_at_both_ends(listening: socket.socket, ours: socket.socket) -> None:
    accepted, _ = listening.accept()
    accepted.settimeout(SEEN)
    with accepted:
        for wire in wires(listening):
            wire.cut()
        assert (ours.recv(1), accepted.recv(1)) == (b"", b"")


def test_a_number_that_belongs_to_something_else_by_now_is_left_alone(
    listening: socket.socket, ours: socket.socket, tmp_path: Path
) -> None:
    (wire,) = wires(listening)
    TcpConnection(wire.descriptor, ("192.0.2.1", 1)).cut()
    ours.sendall(b"still there")
    with (tmp_path / "file").open("w") as file:
        TcpConnection(file.fileno(), wire.local).cut()
        file.write("still open")
    TcpConnection(1 << 20, wire.local).cut()


def test_a_look_leaves_no_descriptor_behind(listening: socket.socket, ours: socket.socket) -> None:
    before = set(Path("/dev/fd").iterdir())
    for wire in wires(listening):
        wire.cut()
    wait_until(lambda: set(Path("/dev/fd").iterdir()) <= before)  # a thread of an earlier test may just have opened one
    assert ours.fileno() >= 0


@pytest.mark.children
def test_a_look_ends_no_lock_of_a_file(listening: socket.socket, tmp_path: Path) -> None:
    """A lock of POSIX ends as soon as any copy of its file is closed."""
    fcntl = pytest.importorskip("fcntl")
    code = "import fcntl, sys; fcntl.lockf(open(sys.argv[1], 'w'), fcntl.LOCK_EX | fcntl.LOCK_NB)"
    with (tmp_path / "lock").open("w") as file:
        fcntl.lockf(file, fcntl.LOCK_EX)
        wires(listening)
        other = subprocess.run([sys.executable, "-c", code, file.name], capture_output=True, check=False, timeout=20)
    assert b"BlockingIOError" in other.stderr


@pytest.mark.children
def test_what_runs_a_tunnel_needs_no_library_for_it() -> None:
    code = "import sys, portway.backends.ngrok.endpoint_supervisor; print('psutil' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False, timeout=20)
    assert done.stdout.strip() == b"False", done.stderr.decode()
