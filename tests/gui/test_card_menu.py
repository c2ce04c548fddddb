"""The menu of a card hands its address on, and its foot unfolds the log."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QAction
from pytestqt.qtbot import QtBot

from portway.gui.live_card import LiveCard
from portway.gui.window import MainWindow
from tests.gui.conftest import Desk
from tests.gui.hands import click, show
from tests.gui.states import STATES

Cards = Callable[[str], LiveCard]


URL = "https://hooks.example.com"


def menu_actions(card: LiveCard) -> dict[str, QAction]:
    card.menu.aboutToShow.emit()
    return {action.text(): action for action in card.menu.actions() if not action.isSeparator()}


def test_the_menu_hands_the_address_on_in_four_forms(desk: Desk, window: MainWindow) -> None:
    card = show(desk, window, "running")
    actions = menu_actions(card)
    for text in ("Copy API URL", "Copy as curl command", "Copy line for .env", "Open in browser"):
        actions[text].trigger()
    assert desk.clipboard.texts == [f"{URL}/v1", f"curl {URL}", f"NEXT_PUBLIC_BASE_URL={URL}"]
    assert desk.opened == [URL]
    assert card.view is not None
    assert card.view.callout is not None
    assert "instead of localhost" in card.view.callout.sentence


def test_the_menu_holds_nothing_that_does_nothing(desk: Desk, window: MainWindow) -> None:
    assert list(menu_actions(window.tunnels.card("lan"))) == ["Settings…", "Show log"]
    card = show(desk, window, "error")
    actions = menu_actions(card)
    assert "Copy API URL" not in actions
    actions["Copy the message"].trigger()
    assert "metrics port" in desk.clipboard.texts[0]
    actions["Settings…"].trigger()
    assert window.page == "cloudflared"


def test_the_log_shows_the_last_six_lines_and_leads_to_the_whole(desk: Desk, window: MainWindow, qtbot: QtBot) -> None:
    folder = desk.parts.services.folders.log
    folder.mkdir(parents=True)
    path = folder / "cloudflared.log"
    lines = [f"2026-11-25T14:0{n}:00.000Z INFO    portway.backends.cloudflared: line {n}" for n in range(9)]
    path.write_text("\n".join(lines) + "\n")
    card = show(desk, window, "running")
    desk.hub.show("cloudflared", log_path=str(path), **STATES["reconnecting"][1])
    window.refresh()
    card = window.tunnels.card("cloudflared")
    click(card.footer.log_button)
    shown = [line.text() for line in card.log._lines if line.isVisible()]
    assert [text.rpartition(" ")[2] for text in shown] == ["3", "4", "5", "6", "7", "8"]
    card.log.whole_asked.emit()
    assert window.page == "log"
