"""What the window does while nothing happens: as little as what it shows needs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from portway.core.status import Phase, Traffic
from portway.gui.window.main_window import MainWindow
from tests.gui.conftest import Desk


def _visited(desk: Desk, window: MainWindow, seconds: float | None) -> None:
    """Let a tunnel be up whose last request came so long ago; None: it had none."""
    now = datetime.now(UTC)
    last = None if seconds is None else now - timedelta(seconds=seconds)
    traffic = Traffic(requests=0 if last is None else 1, last_at=last)
    since = now - timedelta(hours=1)
    desk.hub.show(
        "ngrok", phase=Phase.RUNNING, wanted=True, public_url="https://a.example", since=since, traffic=traffic
    )
    window.refresh()


@pytest.mark.parametrize(("seconds", "interval"), [(5, 1000), (100, 5000), (600, 15_000)])
def test_the_clock_runs_as_fast_as_the_times_that_are_shown(
    desk: Desk, window: MainWindow, seconds: float, interval: int
) -> None:
    _visited(desk, window, seconds)
    assert window.tunnels._clock.isActive()
    assert window.tunnels._clock.interval() == interval


def test_no_clock_runs_for_a_tunnel_that_nobody_visits(desk: Desk, window: MainWindow) -> None:
    _visited(desk, window, None)
    assert not window.tunnels._clock.isActive()


def test_one_that_starts_lets_the_seconds_pass(desk: Desk, window: MainWindow) -> None:
    _visited(desk, window, 300)
    desk.hub.show("cloudflared", phase=Phase.STARTING, wanted=True)
    window.refresh()
    assert window.tunnels._clock.interval() == 1000


def test_a_clock_slows_down_by_itself_and_stands_while_nobody_looks(desk: Desk, window: MainWindow) -> None:
    _visited(desk, window, 5)
    listeners, desk.hub._listeners = desk.hub._listeners, {}
    last = datetime.now(UTC) - timedelta(seconds=61)
    desk.hub.show("ngrok", traffic=Traffic(requests=1, last_at=last))  # time has passed, and nobody said a word
    desk.hub._listeners = listeners
    window.tunnels._clock.timeout.emit()
    assert window.tunnels._clock.interval() == 5000
    window.go_to("general")
    assert not window.tunnels._clock.isActive()


def test_what_has_passed_changes_the_line_and_moves_the_bars(desk: Desk, window: MainWindow) -> None:
    _visited(desk, window, 3)
    view = window.tunnels.card("ngrok").view
    assert view is not None
    assert view.traffic is not None
    assert "last 3 s ago" in [figure.text for figure in view.traffic.figures]
    _visited(desk, window, 8)
    assert "last 8 s ago" in window.tunnels.card("ngrok").live.accessibleDescription()
