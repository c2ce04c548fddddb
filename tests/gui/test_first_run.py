"""The first page: what it costs, what listens, and a way out of it without exposing anything."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from portway.core.status import Installation
from portway.gui.buttons import LinkButton
from portway.gui.first_run_page import FirstRunPage
from portway.gui.labels import Text
from portway.gui.window import MainWindow
from portway.system.autostart import AutostartState
from tests.gui.conftest import Desk
from tests.gui.hands import click
from tests.gui.states import show_state


@pytest.fixture
def fresh(desk: Desk, qtbot: QtBot) -> Iterator[MainWindow]:
    """The window of somebody who has just installed it."""
    desk.parts.services.app_state.update(answered=[])
    show_state(desk.hub, "token_at_rest")
    show_state(desk.hub, "not_installed")
    window = MainWindow(desk.parts, lambda: True)
    qtbot.addWidget(window)
    window.open()
    yield window
    window.finish()


@pytest.fixture
def page(fresh: MainWindow) -> FirstRunPage:
    page = fresh._pages["first_run"]
    assert isinstance(page, FirstRunPage)
    return page


def test_the_first_opening_shows_it_alone_and_later_ones_do_not(desk: Desk, fresh: MainWindow, qtbot: QtBot) -> None:
    assert fresh.page == "first_run"
    assert not fresh._sidebar.isVisible()
    page = fresh._pages["first_run"]
    assert isinstance(page, FirstRunPage)
    click(page.skip)
    assert fresh.page == "tunnels"
    assert desk.hub.enabled == []
    fresh.leave()
    fresh.open()
    assert fresh.page == "tunnels"


def test_it_says_what_each_way_costs_and_how_long_its_url_lasts(page: FirstRunPage) -> None:
    words = " ".join(text.text() for text in page.findChildren(Text))
    for claim in (
        "Devices on this network only",
        "A new public address each time",
        "Free account",
        "Tailscale account",
    ):
        assert claim in words


def test_what_is_ready_starts_and_what_is_not_is_set_up(page: FirstRunPage) -> None:
    assert {name: button.text() for name, button in page.buttons.items()} == {
        "lan": "Start", "cloudflared": "Start", "ngrok": "Set up…", "tailscale": "Set up…",
    }  # fmt: skip


def test_a_button_is_called_by_what_it_does_now(desk: Desk, page: FirstRunPage) -> None:
    assert page.buttons["tailscale"].accessibleName() == "Set up… Tailscale"
    desk.hub.show("tailscale", installation=Installation())
    page.refresh()
    assert page.buttons["tailscale"].accessibleName() == "Start Tailscale"


def test_the_local_network_starts_at_once_and_the_internet_asks_first(
    desk: Desk, fresh: MainWindow, page: FirstRunPage, qtbot: QtBot
) -> None:
    click(page.buttons["lan"])
    assert [backend for backend, _ in desk.hub.enabled] == ["lan"]
    assert fresh.page == "tunnels"
    fresh.go_to("first_run")
    click(page.buttons["cloudflared"])
    assert len(desk.hub.enabled) == 1
    view = fresh.tunnels.card("cloudflared").view
    assert view is not None
    assert view.callout is not None
    assert "Anyone with the link" in view.callout.sentence


def test_setting_up_begins_with_what_is_missing(
    desk: Desk, fresh: MainWindow, page: FirstRunPage, qtbot: QtBot
) -> None:
    click(page.buttons["ngrok"])
    assert fresh.tunnels.card("ngrok").callout.field.isVisible()
    fresh.go_to("first_run")
    click(page.buttons["tailscale"])
    assert [(backend, name) for backend, name, _ in desk.hub.commands] == [("tailscale", "install")]


def test_a_server_that_listens_is_one_click_away(desk: Desk, page: FirstRunPage, qtbot: QtBot) -> None:
    def links() -> list[LinkButton]:
        return [one for one in page.findChildren(LinkButton) if one.text() == "3000" and one.isVisible()]

    qtbot.waitUntil(lambda: bool(links()))
    click(links()[0])
    assert desk.hub.settings.general.target == "3000"


def test_start_at_login_can_be_chosen_there(desk: Desk, page: FirstRunPage, qtbot: QtBot) -> None:
    page.autostart.click()
    assert desk.autostart.state() is AutostartState.ON
    page.autostart.click()
    assert desk.autostart.state() is AutostartState.OFF
