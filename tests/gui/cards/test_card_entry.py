"""What is typed into a card: used once, never shown again, and taken back by Escape."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from portway.core.codes import Code
from portway.core.errors import Problem
from portway.core.hub import JobFailed
from portway.core.secret import Secret
from portway.gui.widgets.buttons import Button, LinkButton
from portway.gui.window.main_window import MainWindow
from tests.gui.conftest import Desk
from tests.gui.hands import click, press, show, strike, write

TOKEN = "2abcDEF-a-token"


def test_a_token_is_checked_used_and_remembered_and_never_shown(desk: Desk, window: MainWindow, qtbot: QtBot) -> None:
    card = show(desk, window, "needs_token")
    press(card, "Enter token…")
    assert card.callout.field.isVisible()
    assert card.callout.field.echoMode() is card.callout.field.EchoMode.Password
    write(card.callout.field, "no token!")
    press(card, "Save and start")
    assert not desk.hub.enabled
    assert "no token!" not in str(card.view)
    assert "Authtoken: " in str(card.view)
    write(card.callout.field, TOKEN)
    strike(card.callout.field, Qt.Key.Key_Return)
    backend, ask = desk.hub.enabled[-1]
    assert (backend, ask.remember, ask.options) == ("ngrok", True, {"auth_token": Secret(TOKEN)})
    assert card.callout.field.text() == ""


@pytest.mark.parametrize("kind", [QLineEdit, Button])
def test_escape_takes_an_entry_back_before_it_hides_the_window(
    desk: Desk, window: MainWindow, qtbot: QtBot, kind: type[QWidget]
) -> None:
    card = show(desk, window, "needs_token")
    press(card, "Enter token…")
    write(card.callout.field, TOKEN)
    strike(next(one for one in card.callout.findChildren(kind) if one.isVisible()), Qt.Key.Key_Escape)
    assert card.callout.field.isHidden()
    assert card.callout.field.text() == ""
    assert window.isVisible()
    strike(window, Qt.Key.Key_Escape)
    assert not window.isVisible()


def test_the_token_and_a_new_account_have_their_pages(desk: Desk, window: MainWindow) -> None:
    for link in show(desk, window, "needs_token").callout.findChildren(LinkButton):
        click(link)
    assert desk.opened == ["https://dashboard.ngrok.com/", "https://dashboard.ngrok.com/signup"]


def test_a_password_is_asked_for_only_where_it_is_needed_and_used_once(
    desk: Desk, window: MainWindow, qtbot: QtBot
) -> None:
    card = show(desk, window, "needs_privileges")
    press(card, "Allow…")
    assert desk.hub.commands[-1][2].options == {}
    desk.hub.end_job("tailscale", "operator", JobFailed(Problem(Code.NEEDS_PRIVILEGES, parameters={"command": "x"})))
    write(card.callout.field, "correct horse")
    press(card, "Allow…")
    assert desk.hub.commands[-1][2].options == {"sudo_password": Secret("correct horse")}
    desk.hub.end_job("tailscale", "operator", JobFailed(Problem(Code.WRONG_SUDO_PASSWORD)))
    assert card.callout.field.isVisible()
    assert card.callout.field.text() == ""
    assert "not accepted" in card.callout._text.text()
