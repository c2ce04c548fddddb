"""`portway install` as a person types it: a real Portway, a real download, and a script that takes its time."""

from __future__ import annotations

import platform
import re
import shlex
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from portway.backends.cloudflared.release import asset_name
from tests.fakes.backends.news import wait_until
from tests.fakes.cloudflared import program as cloudflared
from tests.fakes.cloudflared.release_server import FILE, ReleaseServer, release_server
from tests.fakes.portway.command_line import Running, Terminal, command_line
from tests.fakes.portway.program import Program, started
from tests.fakes.rights.sudo import FakeSudo
from tests.fakes.tailscale.computer import PASSWORD, FakeTailscale
from tests.watched.documented import Documented

pytestmark = [
    pytest.mark.children,
    pytest.mark.skipif(sys.platform != "linux", reason="elsewhere other programs install"),
]

SCRIPT = "/install.sh"
_BIT = 50_000  # bytes
_BAR = re.compile(r"\r\x1b\[KDownloading cloudflared (█*)(░*) (\d+)% of 4\.0 MB", re.ASCII)
Type = Callable[..., AbstractContextManager[Running]]


@pytest.fixture(scope="session")
def documented(published: Documented) -> Documented:
    """Return that of the real program, which these tests talk to."""
    return published


@pytest.fixture
def releases() -> Iterator[ReleaseServer]:
    """Serve cloudflared as its maker would, and any other file that a test adds."""
    with release_server(asset_name("linux", platform.machine()) or "none for this processor") as server:
        program = f"#!{sys.executable} -IS\n{Path(cloudflared.__file__).read_text()}\n#".encode()
        server.content = program.ljust(4_000_000, b"x")
        yield server


@pytest.fixture
def profile(environment: dict[str, str], releases: ReleaseServer, tmp_path: Path) -> dict[str, str]:
    """Return what Portway gets on a computer without either program."""
    sudo = tmp_path / "sudo"
    sudo.mkdir()
    FakeSudo(sudo, PASSWORD).behave(no_password=True)
    more = {
        "PORTWAY_API_PORT": "0",
        "PORTWAY_CLOUDFLARED_RELEASES": releases.releases,
        "PORTWAY_TAILSCALE_INSTALLER": releases.url + SCRIPT,
        "PATH": f"{sudo}:{tmp_path / 'bin'}:/usr/bin:/bin",
    }
    return {**environment, **more}


@pytest.fixture
def running(profile: dict[str, str], tmp_path: Path) -> Iterator[Program]:
    with started(profile, tmp_path / "portway") as portway:
        portway.api()
        yield portway


@pytest.fixture
def typed(profile: dict[str, str], tmp_path: Path, running: Program) -> Type:
    """Type a command while Portway runs."""
    return lambda *words: command_line(profile, tmp_path, *words)


class Download:
    """The file comes bit by bit and slowly, its last quarter when the test lets it go on."""

    def __init__(self, releases: ReleaseServer) -> None:
        self.go_on = threading.Event()
        releases.faults[FILE] = self._send

    def _send(self, releases: ReleaseServer, request: BaseHTTPRequestHandler) -> None:
        held = len(releases.content) * 3 // 4
        request.send_response(200)
        request.send_header("Content-Length", str(len(releases.content)))
        request.end_headers()
        for start in range(0, len(releases.content), _BIT):
            while start >= held and not self.go_on.wait(0.05) and not releases.over.is_set():
                pass
            request.wfile.write(releases.content[start : start + _BIT])
            self.go_on.wait(0.03)


class Script:
    """Tailscale's script: it says a line, waits until the test lets it go on, and puts the program into its place."""

    def __init__(self, releases: ReleaseServer, folder: Path) -> None:
        self._mark = folder / "go-on"
        self.began = folder / "began"
        self._fake = FakeTailscale(folder / "bin")
        place = self._fake.program
        later = place.rename(folder / "tailscale-to-come")
        names = {"mark": self._mark, "began": self.began, "later": later, "place": place}
        words = {name: shlex.quote(str(path)) for name, path in names.items()}
        text = (
            "#!/bin/sh\necho 'Installing Tailscale for tests'\ntouch {began}\n"
            "while [ ! -e {mark} ]; do sleep 0.05; done\n"
            "echo 'Installation complete'\nmv {later} {place}\n"
        ).format(**words)
        releases.faults[SCRIPT] = lambda _server, request: _send_text(request, text)

    def go_on(self) -> None:
        self._mark.touch()


def _send_text(request: BaseHTTPRequestHandler, text: str) -> None:
    request.send_response(200)
    request.send_header("Content-Length", str(len(text)))
    request.end_headers()
    request.wfile.write(text.encode())


@pytest.fixture
def script(releases: ReleaseServer, tmp_path: Path) -> Script:
    return Script(releases, tmp_path)


class TestTailscale:
    def test_its_lines_are_told_as_they_come_and_then_the_end(self, typed: Type, script: Script) -> None:
        with typed("install", "tailscale") as install:
            install.says("Installing Tailscale for tests\n")
            assert "Installation complete" not in install.err
            assert re.search(r"http://127\.0\.0\.1:\d+/install\.sh · \d+ bytes · SHA-256 [0-9a-f]{64}", install.err)
            script.go_on()
            assert install.ended() == 0
            assert "Installation complete\n" in install.err
            assert install.out.startswith("Done: tailscale 1.102.3 ")

    def test_a_second_one_joins_and_both_hear_the_end(
        self, typed: Type, script: Script, releases: ReleaseServer
    ) -> None:
        with typed("install", "tailscale") as first:
            first.says("Installing")
            with typed("install", "tailscale") as second:
                second.says("Installing")  # what was told last
                script.go_on()
                assert (first.ended(), second.ended()) == (0, 0)
                assert first.out == second.out
        assert releases.asked.count(SCRIPT) == 1

    def test_ctrl_c_cancels_it(self, typed: Type, script: Script, running: Program) -> None:
        with typed("install", "tailscale") as first, typed("install", "tailscale") as second:
            first.says("Installing")
            second.says("Installing")
            assert first.end(signal.SIGINT) == 1
            assert first.err.endswith("It was cancelled.\n")
            assert second.ended() == 1  # whoever joined hears of it
            assert second.err.splitlines()[-1] == "It was cancelled."
        script.go_on()
        assert running.call("DELETE", "/api/tunnels/tailscale/install")[1]["code"] == "not_running"
        assert running.status("tailscale")["installed"] is False

    def test_who_is_killed_cancels_nothing(self, typed: Type, script: Script, running: Program) -> None:
        with typed("install", "tailscale") as install:
            install.says("Installing")
            install.end(signal.SIGKILL)
        script.go_on()
        wait_until(lambda: running.status("tailscale")["installed"], what="the installation")


class TestCloudflared:
    def test_a_terminal_shows_how_far_it_is(
        self, profile: dict[str, str], releases: ReleaseServer, running: Program
    ) -> None:
        download = Download(releases)
        with closing(Terminal(profile, "install", "cloudflared")) as terminal:
            wait_until(lambda: len(_BAR.findall(terminal.shown)) > 2, what="a bar that grows")
            download.go_on.set()
            assert terminal.ended() == 0
            shown = terminal.shown
        bars = _BAR.findall(shown)
        assert all(abs(len(done) - int(percent) / 5) <= 1 and len(done + rest) == 20 for done, rest, percent in bars)
        assert [int(percent) for *_, percent in bars] == sorted({int(percent) for *_, percent in bars})
        assert re.search(r"\r\x1b\[KDone: cloudflared 2026\.8\.2 \S+/cloudflared-2026\.8\.2\.\r\n$", shown), shown
        assert "\n" not in shown.rstrip("\r\n").replace("\r\n", "\n")  # one line that changes, and the end

    def test_a_pipe_gets_a_line_for_each_step(self, typed: Type) -> None:
        with typed("install", "cloudflared") as install:
            assert install.ended() == 0
            assert install.out.startswith("Done: cloudflared 2026.8.2 ")
            assert "%" not in install.err
            assert len(install.err.splitlines()) == len(set(install.err.splitlines())) >= 2

    def test_ctrl_c_in_a_terminal_cancels_it_and_nothing_is_left(
        self, profile: dict[str, str], releases: ReleaseServer, running: Program
    ) -> None:
        Download(releases)
        with closing(Terminal(profile, "install", "cloudflared")) as terminal:
            terminal.shows("% of 4.0 MB")
            terminal.process.send_signal(signal.SIGINT)
            assert terminal.ended() == 1
            assert terminal.shown.endswith("It was cancelled.\r\n")
        wait_until(lambda: running.status("cloudflared")["progress"] is None)
        assert list((running.folders.data / "cloudflared").glob("*")) == []

    def test_a_file_that_is_not_what_was_published_is_refused(self, typed: Type, releases: ReleaseServer) -> None:
        releases.changes["digest"] = f"sha256:{'0' * 64}"
        with typed("install", "cloudflared") as install:
            assert install.ended() == 1
            assert install.out == ""
            assert "Traceback" not in install.err
