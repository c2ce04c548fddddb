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
from portway.system.storage.folders import find_folders
from portway.system.storage.state_file import StateFile
from tests.fakes.desktop.session_bus import SessionBus, session_bus
from tests.fakes.ngrok.edge import Account, NgrokEdge
from tests.fakes.portway.program import Program, started
from tests.limits import AT_ONCE, SEEN

pytestmark = [pytest.mark.children, pytest.mark.desktop]
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
    """Return the status after it, and the seconds it took.

    It is turned on and off once before: the first time it loads the SDK and what speaks to keyrings, which takes
    a busy machine longer than any keyring that is waited for.
    """
    program.call("POST", PATH, {"action": "enable", "target": origin.url})
    program.call("POST", PATH, {"action": "disable"})
    began = time.monotonic()
    answer = program.call("POST", PATH, {"action": "enable", "target": origin.url})[1]
    return answer["status"], time.monotonic() - began


@pytest.mark.parametrize("lock", [SessionBus.lock_keyring, hang])
def test_a_token_of_the_environment_is_used_soon(  # noqa: PLR0917 - fixtures and a table
    bus: SessionBus, here: dict[str, str], tmp_path: Path, account: Account, origin: Target, lock: Lock
) -> None:
    lock(bus)
    with started({**here, "NGROK_AUTHTOKEN": account.token}, tmp_path / "output") as program:
        program.wait_for_phase("stopped", "ngrok")
        status, took = enable(program, origin)
        assert status["phase"] == "running"
        assert took < AT_ONCE  # the keyring's own limit is 10 s


def test_a_locked_keyring_with_the_only_token_is_told_and_nobody_is_asked(
    bus: SessionBus, here: dict[str, str], tmp_path: Path, origin: Target
) -> None:
    """There is no display, so a prompt would wait for ever."""
    bus.lock_keyring()
    with started(here, tmp_path / "output") as program:
        status, took = enable(program, origin)
        assert (status["phase"], status["code"]) == ("needs_auth", "needs_token")
        assert "keyring" in status["lastError"]
        assert took < AT_ONCE


def test_nothing_but_a_start_of_the_tunnel_waits_for_a_keyring_that_hangs(
    bus: SessionBus, here: dict[str, str], tmp_path: Path, origin: Target
) -> None:
    """It is not touched at the start and by looks; a person who changes their mind, and the end, do not wait."""
    hang(bus)
    with started(here, tmp_path / "output") as program:
        assert program.status("ngrok")["phase"] == "stopped"
        assert program.call("GET", "/api/tunnels")[0] == 200
        warming_up = begin(program, origin)
        program.wait_for_phase("starting", "ngrok")
        program.call("POST", PATH, {"action": "disable"})
        warming_up.join(SEEN)
        for end in (lambda: program.call("POST", PATH, {"action": "disable"}), lambda: terminate(program)):
            starting = begin(program, origin)
            program.wait_for_phase("starting", "ngrok")
            began = time.monotonic()
            end()
            assert time.monotonic() - began < AT_ONCE  # the keyring's own limit is 10 s
            starting.join(SEEN)


def begin(program: Program, origin: Target) -> threading.Thread:
    """Turn it on without waiting for the answer, which an end of the program may cut off."""

    def work() -> None:
        with contextlib.suppress(OSError, http.client.HTTPException):
            program.call("POST", PATH, {"action": "enable", "target": origin.url})

    thread = threading.Thread(target=work)
    thread.start()
    return thread


def terminate(program: Program) -> None:
    program.process.send_signal(signal.SIGTERM)
    assert program.ended() == 0, program.said
