"""The dialog that says who can open a tunnel: it shows what holds, and what is changed in it holds at once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from portway.core.codes import Code
from portway.core.errors import Problem, TunnelError
from portway.core.guard.deadline import Until
from portway.core.guard.rules import SHUT, Guard, note_of, plain_network
from portway.core.hub import KeptOut
from portway.core.status import Reach
from portway.gui.dialogs.protection import ProtectionDialog
from portway.gui.i18n.language import use_language
from portway.gui.model.guard_sentence import guard_sentence
from tests.fakes.runtime.hub import up
from tests.gui.conftest import Desk
from tests.gui.pseudo import speaking_pseudo
from tests.gui.test_nothing_cut_off import cut_off

TUNNEL = "cloudflared"


@pytest.fixture
def dialog(desk: Desk, qtbot: QtBot) -> Iterator[ProtectionDialog]:
    dialog = ProtectionDialog(TUNNEL, "Cloudflare", desk.dependencies)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)
    qtbot.addWidget(dialog)
    dialog.show()
    yield dialog
    dialog.reject()


def _type(field: QLineEdit, text: str) -> None:
    field.setFocus()
    field.insert(text)
    field.editingFinished.emit()


def _asked(desk: Desk) -> dict[str, Any]:
    """Return what was asked last; of addresses without what is noted of them."""
    tunnel, request = desk.hub.guarded[-1]
    assert tunnel == TUNNEL
    rules = dict(request.change.rules)
    return {**rules, **{name: tuple(map(plain_network, rules[name])) for name in {"allow", "deny"} & rules.keys()}}


def test_it_opens_with_one_sentence_made_of_all_rules(desk: Desk, dialog: ProtectionDialog) -> None:
    assert dialog.summary.text() == "Anyone with the link can open it."
    at = datetime(2026, 11, 12, 14, 52, tzinfo=UTC)
    guard = Guard(password=True, allow=("203.0.113.7", "198.51.100.0/24"), open=("POST /webhooks/*",))
    desk.hub.show(TUNNEL, guard=guard, expires_at=at)
    assert dialog.summary.text() == (
        "People with the password can open it, from 2 addresses. "
        f"It stops at {at.astimezone():%H:%M}. POST /webhooks/* needs no password."
    )


@pytest.mark.parametrize(
    ("guard", "sentence"),
    [
        (Guard(), "Anyone on this network can open it."),
        (Guard(allow=("203.0.113.7",)), "Only 203.0.113.7 can open it."),
        (Guard(read_only=True), "Anyone on this network can open it. They can only look."),
        (Guard(password=True, paths=("/a",)), "People with the password can open it. Only /a is open."),
        (
            Guard(paths=("/a", "/b"), read_only=True),
            "Anyone on this network can open it. They can only look, and only at /a, /b.",
        ),
    ],
)
def test_the_sentence_tells_each_rule(desk: Desk, guard: Guard, sentence: str) -> None:
    assert guard_sentence(desk.hub.show("lan", guard=guard, reach=Reach.NETWORK)) == sentence


class TestPassword:
    def test_turned_on_it_is_made_hidden_and_can_be_shown_and_copied(
        self, desk: Desk, dialog: ProtectionDialog, qtbot: QtBot
    ) -> None:
        dialog.password.switch.click()
        change = desk.hub.guarded[-1][1].change
        assert change.secret is not None
        assert dialog.field.text() == change.secret.reveal()
        assert dialog.field.echoMode() is QLineEdit.EchoMode.Password
        dialog.eye.click()
        assert dialog.field.echoMode() is QLineEdit.EchoMode.Normal
        dialog.copy.click()
        assert desk.clipboard.texts[-1] == change.secret.reveal()

    def test_another_one_takes_its_place(self, desk: Desk, dialog: ProtectionDialog) -> None:
        dialog.password.switch.click()
        first = dialog.field.text()
        dialog.renew.click()
        assert dialog.field.text() not in ("", first)
        assert len(desk.hub.guarded) == 2

    def test_turned_off_nothing_of_it_is_left(self, desk: Desk, dialog: ProtectionDialog) -> None:
        dialog.password.switch.click()
        dialog.password.switch.click()
        assert _asked(desk) == {"password": False}
        assert dialog.field.text() == ""
        assert not dialog.field.isVisible()

    def test_a_link_for_one_device_is_copied(self, desk: Desk, dialog: ProtectionDialog) -> None:
        desk.hub.show(TUNNEL, wanted=True, guard=Guard(password=True), **up(TUNNEL))
        desk.hub.link = "https://x.example/.portway/in?t=abc"
        dialog.link.click()
        assert desk.clipboard.texts[-1] == desk.hub.link

    def test_its_code_is_seen_while_it_lets_somebody_in_and_another_one_once_it_is_used(
        self, desk: Desk, dialog: ProtectionDialog
    ) -> None:
        assert not dialog.code.isVisible()
        desk.hub.link = first = "https://x.example/.portway/in?t=abc"
        desk.hub.show(TUNNEL, wanted=True, guard=Guard(password=True), **up(TUNNEL))
        assert (dialog.code.link, dialog.code.isVisible()) == (first, True)
        desk.hub.link = second = "https://x.example/.portway/in?t=def"  # as the first one was used
        desk.hub.show(TUNNEL)
        assert dialog.code.link == second
        dialog.code.tile.click()
        popover = QApplication.activePopupWidget()
        assert popover is not None
        assert second in popover.accessibleName()
        popover.close()
        desk.hub.show(TUNNEL, guard=Guard())
        assert not dialog.code.isVisible()

    def test_that_no_keyring_keeps_it_is_said(self, desk: Desk, dialog: ProtectionDialog) -> None:
        desk.hub.guard_problem = Problem(Code.NO_SECURE_STORAGE)
        dialog.password.switch.click()
        assert "kept until Portway ends" in dialog.trouble.text()


class TestLists:
    def test_addresses_hold_as_soon_as_they_are_typed(self, desk: Desk, dialog: ProtectionDialog) -> None:
        dialog.addresses.switch.click()
        assert desk.hub.guarded == []
        _type(dialog.allow, "203.0.113.7, 198.51.100.0/24")
        assert _asked(desk) == {"allow": ("203.0.113.7", "198.51.100.0/24")}
        assert dialog.addresses.switch.isChecked()
        dialog.addresses.switch.click()
        assert _asked(desk) == {"allow": ()}

    def test_what_is_no_address_changes_nothing_and_is_said(
        self, desk: Desk, dialog: ProtectionDialog, qtbot: QtBot
    ) -> None:
        dialog.addresses.switch.click()
        _type(dialog.allow, "everybody")
        assert desk.hub.guarded == []
        assert dialog.trouble.text().startswith("Only these addresses: write an address")
        assert dialog.allow.text() == "everybody"  # there to be mended

    def test_addresses_are_added_to_those_that_may_come_and_taken_from_them(
        self, desk: Desk, dialog: ProtectionDialog
    ) -> None:
        desk.hub.show(TUNNEL, guard=Guard(allow=("203.0.113.7",)))
        _type(dialog.allow, "198.51.100.0/24")
        assert _asked(desk) == {"allow": ("203.0.113.7", "198.51.100.0/24")}
        assert dialog.allow.text() == ""
        names = [row.button.accessibleName() for row in dialog.addresses.list.rows.values()]
        assert names == ["Remove 203.0.113.7", "Remove 198.51.100.0/24"]
        dialog.addresses.list.rows["203.0.113.7", False].button.click()
        assert _asked(desk) == {"allow": ("198.51.100.0/24",)}
        dialog.addresses.list.rows["198.51.100.0/24", False].button.click()
        assert _asked(desk) == {"allow": ()}

    @pytest.mark.parametrize("typed", ["198.51.100.0/24 Office", "198.51.100.0/24 # Office", "198.51.100.0/24  Office"])
    def test_whose_an_address_is_and_since_when_it_may_come_is_kept_beside_it(
        self, desk: Desk, dialog: ProtectionDialog, typed: str
    ) -> None:
        desk.hub.show(TUNNEL, guard=Guard(allow=("203.0.113.7 # Home",)))
        row = dialog.addresses.list.rows["203.0.113.7", False]
        assert row.words.text() == "Home"
        _type(dialog.allow, typed)
        first, second = desk.hub.status(TUNNEL).guard.allow
        assert first == "203.0.113.7 # Home"  # it keeps its own
        assert plain_network(second) == "198.51.100.0/24"
        assert re.fullmatch(r"Office [0-9]{4}-[0-9]{2}-[0-9]{2}", note_of(second))
        new = dialog.addresses.list.rows["198.51.100.0/24", False]
        assert new.words.text().startswith("Office, added ")
        assert new.button.accessibleDescription() == new.words.text()
        assert dialog.summary.text() == "Only 2 addresses can open it."

    def test_when_somebody_came_last_from_an_address_is_said_and_grows_older(
        self, desk: Desk, dialog: ProtectionDialog, qtbot: QtBot
    ) -> None:
        desk.hub.show(TUNNEL, guard=Guard(allow=("203.0.113.7",)))
        row = dialog.addresses.list.rows["203.0.113.7", False]
        assert row.words.text() == ""
        assert not dialog._clock.isActive()
        desk.hub.visited[TUNNEL] = {"203.0.113.7": datetime.now(UTC) - timedelta(minutes=2, seconds=1)}
        desk.hub.show(TUNNEL)
        assert row.words.text() == "visited 2 min ago"
        desk.hub.visited[TUNNEL] = {"203.0.113.7": datetime.now(UTC) - timedelta(minutes=7, seconds=1)}
        qtbot.waitUntil(lambda: row.words.text() == "visited 7 min ago")  # by its own clock
        dialog.reject()
        assert not dialog._clock.isActive()

    def test_who_was_kept_out_stands_in_the_list_and_is_let_in_by_a_click(
        self, desk: Desk, dialog: ProtectionDialog
    ) -> None:
        at = datetime.now(UTC)
        desk.hub.kept[TUNNEL] = (
            KeptOut(address="192.0.2.44", at=at, rule="address", path="/v1/models"),
            KeptOut(address="192.0.2.45", at=at, rule="address", path="/"),
        )
        desk.hub.show(TUNNEL, guard=Guard(allow=("203.0.113.7",)))
        row = dialog.addresses.list.rows["192.0.2.44", True]
        assert row.words.text().endswith("asked for /v1/models")
        assert row.button.accessibleName() == "Allow 192.0.2.44"
        assert not dialog.kept_out.isVisible()
        desk.hub.kept[TUNNEL] = (
            KeptOut(address="192.0.2.44", at=at, rule="address", path="/", times=2),
            *desk.hub.kept[TUNNEL][1:],
        )
        desk.hub.show(TUNNEL)
        assert dialog.addresses.list.rows["192.0.2.44", True] is row  # a press on it is never lost
        assert row.words.text().endswith("2 times, asked for /")
        row.button.click()
        assert _asked(desk) == {"allow": ("203.0.113.7", "192.0.2.44")}
        assert ("192.0.2.44", True) not in dialog.addresses.list.rows
        assert ("192.0.2.44", False) in dialog.addresses.list.rows

    def test_who_was_kept_out_by_another_rule_is_told_below_with_the_reason(
        self, desk: Desk, dialog: ProtectionDialog
    ) -> None:
        desk.hub.kept[TUNNEL] = (KeptOut(address="192.0.2.44", at=datetime.now(UTC), rule="tries", path="/"),)
        desk.hub.show(TUNNEL, guard=Guard(password=True))
        assert dialog.kept_out.isVisible()
        row = dialog.kept_out.list.rows["192.0.2.44", True]
        assert "too many wrong passwords" in row.words.text()
        assert not row.button.isVisible()
        desk.hub.kept[TUNNEL] = ()
        desk.hub.show(TUNNEL)
        assert not dialog.kept_out.isVisible()

    def test_paths_and_exceptions(self, desk: Desk, dialog: ProtectionDialog) -> None:
        dialog.some_paths.switch.click()
        _type(dialog.paths, "/webhooks/*")
        assert _asked(desk) == {"paths": ("/webhooks/*",)}
        desk.hub.show(TUNNEL, guard=Guard(password=True))
        _type(dialog.exceptions, "POST /hook")
        assert _asked(desk) == {"open": ("POST /hook",)}

    def test_reading_alone(self, desk: Desk, dialog: ProtectionDialog) -> None:
        dialog.reading.switch.click()
        assert _asked(desk) == {"read_only": True}


class TestMore:
    def test_the_rare_rules_are_seen_once_they_are_asked_for(self, desk: Desk, dialog: ProtectionDialog) -> None:
        assert not dialog.others.isVisible()
        assert not dialog.pace.isVisible()
        dialog.more.click()
        assert dialog.others.isVisible()
        assert dialog.pace.isVisible()
        assert not dialog.more.isVisible()
        assert dialog.focusWidget() is dialog.others.switch
        dialog.others.switch.click()
        _type(dialog.deny, "192.0.2.44")
        assert _asked(desk) == {"deny": ("192.0.2.44",)}
        assert dialog.summary.text().endswith("1 address is kept out.")

    def test_a_rate_is_a_whole_number_and_goes_with_its_switch(self, desk: Desk, dialog: ProtectionDialog) -> None:
        dialog.more.click()
        dialog.pace.switch.click()
        _type(dialog.rate, "often")
        assert desk.hub.guarded == []
        assert dialog.trouble.text().startswith("Not too often: a whole number")
        dialog.rate.clear()
        _type(dialog.rate, "60")
        assert _asked(desk) == {"rate_limit": 60}
        assert dialog.summary.text().endswith("At most 60 requests a minute each.")
        assert dialog.trouble.text() == ""
        dialog.pace.switch.click()
        assert _asked(desk) == {"rate_limit": None}

    def test_they_are_seen_where_they_hold(self, desk: Desk, dialog: ProtectionDialog) -> None:
        desk.hub.show(TUNNEL, guard=SHUT)
        assert dialog.deny.isVisible()
        assert dialog.summary.text() == "Nobody can open it."


class TestHost:
    @pytest.fixture
    def choice(self, desk: Desk, qtbot: QtBot) -> Iterator[QComboBox]:
        desk.hub.show("ngrok", wanted=True, target_url="http://localhost:3000", **up("ngrok"))
        dialog = ProtectionDialog("ngrok", "ngrok", desk.dependencies)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)
        qtbot.addWidget(dialog)
        dialog.show()
        assert dialog.host is not None
        yield dialog.host.choice
        dialog.reject()

    def test_the_server_can_be_asked_under_its_own_name(self, desk: Desk, choice: QComboBox) -> None:
        texts = [choice.itemText(at) for at in range(choice.count())]
        assert texts == ["As the visitor sent it", "Its own: localhost:3000"]
        assert choice.currentIndex() == 0
        choice.setFocus()
        QTest.keyClick(choice, Qt.Key.Key_Down)
        tunnel, request = desk.hub.enabled[-1]
        assert (tunnel, dict(request.options), request.lasting) == ("ngrok", {"host_header": "localhost:3000"}, False)
        desk.hub.show("ngrok", wanted=False)
        assert not choice.isEnabled()

    def test_another_name_that_holds_is_shown(self, desk: Desk, choice: QComboBox) -> None:
        desk.hub.show("ngrok", host="shop.test")
        assert choice.currentText() == "shop.test"
        desk.hub.show("ngrok", host=None)
        assert choice.currentText() == "As the visitor sent it"
        assert choice.count() == 2

    def test_what_is_refused_is_said(self, desk: Desk, choice: QComboBox) -> None:
        desk.hub.refusal = TunnelError(Code.BAD_REQUEST, "target_own_port", field="target", port=20129)
        choice.activated.emit(0)
        dialog = choice.window()
        assert isinstance(dialog, ProtectionDialog)
        assert "20129" in dialog.trouble.text()

    def test_a_way_out_that_has_no_such_choice_has_no_row(self, desk: Desk, qtbot: QtBot) -> None:
        dialog = ProtectionDialog("tailscale", "Tailscale", desk.dependencies)
        qtbot.addWidget(dialog)
        assert dialog.host is None


class TestEnd:
    def test_a_time_is_chosen_and_put_off(self, desk: Desk, dialog: ProtectionDialog) -> None:
        assert not dialog.times.isEnabled()
        desk.hub.show(TUNNEL, wanted=True, **up(TUNNEL))
        dialog.times.buttons["3600"].click()
        request = desk.hub.guarded[-1][1]
        assert (request.ends, request.expires_in) == (True, 3600.0)
        desk.hub.show(TUNNEL, expires_at=datetime.now(UTC))
        dialog.longer.click()
        assert desk.hub.extended == [(TUNNEL, 3600.0)]
        dialog.times.buttons["never"].click()
        assert desk.hub.guarded[-1][1].expires_in is None

    def test_it_may_be_the_end_of_the_log_in(self, desk: Desk, dialog: ProtectionDialog) -> None:
        desk.hub.show(TUNNEL, wanted=True, **up(TUNNEL))
        dialog.times.buttons["logout"].click()
        request = desk.hub.guarded[-1][1]
        assert (request.ends, request.expires_in) == (True, Until.LOGOUT)
        desk.hub.show(TUNNEL, until_logout=True)
        assert dialog.times.value == "logout"
        assert not dialog.longer.isVisible()
        assert dialog.end.text.text().startswith("Stops when you log out")
        assert dialog.summary.text().endswith("It stops when you log out.")


def test_it_follows_what_is_changed_elsewhere_until_it_is_closed(desk: Desk, dialog: ProtectionDialog) -> None:
    desk.hub.show(TUNNEL, guard=Guard(read_only=True))
    assert dialog.reading.switch.isChecked()
    dialog.accept()
    desk.hub.show(TUNNEL, guard=Guard())
    assert dialog.reading.switch.isChecked()


class TestHeight:
    @pytest.mark.parametrize("language", ["en", "de"])
    def test_over_a_low_window_it_is_lower_and_its_rows_scroll(self, desk: Desk, qtbot: QtBot, language: str) -> None:
        use_language(language)
        desk.hub.show(TUNNEL, guard=Guard(password=True, allow=("203.0.113.7",), paths=("/a",)))
        window = QWidget()
        qtbot.addWidget(window)
        window.resize(720, 420)
        dialog = ProtectionDialog(TUNNEL, "Cloudflare", desk.dependencies, window)
        dialog.show()
        settled = dialog.rows.verticalScrollBar()
        qtbot.waitUntil(lambda: settled.maximum() > 0)
        assert dialog.height() <= 420 - 48
        qtbot.waitUntil(lambda: not list(cut_off(dialog)))
        assert dialog.visibleRegion().contains(dialog.done_button.geometry())
        dialog.times.buttons["never"].setFocus()
        dialog.rows.ensureWidgetVisible(dialog.times)
        assert dialog.times.visibleRegion().boundingRect() == dialog.times.rect()
        window.resize(720, 1000)
        desk.hub.show(TUNNEL, guard=Guard(read_only=True))
        qtbot.waitUntil(lambda: settled.maximum() == 0)
        dialog.reject()

    @pytest.mark.parametrize("language", ["en", "de", "pseudo"])
    def test_with_every_rule_nothing_is_cut_off(self, desk: Desk, qtbot: QtBot, language: str) -> None:
        rules = Guard(password=True, allow=("203.0.113.7",), deny=("203.0.113.9",), paths=("/a",), rate_limit=60)
        desk.hub.link = "https://quiet-river-lamp-field.trycloudflare.com/.portway/in?t=q6Jc0fVhG2t8mZ1yXw3kLA"
        desk.hub.show(TUNNEL, wanted=True, guard=rules, **up(TUNNEL))
        use_language("en" if language == "pseudo" else language)
        with speaking_pseudo() if language == "pseudo" else nullcontext():
            dialog = ProtectionDialog(TUNNEL, "Cloudflare", desk.dependencies)
            qtbot.addWidget(dialog)
            dialog.show()
            qtbot.waitUntil(lambda: not list(cut_off(dialog)))
            assert dialog.code.isVisible()
            for part in (dialog.renew, dialog.code.tile, dialog.pace.switch):
                right = part.mapTo(dialog, part.rect().bottomRight()).x()
                assert right < dialog.width() - 24
            dialog.reject()

    def test_it_is_as_high_as_what_is_on(self, desk: Desk, dialog: ProtectionDialog, qtbot: QtBot) -> None:
        low = dialog.height()
        desk.hub.show(TUNNEL, guard=Guard(allow=("203.0.113.7",)))
        qtbot.waitUntil(lambda: dialog.height() > low)
        desk.hub.show(TUNNEL, guard=Guard())
        qtbot.waitUntil(lambda: dialog.height() == low)
