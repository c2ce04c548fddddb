"""What the window does while nothing happens: as little as what it shows needs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from portway.core.status import Phase
from portway.gui.window import MainWindow
from tests.gui.conftest import Desk


def _up_for(desk: Desk, window: MainWindow, backend: str, seconds: float) -> None:
    since = datetime.now(UTC) - timedelta(seconds=seconds)
    desk.hub.show(backend, phase=Phase.RUNNING, wanted=True, public_url="https://a.example", since=since)
    window.refresh()


@pytest.mark.parametrize(("seconds", "interval"), [(5, 1000), (300, 15_000)])
def test_the_clock_runs_as_fast_as_the_times_that_are_shown(
    desk: Desk, window: MainWindow, seconds: float, interval: int
) -> None:
    _up_for(desk, window, "ngrok", seconds)
    assert window.tunnels._clock.isActive()
    assert window.tunnels._clock.interval() == interval


def test_one_that_starts_lets_the_seconds_pass_again(desk: Desk, window: MainWindow) -> None:
    _up_for(desk, window, "ngrok", 300)
    desk.hub.show("cloudflared", phase=Phase.STARTING, wanted=True)
    window.refresh()
    assert window.tunnels._clock.interval() == 1000


def test_a_clock_slows_down_by_itself_once_the_first_minute_is_over(desk: Desk, window: MainWindow) -> None:
    _up_for(desk, window, "ngrok", 5)
    since = datetime.now(UTC) - timedelta(seconds=61)
    listeners, desk.hub._listeners = desk.hub._listeners, {}
    desk.hub.show("ngrok", since=since)  # time has passed, and nobody said a word
    desk.hub._listeners = listeners
    window.tunnels._clock.timeout.emit()
    assert window.tunnels._clock.interval() == 15_000
