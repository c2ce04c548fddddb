"""The log: read only while it is seen, filtered, searched, copied and saved, and never a burden."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QItemSelectionModel, QTimer
from pytestqt.qtbot import QtBot

from portway.gui.log.lines import Level, LogLine, read_line
from portway.gui.log.model import LogModel, as_text
from portway.gui.log.page import LogPage
from portway.gui.log.view import _new_day
from tests.gui.conftest import Desk
from tests.gui.hands import click, write

NOON = datetime(2026, 11, 25, 12).astimezone()


def line(text: str, level: str = "INFO", second: int = 0) -> str:
    return f"2026-11-25T14:02:{second:02}.123Z {level:<7} portway.backends.lan: {text}\n"


@pytest.fixture
def page(desk: Desk, qtbot: QtBot) -> Iterator[LogPage]:
    folder = desk.dependencies.services.folders.log
    folder.mkdir(parents=True)
    (folder / "lan.log").write_text(line("listening on 203.0.113.24") + line("closed early", "WARNING", 1))
    (folder / "ngrok.log").write_text(line("session open") + line("the edge is lost", "ERROR", 2) + "  more of it\n")
    (folder / "portway.log").write_text(line("secret-free", "DEBUG"))
    page = LogPage(desk.dependencies)
    qtbot.addWidget(page)
    page.resize(800, 500)
    page.show()
    qtbot.waitUntil(lambda: page.model.counts()[0] == 6)
    yield page
    page.hide()


def at(second: float, text: str, source: str = "lan", *, continues: bool = False) -> LogLine:
    """Return a line at so many seconds after noon."""
    return LogLine(source, Level.INFO, NOON + timedelta(seconds=second), text, continues=continues)


def texts(page: LogPage) -> set[str]:
    return {one.text for one in page.model.lines}


def test_a_line_is_read_as_people_write_time() -> None:
    read = read_line("lan", line("hello: world", "WARNING").rstrip())
    assert (read.level, read.text, read.time[-5:]) == (Level.WARNING, "hello: world", "02:00"[-5:].rjust(5) or "02:00")
    more = read_line("lan", "    Traceback", read_line("lan", line("x", "ERROR").rstrip()))
    assert more == LogLine("lan", Level.ERROR, read.moment, "    Traceback", continues=True)
    assert (more.time, read_line("lan", "torn").time) == ("", "")
    assert read_line("lan", line("x", "CRITICAL").rstrip()).level is Level.ERROR


def test_it_is_filtered_by_tunnel_level_and_text(page: LogPage, qtbot: QtBot) -> None:
    assert "secret-free" not in texts(page)
    page.level.setCurrentIndex(0)
    assert "secret-free" in texts(page)
    page.level.setCurrentIndex(2)
    assert texts(page) == {"closed early", "the edge is lost", "  more of it"}
    page.level.setCurrentIndex(3)
    assert texts(page) == {"the edge is lost", "  more of it"}
    page.level.setCurrentIndex(0)
    page.choose("lan")
    assert texts(page) == {"listening on 203.0.113.24", "closed early"}
    write(page.search, "CLOSED")
    assert texts(page) == {"closed early"}
    assert page.matches.text() == "1 match"
    assert not page.grab().isNull()


def test_new_lines_are_followed_unless_that_is_off(desk: Desk, page: LogPage, qtbot: QtBot) -> None:
    path = desk.dependencies.services.folders.log / "lan.log"
    with path.open("a") as file:
        file.writelines(line(f"visitor {number}") for number in range(200))
    qtbot.waitUntil(lambda: "visitor 199" in texts(page))
    bar = page.view.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.value() == bar.maximum())
    click(page.follow)
    bar.setValue(0)
    with path.open("a") as file:
        file.write(line("one more"))
    qtbot.waitUntil(lambda: "one more" in texts(page))
    assert bar.value() == 0


def test_lines_are_copied_and_saved_as_they_are_shown(desk: Desk, page: LogPage, qtbot: QtBot, tmp_path: Path) -> None:
    page.choose("lan")
    page.view.selectionModel().select(page.model.index(0), QItemSelectionModel.SelectionFlag.Select)
    click(page.copy)
    assert desk.clipboard.texts[0].endswith("listening on 203.0.113.24")
    page.save_to(str(tmp_path / "log.txt"))
    assert (tmp_path / "log.txt").read_text().count("\n") == 2


def test_nothing_is_read_while_nobody_looks(desk: Desk, page: LogPage, qtbot: QtBot) -> None:
    page.hide()
    assert not page.follower._tick.isActive()
    page.show()
    qtbot.waitUntil(lambda: page.model.counts()[0] == 6)


@pytest.mark.slow(reason="reads twenty thousand lines")
def test_a_flood_leaves_the_window_usable(desk: Desk, page: LogPage, qtbot: QtBot) -> None:
    gaps: list[float] = []
    last = time.thread_time()  # what this thread worked between two beats: other programs may be busy as well

    def beat() -> None:
        nonlocal last
        now = time.thread_time()
        gaps.append(now - last)
        last = now

    timer = QTimer()
    timer.setInterval(5)
    timer.timeout.connect(beat)
    timer.start()
    with (desk.dependencies.services.folders.log / "lan.log").open("a") as file:
        file.writelines(line(f"flood {number}") for number in range(20_000))
    qtbot.waitUntil(lambda: "flood 19999" in texts(page))
    timer.stop()
    assert page.model.counts()[0] == 5000
    assert sorted(gaps)[len(gaps) * 9 // 10] < 0.2


def test_lines_of_several_files_stand_in_the_order_of_time() -> None:
    model = LogModel()
    model.add([at(3, "three"), at(1, "one", "ngrok"), at(1, "  more of one", "ngrok", continues=True), at(1, "lan's")])
    rows: list[int] = []
    model.rowsInserted.connect(lambda _parent, first, _last: rows.append(first))
    model.add([at(2, "two", "ngrok"), at(4, "four")])
    assert [line.text for line in model.lines] == ["lan's", "one", "  more of one", "two", "three", "four"]
    assert rows == [3, 5]  # in place: what a person looks at stays where it is
    model.add([at(0, str(number), "portway") for number in range(100)])
    assert [line.text for line in model.lines[99:102]] == ["99", "lan's", "one"]


def test_the_day_is_shown_where_it_changes_and_copied_with_each_line() -> None:
    model = LogModel()
    day = 24 * 3600
    model.add([at(0, "one"), at(1, "two"), at(day, "three"), at(day, "more", continues=True)])
    days = [_new_day(model.index(row), line) for row, line in enumerate(model.lines)]
    assert [bool(shown) for shown in days] == [True, False, True, False]
    assert "25" in days[0]
    assert "26" in days[2]
    assert as_text(model.lines[2:3]).startswith("2026-11-26 12:00:00 info")


def test_the_model_keeps_the_latest_lines_only() -> None:
    model = LogModel()
    model.add([at(0, str(number)) for number in range(4999)])
    model.add([at(0, "a"), at(0, "b")])
    assert model.rowCount() == 5000
    assert model.lines[0].text == "1"
