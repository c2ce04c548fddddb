"""A guarded tunnel whose Portway is killed again and again: from outside it is shut, or guarded, and never open."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import signal
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from portway.core.target import Target
from portway.system.storage.folders import find_folders
from tests.backends.cloudflared.conftest import FAKE
from tests.fakes.backends.news import wait_until
from tests.fakes.cloudflared.quick_service import quick_service
from tests.fakes.portway.program import LOOPBACK_ONLY, Program, Start, has_ended, starter
from tests.limits import SEEN

pytestmark = [
    pytest.mark.children,
    pytest.mark.timeout(180),  # it starts the program four times
    pytest.mark.skipif(sys.platform == "win32", reason="a program that is left over is ended by a signal"),
]

_WAY = "cloudflared"
_PAUSE = 0.005  # seconds between two visits
_KILLS = 2
_REFUSED = 403


class _Knocking(threading.Thread):
    """Visits the port of a relay all the time, as an edge would that still leads there."""

    def __init__(self, port: int) -> None:
        super().__init__(daemon=True)
        self._port = port
        self._over = threading.Event()
        self.met: list[int | None] = []  # statuses; None: nobody was there, or he went

    def run(self) -> None:
        while not self._over.wait(_PAUSE):
            self.met.append(self._visit())

    def meets(self, status: int | None) -> None:
        """Return once a visitor that comes from now on has met this."""
        before = len(self.met)
        wait_until(lambda: status in self.met[before:], SEEN, f"an answer {status}")

    def end(self) -> None:
        self._over.set()
        self.join(SEEN)

    def _visit(self) -> int | None:
        visitor = http.client.HTTPConnection("127.0.0.1", self._port, timeout=SEEN)
        with contextlib.closing(visitor), contextlib.suppress(OSError, http.client.HTTPException):
            visitor.request("GET", "/")
            return visitor.getresponse().status
        return None


@pytest.fixture
def environment(environment: dict[str, str], tmp_path: Path) -> Iterator[dict[str, str]]:
    program = tmp_path / "cloudflared"
    program.write_text(f"#!{sys.executable} -IS\n{FAKE.read_text(encoding='utf-8')}", encoding="utf-8")
    program.chmod(0o700)
    (tmp_path / "plan.json").write_text("{}")
    state = find_folders(environment).state
    with quick_service() as service:
        yield {
            **environment,
            **LOOPBACK_ONLY,
            "CLOUDFLARED_BIN": str(program),
            "PORTWAY_CLOUDFLARED_ARGS": f"--quick-service {service.url} --plan {tmp_path / 'plan.json'}",
        }
        service.free.set()
        with contextlib.suppress(OSError, ValueError, KeyError):  # what a failed test has left up
            os.kill(_record(state)["pid"], signal.SIGKILL)


@pytest.fixture
def start(environment: dict[str, str], tmp_path: Path) -> Start:
    return starter(environment, tmp_path)


def _record(state: Path) -> dict[str, Any]:
    """Return what is remembered of the program that holds the tunnel."""
    record: dict[str, Any] = json.loads((state / "cloudflared-state.json").read_bytes())
    return record


def _begun(program: Program, origin: Target, guard: dict[str, object]) -> _Knocking:
    """Open a guarded tunnel, and knock at its relay from then on."""
    ask = {"action": "enable", "target": origin.url, "guard": guard, "expiresIn": 3600}
    status, answer = program.call("POST", f"/api/tunnels/{_WAY}", ask)
    assert (status, answer["success"]) == (200, True), answer
    kept = json.loads((program.folders.state / "app.json").read_bytes())
    knocking = _Knocking(kept["relayPorts"][_WAY])
    knocking.start()
    return knocking


def _kill(program: Program) -> None:
    program.process.kill()
    program.ended()


def test_it_comes_back_with_its_rules_and_is_never_open_meanwhile(start: Start, origin: Target) -> None:
    with start() as first:
        knocking = _begun(first, origin, {"paths": ["/hook"]})
        try:
            knocking.meets(_REFUSED)
            _kill(first)
            knocking.meets(None)
            for _ in range(_KILLS):
                with start() as again:
                    status = again.wait_for_phase("running", _WAY)
                    assert status["expiresAt"] is not None
                    knocking.meets(_REFUSED)
                    _kill(again)
                knocking.meets(None)
            with start() as last:
                last.wait_for_phase("running", _WAY)
                knocking.meets(_REFUSED)
                assert last.call("POST", "/api/quit")[0] == 200
                assert last.ended() == 0
        finally:
            knocking.end()
    assert set(knocking.met) == {_REFUSED, None}


def test_one_whose_password_went_with_the_kill_stays_shut_and_what_was_left_is_ended(
    start: Start, origin: Target
) -> None:
    with start() as first:
        knocking = _begun(first, origin, {"password": "correct horse"})
        try:
            knocking.meets(401)
            left = psutil.Process(_record(first.folders.state)["pid"])
            _kill(first)
            knocking.meets(None)
            with start() as second:  # its keyring is its memory, which is gone
                assert second.wait_for_phase("error", _WAY)["code"] == "no_secure_storage"
                wait_until(lambda: has_ended(left), SEEN, "its end")
                knocking.meets(None)
        finally:
            knocking.end()
    assert set(knocking.met) <= {401, 503, None}
