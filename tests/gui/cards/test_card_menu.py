"""The menu of a card hands its address on, and has what the card has no room for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu

from portway.core.codes import Code
from portway.core.errors import Problem
from portway.core.guard.deadline import Until
from portway.core.guard.reasons import Reason, why
from portway.core.guard.rules import Guard
from portway.core.status import Phase, Proof, Verified
from portway.gui.cards.live_card import LiveCard
from portway.gui.dialogs.protection import ProtectionDialog
from portway.gui.window.main_window import MainWindow
from tests.gui.conftest import Desk
from tests.gui.hands import click, press, show, strike

Cards = Callable[[str], LiveCard]


URL = "https://hooks.example.com"


def _ends(card: LiveCard) -> dict[str, QAction]:
    menu = menu_actions(card)["Stop after"].menu()
    assert isinstance(menu, QMenu)
    return {action.text(): action for action in menu.actions()}


def menu_actions(card: LiveCard) -> dict[str, QAction]:
    card.menu.aboutToShow.emit()
    return {action.text(): action for action in card.menu.actions() if not action.isSeparator()}


def test_the_menu_hands_the_address_on_in_four_forms(desk: Desk, window: MainWindow) -> None:
    card = show(desk, window, "running")
    actions = menu_actions(card)
    for text in ("Copy /v1 address", "Copy as curl command", "Copy line for .env", "Open in browser"):
        actions[text].trigger()
    assert desk.clipboard.texts == [f"{URL}/v1", f"curl {URL}", f"NEXT_PUBLIC_BASE_URL={URL}"]
    assert desk.opened == [URL]
    assert card.view is not None
    assert card.view.callout is not None
    assert "instead of localhost" in card.view.callout.sentence


def test_the_menu_holds_nothing_that_does_nothing(desk: Desk, window: MainWindow) -> None:
    assert list(menu_actions(window.tunnels.card("lan"))) == ["Who can open it…", "Show log", "Settings…"]
    card = show(desk, window, "error")
    actions = menu_actions(card)
    assert "Copy /v1 address" not in actions
    actions["Copy the message"].trigger()
    assert "metrics port" in desk.clipboard.texts[0]
    actions["Settings…"].trigger()
    assert window.page == "cloudflared"


def test_the_menu_leads_to_who_can_open_it(desk: Desk, window: MainWindow) -> None:
    menu_actions(window.tunnels.card("lan"))["Who can open it…"].trigger()
    (dialog,) = window.findChildren(ProtectionDialog)
    assert dialog.windowTitle() == "Who can open Local network"
    dialog.reading.switch.click()
    assert desk.hub.status("lan").guard.read_only
    dialog.done_button.click()
    assert dialog.isHidden()


def test_a_badge_leads_there_by_mouse_and_keyboard_and_keeps_the_focus(desk: Desk, window: MainWindow) -> None:
    card = show(desk, window, "running")
    badge = card.badges.all[0]
    assert badge.accessibleName() == "Anyone with the link: change who can open ngrok"
    badge.setFocus()
    desk.hub.show("ngrok", guard=Guard(read_only=True, paths=("/a&b/*",)))
    window.refresh()
    assert window.focusWidget() is badge
    shown = [one.accessibleName().partition(":")[0] for one in card.badges.all if one.isVisible()]
    assert shown == ["Anyone with the link", "Read only", "Only /a&b/*"]
    ways: tuple[Callable[[], None], ...] = (
        lambda: click(badge),
        lambda: strike(badge, Qt.Key.Key_Return),
        lambda: strike(badge, Qt.Key.Key_Space),
        lambda: QTest.keyClick(card.more, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier),
    )
    for open_it in ways:
        open_it()
        (dialog,) = (one for one in window.findChildren(ProtectionDialog) if one.isVisible())
        assert dialog.windowTitle() == "Who can open ngrok"
        dialog.reject()


def test_a_look_from_outside_is_asked_about_once_and_told(desk: Desk, window: MainWindow) -> None:
    card = show(desk, window, "running")
    menu_actions(card)["Check from outside now"].trigger()
    assert card.view is not None
    assert card.view.callout is not None
    assert "the name of this link" in card.view.callout.sentence
    assert desk.hub.status("ngrok").verified.state is Proof.OFF  # nobody was asked yet
    press(card, "Cancel")
    menu_actions(card)["Check from outside now"].trigger()
    press(card, "Check")
    assert not card.callout.isVisible()
    assert desk.hub.status("ngrok").verified.state is Proof.OK
    desk.hub.show("ngrok", verified=Verified())  # a second time nobody is asked
    menu_actions(card)["Check from outside now"].trigger()
    assert desk.hub.status("ngrok").verified.state is Proof.OK
    desk.hub.show("ngrok", verified=Verified(state=Proof.PENDING))
    assert "Check from outside now" not in menu_actions(card)
    assert "Check from outside now" not in menu_actions(show(desk, window, "lan_firewall"))


def test_why_it_is_not_there_from_outside_is_said_after_a_look(desk: Desk, window: MainWindow) -> None:
    card = show(desk, window, "running")
    desk.dependencies.app_state.remember_answer("outside_check")
    found = Verified(state=Proof.FAILED, at=datetime.now(UTC), reason=why(Reason.SOMEBODY_ELSE, status=404))
    desk.hub.found_outside = found
    menu_actions(card)["Check from outside now"].trigger()
    assert card.view is not None
    assert card.view.callout is not None
    assert card.view.callout.sentence.endswith("do not get in: somebody else answers there, with 404.")
    assert "not there from outside" in card.view.detail


def test_why_it_was_not_there_from_outside_stays_said_until_a_look_finds_it(desk: Desk, window: MainWindow) -> None:
    card = show(desk, window, "running")
    desk.dependencies.app_state.remember_answer("outside_check")
    found = Verified(state=Proof.FAILED, at=datetime.now(UTC), reason=why(Reason.NGROK, code="ERR_1"))
    desk.hub.show("ngrok", verified=found)
    window.refresh()
    assert card.view is not None
    assert card.view.callout is not None
    assert card.view.callout.sentence.endswith("do not get in: ngrok answers ERR_1: the tunnel is not there.")
    press(card, "Check again")  # and it is there
    assert desk.hub.status("ngrok").verified.state is Proof.OK
    assert card.view.callout is None


def test_its_end_is_chosen_in_the_menu_while_there_is_one_to_come(desk: Desk, window: MainWindow) -> None:
    assert "Stop after" not in menu_actions(window.tunnels.card("ngrok"))
    card = show(desk, window, "running")
    for text, ends in (("15 min", 900.0), ("8 h", 28_800.0), ("Until I log out", Until.LOGOUT)):
        _ends(card)[text].trigger()
        tunnel, request = desk.hub.guarded[-1]
        assert (tunnel, request.ends, request.expires_in) == ("ngrok", True, ends)
        assert not request.change.rules
    assert "Never" not in _ends(card)
    desk.hub.show("ngrok", until_logout=True)
    _ends(card)["Never"].trigger()
    assert desk.hub.guarded[-1][1].expires_in is None


def test_an_end_that_cannot_be_kept_is_said(desk: Desk, window: MainWindow) -> None:
    card = show(desk, window, "running")
    desk.hub.guard_problem = Problem(Code.STORAGE_FAILED, parameters={"path": "settings.toml", "reason": "full"})
    _ends(card)["1 h"].trigger()
    assert card.view is not None
    assert card.view.callout is not None
    assert "settings.toml" in card.view.callout.sentence


def test_one_whose_time_was_over_says_so_and_is_given_an_hour_more(desk: Desk, window: MainWindow) -> None:
    over = Problem(Code.EXPIRED, "summary", {"requests": "37", "visitors": "3", "refused": "9"})
    desk.hub.show("ngrok", phase=Phase.STOPPED, problem=over, since=datetime(2026, 11, 12, 14, 52, tzinfo=UTC))
    window.refresh()
    card = window.tunnels.card("ngrok")
    assert card.view is not None
    assert card.view.callout is not None
    assert card.view.detail.startswith("stopped by itself at ")
    assert "Requests: 37, visitors: 3, kept out: 9." in card.view.callout.sentence
    press(card, "1 h more")
    assert [(name, ask.expires_in) for name, ask in desk.hub.enabled] == [("ngrok", 3600.0)]


def test_what_a_card_has_no_room_for_is_in_its_menu(desk: Desk, window: MainWindow) -> None:
    desk.dependencies.settings_file.set("general.showApiUrl", value=False)
    desk.hub.reload()
    assert "Copy /v1 address" not in menu_actions(show(desk, window, "running"))
    menu_actions(window.tunnels.card("ngrok"))["Show log"].trigger()
    assert window.page == "log"
    window.go_to("tunnels")
    menu_actions(show(desk, window, "not_installed"))["What is it?"].trigger()
    assert desk.opened == ["https://tailscale.com/kb/1223/funnel"]


def test_the_requests_of_one_tunnel_are_recorded_or_not_as_long_as_it_is_on(desk: Desk, window: MainWindow) -> None:
    assert "Record requests" not in menu_actions(window.tunnels.card("lan"))
    for on in (False, True):
        show(desk, window, "running")
        desk.hub.show("ngrok", inspect=on)
        action = menu_actions(window.tunnels.card("ngrok"))["Record requests"]
        assert action.isChecked() is on
        action.trigger()
        backend, ask = desk.hub.enabled[-1]
        assert (backend, ask.inspect, ask.lasting, ask.by_person) == ("ngrok", not on, False, False)
