"""What keeps the main thread busy for long is written down afterwards, with what it was; what waits is not."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject
from pytestqt.qtbot import QtBot

from portway.runtime.process.stall_watch import StallWatch

_LIMIT = 0.05  # seconds, in place of one


class Busy(QObject):
    """Takes its time for an event of its own."""

    def __init__(self, seconds: float) -> None:
        super().__init__()
        self._seconds = seconds
        self.done = False

    def customEvent(self, _event: QEvent) -> None:
        time.sleep(self._seconds)
        self.done = True


@pytest.fixture
def watch(caplog: pytest.LogCaptureFixture) -> Iterator[StallWatch]:
    caplog.set_level(logging.INFO, "portway.runtime.process.stall_watch")
    watch = StallWatch(_LIMIT)
    yield watch
    watch.close()


def stalls(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [one.getMessage() for one in caplog.records if "did not answer" in one.getMessage()]


def spend(qtbot: QtBot, seconds: float, *, then: bool) -> None:
    """Let the loop be busy with one event, and with another one behind it or not."""
    busy, next_one = Busy(seconds), Busy(0)
    QCoreApplication.postEvent(busy, QEvent(QEvent.Type.User))
    if then:
        QCoreApplication.postEvent(next_one, QEvent(QEvent.Type.User))
    qtbot.waitUntil(lambda: busy.done and (next_one.done or not then))
    qtbot.wait(10)  # until the loop waits


@pytest.mark.usefixtures("watch")
@pytest.mark.parametrize("then", [False, True], ids=["alone", "with another event behind it"])
def test_a_long_event_is_told_with_who_got_it(qtbot: QtBot, caplog: pytest.LogCaptureFixture, *, then: bool) -> None:
    spend(qtbot, 4 * _LIMIT, then=then)
    assert [one for one in stalls(caplog) if one.endswith("Busy was busy with one QEvent.")]


@pytest.mark.parametrize(("waits", "told"), [(True, 0), (False, 1)], ids=["the loop waits", "an event takes long"])
def test_waiting_is_no_stall(qtbot: QtBot, caplog: pytest.LogCaptureFixture, *, waits: bool, told: int) -> None:
    caplog.set_level(logging.INFO, "portway.runtime.process.stall_watch")
    now = [1000.0]
    watch = StallWatch(clock=lambda: now[0])
    event = QEvent(QEvent.Type.User)
    watch.eventFilter(watch, event)
    if waits:
        watch._on_waiting()
    now[0] += 100
    watch.eventFilter(watch, event)
    watch.close()
    assert len(stalls(caplog)) == told


def test_nothing_is_told_after_the_end(watch: StallWatch, qtbot: QtBot, caplog: pytest.LogCaptureFixture) -> None:
    watch.close()
    watch.close()
    spend(qtbot, 4 * _LIMIT, then=True)
    assert stalls(caplog) == []
