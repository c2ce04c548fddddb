"""No text is cut off, in any state, width and language: it wraps, or is shortened and whole in its tooltip."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from portway.gui.labels import Line
from portway.gui.language import use_language
from portway.gui.window import MainWindow
from tests.gui.conftest import Desk
from tests.gui.states import STATES, show_state


def cut_off(top: QWidget) -> Iterator[str]:
    """Yield all that can be seen in part only."""
    for one in top.findChildren(QLabel):
        if one.isVisible() and one.text() and not _is_whole(one):
            yield one.text()
    for button in top.findChildren(QPushButton):
        if button.isVisible() and button.width() < _needed(button):
            yield button.text()


def _is_whole(label: QLabel) -> bool:
    wide = label.fontMetrics().horizontalAdvance(label.text()) <= label.contentsRect().width()
    if isinstance(label, Line):
        return wide or label.toolTip() == label.text()
    if label.wordWrap():
        return label.height() >= label.heightForWidth(label.width())
    return wide


def _needed(button: QAbstractButton) -> int:
    icon = 0 if button.icon().isNull() else button.iconSize().width()
    return button.fontMetrics().horizontalAdvance(button.text()) + icon


@pytest.fixture(params=["en", "de"])
def language(request: pytest.FixtureRequest) -> str:
    use_language(request.param)
    return str(request.param)


@pytest.mark.usefixtures("language")
@pytest.mark.parametrize("width", [880, 500, 360])
def test_every_page_and_every_state_of_a_card_can_be_read(
    desk: Desk, window: MainWindow, qtbot: QtBot, width: int
) -> None:
    window._rebuild()
    window.resize(width, 720)
    found: dict[str, list[str]] = {}
    for name in ("first_run", *window._sidebar.rows, *STATES):
        if name in STATES:
            show_state(desk.hub, name)
            window.refresh()
        window.go_to("tunnels" if name in STATES else name)
        for _ in range(3):  # a text that wraps tells its height late
            QApplication.processEvents()
        found |= {name: cut} if (cut := list(cut_off(window.shown_page()))) else {}
    assert found == {}


def test_a_text_that_is_cut_off_would_be_found(window: MainWindow) -> None:
    window.tunnels._title.setWordWrap(False)
    window.tunnels._title.setText("far too long " * 20)
    window.tunnels._title.setFixedWidth(50)
    assert list(cut_off(window.tunnels)) == [window.tunnels._title.text()]
