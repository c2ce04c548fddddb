"""What keeps the main thread busy is written down afterwards, if wanted with what it was; what waits is not."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject
from pytestqt.qtbot import QtBot

from portway.runtime.process.stall_watch import StallWatch
from tests.limits import SEEN

_LIMIT = 0.05  # seconds, in place of one


def _work(seconds: float) -> None:
    ends = time.thread_time() + seconds
    while time.thread_time() < ends:
        pass


class Busy(QObject):
    """Takes its time for an event of its own."""

    def __init__(self, busy: Callable[[float], None], seconds: float) -> None:
        super().__init__()
        self._busy = busy
        self._seconds = seconds
        self.done = False

    def customEvent(self, _event: QEvent) -> None:
        self._busy(self._seconds)
        self.done = True


@pytest.fixture
def watch(caplog: pytest.LogCaptureFixture) -> Iterator[StallWatch]:
    caplog.set_level(logging.INFO, "portway.runtime.process.stall_watch")
    watch = StallWatch(_LIMIT)
    yield watch
    watch.close()


def stalls(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [one.getMessage() for one in caplog.records if "did not answer" in one.getMessage()]


def spend(qtbot: QtBot, busy: Callable[[float], None], seconds: float, *, then: bool) -> None:
    """Let the loop be busy with one event, and with another one behind it or not."""
    first, next_one = Busy(busy, seconds), Busy(busy, 0)
    QCoreApplication.postEvent(first, QEvent(QEvent.Type.User))
    if then:
        QCoreApplication.postEvent(next_one, QEvent(QEvent.Type.User))
    qtbot.waitUntil(lambda: first.done and (next_one.done or not then), timeout=int(SEEN * 1000))
    qtbot.wait(10)  # until the loop waits


@pytest.mark.parametrize("then", [False, True], ids=["alone", "with another event behind it"])
@pytest.mark.parametrize(
    ("busy", "looks", "ends"),
    [
        (_work, False, " s."),
        (_work, True, "Busy was busy with one QEvent."),
        (time.sleep, True, "Busy was busy with one QEvent."),
    ],
    ids=["working", "working, each event looked at", "asleep, each event looked at"],
)
def test_a_long_event_is_told(
    watch: StallWatch,
    qtbot: QtBot,
    caplog: pytest.LogCaptureFixture,
    busy: Callable[[float], None],
    ends: str,
    *,
    looks: bool,
    then: bool,
) -> None:
    watch.look_at_events(on=looks)
    spend(qtbot, busy, 4 * _LIMIT, then=then)
    assert [one for one in stalls(caplog) if one.endswith(ends)]


@pytest.mark.parametrize("looks", [False, True])
@pytest.mark.parametrize(("waits", "told"), [(True, 0), (False, 1)], ids=["the loop waits", "an event takes long"])
def test_waiting_is_no_stall(
    qapp: QCoreApplication, caplog: pytest.LogCaptureFixture, *, looks: bool, waits: bool, told: int
) -> None:
    caplog.set_level(logging.INFO, "portway.runtime.process.stall_watch")
    now, worked = [1000.0], [10.0]
    watch = StallWatch(clock=lambda: now[0], worked=lambda: worked[0])
    watch.look_at_events(on=looks)
    watch.eventFilter(qapp, QEvent(QEvent.Type.User))
    if waits:
        watch._on_waiting()
    else:
        worked[0] += 100
    now[0] += 100
    watch._on_waiting()
    watch.close()
    assert len(stalls(caplog)) == told


def test_nothing_is_told_after_the_end(watch: StallWatch, qtbot: QtBot, caplog: pytest.LogCaptureFixture) -> None:
    watch.look_at_events(on=True)
    watch.close()
    watch.close()
    spend(qtbot, _work, 4 * _LIMIT, then=True)
    assert stalls(caplog) == []
