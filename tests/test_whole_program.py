"""The whole program as people start it: its own process, real files, real sockets."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

import psutil
import pytest

from portway.core.target import Target
from portway.system.storage.folders import find_folders
from tests.fakes.backends.news import wait_until
from tests.fakes.origins.page import PAGE
from tests.fakes.portway.program import (
    HEADLESS,
    LOOPBACK_ONLY,
    TRAY,
    Program,
    Start,
    Stopwatch,
    fetch,
    has_ended,
    started,
    starter,
)
from tests.limits import NEVER

pytestmark = pytest.mark.children

_QUIT_LIMIT = 2.0  # seconds, as promised; measured on an idle machine by the benchmarks
_BUSY = 4  # a test may share the machine
_LONGEST_SOCKET_PATH = 108


@pytest.fixture
def environment(environment: dict[str, str]) -> dict[str, str]:
    return {**environment, **LOOPBACK_ONLY}


@pytest.fixture
def start(environment: dict[str, str], tmp_path: Path) -> Start:
    return starter(environment, tmp_path)


def nothing_left(program: Program, *, ports: tuple[int, ...]) -> None:
    """Claim that no process, no file of a run and no listening socket remains."""
    assert not psutil.pid_exists(program.process.pid) or program.process.poll() is not None
    assert list(program.folders.run.iterdir()) == []
    for address, port in zip(("127.0.0.1", "127.0.0.2"), ports, strict=False):
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection((address, port), timeout=5)


def test_a_tunnel_survives_a_crash_and_a_quit_leaves_nothing(start: Start, origin: Target) -> None:
    with start() as first:
        url = first.enable(origin)
        assert fetch(url) == PAGE
        first.process.kill()
        first.ended()
        stale = {path.name for path in first.folders.run.iterdir()}
        assert stale == {"api.json", "portway.lock", "portway.socket"}  # no obstacle to the next one
    with pytest.raises(OSError, match="refused"):
        fetch(url)
    with start() as second:
        status = second.wait_for_phase("running")
        assert status["publicUrl"] == url
        assert status["wanted"] is True
        assert fetch(url) == PAGE
        api = second.api()
        assert second.call("POST", "/api/quit") == (200, {"success": True})
        assert second.ended() == 0
        nothing_left(second, ports=(api["port"], status["listenPort"]))


def test_after_a_quit_nothing_comes_back_by_itself(start: Start, origin: Target) -> None:
    with start() as first:
        first.enable(origin)
        first.call("POST", "/api/quit")
        first.ended()
    with start() as second:
        assert second.status()["phase"] == "stopped"
        assert second.status()["wanted"] is False


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends no signals to other processes")
@pytest.mark.parametrize("name", ["SIGINT", "SIGHUP"])
def test_a_signal_is_a_clean_end(start: Start, origin: Target, name: str) -> None:
    with start() as program:
        url = program.enable(origin)
        api = program.api()
        watch = Stopwatch(program.process)
        program.process.send_signal(getattr(signal, name))
        assert watch.at_its_end() < _QUIT_LIMIT * _BUSY
        assert program.ended() == 0
        nothing_left(program, ports=(api["port"], int(url.rpartition(":")[2])))


def test_a_quit_is_swift_however_many_read_its_events(start: Start, origin: Target) -> None:
    with start() as program, ExitStack() as readers:
        program.enable(origin)
        api = program.api()
        head = (f"Host: 127.0.0.1:{api['port']}", f"Authorization: Bearer {api['token']}")
        events = "\r\n".join(["GET /api/events HTTP/1.1", *head, "", ""])
        place = ("127.0.0.1", api["port"])
        streams = [readers.enter_context(socket.create_connection(place, NEVER)) for _ in range(40)]
        for stream in streams:
            stream.sendall(events.encode())
            assert stream.recv(15) == b"HTTP/1.1 200 OK"
        watch = Stopwatch(program.process)
        assert program.call("POST", "/api/quit")[0] == 200
        assert watch.at_its_end() < _QUIT_LIMIT * _BUSY
        assert program.ended() == 0
        for stream in streams:
            assert bytes_until_end(stream).endswith(b"0\r\n\r\n")  # told in order, not broken off


def bytes_until_end(stream: socket.socket) -> bytes:
    return b"".join(iter(lambda: stream.recv(1 << 16), b""))


def test_a_tied_program_ends_with_its_starter_even_when_that_is_killed(
    environment: dict[str, str], tmp_path: Path, origin: Target
) -> None:
    starter = (
        "import subprocess, sys, time\n"
        "child = subprocess.Popen(sys.argv[1:], stdin=subprocess.PIPE)\n"
        "print(child.pid, flush=True)\n"
        "time.sleep(600)\n"
    )
    output = tmp_path / "output"
    with started(environment, output, [sys.executable, "-c", starter, *HEADLESS, "--tied"]) as parent:
        wait_until(lambda: "\n" in parent.said, NEVER, "the start")
        child = psutil.Process(int(parent.said.split()[0]))
        run = find_folders(environment).run
        wait_until((run / "api.json").exists, NEVER, "the API")
        parent.process.kill()
        parent.ended()
        wait_until(lambda: has_ended(child), NEVER, "its end")
        wait_until(lambda: list(run.iterdir()) == [], NEVER, "the tidying up")


def test_a_tied_program_leaves_the_wishes_of_others_alone(
    start: Start, environment: dict[str, str], tmp_path: Path, origin: Target
) -> None:
    with start() as first:
        first.enable(origin)
        first.process.kill()
        first.ended()
    wishes = find_folders(environment).state / "wishes.json"
    before = wishes.read_bytes()
    with started(environment, tmp_path / "tied", [*HEADLESS, "--tied"], stdin=subprocess.PIPE) as tied:
        assert tied.status()["wanted"] is False
        assert tied.process.stdin is not None
        tied.process.stdin.close()
        assert tied.ended() == 0
    assert wishes.read_bytes() == before


def test_a_second_start_says_how_to_end_the_first(start: Start) -> None:
    with start() as first:
        first.api()
        with start() as second:
            assert second.ended() == 1
            assert "portway quit" in second.said
        assert first.status()["phase"] == "stopped"  # undisturbed


def test_a_long_profile_path_is_no_obstacle(environment: dict[str, str], tmp_path: Path) -> None:
    home = tmp_path / ("long" * 30)
    assert len(os.fsencode(home)) > _LONGEST_SOCKET_PATH
    environment["PORTWAY_HOME"] = str(home)
    with started(environment, tmp_path / "first") as first:
        first.api()
        with started(environment, tmp_path / "second") as second:
            assert second.ended() == 1
            assert "portway quit" in second.said
        first.call("POST", "/api/quit")
        assert first.ended() == 0
        sockets = first.folders.sockets
        assert list(sockets.iterdir()) == []
        sockets.rmdir()


def test_a_port_that_is_taken_is_said_and_no_other_is_used(start: Start) -> None:
    with socket.create_server(("127.0.0.1", 0)) as holder:
        port = holder.getsockname()[1]
        with start(PORTWAY_API_PORT=str(port)) as program:
            assert program.ended() == 1
            assert str(port) in program.said
            assert list(program.folders.run.iterdir()) == []


def test_a_weak_token_is_refused(start: Start) -> None:
    with start(PORTWAY_API_TOKEN="nineteen characters") as program:
        assert program.ended() == 1
        assert "PORTWAY_API_TOKEN" in program.said
        assert "nineteen characters" not in program.said


def test_without_a_display_it_says_so_and_has_no_window(start: Start) -> None:
    with start(TRAY) as program:
        assert program.call("POST", "/api/window")[1]["code"] == "no_display"
        assert "no display" in program.said


@pytest.fixture
def start_tray(start: Start) -> Start:
    return lambda **more: start(TRAY, QT_QPA_PLATFORM="offscreen", **more)


def test_a_tray_with_its_window_open_ends_by_a_signal(start_tray: Start) -> None:
    with start_tray() as program:
        assert program.call("POST", "/api/window") == (200, {"success": True})
        program.process.send_signal(signal.SIGTERM)
        assert program.ended() == 0
        assert list(program.folders.run.iterdir()) == []


def test_a_second_tray_raises_the_first_and_ends_well(start_tray: Start) -> None:
    with start_tray() as first:
        first.api()
        with start_tray() as second:
            assert second.ended() == 0
        assert first.call("POST", "/api/quit")[0] == 200
        assert first.ended() == 0


def test_a_tray_goes_on_without_its_api_where_the_port_is_taken(start_tray: Start) -> None:
    holder = socket.create_server(("127.0.0.1", 0))
    with holder, start_tray(PORTWAY_API_PORT=str(holder.getsockname()[1])) as program:
        assert (program.api()["port"], program.api()["url"]) == (None, None)
        assert program.process.poll() is None
        program.process.send_signal(signal.SIGTERM)
        assert program.ended() == 0
