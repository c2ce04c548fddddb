"""Every control of a card does what it says to hub, clipboard and browser."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QEvent, QPoint, QRect, Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from portway.backends.tailscale.causes import DAEMON_DOWN
from portway.core.codes import Code
from portway.core.errors import Problem, TunnelError, problem_of
from portway.core.hub import EnableRequest, JobDone, JobFailed
from portway.core.status import Installation, Phase, Progress
from portway.gui.cards.callout_box import CalloutBox
from portway.gui.cards.link import Room
from portway.gui.cards.live_card import LiveCard
from portway.gui.dialogs.protection import ProtectionDialog
from portway.gui.model.card_view import Act, Action, Callout
from portway.gui.theme.tone import Tone
from portway.gui.widgets.buttons import Button, CopyButton
from portway.gui.widgets.labels import Text
from portway.gui.window.main_window import MainWindow
from tests.fakes.backends.window import TAILSCALE
from tests.gui.conftest import Desk
from tests.gui.hands import click, press, show, strike
from tests.gui.states import STATES

Cards = Callable[[str], LiveCard]


URL = "https://hooks.example.com"


@pytest.mark.parametrize("name", STATES)
def test_every_state_is_drawn_and_named_for_those_who_listen(desk: Desk, window: MainWindow, name: str) -> None:
    card = show(desk, window, name)
    assert STATES[name][2].lower() in card.accessibleName()
    assert not card.grab().isNull()
    assert card.urls.copy_button.isVisible() is ("public_url" in STATES[name][1])
    assert card.urls.url.isVisible() is card.urls.copy_button.isVisible()


def test_the_switch_wishes_on_and_off_and_shows_the_wish(desk: Desk, card: Cards, qtbot: QtBot) -> None:
    lan = card("lan")
    click(lan.switch)
    assert [(backend, ask.by_person) for backend, ask in desk.hub.enabled] == [("lan", True)]
    assert lan.switch.isChecked()
    strike(lan.switch, Qt.Key.Key_Space)
    assert desk.hub.disabled == ["lan"]
    assert not lan.switch.isChecked()


def test_a_refused_wish_is_said_in_the_card_and_the_switch_stays_off(desk: Desk, card: Cards, qtbot: QtBot) -> None:
    desk.hub.refusal = TunnelError(Code.BAD_REQUEST, "target_own_port", field="target", port=20129)
    click(card("lan").switch)
    assert not card("lan").switch.isChecked()
    assert "20129" in str(card("lan").view)


def test_the_first_internet_exposure_is_agreed_to_once_and_can_be_protected_before(
    desk: Desk, window: MainWindow, card: Cards
) -> None:
    desk.dependencies.services.app_state.update(answered=["first_run"])
    click(card("lan").switch)
    assert len(desk.hub.enabled) == 1
    ngrok = card("ngrok")
    click(ngrok.switch)
    assert len(desk.hub.enabled) == 1
    assert not ngrok.switch.isChecked()
    press(ngrok, "Cancel")
    assert not ngrok.callout.isVisible()
    click(ngrok.switch)
    press(ngrok, "Protect…")
    (dialog,) = window.findChildren(ProtectionDialog)
    assert dialog.windowTitle() == "Who can open ngrok"
    dialog.password.switch.click()
    dialog.accept()
    window.refresh()
    assert len(desk.hub.enabled) == 1  # nothing is open yet
    assert ngrok.view is not None
    assert ngrok.view.callout is not None
    assert ngrok.view.callout.sentence.startswith("Anyone with the link and the password reaches http")
    press(ngrok, "Go public")
    assert desk.hub.enabled[-1][0] == "ngrok"
    click(card("cloudflared").switch)
    assert desk.hub.enabled[-1][0] == "cloudflared"


def test_copy_copies_and_says_so_for_two_seconds(desk: Desk, window: MainWindow, qtbot: QtBot) -> None:
    card = show(desk, window, "running")
    width = card.urls.copy_button.width()
    click(card.urls.copy_button)
    assert desk.clipboard.texts == [URL]
    assert (card.urls.copy_button.text(), card.urls.copy_button.width()) == ("Copied", width)
    said = card.urls.copy_button._said
    assert said.isActive()
    said.timeout.emit()  # two seconds later
    assert card.urls.copy_button.text() == "Copy"


def test_open_and_qr_work_only_while_visitors_get_in(desk: Desk, window: MainWindow, qtbot: QtBot) -> None:
    card = show(desk, window, "running")
    click(card.urls.open_button)
    assert desk.opened == [URL]
    card = show(desk, window, "reconnecting")
    assert not card.urls.open_button.isEnabled()
    assert not card.urls.qr_button.isEnabled()
    click(card.urls.copy_button)
    assert desk.clipboard.texts == ["https://w-x-y-z.trycloudflare.com"]


@pytest.mark.parametrize(
    ("name", "label", "opened", "copied"),
    [
        ("needs_login", "Open the log-in page", ["https://login.tailscale.com/a/0123"], []),
        ("needs_login", "Copy link", [], ["https://login.tailscale.com/a/0123"]),
        ("funnel_not_enabled", "Enable Funnel…", ["https://login.tailscale.com/f/funnel"], []),
        ("lan_firewall", "Copy command", [], ["sudo ufw allow from 203.0.113.0/24 to any port 30128 proto tcp"]),
        ("needs_privileges", "Copy command", [], ["sudo tailscale set --operator=you"]),
    ],
)
def test_pages_open_and_commands_are_copied(  # noqa: PLR0917 - a table
    desk: Desk, window: MainWindow, qtbot: QtBot, name: str, label: str, opened: list[str], copied: list[str]
) -> None:
    press(show(desk, window, name), label)
    assert (desk.opened, desk.clipboard.texts) == (opened, copied)


@pytest.mark.parametrize(("name", "label"), [("waiting", "Try now"), ("error", "Try again")])
def test_trying_again_is_a_new_wish(desk: Desk, window: MainWindow, qtbot: QtBot, name: str, label: str) -> None:
    press(show(desk, window, name), label)
    assert [backend for backend, _ in desk.hub.enabled] == ["cloudflared"]


def test_a_tunnel_that_nobody_wants_can_be_stopped(desk: Desk, window: MainWindow, qtbot: QtBot) -> None:
    press(show(desk, window, "still_up"), "Stop")
    assert desk.hub.disabled == ["tailscale"]


def test_a_running_tunnel_can_switch_to_the_new_target(desk: Desk, window: MainWindow, qtbot: QtBot) -> None:
    press(show(desk, window, "other_target"), "Switch")
    ask = desk.hub.enabled[-1][1]
    assert ask.target is not None
    assert ask.target.url == "http://127.0.0.1:20128"


def test_changing_the_target_leads_to_its_field(desk: Desk, window: MainWindow, qtbot: QtBot) -> None:
    press(show(desk, window, "origin_down"), "Choose server…")
    assert window.focusWidget() in (window.tunnels.target.field, window.tunnels.target.field.lineEdit())


@pytest.mark.parametrize(
    ("name", "port", "line", "options"),
    [
        ("port_conflict", 8443, 'publicPort = "8443"', {"public_port": "8443"}),
        ("lan_port_conflict", 30128, "listenPort = 30128", {"listen_port": 30128}),
    ],
)
def test_a_free_port_is_set_for_good_and_used(  # noqa: PLR0917 - a table
    desk: Desk, window: MainWindow, qtbot: QtBot, name: str, port: int, line: str, options: dict[str, object]
) -> None:
    press(show(desk, window, name), f"Use port {port}")
    assert desk.dependencies.settings_file.path.read_text().count(line) == 1
    backend, ask = desk.hub.enabled[-1]
    assert (backend, ask.options) == (STATES[name][0], options)


def test_a_server_that_refuses_the_public_name_can_be_given_its_own(
    desk: Desk, window: MainWindow, qtbot: QtBot
) -> None:
    show(desk, window, "running")
    told = {"target": "http://127.0.0.1:20128", "host": "x.example"}
    desk.hub.show("ngrok", problem=Problem(Code.HOST_REFUSED, parameters=told))
    window.refresh()
    press(window.tunnels.card("ngrok"), "Send 127.0.0.1:20128")
    assert desk.hub.enabled[-1][1].options == {"host_header": "127.0.0.1:20128"}
    settings = desk.dependencies.settings_file.path
    assert not settings.exists() or "hostHeader" not in settings.read_text()  # another local server has another name


def test_a_service_that_does_not_run_can_be_started(desk: Desk, window: MainWindow, qtbot: QtBot) -> None:
    problem = problem_of(DAEMON_DOWN, command="sudo systemctl start tailscaled")
    retry_at = STATES["waiting"][1]["retry_at"]
    show(desk, window, "not_installed")
    desk.hub.show(
        "tailscale", phase=Phase.STARTING, wanted=True, problem=problem, retry_at=retry_at, installation=Installation()
    )
    window.refresh()
    press(window.tunnels.card("tailscale"), "Start")
    assert desk.hub.commands[-1][:2] == ("tailscale", "start-daemon")


def test_a_command_goes_on_before_a_window_in_another_language(desk: Desk, window: MainWindow, qtbot: QtBot) -> None:
    card = show(desk, window, "not_installed")
    click(card.set_up)
    with qtbot.waitSignal(card.destroyed):
        QGuiApplication.sendEvent(window, QEvent(QEvent.Type.LanguageChange))
    card = window.tunnels.cards["tailscale"]
    desk.hub.end_job(
        "tailscale", "install", JobFailed(Problem(Code.START_TIMEOUT, parameters={"program": "It", "seconds": "9"}))
    )
    assert "9 seconds" in str(card.view)


def test_installing_shows_progress_and_can_be_cancelled(desk: Desk, window: MainWindow, qtbot: QtBot) -> None:
    card = show(desk, window, "not_installed")
    click(card.set_up)
    assert [(backend, name) for backend, name, _ in desk.hub.commands] == [("tailscale", "install")]
    progress = Progress(step="download", message="Downloading", received=18_200_000, total=38_400_000)
    desk.hub.move_job("tailscale", "install", progress)
    assert card.cancel.isVisible()
    click(card.cancel)
    assert desk.hub.jobs["tailscale", "install"].cancelled
    desk.hub.end_job("tailscale", "install", JobFailed(Problem(Code.CANCELLED)))
    assert not card.cancel.isVisible()
    click(card.set_up)
    assert card.cancel.isVisible()


def test_a_login_opens_the_page_that_it_answers(desk: Desk, window: MainWindow, qtbot: QtBot) -> None:
    press(show(desk, window, "login_unasked"), "Log in…")
    desk.hub.end_job("tailscale", "login", JobDone({"auth_url": "https://login.tailscale.com/a/1"}))
    assert desk.opened == ["https://login.tailscale.com/a/1"]


def test_a_command_that_somebody_else_started_is_shown_too(desk: Desk, window: MainWindow, card: Cards) -> None:
    show(desk, window, "not_installed")
    job = desk.hub.command(TAILSCALE, "install", EnableRequest())
    job.tell(Progress(step="download", message="Downloading"))
    window.refresh()
    assert card("tailscale").view is not None
    assert card("tailscale").cancel.isVisible()


@pytest.mark.parametrize(("width", "room"), [(600, Room.ONE_ROW), (500, Room.TWO_LINES), (336, Room.COMPACT)])
def test_a_url_of_200_characters_is_shown_at_every_width_and_copied_whole(
    desk: Desk, window: MainWindow, qtbot: QtBot, width: int, room: Room
) -> None:
    url = f"https://{'a' * 60}.{'b' * 60}.{'c' * 60}.example.com"
    desk.hub.show("ngrok", phase=Phase.RUNNING, wanted=True, public_url=url)
    card = window.tunnels.card("ngrok")
    card.refresh()
    card.setParent(None)
    qtbot.addWidget(card)
    card.resize(width, 300)
    card.show()
    assert Room.of(card.width()) is room
    assert card.width() == width
    copy: CopyButton = card.urls.copy_button
    assert copy.mapTo(card, copy.rect().topRight()).x() < width
    click(copy)
    assert desk.clipboard.texts == [url]


def test_a_card_keeps_the_focus_while_its_state_changes(desk: Desk, window: MainWindow) -> None:
    card = show(desk, window, "waiting")
    button = next(one for one in card.callout.findChildren(Button) if one.isVisible())
    button.setFocus()
    show(desk, window, "error")
    assert card.callout.isAncestorOf(window.focusWidget())


@pytest.mark.parametrize("width", [300, 640, 1000])
def test_a_fingerprint_is_read_whole_however_narrow_the_card_is(qtbot: QtBot, width: int) -> None:
    sentence = "Its key is SHA256:5wsOkTGloiQxoLlwpXqSqEB7rLdXJlFA70Ro90CSC8c. Trust it only if that is right."
    box = CalloutBox()
    qtbot.addWidget(box)
    box.show_callout(Callout(Tone.WARN, sentence, (Action(Act.SHOW_LOG, "Show log"), Action(Act.USE_SETTING, "Trust"))))
    box.set_room(Room.of(width))
    box.resize(width, 300)
    box.show()
    words = next(one for one in box.findChildren(Text) if one.isVisible())
    assert words.text().replace("\u200b", "") == words.accessibleName() == sentence
    room = QRect(0, 0, words.width(), 10_000)
    drawn = words.fontMetrics().boundingRect(room, Qt.TextFlag.TextWordWrap, words.text())
    assert drawn.width() <= words.width() <= width


def test_what_is_not_installed_cannot_be_switched_on(desk: Desk, window: MainWindow, qtbot: QtBot) -> None:
    card = show(desk, window, "not_installed")
    click(card.switch)
    assert not desk.hub.enabled
    desk.hub.show("tailscale", installation=Installation(installed=True))
    window.refresh()
    click(card.switch)
    assert desk.hub.enabled


def test_copied_is_said_by_the_button_whoever_copied(desk: Desk, window: MainWindow, qtbot: QtBot) -> None:
    card = show(desk, window, "running")
    button = card.urls.copy_button
    desk.dependencies.clipboard.copy("something else")
    assert button.text() == "Copy"
    desk.dependencies.clipboard.copy(URL)
    assert button.text() == "Copied"
    qtbot.waitUntil(lambda: button.text() == "Copy")
    other = "https://other.example.com"
    desk.dependencies.clipboard.copy(other)
    desk.hub.show("ngrok", public_url=other)  # its address comes to the card after it was copied
    window.refresh()
    assert button.text() == "Copied"


def test_the_cause_and_its_buttons_stay_where_they_are_while_a_retry_is_at_work(
    desk: Desk, window: MainWindow, qtbot: QtBot
) -> None:
    def seen() -> list[tuple[str, QPoint]]:
        window.refresh()
        assert card.callout.isVisible()
        shown: list[Text | Button] = [*card.callout.findChildren(Text), *card.callout.findChildren(Button)]
        return [(one.text(), one.mapTo(card, QPoint())) for one in shown if one.isVisible()]

    card = show(desk, window, "waiting")
    before = seen()
    assert "Try now" in [text for text, _ in before]
    for state in ("retrying", "waiting", "retrying"):
        show(desk, window, state)
        assert seen() == before
