"""Whoever waits for a file sleeps until it is written to."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from portway.system.processes import file_alarm
from portway.system.processes.file_alarm import FileAlarm, watch_file

APART = 0.2
NEVER = 30.0


@pytest.fixture
def path(tmp_path: Path) -> Path:
    made = tmp_path / "words"
    made.touch()
    return made


@pytest.fixture(params=["kernel", "clock"])
def alarm(path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[FileAlarm]:
    if request.param == "clock":
        monkeypatch.setattr("sys.platform", "darwin")
        monkeypatch.setattr(file_alarm, "_LOOKED_FOR_EVERY", APART)
    made = watch_file(path, APART)
    made.wait(NEVER)
    yield made
    made.close()
    made.close()


def write(path: Path) -> None:
    with path.open("a", encoding="ascii") as file:
        file.write("a line\n")


def during(deed: Callable[[], None], wait: Callable[[], None]) -> float:
    """Return the seconds that `wait` took, while another thread did the deed."""
    other = threading.Thread(target=deed)
    began = time.monotonic()
    other.start()
    wait()
    other.join()
    return time.monotonic() - began


@pytest.mark.parametrize("system", ["linux", "darwin"])
def test_what_was_written_before_it_was_watched_is_looked_for_at_once(
    path: Path, system: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.platform", system)
    monkeypatch.setattr(file_alarm, "_LOOKED_FOR_EVERY", NEVER)
    alarm = watch_file(path, APART)
    assert during(lambda: None, lambda: alarm.wait(NEVER)) < NEVER / 2
    alarm.close()


def test_a_written_line_ends_the_waiting(alarm: FileAlarm, path: Path) -> None:
    assert during(lambda: write(path), lambda: alarm.wait(NEVER)) < NEVER / 2


def test_a_line_that_came_before_ends_it_too(alarm: FileAlarm, path: Path) -> None:
    write(path)
    assert during(lambda: None, lambda: alarm.wait(NEVER)) < NEVER / 2


def test_ringing_ends_it_now_or_the_next_time(alarm: FileAlarm) -> None:
    assert during(alarm.ring, lambda: alarm.wait(NEVER)) < NEVER / 2
    alarm.ring()
    assert during(lambda: None, lambda: alarm.wait(NEVER)) < NEVER / 2


def test_ringing_after_the_end_harms_nobody(alarm: FileAlarm) -> None:
    alarm.close()
    alarm.ring()


def test_it_ends_when_its_time_is_over(alarm: FileAlarm) -> None:
    assert during(lambda: None, lambda: alarm.wait(0.01)) < NEVER / 2


def test_a_file_that_is_written_to_all_the_time_lets_it_go_off_now_and_then(path: Path) -> None:
    alarm = watch_file(path, APART)
    alarm.wait(NEVER)
    times = []
    for _ in range(3):
        write(path)
        alarm.wait(NEVER)
        times.append(time.monotonic())
    alarm.close()
    assert times[2] - times[0] >= APART


def test_a_file_that_is_not_there_is_looked_for_now_and_then(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file_alarm, "_LOOKED_FOR_EVERY", APART)
    alarm = watch_file(tmp_path / "not there", APART)
    alarm.wait(NEVER)
    assert during(lambda: None, lambda: alarm.wait(NEVER)) < NEVER / 2
    alarm.close()
