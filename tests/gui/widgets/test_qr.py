"""The QR code: readable in every theme, and only of what is live."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from portway.gui.widgets.buttons import Button
from portway.gui.widgets.labels import UrlText
from portway.gui.widgets.qr_popover import QUIET_ZONE, TILE_SIDE, QrPopover, QrTile, qr_image, qr_modules, small_modules
from portway.gui.window.main_window import MainWindow
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
    assert [one.text() for one in popover.findChildren(UrlText)] == ["https://login.tailscale.com/a/0123"]
    assert popover.accessibleName() == "QR code for https://login.tailscale.com/a/0123"
    assert popover.height() >= popover.heightForWidth(popover.width())
    popover.close()
    assert desk.opened == []


def test_no_other_page_has_one(desk: Desk, window: MainWindow) -> None:
    show(desk, "funnel_not_enabled")
    window.refresh()
    buttons = window.tunnels.card("tailscale").callout.findChildren(Button)
    assert [one.text() for one in buttons if one.isVisible()] == ["Copy link", "Enable Funnel…"]


@pytest.mark.parametrize(
    "url",
    [
        "http://192.168.178.24:30300",
        "https://iris-amber-ember-grove.trycloudflare.com",
        "https://mammograms-commonwealth-announcement-warmwood.trycloudflare.com",
        "https://" + "a" * 65 + ".dev",  # 77 characters
    ],
)
def test_the_small_code_has_one_size_for_all_usual_links(url: str) -> None:
    modules = small_modules(url)
    assert len(modules) == 29
    assert (len(modules) + 2 * QUIET_ZONE) * 3 <= TILE_SIDE
    assert modules == small_modules(url.upper())  # capitals mean the same in scheme and host, and take less room


def test_what_stands_after_the_host_keeps_its_letters() -> None:
    assert small_modules("https://a.example/Path") != small_modules("https://a.example/PATH")
    assert small_modules("https://a.example/") == small_modules("https://a.example")


def test_a_link_that_is_longer_than_usual_still_has_a_code_in_the_tile(qtbot: QtBot) -> None:
    url = f"https://{'a' * 60}.{'b' * 60}.example.com"
    tile = QrTile("QR code")
    qtbot.addWidget(tile)
    tile.show_url(url)
    tile.show()
    image = tile.grab().toImage()
    modules, scale = small_modules(url), 2
    first = (TILE_SIDE - len(modules) * scale) // 2
    assert len(modules) > 29
    assert image.pixelColor(first + 1, first + 1) == QColor(Qt.GlobalColor.black)
    assert image.pixelColor(first - 2, first + 1).lightness() > 200


def test_the_tile_is_pressed_by_click_and_enter(qtbot: QtBot) -> None:
    tile = QrTile("QR code")
    qtbot.addWidget(tile)
    tile.show_url(URL)
    pressed: list[str] = []
    tile.clicked.connect(lambda: pressed.append("pressed"))
    click(tile)
    strike(tile, Qt.Key.Key_Return)
    tile.setEnabled(False)
    click(tile)
    assert len(pressed) == 2
