"""The state of a tunnel on one line, however narrow that is."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QFontMetrics
from pytestqt.qtbot import QtBot

from portway.gui.look import Ink, sized
from portway.gui.state_line import StateLine

DETAIL = "for devices on this network, no account needed"


@pytest.fixture
def line(qtbot: QtBot) -> StateLine:
    line = StateLine()
    qtbot.addWidget(line)
    line.show_state("ring", Ink.MUTED, "Off", DETAIL)
    line.show()
    return line


def room_for(text: str) -> int:
    return QFontMetrics(sized(0.95)).horizontalAdvance(text)


def test_a_detail_that_does_not_fit_ends_at_a_comma(line: StateLine) -> None:
    assert line.shown_detail(room_for(DETAIL)) == DETAIL
    for room in (room_for(DETAIL) - 1, room_for("for devices on this network")):
        assert line.shown_detail(room) == "for devices on this network"


def test_the_first_part_is_shortened_only_where_it_does_not_fit_itself(line: StateLine) -> None:
    assert line.shown_detail(room_for("for devices")).endswith("…")


def test_the_tooltip_has_all_of_it_where_something_is_left_out(line: StateLine) -> None:
    line.resize(line.sizeHint().width(), 20)
    assert line.toolTip() == ""
    line.resize(line.sizeHint().width() - 20, 20)
    assert line.toolTip() == f"Off {DETAIL}"
