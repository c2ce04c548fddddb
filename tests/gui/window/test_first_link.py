"""The first page from Start on: the link with its code, the first visitor, and what helps where it does not come up."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from portway.core.codes import Code
from portway.core.errors import TunnelError
from portway.core.guard.rules import Guard
from portway.core.status import BackendId, Phase, Traffic
from portway.gui.widgets.buttons import Button, Weight
from portway.gui.window.first_run_page import FirstRunPage
from portway.gui.window.main_window import MainWindow
from portway.gui.window.opened_tunnel import OpenedTunnel
from tests.gui.conftest import Desk
from tests.gui.hands import click, strike
from tests.gui.pseudo import speaking_pseudo
from tests.gui.requests.visits import Visit, pay
from tests.gui.states import NOW, STATES, status_in
from tests.gui.test_accessibility import nameless
from tests.gui.test_nothing_cut_off import cut_off

LAN, CLOUDFLARED = BackendId("lan"), BackendId("cloudflared")
LINK = "http://203.0.113.24:30128"
Start = Callable[..., FirstRunPage]


@pytest.fixture
def fresh(desk: Desk, qtbot: QtBot) -> Iterator[MainWindow]:
    """The window of somebody who has just installed it."""
    desk.dependencies.services.app_state.update(answered=[])
    window = MainWindow(desk.dependencies, lambda: True)
    qtbot.addWidget(window)
    with qtbot.waitExposed(window):
        window.open()
    yield window
    window.finish()


@pytest.fixture
def start(desk: Desk, fresh: MainWindow, qtbot: QtBot) -> Start:
    """Press Start for a way, and let the hub tell what comes of it."""

    def started(way: str = "lan", **status: Any) -> FirstRunPage:  # noqa: ANN401 - any field of a status
        page = fresh.shown_page()
        assert isinstance(page, FirstRunPage)
        qtbot.waitUntil(lambda: page.server.found is not None)
        click(page.ways[BackendId(way)])
        click(page.start)
        if status:
            desk.hub.show(way, **status)
            fresh.refresh()
        return page

    return started


def up(url: str = LINK, **changes: object) -> dict[str, Any]:
    since = datetime.now(UTC) - timedelta(seconds=2)
    return {"phase": Phase.RUNNING, "public_url": url, "since": since, "traffic": Traffic(), **changes}


def in_state(desk: Desk, window: MainWindow, name: str) -> None:
    backend, changes, _ = STATES[name]
    desk.hub.show(backend, **status_in(changes, NOW))
    window.refresh()


def button(view: OpenedTunnel, label: str) -> Button:
    return next(one for one in view.findChildren(Button) if one.text() == label and one.isVisible())


def test_start_stays_and_says_how_far_it_is(desk: Desk, fresh: MainWindow, start: Start) -> None:
    page = start()
    assert [(tunnel, ask.by_person) for tunnel, ask in desk.hub.enabled] == [("lan", True)]
    assert fresh.page == "first_run"
    assert not page.choice.isVisible()
    assert page.opened.headline.text() == "Opening localhost:3000…"
    assert page.opened.detail.text().startswith("Starting")
    assert not page.opened.url.isVisible()
    assert page.opened.accessibleName() == "Opening localhost:3000…"


def test_steps_are_drawn_and_told(desk: Desk, fresh: MainWindow, start: Start) -> None:
    page = start("cloudflared")
    in_state(desk, fresh, "starting")
    assert page.opened.bar.isVisible()
    assert page.opened.bar_text.text().startswith("Step 2 of 3: ")


def test_the_link_is_shown_whole_with_its_code_and_copied(desk: Desk, fresh: MainWindow, start: Start) -> None:
    view = start(**up()).opened
    assert (view.headline.text(), view.detail.text()) == (
        "localhost:3000 is open",
        "Anyone on this network can open it.",
    )
    assert view.url.text() == LINK
    assert (view.tile.width(), view.tile.height()) == (222, 222)
    assert view.scan.text() == "Point your phone's camera at it. Your phone has to be in the same Wi-Fi."
    click(view.copy)
    assert desk.clipboard.texts == [LINK]
    assert view.copy.text() == "Copied"
    click(view.open)
    assert desk.opened == [LINK]
    click(view.tile)
    popover = QApplication.activePopupWidget()
    assert popover is not None
    assert LINK in popover.accessibleName()
    popover.close()


def test_that_it_was_copied_by_itself_is_said_there(desk: Desk, fresh: MainWindow, start: Start) -> None:
    page = start()
    desk.dependencies.clipboard.copy(LINK)  # as the program does, before the window is drawn anew
    desk.hub.show("lan", **up())
    fresh.refresh()
    assert page.opened.copy.text() == "Copied"


def test_the_first_visitor_is_shown_and_stays_the_first_one(desk: Desk, fresh: MainWindow, start: Start) -> None:
    view = start(**up()).opened
    assert (view.visitor_text.text(), view.visitor_more.text()) == ("Waiting for the first visitor", "it is shown here")
    for client, count in (("203.0.113.31", 1), ("203.0.113.32", 2)):
        pay(desk.hub.requests.store, Visit(client=client, tunnel="lan", ago=0))
        desk.hub.show("lan", traffic=Traffic(requests=count, visitors=count))
        fresh.refresh()
        assert view.visitor_text.text() == "Somebody opened it: 203.0.113.31"
        assert not view.visitor_more.isVisible()
    desk.hub.requests.clear("lan")
    fresh.refresh()
    assert view.visitor_text.text() == "Somebody opened it: 203.0.113.31"


@pytest.mark.parametrize(
    ("way", "state", "headline", "label", "came"),
    [
        ("cloudflared", "waiting", "127.0.0.1:20128 is not open yet", "Try now", "enabled"),
        ("cloudflared", "error", "127.0.0.1:20128 is not open", "Try again", "enabled"),
        ("cloudflared", "error", "127.0.0.1:20128 is not open", "Show log", "log"),
        ("cloudflared", "quick_origin_down", "Up, but your server is not", "Choose server…", "choice"),
        ("ngrok", "needs_token", "127.0.0.1:20128 is not open", "Enter token…", "tunnels"),
        ("tailscale", "needs_login", "127.0.0.1:20128 is not open", "Open the log-in page", "opened"),
        ("lan", "lan_port_conflict", "127.0.0.1:20128 is not open", "Use port 30128", "tunnels"),
    ],
)
def test_what_went_wrong_has_its_way_on_there(  # noqa: PLR0917 - one for each column of the table
    desk: Desk, fresh: MainWindow, start: Start, way: str, state: str, headline: str, label: str, came: str
) -> None:
    page = start(way)
    in_state(desk, fresh, state)
    view = page.opened
    assert view.headline.text() == headline
    assert view.callout.isVisible()
    assert view.done.weight is Weight.PLAIN  # what has to be done is the solid one
    before = len(desk.hub.enabled)
    click(button(view, label))
    seen = {
        "enabled": len(desk.hub.enabled) > before and fresh.page == "first_run",
        "log": fresh.page == "log",
        "choice": page.choice.isVisible(),
        "tunnels": fresh.page == "tunnels",
        "opened": bool(desk.opened),
    }
    assert seen[came]


def test_what_needs_the_card_is_begun_at_the_card(desk: Desk, fresh: MainWindow, start: Start) -> None:
    page = start("ngrok")
    in_state(desk, fresh, "needs_token")
    click(button(page.opened, "Enter token…"))
    assert fresh.tunnels.card("ngrok").callout.field.isVisible()


def test_a_start_that_is_refused_is_said(desk: Desk, fresh: MainWindow, start: Start) -> None:
    desk.hub.refusal = TunnelError(Code.BAD_REQUEST, "target_own_port", field="target", port=20129)
    page = start()
    assert page.opened.callout.isVisible()
    click(button(page.opened, "Close"))
    assert page.choice.isVisible()


def test_stop_takes_it_back_and_lets_another_one_be_chosen(desk: Desk, fresh: MainWindow, start: Start) -> None:
    page = start(**up())
    click(page.opened.stop)
    assert desk.hub.disabled == ["lan"]
    assert page.choice.isVisible()
    assert not page.opened.isVisible()
    assert page.start.text() == "Start"
    assert fresh.focusWidget() is page.start


def test_one_that_ended_without_the_person_is_not_said_to_be_open(desk: Desk, fresh: MainWindow, start: Start) -> None:
    page = start(**up())
    desk.hub.disable("lan")  # in the tray
    fresh.refresh()
    assert page.opened.headline.text() == "localhost:3000 is not open any more"
    assert not page.opened.url.isVisible()
    click(button(page.opened, "Choose anew"))
    assert page.choice.isVisible()


def test_done_leads_to_the_cards_and_the_page_does_not_come_back(desk: Desk, fresh: MainWindow, start: Start) -> None:
    page = start(**up())
    assert desk.dependencies.app_state.answered("first_run")
    click(page.opened.done)
    assert fresh.page == "tunnels"


def test_from_the_local_network_it_goes_on_to_the_internet(desk: Desk, fresh: MainWindow, start: Start) -> None:
    page = start(**up())
    assert page.opened.more.text() == "Open to the internet too…"
    click(page.opened.more)
    assert page.ways[CLOUDFLARED].isChecked()
    assert page.words.text() == "Anyone with the link reaches localhost:3000."
    assert page.ways[LAN].note == "on already"
    click(page.start)
    assert [tunnel for tunnel, _ in desk.hub.enabled] == ["lan", "cloudflared"]
    click(page.opened.stop)
    click(page.ways[LAN])
    click(page.start)  # “Show”
    assert page.opened.url.text() == LINK


def test_what_is_public_can_be_protected(desk: Desk, fresh: MainWindow, start: Start) -> None:
    page = start("cloudflared", **up("https://w-x-y-z.trycloudflare.com"))
    assert page.opened.detail.text() == "Anyone with the link can open it."
    click(page.opened.more)
    dialog = QApplication.activeModalWidget()
    assert dialog is not None
    assert dialog.windowTitle() == "Who can open Cloudflare"
    dialog.close()
    desk.hub.show("cloudflared", guard=Guard(password=True))
    fresh.refresh()
    assert not page.opened.more.isVisible()
    assert page.opened.detail.text() == "People with the password can open it."


def test_what_a_second_one_may_come_to_is_asked_at_its_card(desk: Desk, fresh: MainWindow, start: Start) -> None:
    desk.hub.cautions["cloudflared"] = "It has one address."
    desk.hub.add_temporary(CLOUDFLARED)
    desk.hub.show("cloudflared-2", wanted=True)
    start("cloudflared")
    assert fresh.page == "tunnels"
    assert desk.hub.enabled == []


def test_the_keyboard_goes_through_it_from_the_code_to_done(desk: Desk, fresh: MainWindow, start: Start) -> None:
    page = start(**up())
    assert fresh.focusWidget() is page.opened.done  # not Stop, and nothing that was hidden
    fresh.activateWindow()
    page.opened.tile.setFocus(Qt.FocusReason.TabFocusReason)
    seen: list[QWidget | None] = [page.opened.tile]
    while seen[-1] is not page.opened.done:
        strike(fresh.focusWidget(), Qt.Key.Key_Tab)
        assert fresh.focusWidget() not in seen
        seen.append(fresh.focusWidget())
    view = page.opened
    assert seen == [view.tile, view.copy, view.open, view.more, view.autostart, view.stop, view.done]


@pytest.mark.parametrize("state", ["lan_firewall", "waiting", "needs_login", "starting"])
def test_everything_has_a_name(desk: Desk, fresh: MainWindow, start: Start, state: str) -> None:
    page = start(STATES[state][0])
    in_state(desk, fresh, state)
    assert nameless(page) == []
    assert page.opened.accessibleName() == page.opened.headline.text()


@pytest.mark.parametrize("state", ["lan_firewall", "waiting", "needs_login", "starting"])
def test_a_window_that_becomes_narrow_makes_all_of_it_narrow_and_wide_again(
    desk: Desk, fresh: MainWindow, start: Start, qtbot: QtBot, state: str
) -> None:
    before = fresh.shown_page()
    with speaking_pseudo():
        qtbot.waitUntil(lambda: fresh.shown_page() is not before)
        page = start(STATES[state][0])
        in_state(desk, fresh, state)
        for width in (880, 360, 880):
            fresh.resize(width, 720)
            for _ in range(3):  # a text that wraps tells its height late
                QApplication.processEvents()
            body = page.widget()
            assert body is not None
            assert body.width() == page.viewport().width()
            assert list(cut_off(page)) == []
