"""A program that a fault has ended tells of it at its next start, and of nothing after a clean end."""

from __future__ import annotations

import signal
import sys
from pathlib import Path

import pytest

from portway.core.target import Target
from portway.system.logs.crash_record import CRASH, LAST_CRASH
from tests.fakes.portway.program import HEADLESS, LOOPBACK_ONLY, TRAY, Start, starter

pytestmark = pytest.mark.children
_TOLD = "The last run of Portway was ended by a fault (Segmentation fault)"


@pytest.fixture
def start(environment: dict[str, str], tmp_path: Path) -> Start:
    return starter({**environment, **LOOPBACK_ONLY}, tmp_path)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends no signals to other processes")
@pytest.mark.parametrize("command", [HEADLESS, (*TRAY, "--autostart")], ids=["headless", "tray"])
def test_a_crash_is_told_once(start: Start, origin: Target, command: tuple[str, ...]) -> None:
    with start(command, QT_QPA_PLATFORM="offscreen", DISPLAY=":0") as first:
        first.enable(origin)
        assert (first.folders.state / CRASH).stat().st_mode & 0o777 == 0o600
        first.process.send_signal(signal.SIGSEGV)
        assert first.ended() == -signal.SIGSEGV
    with start() as second:
        assert second.wait_for_phase("running")["wanted"] is True
        assert _TOLD in second.said
        assert _TOLD in (second.folders.log / "portway.log").read_text(encoding="utf-8")
        assert "Thread 0x" in (second.folders.state / LAST_CRASH).read_text(encoding="utf-8")
        assert second.call("POST", "/api/quit")[0] == 200
        assert second.ended() == 0
        assert not (second.folders.state / CRASH).exists()
    with start() as third:
        third.api()
        assert _TOLD not in third.said
