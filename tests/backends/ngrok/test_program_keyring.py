"""The whole program beside a real keyring that does not let it in: locked, or hung."""

from __future__ import annotations

import contextlib
import http.client
import signal
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from portway.core.target import Target
from portway.system.folders import find_folders
from portway.system.state_file import StateFile
from tests.fakes.ngrok_edge import Account, NgrokEdge
from tests.fakes.program import Program, started
from tests.fakes.session_bus import SessionBus, session_bus

pytestmark = [pytest.mark.desktop]
PATH = "/api/tunnels/ngrok"
Lock = Callable[[SessionBus], None]


def hang(bus: SessionBus) -> None:
    bus.unlock_keyring()
    bus.hang_keyring()


@pytest.fixture
def bus(tmp_path: Path) -> Iterator[SessionBus]:
    with session_bus(tmp_path / "user") as bus:
        yield bus


@pytest.fixture
def here(edge: NgrokEdge, environment: dict[str, str], bus: SessionBus) -> dict[str, str]:
    """Return the environment of a program that believes its token to be in the keyring of this bus."""
    here = {**environment, **bus.environment, "PORTWAY_API_PORT": "0", "PORTWAY_KEYRING": "system"}
    StateFile(find_folders(here).state / "app.json").update(tokenStored={"ngrok/auth_token": True})
    return here


def enable(program: Program, origin: Target) -> tuple[dict[str, Any], float]:
    """Return the status after it, and the seconds it took."""
    began = time.monotonic()
    answer = program.call("POST", PATH, {"action": "enable", "target": origin.url})[1]
    return answer["status"], time.monotonic() - began


@pytest.mark.parametrize(("lock", "within"), [(SessionBus.lock_keyring, 1.0), (hang, 2.0)])
def test_a_token_of_the_environment_is_used_soon(  # noqa: PLR0917 - fixtures and a table
    bus: SessionBus, here: dict[str, str], tmp_path: Path, account: Account, origin: Target, lock: Lock, within: float
) -> None:
    lock(bus)
    with started({**here, "NGROK_AUTHTOKEN": account.token}, tmp_path / "output") as program:
        program.wait_for_phase("stopped", "ngrok")
        status, took = enable(program, origin)
        assert status["phase"] == "running"
        assert took < within + 3.0  # of a busy machine; the keyring's own limit is 10 s


def test_a_locked_keyring_with_the_only_token_is_told_and_nobody_is_asked(
    bus: SessionBus, here: dict[str, str], tmp_path: Path, origin: Target
) -> None:
    """There is no display, so a prompt would wait for ever."""
    bus.lock_keyring()
    with started(here, tmp_path / "output") as program:
        status, took = enable(program, origin)
        assert (status["phase"], status["code"]) == ("needs_auth", "needs_token")
        assert "keyring" in status["lastError"]
        assert took < 5.0


def test_nothing_but_a_start_of_the_tunnel_waits_for_a_keyring_that_hangs(
    bus: SessionBus, here: dict[str, str], tmp_path: Path, origin: Target
) -> None:
    """It is not touched at the start and by looks; a person who changes their mind, and the end, do not wait."""
    hang(bus)
    with started(here, tmp_path / "output") as program:
        assert program.status("ngrok")["phase"] == "stopped"
        assert program.call("GET", "/api/tunnels")[0] == 200
        for end in (lambda: program.call("POST", PATH, {"action": "disable"}), lambda: terminate(program)):
            starting = begin(program, origin)
            program.wait_for_phase("starting", "ngrok")
            began = time.monotonic()
            end()
            assert time.monotonic() - began < 5.0  # the keyring's own limit is 10 s
            starting.join(10)


def begin(program: Program, origin: Target) -> threading.Thread:
    """Turn it on without waiting for the answer, which an end of the program may cut off."""

    def work() -> None:
        with contextlib.suppress(OSError, http.client.HTTPException):
            enable(program, origin)

    thread = threading.Thread(target=work)
    thread.start()
    return thread


def terminate(program: Program) -> None:
    program.process.send_signal(signal.SIGTERM)
    assert program.ended() == 0, program.said
