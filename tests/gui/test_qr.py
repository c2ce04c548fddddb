"""The QR code: readable in every theme, and only of what is live."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from portway.gui.buttons import Button
from portway.gui.labels import UrlLine
from portway.gui.qr_popover import QUIET_ZONE, QrPopover, qr_image, qr_modules
from portway.gui.window import MainWindow
from tests.gui.conftest import Desk
from tests.gui.hands import click, strike
from tests.gui.states import show_state

URL = "https://hooks.example.com"


def show(desk: Desk, name: str) -> None:
    show_state(desk.hub, name)


def test_the_qr_code_is_black_on_white_with_a_quiet_zone_of_four_modules(
    desk: Desk, window: MainWindow, qtbot: QtBot
) -> None:
    modules = qr_modules(URL)
    image = qr_image(modules, 3)
    assert image.width() == (len(modules) + 2 * QUIET_ZONE) * 3
    assert image.pixelColor(QUIET_ZONE * 3 - 1, 30) == QColor(Qt.GlobalColor.white)
    assert image.pixelColor(QUIET_ZONE * 3, QUIET_ZONE * 3) == QColor(Qt.GlobalColor.black)
    show(desk, "running")
    window.refresh()
    card = window.tunnels.card("ngrok")
    click(card.urls.qr_button)
    popover = card.findChild(QrPopover)
    assert isinstance(popover, QrPopover)
    strike(popover, Qt.Key.Key_Escape)
    assert not popover.isVisible()
    assert window.isVisible()


def test_no_qr_code_is_shown_of_what_is_not_live(desk: Desk, window: MainWindow) -> None:
    show(desk, "reconnecting")
    window.refresh()
    window.tunnels.card("cloudflared").show_qr()
    assert window.tunnels.card("cloudflared").findChild(QrPopover) is None


def test_the_log_in_page_has_a_code_for_the_phone(desk: Desk, window: MainWindow, qtbot: QtBot) -> None:
    show(desk, "needs_login")
    window.refresh()
    card = window.tunnels.card("tailscale")
    click(next(one for one in card.callout.findChildren(Button) if one.text() == "QR code…"))
    popover = card.findChild(QrPopover)
    assert isinstance(popover, QrPopover)
    assert popover.isVisible()
    assert [one.text() for one in popover.findChildren(UrlLine)] == ["https://login.tailscale.com/a/0123"]
    assert popover.accessibleName() == "QR code for https://login.tailscale.com/a/0123"
    assert popover.height() >= popover.heightForWidth(popover.width())
    popover.close()
    assert desk.opened == []


def test_no_other_page_has_one(desk: Desk, window: MainWindow) -> None:
    show(desk, "funnel_not_enabled")
    window.refresh()
    buttons = window.tunnels.card("tailscale").callout.findChildren(Button)
    assert [one.text() for one in buttons if one.isVisible()] == ["Copy link", "Enable Funnel…"]
