"""`portway expose` as a person runs it: real processes, real signals, a real server behind a real URL."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import socket
import sys
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from portway.core.target import Target
from portway.system.storage.folders import Folders
from tests.fakes.backends.news import wait_until
from tests.fakes.origins.http import http_origin
from tests.fakes.origins.page import PAGE, origin_server
from tests.fakes.origins.ports import kept_port
from tests.fakes.portway.command_line import LIMIT, Running, Terminal, command_line
from tests.fakes.portway.program import has_ended

pytestmark = [
    pytest.mark.children,
    pytest.mark.skipif(sys.platform == "win32", reason="signals reach no other process there"),
]

_MANY = 60
HINT = "Only devices on this network can open it."


Start = Callable[..., Running]


@pytest.fixture
def profile(environment: dict[str, str]) -> dict[str, str]:
    return {**environment, "PORTWAY_API_PORT": "0", "PORTWAY_LAN_ADDRESS": "127.0.0.2"}


@pytest.fixture
def start(profile: dict[str, str], folders: Folders, tmp_path: Path) -> Iterator[Start]:
    with contextlib.ExitStack() as stack:
        yield lambda *words, **more: stack.enter_context(command_line({**profile, **more}, tmp_path, *words))
    with contextlib.suppress(FileNotFoundError, psutil.NoSuchProcess):  # one that stays, in a test that failed
        psutil.Process(json.loads((folders.run / "api.json").read_text())["pid"]).kill()


def wait_until_serving(portway: Running, folders: Folders) -> None:
    wait_until(lambda: (folders.run / "api.json").exists() or portway.process.poll() is not None, LIMIT)
    assert portway.process.poll() is None, portway.err


def fetch(url: str) -> bytes:
    with urllib.request.urlopen(url, timeout=LIMIT) as answer:
        return bytes(answer.read())


def is_open(url: str) -> bool:
    host, _, port = url.removeprefix("http://").partition(":")
    with socket.socket() as trial:
        return trial.connect_ex((host, int(port))) == 0


def all_gone(family: list[psutil.Process]) -> bool:
    return all(map(has_ended, family))


def nothing_is_left(family: list[psutil.Process], url: str, folders: Folders) -> None:
    wait_until(lambda: all_gone(family), LIMIT)
    assert not is_open(url)
    assert not (folders.run / "api.json").exists()
    wishes = folders.state / "wishes.json"
    assert not wishes.exists() or '"lan"' not in wishes.read_text()


def test_a_visitor_gets_in_until_a_signal_and_then_nothing_is_left(
    start: Start, origin: Target, folders: Folders
) -> None:
    expose = start("expose", str(origin.port))
    url = expose.url()
    assert fetch(url) == PAGE
    family = expose.family()
    assert len(family) > 1
    assert (expose.end(signal.SIGTERM), expose.out) == (0, f"{url}\n")
    assert HINT in expose.err
    nothing_is_left(family, url, folders)


def test_a_terminal_gets_a_line_for_each_request_and_a_number_where_they_come_too_fast(
    profile: dict[str, str],
) -> None:
    with (
        http_origin() as site,  # which keeps a connection for all of them
        contextlib.closing(Terminal(profile, "expose", str(site.target.port))) as terminal,
    ):
        terminal.shows("Ctrl-C stops it.")
        host = re.findall(r"http://([0-9.]+:[0-9]+)", terminal.shown)[0]
        requests = (f"GET /visit/{number} HTTP/1.1\r\nHost: {host}\r\n\r\n" for number in range(_MANY))
        with socket.create_connection((host.split(":")[0], int(host.split(":")[1])), LIMIT) as visitor:
            visitor.sendall("".join(requests).encode())  # at once: faster than lines are told
            received = b""
            while received.count(b"not found") < _MANY:
                part = visitor.recv(65536)
                assert part
                received += part
        wait_until(lambda: sum(_told(terminal)) == _MANY, LIMIT)
        assert 0 < _told(terminal)[0] < _MANY
        os.kill(terminal.process.pid, signal.SIGINT)
        assert terminal.ended() == 0
        terminal.shows(f"{_MANY} requests, 1 visitor. The link no longer works.")


def _told(terminal: Terminal) -> tuple[int, int]:
    """Return how many requests have a line of their own, and how many are only counted."""
    shown = terminal.shown
    return len(re.findall(r" /visit/\d", shown)), sum(map(int, re.findall(r"… (\d+) more", shown)))


def test_killed_outright_it_takes_its_portway_along_and_its_wish(
    start: Start, origin: Target, folders: Folders
) -> None:
    expose = start("expose", str(origin.port))
    url = expose.url()
    family = expose.family()
    expose.end(signal.SIGKILL)
    nothing_is_left(family, url, folders)
    portway = start("--headless")
    wait_until_serving(portway, folders)
    status = start("status", "lan")
    assert status.process.wait(LIMIT) == 0
    assert status.out.startswith("lan: stopped\n")
    assert portway.end(signal.SIGTERM) == 0


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 0), (signal.SIGKILL, -9)], ids=["SIGINT", "SIGKILL"])
def test_ended_while_it_starts_it_leaves_nothing(
    start: Start, origin: Target, folders: Folders, number: int, code: int
) -> None:
    expose = start("expose", str(origin.port))
    wait_until(lambda: len(expose.family()) > 1, LIMIT)
    family = expose.family()
    assert expose.end(number) == code
    wait_until(lambda: all_gone(family), LIMIT / 2)
    assert not (folders.run / "api.json").exists()


def test_the_end_of_its_portway_ends_it(start: Start, origin: Target) -> None:
    expose = start("expose", str(origin.port))
    expose.url()
    for child in expose.family()[1:]:
        with contextlib.suppress(psutil.NoSuchProcess):  # it may have gone with another one
            child.kill()
    assert expose.process.wait(LIMIT) == 1
    # The second where the end meets a call that is just being made.
    assert any(said in expose.err for said in ("Portway has ended.", "The connection to Portway broke off"))


def test_a_portway_that_runs_already_is_used_and_stays(start: Start, origin: Target, folders: Folders) -> None:
    portway = start("--headless")
    wait_until_serving(portway, folders)
    expose = start("expose", str(origin.port))
    url = expose.url()
    assert len(expose.family()) == 1
    assert fetch(url) == PAGE
    with http_origin() as site:
        other = start("expose", str(site.target.port))
        assert other.url() != url
        assert start("status", "lan-2").process.wait(LIMIT) == 0
        assert other.end(signal.SIGINT) == 0
    assert start("status", "lan-2").process.wait(LIMIT) == 2
    assert expose.end(signal.SIGINT) == 0
    assert not is_open(url)
    assert portway.process.poll() is None
    status = start("status", "lan")
    assert status.process.wait(LIMIT) == 0
    assert status.out.startswith("lan: stopped\n")
    assert start("quit").process.wait(LIMIT) == 0
    assert portway.process.wait(LIMIT) == 0


def test_it_waits_for_the_server_that_it_exposes(start: Start) -> None:
    with kept_port() as port:
        expose = start("expose", str(port))
        url = expose.url()
        wait_until(lambda: "does not answer" in expose.err, LIMIT)
        with origin_server(port=port):
            assert fetch(url) == PAGE
            wait_until(lambda: "It works again." in expose.err, LIMIT)
            assert expose.end(signal.SIGINT) == 0
    assert expose.err.count("does not answer") == 1


def test_a_taken_port_is_told_and_nothing_is_left(start: Start, origin: Target, folders: Folders) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        expose = start("expose", str(origin.port), PORTWAY_API_PORT=str(port))
        assert expose.process.wait(LIMIT) == 1
    assert (expose.out, str(port) in expose.err) == ("", True)
    assert "Traceback" not in expose.err
    assert not (folders.run / "api.json").exists()


def test_two_that_start_at_once_share_one_portway(start: Start, origin: Target) -> None:
    both = [start("expose", str(origin.port)) for _ in range(2)]
    assert {one.url() for one in both} == {both[0].url()}
    families = [process for one in both for process in one.family()]
    for one in both:
        os.kill(one.process.pid, signal.SIGINT)
    # 1: the other one's Portway ended first. So early, perhaps, that the signal came when the command was over already.
    assert {one.process.wait(LIMIT) for one in both} <= {0, 1, -signal.SIGINT}
    wait_until(lambda: all_gone(families), LIMIT)


def test_enable_starts_one_that_stays_until_quit(start: Start, origin: Target, folders: Folders) -> None:
    enable = start("enable", "lan", "--target", str(origin.port), "--start")
    assert enable.process.wait(LIMIT) == 0, enable.err
    url = enable.out.strip()
    assert fetch(url) == PAGE
    assert start("disable", "--all").process.wait(LIMIT) == 0
    assert not is_open(url)
    assert start("quit").process.wait(LIMIT) == 0
    assert not (folders.run / "api.json").exists()
