"""A person's own tunnel gets another name, or goes after one question; others cannot."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from portway.core.codes import Code
from portway.core.errors import TunnelError
from portway.core.guard.rules import Guard
from portway.core.secret import Secret
from portway.core.settings import SavedTunnel
from portway.core.status import BackendId, Phase
from portway.gui.dialogs.own_tunnel import EditDialog
from portway.gui.dialogs.protection import ProtectionDialog
from portway.gui.dialogs.question_box import QuestionBox
from portway.gui.dialogs.streams import StreamsDialog
from portway.gui.widgets.buttons import Button
from portway.gui.window.main_window import MainWindow
from tests.fakes.runtime.hub import up
from tests.gui.cards.test_card_menu import menu_actions
from tests.gui.conftest import Desk
from tests.gui.hands import click, strike, write

Kept = dict[str, object]
SHOP = SavedTunnel(id="shop", backend=BackendId("cloudflared"), target="3000")


@pytest.fixture
def shop(desk: Desk, window: MainWindow) -> SavedTunnel:
    """Let there be one."""
    desk.hub.add(SHOP)
    window.refresh()
    return SHOP


def press_remove(window: MainWindow) -> None:
    box = window.findChild(QuestionBox)
    assert isinstance(box, QuestionBox)
    click(next(one for one in box.findChildren(Button) if one.text() == "Remove"))


@pytest.mark.parametrize(("typed", "kept"), [("My shop", "My shop"), ("shop", "")])
def test_it_gets_another_name_and_keeps_its_word(
    desk: Desk, window: MainWindow, shop: SavedTunnel, typed: str, kept: str
) -> None:
    menu_actions(window.tunnels.card("shop"))["Edit…"].trigger()
    dialog = window.findChild(EditDialog)
    assert isinstance(dialog, EditDialog)
    write(dialog.name, typed)  # in place of what stands there
    click(dialog.save)
    assert desk.hub.saved["shop"].name == kept
    window.refresh()
    assert window.tunnels.cards["shop"].shown_name == typed


@pytest.mark.parametrize(
    ("before", "typed", "kept"),
    [
        ({}, "https://shop.example.com/", {"hostname": "shop.example.com"}),
        ({"hostname": "shop.example.com", "protocol": "quic"}, "", {"protocol": "quic"}),
        ({"hostname": "shop.example.com"}, "app", None),
    ],
)
def test_what_is_its_own_is_set_and_taken_away(
    desk: Desk, window: MainWindow, shop: SavedTunnel, qtbot: QtBot, *, before: Kept, typed: str, kept: Kept | None
) -> None:
    desk.hub.change(replace(shop, options=before))
    dialog = edited(window, qtbot)
    (host,) = dialog.own.values()
    assert host.entry.text() == before.get("hostname", "")
    host.entry.selectAll()
    strike(host.entry, Qt.Key.Key_Delete)
    write(host.entry, typed)
    if kept is None:
        assert "a host name like app.example.com" in host.words.text()
        assert not dialog.save.isEnabled()
        return
    click(dialog.save)
    assert desk.hub.saved["shop"].options == kept


def test_a_name_that_is_too_long_is_told_while_it_is_typed(window: MainWindow, shop: SavedTunnel) -> None:
    strike(window.tunnels.card("shop").switch, Qt.Key.Key_F2)
    dialog = window.findChild(EditDialog)
    assert isinstance(dialog, EditDialog)
    write(dialog.name, "x" * 61)
    assert dialog.name_words.text() == "Use at most 60 characters."
    assert not dialog.save.isEnabled()
    strike(dialog.name, Qt.Key.Key_Backspace)
    assert dialog.save.isEnabled()


def edited(window: MainWindow, qtbot: QtBot) -> EditDialog:
    """Open the dialog, and wait for the servers that listen."""
    strike(window.tunnels.card("shop").switch, Qt.Key.Key_F2)
    dialog = window.findChild(EditDialog)
    assert isinstance(dialog, EditDialog)
    qtbot.waitUntil(lambda: set(dialog.server.rows) == {3000, 8080})
    return dialog


def type_server(dialog: EditDialog, text: str) -> None:
    dialog.server.field.selectAll()
    strike(dialog.server.field, Qt.Key.Key_Delete)
    write(dialog.server.field, text)


@pytest.mark.parametrize(("typed", "kept"), [("5173", "5173"), ("https://shop.test", "https://shop.test"), ("", "")])
def test_it_leads_to_another_server_at_once(
    desk: Desk, window: MainWindow, shop: SavedTunnel, qtbot: QtBot, *, typed: str, kept: str
) -> None:
    desk.hub.show("shop", wanted=True, phase=Phase.STARTING)
    dialog = edited(window, qtbot)
    click(dialog.server.other)
    type_server(dialog, typed)
    click(dialog.save)
    assert desk.hub.saved["shop"] == SavedTunnel(id="shop", backend=SHOP.backend, target=kept)


def test_it_leads_to_one_of_those_that_listen(desk: Desk, window: MainWindow, shop: SavedTunnel, qtbot: QtBot) -> None:
    desk.hub.show("ngrok", wanted=True, phase=Phase.STARTING, target_url="http://127.0.0.1:8080")
    dialog = edited(window, qtbot)
    assert dialog.server.rows[3000].isChecked()  # where it leads now
    assert dialog.server.rows[8080].accessibleName() == "8080, already open as ngrok"
    click(dialog.server.rows[8080])
    click(dialog.save)
    assert desk.hub.saved["shop"].target == "http://localhost:8080"
    assert desk.dependencies.app_state.recent_targets[0] == "http://localhost:8080"


def test_where_it_leads_stays_as_it_was_written_when_only_its_name_changes(
    desk: Desk, window: MainWindow, shop: SavedTunnel, qtbot: QtBot
) -> None:
    desk.hub.show("shop", wanted=True, phase=Phase.STARTING)
    dialog = edited(window, qtbot)
    assert dialog.server.rows[3000].accessibleName() == "3000, node"  # that it leads there itself is no news
    dialog.name.selectAll()
    write(dialog.name, "Market")
    click(dialog.save)
    assert (desk.hub.saved["shop"].name, desk.hub.saved["shop"].target) == ("Market", "3000")


def test_one_that_leads_to_the_default_server_says_which(desk: Desk, window: MainWindow, qtbot: QtBot) -> None:
    desk.hub.add(SavedTunnel(id="shop", backend=BackendId("cloudflared")))
    window.refresh()
    dialog = edited(window, qtbot)
    assert dialog.server.other.isChecked()
    assert (dialog.server.field.text(), dialog.server.field.placeholderText()) == ("", "http://127.0.0.1:20128")
    assert dialog.save.isEnabled()
    click(dialog.save)
    assert desk.hub.saved["shop"].target == ""


@pytest.mark.parametrize("typed", ["nowhere.example", "20129"])
def test_a_server_that_cannot_be_is_told_while_it_is_typed(
    desk: Desk, window: MainWindow, shop: SavedTunnel, qtbot: QtBot, typed: str
) -> None:
    desk.hub.ports = frozenset({20129})
    dialog = edited(window, qtbot)
    click(dialog.server.other)
    type_server(dialog, typed)
    assert dialog.server.refusal.text()
    assert not dialog.save.isEnabled()
    strike(dialog.server.field, Qt.Key.Key_Escape)
    assert (dialog.server.field.text(), dialog.server.refusal.isVisible()) == ("3000", False)
    click(dialog.save)
    assert desk.hub.saved["shop"] == SHOP


def test_one_that_is_off_says_where_it_would_lead(window: MainWindow, shop: SavedTunnel) -> None:
    control = window.tunnels.card("shop").control
    assert control.view().detail == "localhost:3000 by Cloudflare"
    assert window.tunnels.card("cloudflared").control.view().detail.startswith("Public,")


def test_it_goes_after_one_question(desk: Desk, window: MainWindow, shop: SavedTunnel, qtbot: QtBot) -> None:
    strike(window.tunnels.card("shop").switch, Qt.Key.Key_Delete)
    assert not desk.hub.removed
    press_remove(window)
    assert desk.hub.removed == ["shop"]
    qtbot.waitUntil(lambda: "shop" not in window.tunnels.cards)


def test_one_that_was_turned_on_while_it_was_asked_stays(desk: Desk, window: MainWindow, shop: SavedTunnel) -> None:
    strike(window.tunnels.card("shop").switch, Qt.Key.Key_Delete)
    desk.hub.show("shop", wanted=True, phase=Phase.STARTING)
    press_remove(window)
    assert not desk.hub.removed


def test_one_that_is_on_can_be_edited_only_and_a_built_in_one_neither(
    desk: Desk, window: MainWindow, shop: SavedTunnel
) -> None:
    desk.hub.show("shop", wanted=True, phase=Phase.STARTING)
    window.refresh()
    for tunnel, offered in (("shop", ["Edit…"]), ("lan", [])):
        card = window.tunnels.card(tunnel)
        assert [text for text in menu_actions(card) if text in ("Edit…", "Remove…")] == offered
    for tunnel in ("shop", "lan"):
        strike(window.tunnels.card(tunnel).switch, Qt.Key.Key_Delete)
    strike(window.tunnels.card("lan").switch, Qt.Key.Key_F2)
    QApplication.processEvents()
    assert window.findChild(QuestionBox) is None
    assert window.findChild(EditDialog) is None


def duplicate(window: MainWindow, tunnel: str) -> None:
    menu_actions(window.tunnels.card(tunnel))["Duplicate"].trigger()


def test_it_is_there_once_more_off_and_as_it_is_set(desk: Desk, window: MainWindow) -> None:
    desk.hub.add(replace(SHOP, name="My shop", options={"protocol": "quic", "hostname": "a.example.com"}))
    desk.hub.show("shop", wanted=True, **up("shop"))
    window.refresh()
    duplicate(window, "shop")
    assert desk.hub.saved["shop-2"] == replace(SHOP, id="shop-2", name="My shop 2", options={"protocol": "quic"})
    assert not desk.hub.status("shop-2").wanted
    assert (desk.hub.enabled, desk.hub.guarded) == ([], [])
    assert window.focusWidget() is window.tunnels.cards["shop-2"].more
    duplicate(window, "shop-2")
    assert desk.hub.saved["shop-3"].name == "My shop 3"


def test_its_rules_go_with_it_and_a_password_is_a_new_one_that_is_shown(
    desk: Desk, window: MainWindow, shop: SavedTunnel
) -> None:
    desk.vault.secrets["shop", "guard_password"] = Secret("correct horse")
    guard = Guard(password=True, allow=("203.0.113.7",), read_only=True)
    desk.hub.show("shop", guard=guard)
    duplicate(window, "shop")
    assert desk.hub.status("shop-2").guard == guard
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, ProtectionDialog)
    assert dialog.windowTitle() == "Who can open shop 2"
    assert dialog.field.text() not in ("", "correct horse")
    dialog.reject()
    rules, password = (request.change for _tunnel, request in desk.hub.guarded)
    assert rules.secret is None
    assert password.secret is not None


def test_one_without_a_password_asks_nothing(desk: Desk, window: MainWindow, shop: SavedTunnel) -> None:
    desk.hub.show("shop", guard=Guard(read_only=True))
    duplicate(window, "shop")
    assert desk.hub.status("shop-2").guard == Guard(read_only=True)
    assert QApplication.activeModalWidget() is None


def test_a_copy_that_cannot_be_saved_is_said(
    desk: Desk, window: MainWindow, shop: SavedTunnel, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_tunnel: SavedTunnel) -> None:
        raise TunnelError(Code.STORAGE_FAILED, path="settings.toml", reason="the disk is full")

    monkeypatch.setattr(desk.hub, "add", refuse)
    duplicate(window, "shop")
    box = window.findChild(QuestionBox)
    assert isinstance(box, QuestionBox)
    assert "the disk is full" in box.text()
    box.close()


def test_what_is_always_there_is_not_duplicated(window: MainWindow) -> None:
    assert "Duplicate" not in menu_actions(window.tunnels.card("cloudflared"))


@pytest.mark.parametrize("item", ["Who can open it…", "What gets through…", "Remove…"])
def test_what_is_asked_about_one_closes_when_somebody_else_removes_it(
    desk: Desk, window: MainWindow, shop: SavedTunnel, qtbot: QtBot, item: str
) -> None:
    if item != "Remove…":
        desk.hub.show("shop", wanted=True, guard=Guard(allow=("203.0.113.7",)), **up("shop"))
        desk.hub.visited["shop"] = {"203.0.113.7": datetime.now(UTC)}
        window.refresh()
    menu_actions(window.tunnels.card("shop"))[item].trigger()
    assert QApplication.activeModalWidget() is not None or window.findChild(StreamsDialog) is not None
    desk.hub.remove("shop")
    window.refresh()
    kinds = (ProtectionDialog, StreamsDialog, QuestionBox)
    qtbot.waitUntil(lambda: not any(one.isVisible() for kind in kinds for one in window.findChildren(kind)))
    assert desk.hub.removed == ["shop"]


def test_one_that_is_renamed_while_it_has_the_keyboard_leaves_that_in_the_window(
    desk: Desk, window: MainWindow, shop: SavedTunnel
) -> None:
    window.activateWindow()
    window.tunnels.card("shop").more.setFocus()
    desk.hub.change(replace(SHOP, name="Market"))
    window.refresh()
    strike(window, Qt.Key.Key_Tab)
    focused = window.focusWidget()
    assert focused is not None
    assert window.isAncestorOf(focused)
