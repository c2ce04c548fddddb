"""The first page: which server for whom, what it costs and needs, and a way out without exposing anything."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from pytestqt.qtbot import QtBot

from portway.core.status import BackendId, Installation
from portway.gui.navigation import Navigation
from portway.gui.widgets.labels import Text
from portway.gui.widgets.radio import RadioRow
from portway.gui.window.first_run_page import FirstRunPage
from portway.gui.window.main_window import MainWindow
from portway.system.desktop.autostart import AutostartState
from tests.gui.conftest import Desk, Found
from tests.gui.hands import click, write
from tests.gui.states import show_state

LAN = BackendId("lan")


@pytest.fixture
def fresh(desk: Desk, qtbot: QtBot) -> Iterator[MainWindow]:
    """The window of somebody who has just installed it."""
    desk.dependencies.services.app_state.update(answered=[])
    show_state(desk.hub, "token_at_rest")
    show_state(desk.hub, "not_installed")
    window = MainWindow(desk.dependencies, lambda: True)
    qtbot.addWidget(window)
    window.open()
    yield window
    window.finish()


@pytest.fixture
def page(fresh: MainWindow) -> FirstRunPage:
    page = fresh.shown_page()
    assert isinstance(page, FirstRunPage)
    return page


def test_the_first_opening_shows_it_alone_and_later_ones_do_not(desk: Desk, fresh: MainWindow, qtbot: QtBot) -> None:
    assert fresh.page == "first_run"
    assert not fresh._sidebar.isVisible()
    page = fresh.shown_page()
    assert isinstance(page, FirstRunPage)
    click(page.skip)
    assert fresh.page == "tunnels"
    assert desk.hub.enabled == []
    fresh.leave()
    fresh.open()
    assert fresh.page == "tunnels"


def test_it_says_what_each_way_costs_and_what_it_still_needs(page: FirstRunPage) -> None:
    assert {kind: (way.accessibleName(), way.accessibleDescription()) for kind, way in page.ways.items()} == {
        "lan": ("Devices on this network", "No account needed. Devices on this network only."),
        "cloudflared": (
            "Anyone with the link, by Cloudflare",
            "Free, no account. A new public address each time.",
        ),
        "ngrok": (
            "Anyone with the link, by ngrok, needs your token",
            "Free account. The same public address each time.",
        ),
        "tailscale": (
            "Anyone with the link, by Tailscale, not installed",
            "Free Tailscale account. The same public address each time.",
        ),
    }


def test_the_button_says_what_it_does_and_the_bar_what_comes_of_it(page: FirstRunPage, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: page.server.found is not None)
    seen = {}
    for kind, way in page.ways.items():
        click(way)
        seen[kind] = (page.start.accessibleName(), page.words.text())
    assert seen == {
        "lan": ("Start Local network", "Opens localhost:3000 to devices on this network."),
        "cloudflared": ("Start Cloudflare", "Anyone with the link reaches localhost:3000."),
        "ngrok": ("Set up… ngrok", "Leads to what ngrok still needs. Nothing is open before that."),
        "tailscale": ("Set up… Tailscale", "Leads to what Tailscale still needs. Nothing is open before that."),
    }


def test_it_says_what_is_open_already(desk: Desk, page: FirstRunPage) -> None:
    assert page.about.text().endswith("Nothing is open until you press Start.")
    assert not page.exposed.isVisible()
    show_state(desk.hub, "lan_firewall")
    page.refresh()
    assert "Nothing is open" not in page.about.text()
    assert page.exposed.text() == "1 tunnel is up. Everyone on this network can open it."
    assert (page.start.text(), page.words.text()) == ("Show", "Local network is on already.")
    assert page.ways[LAN].note == "on already"
    click(page.start)
    assert desk.hub.enabled == []


def test_what_is_there_by_now_is_ready(desk: Desk, page: FirstRunPage) -> None:
    click(page.ways[BackendId("tailscale")])
    assert page.start.accessibleName() == "Set up… Tailscale"
    desk.hub.show("tailscale", installation=Installation())
    page.refresh()
    assert page.start.accessibleName() == "Start Tailscale"
    assert page.ways[BackendId("tailscale")].note == ""


def test_the_server_that_is_chosen_is_opened_to_the_local_network_at_once(
    desk: Desk, fresh: MainWindow, page: FirstRunPage, qtbot: QtBot
) -> None:
    qtbot.waitUntil(lambda: set(page.server.rows) == {3000, 8080})
    assert page.server.rows[3000].isChecked()
    click(page.server.rows[8080])
    click(page.start)
    assert [(backend, ask.by_person) for backend, ask in desk.hub.enabled] == [("lan", True)]
    assert desk.hub.settings.general.target == "http://localhost:8080"
    assert desk.dependencies.app_state.recent_targets[0] == "http://localhost:8080"
    assert fresh.page == "first_run"  # where its link will be


def test_the_sentence_about_the_internet_stands_beside_the_button_and_is_not_asked_again(
    desk: Desk, fresh: MainWindow, page: FirstRunPage, qtbot: QtBot
) -> None:
    qtbot.waitUntil(lambda: page.server.found is not None)
    click(page.ways[BackendId("cloudflared")])
    assert page.words.text().startswith("Anyone with the link")
    click(page.start)
    assert [backend for backend, _ in desk.hub.enabled] == ["cloudflared"]
    assert desk.dependencies.app_state.answered("internet_exposure")


def test_setting_up_begins_with_what_is_missing(
    desk: Desk, fresh: MainWindow, page: FirstRunPage, qtbot: QtBot
) -> None:
    qtbot.waitUntil(lambda: page.server.found is not None)
    click(page.ways[BackendId("ngrok")])
    click(page.start)
    assert fresh.tunnels.card("ngrok").callout.field.isVisible()
    fresh.go_to("first_run")
    click(page.ways[BackendId("tailscale")])
    click(page.start)
    assert [(backend, name) for backend, name, _ in desk.hub.commands] == [("tailscale", "install")]
    assert not desk.hub.enabled


def test_where_nothing_listens_the_port_is_asked_for_and_the_list_follows(page: FirstRunPage, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: page.server.found is not None)
    page.server.finder.found.emit(())
    assert page.nothing_found.isVisible()
    assert page.server.rows == {}
    assert not page.start.isEnabled()
    assert page.words.text() == "Choose your server, or type its port."
    write(page.server.field, "5173")
    assert page.words.text() == "Opens localhost:5173 to devices on this network."
    assert page.start.isEnabled()
    page.server.finder.found.emit((Found(4000, "node"),))
    assert not page.nothing_found.isVisible()
    assert page.words.text() == "Opens localhost:5173 to devices on this network."  # what was typed stays


def test_a_server_that_is_found_again_keeps_its_row_under_the_pointer(page: FirstRunPage, qtbot: QtBot) -> None:
    node, other, third = Found(3000, "node"), Found(8080, None), Found(5173, "node", "Vite App")

    def find(*found: Found) -> dict[int, RadioRow]:
        page.server.finder.found.emit(found)
        assert list(page.server.rows) == [one.port for one in found]
        return dict(page.server.rows)

    qtbot.waitUntil(lambda: set(page.server.rows) == {3000, 8080})
    click(page.server.rows[8080])
    before = find(node, other)
    after = find(third, other, node)
    assert {port: after[port] is row for port, row in before.items()} == dict.fromkeys(before, True)
    assert after[8080].isChecked()
    titled = find(Found(8080, None, "Shop"), third)
    assert titled[5173] is after[5173]
    assert titled[8080].accessibleName() == "8080, “Shop”"
    assert titled[8080].isChecked()
    find(third)
    assert page.server.other.isChecked()  # nothing is chosen in place of what is gone


def test_a_server_that_the_environment_decides_is_said_and_not_changed(desk: Desk, qtbot: QtBot) -> None:
    desk.hub.settings = replace(desk.hub.settings, locked={"general.target": "PORTWAY_TARGET"})
    page = FirstRunPage(desk.dependencies, Navigation())
    qtbot.addWidget(page)
    page.show()
    assert not page.server.isEnabled()
    assert page.words.text() == "Opens 127.0.0.1:20128 to devices on this network."
    assert "Set by PORTWAY_TARGET in the environment." in [text.text() for text in page.findChildren(Text)]
    page.close()


def test_start_at_login_can_be_chosen_once_something_was_started(desk: Desk, page: FirstRunPage, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: page.server.found is not None)
    assert not page.autostart.isVisible()
    click(page.start)
    page.autostart.click()
    assert desk.autostart.state() is AutostartState.ON
    page.autostart.click()
    assert desk.autostart.state() is AutostartState.OFF
