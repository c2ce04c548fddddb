"""The state of a tunnel on one line, however narrow that is."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QFontMetrics
from pytestqt.qtbot import QtBot

from portway.gui.theme.look import sized
from portway.gui.theme.tone import Tone
from portway.gui.widgets.state_line import StateLine

DETAIL = "since 11:42 · confirmed by Cloudflare"


@pytest.fixture
def line(qtbot: QtBot) -> StateLine:
    line = StateLine()
    qtbot.addWidget(line)
    line.show_state("ring", Tone.MUTED, "Off", DETAIL)
    line.show()
    return line


def room_for(text: str) -> int:
    return QFontMetrics(sized(0.95)).horizontalAdvance(text)


def test_a_detail_that_does_not_fit_loses_its_last_parts(line: StateLine) -> None:
    assert line.shown_detail(room_for(DETAIL)) == DETAIL
    for room in (room_for(DETAIL) - 1, room_for("since 11:42")):
        assert line.shown_detail(room) == "since 11:42"


def test_the_first_part_is_shortened_only_where_it_does_not_fit_itself(line: StateLine) -> None:
    assert line.shown_detail(room_for("since")).endswith("…")


def test_the_tooltip_has_all_of_it_where_something_is_left_out(line: StateLine) -> None:
    line.resize(line.sizeHint().width(), 20)
    assert line.toolTip() == ""
    line.resize(line.sizeHint().width() - 20, 20)
    assert line.toolTip() == f"Off {DETAIL}"
