"""`portway login tailscale` as a person types it: a real Portway, and a Tailscale that waits for a page to be used."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from tests.fakes.portway.command_line import Running, command_line
from tests.fakes.portway.program import HEADLESS, Program, started
from tests.fakes.rights.sudo import FakeSudo
from tests.fakes.tailscale.cli import LINK
from tests.fakes.tailscale.computer import NEVER_LOGGED_IN, PASSWORD, RUNNING, FakeTailscale
from tests.watched.documented import Documented

pytestmark = [
    pytest.mark.children,
    pytest.mark.skipif(sys.platform == "win32", reason="signals reach no other process there"),
]

WAITS = "Portway waits"
Type = Callable[..., AbstractContextManager[Running]]


@pytest.fixture(scope="session")
def documented(published: Documented) -> Documented:
    """Return that of the real program, which these tests talk to."""
    return published


@pytest.fixture
def tailscale(tmp_path: Path) -> FakeTailscale:
    fake = FakeTailscale(tmp_path / "bin")
    fake.become(NEVER_LOGGED_IN)
    return fake


@pytest.fixture
def profile(environment: dict[str, str], tailscale: FakeTailscale) -> dict[str, str]:
    more = {"PORTWAY_API_PORT": "0", "TAILSCALE_BIN": str(tailscale.program)}
    return {**environment, **more, "PATH": f"{tailscale.folder}:{environment['PATH']}"}


@pytest.fixture
def running(profile: dict[str, str], tmp_path: Path) -> Iterator[Program]:
    with started(profile, tmp_path / "portway") as portway:
        portway.wait_for_phase("needs_auth", "tailscale")
        yield portway


@pytest.fixture
def typed(profile: dict[str, str], tmp_path: Path, running: Program) -> Type:
    """Type a command while Portway runs."""
    return lambda *words, stdin="": command_line(profile, tmp_path, *words, stdin=stdin)


def test_it_shows_the_page_waits_and_ends_once_it_was_used(typed: Type, tailscale: FakeTailscale) -> None:
    with typed("login", "tailscale", "--qr") as login:
        login.says(WAITS)
        assert LINK in login.err.splitlines()
        assert "▀" in login.err  # the code to scan
        assert login.process.poll() is None
        tailscale.become(RUNNING)
        assert login.ended() == 0
        assert login.out == ""


def test_ctrl_c_ends_the_waiting_alone(typed: Type, tailscale: FakeTailscale, running: Program) -> None:
    with typed("login", "tailscale") as login:
        login.says(WAITS)
        assert login.end(signal.SIGINT) == 4
        assert "Traceback" not in login.err
    tailscale.become(RUNNING)  # the page still works
    running.wait_for_phase("stopped", "tailscale")


def test_who_does_not_wait_gets_the_page_and_the_end(typed: Type) -> None:
    with typed("login", "tailscale", "--no-wait") as login:
        assert login.ended() == 0
        assert LINK in login.err
        assert WAITS not in login.err


def test_who_is_logged_in_is_told_so(typed: Type, tailscale: FakeTailscale, running: Program) -> None:
    tailscale.become(RUNNING)
    with typed("login", "tailscale") as login:
        assert (login.ended(), login.out, login.err) == (0, "alreadyLoggedIn: true\n", "")


def test_the_end_of_portway_ends_the_waiting(typed: Type, running: Program) -> None:
    with typed("login", "tailscale") as login:
        login.says(WAITS)
        running.call("POST", "/api/quit")
        assert login.ended() == 1
        assert login.err.endswith("Portway has ended.\n")


def _as_somebody() -> tuple[str, ...] | None:
    """Return what makes a program run as somebody who is not root; None where that cannot be."""
    if sys.platform != "linux" or os.geteuid() != 0:
        return ()
    probe = subprocess.run(["unshare", "--user", "true"], capture_output=True, timeout=60, check=False)
    return ("unshare", "--user") if probe.returncode == 0 else None


@pytest.mark.skipif(_as_somebody() is None, reason="root has every right, and cannot be somebody else here")
class TestWithoutTheRights:
    """Tailscale obeys neither this account nor anybody who gives no password."""

    @pytest.fixture
    def running(self, profile: dict[str, str], tailscale: FakeTailscale, tmp_path: Path) -> Iterator[Program]:
        FakeSudo(tailscale.folder, PASSWORD)
        tailscale.behave(denied=True)
        somebody = _as_somebody()
        assert somebody is not None
        with started(profile, tmp_path / "portway", [*somebody, *HEADLESS]) as portway:
            portway.wait_for_phase("needs_auth", "tailscale")
            yield portway

    def test_it_names_the_command_to_type(self, typed: Type, tailscale: FakeTailscale) -> None:
        with typed("login", "tailscale") as login:
            assert login.ended() == 1
            assert f"sudo {tailscale.program} set --operator=" in login.err
            assert WAITS not in login.err
        assert not tailscale.calls_of("up")[1:]

    def test_it_goes_on_with_the_password(self, typed: Type, tailscale: FakeTailscale) -> None:
        with typed("login", "tailscale", "--sudo-password-stdin", stdin=f"{PASSWORD}\n") as login:
            login.says(WAITS)
            assert LINK in login.err
            tailscale.become(RUNNING)
            assert login.ended() == 0

    def test_a_wrong_password_is_said(self, typed: Type) -> None:
        with typed("login", "tailscale", "--sudo-password-stdin", stdin="guessed\n") as login:
            assert login.ended() == 1
            assert "password" in login.err
            assert "guessed" not in login.err
