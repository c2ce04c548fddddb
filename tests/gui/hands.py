"""What a person does with mouse and keyboard."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QWidget

from portway.gui.cards.live_card import LiveCard
from portway.gui.settings.declared_page import DeclaredPage
from portway.gui.settings.field import SettingControl
from portway.gui.widgets.buttons import Button
from portway.gui.window.main_window import MainWindow
from tests.gui.conftest import Desk
from tests.gui.states import STATES, show_state
from tests.limits import SEEN


def activate(window: QWidget) -> None:
    """Give it the keyboard."""
    window.activateWindow()
    assert QTest.qWaitForWindowActive(window, round(SEEN * 1000))  # its own five seconds are short on a busy machine


def click(widget: QWidget | None) -> None:
    """Click into its middle."""
    assert widget is not None
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton)


def write(widget: QWidget | None, text: str) -> None:
    """Type a text."""
    assert widget is not None
    QTest.keyClicks(widget, text)


def strike(widget: QWidget | None, key: Qt.Key) -> None:
    """Press one key."""
    assert widget is not None
    QTest.keyClick(widget, key)


def control_of(page: DeclaredPage, name: str) -> SettingControl:
    """Return the row of a setting."""
    return next(one for one in page.controls if one.key.name == name)


def type_text(control: SettingControl, text: str) -> None:
    """Type a text in place of what stands there, and end it."""
    line = control.control
    assert isinstance(line, QLineEdit)
    line.selectAll()
    strike(line, Qt.Key.Key_Delete)
    write(line, text)
    strike(line, Qt.Key.Key_Return)


def show(desk: Desk, window: MainWindow, name: str) -> LiveCard:
    """Let the hub tell a state, and return the card that has it."""
    show_state(desk.hub, name)
    window.refresh()
    return window.tunnels.card(STATES[name][0])


def press(card: LiveCard, label: str) -> None:
    """Click the button with this label below the state of a card."""
    click(next(one for one in card.callout.findChildren(Button) if one.text() == label and one.isVisible()))
