"""Where a tunnel stands on its page, how much of it is shown there, and that the list may change."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from portway.core.settings import SavedTunnel
from portway.core.status import BackendId, Installation, Phase, Traffic
from portway.gui.cards.card_parts import Shape
from portway.gui.cards.live_card import LiveCard
from portway.gui.window.main_window import MainWindow
from tests.gui.conftest import Desk
from tests.gui.hands import click, press, show, strike

Cards = Callable[[str], LiveCard]

ALL = ("lan", "cloudflared", "ngrok", "tailscale")


def up(desk: Desk, window: MainWindow, *backends: str) -> None:
    for backend in backends:
        traffic = Traffic(requests=4)
        url = f"https://{backend}.example.com"
        desk.hub.show(backend, phase=Phase.RUNNING, wanted=True, public_url=url, traffic=traffic)
    window.refresh()


def order(window: MainWindow) -> list[str]:
    """Return the tunnels from top to bottom."""
    cards = window.tunnels.cards.values()
    shown = [card for card in cards if card.isVisible()]
    return [card.control.backend.id for card in sorted(shown, key=lambda card: card.mapTo(window, card.pos()).y())]


def shapes(window: MainWindow) -> dict[str, Shape]:
    return {identity: card.shape for identity, card in window.tunnels.cards.items()}


def settled(window: MainWindow, qtbot: QtBot, expected: list[str]) -> None:
    qtbot.waitUntil(lambda: order(window) == expected)


def test_what_is_wanted_stands_above_in_the_order_of_people_and_the_rest_is_off(
    desk: Desk, window: MainWindow, qtbot: QtBot
) -> None:
    settled(window, qtbot, list(ALL))
    assert set(shapes(window).values()) == {Shape.OFF}
    up(desk, window, "tailscale", "cloudflared")
    settled(window, qtbot, ["cloudflared", "tailscale", "lan", "ngrok"])
    assert shapes(window)["tailscale"] is Shape.LARGE


@pytest.mark.parametrize("state", ["waiting", "retrying", "error", "quick_origin_down", "reconnecting"])
def test_no_trouble_moves_a_card(desk: Desk, window: MainWindow, qtbot: QtBot, state: str) -> None:
    up(desk, window, "cloudflared", "ngrok")
    show(desk, window, state)
    settled(window, qtbot, ["cloudflared", "ngrok", "lan", "tailscale"])


def test_a_switch_keeps_the_keyboard_while_its_card_moves(desk: Desk, window: MainWindow, qtbot: QtBot) -> None:
    switch = window.tunnels.card("ngrok").switch
    switch.setFocus()
    strike(switch, Qt.Key.Key_Space)
    settled(window, qtbot, ["ngrok", "lan", "cloudflared", "tailscale"])
    assert window.focusWidget() is switch
    strike(switch, Qt.Key.Key_Space)
    settled(window, qtbot, list(ALL))
    assert window.focusWidget() is switch


def test_of_many_the_last_one_is_large_and_a_row_is_opened_in_place(
    desk: Desk, window: MainWindow, qtbot: QtBot
) -> None:
    up(desk, window, "lan", "cloudflared", "ngrok")
    assert list(shapes(window).values()) == [Shape.LARGE, Shape.LARGE, Shape.LARGE, Shape.OFF]
    up(desk, window, "tailscale")
    assert list(shapes(window).values()) == [Shape.ROW, Shape.ROW, Shape.ROW, Shape.LARGE]
    click(window.tunnels.card("cloudflared"))
    assert list(shapes(window).values()) == [Shape.ROW, Shape.LARGE, Shape.ROW, Shape.ROW]
    row = window.tunnels.card("lan")
    row.setFocus()
    strike(row, Qt.Key.Key_Return)
    assert list(shapes(window).values()) == [Shape.LARGE, Shape.ROW, Shape.ROW, Shape.ROW]
    settled(window, qtbot, list(ALL))


def test_a_row_that_has_something_to_say_is_shown_in_full(desk: Desk, window: MainWindow) -> None:
    up(desk, window, *ALL)
    show(desk, window, "origin_down")
    assert shapes(window)["ngrok"] is Shape.LARGE
    assert window.tunnels.card("ngrok").callout.isVisible()


def test_a_row_copies_its_link_and_says_how_much_has_passed(desk: Desk, window: MainWindow) -> None:
    up(desk, window, *ALL)
    card = next(card for card in window.tunnels.cards.values() if card.shape is Shape.ROW)
    click(card.urls.copy_icon)
    assert desk.clipboard.texts == [f"https://{card.control.backend.id}.example.com"]
    assert card.urls.copy_icon._icon == "tick"
    assert card._count.text() == "4"
    assert not card.live.isVisible()


def test_what_is_off_is_folded_where_much_is_on_and_asked_for_it_comes(
    desk: Desk, window: MainWindow, qtbot: QtBot
) -> None:
    backends = desk.hub.backends
    up(desk, window, *ALL)
    desk.hub.have(*backends, backends[1].another("shop"))
    window.refresh()
    heading = window.tunnels.off_head.fold
    assert heading.text() == "Off · 1"
    assert not window.tunnels.cards["shop"].isVisible()
    click(heading)
    assert window.tunnels.cards["shop"].isVisible()


def test_tunnels_come_and_go_without_the_page_being_made_anew(desk: Desk, window: MainWindow, qtbot: QtBot) -> None:
    page, backends = window.tunnels, desk.hub.backends
    kept = page.cards["lan"]
    kept.more.setFocus()
    desk.hub.have(*backends[:2], backends[2].another("api"), backends[1].another("shop"))
    window.refresh()
    settled(window, qtbot, ["api", "shop", "lan", "cloudflared"])  # own ones first
    view = page.cards["shop"].view
    assert view is not None
    assert view.server == "127.0.0.1:20128 by Cloudflare"
    desk.hub.have(*backends[:2], backends[1].another("shop"))
    window.refresh()
    settled(window, qtbot, ["shop", "lan", "cloudflared"])
    assert window.tunnels is page
    assert page.cards["lan"] is kept
    assert window.focusWidget() is kept.more


def test_the_live_line_leads_to_the_requests_of_its_tunnel(desk: Desk, window: MainWindow) -> None:
    up(desk, window, "ngrok")
    asked: list[str] = []
    window._navigation.requests_asked.connect(asked.append)
    live = window.tunnels.card("ngrok").live
    click(live)
    assert asked == ["ngrok"]
    assert live.accessibleName() == "Requests of ngrok"


@pytest.mark.parametrize("width", [360, 470, 620, 880])
@pytest.mark.parametrize("many", [False, True], ids=["three", "four"])
def test_a_window_that_becomes_narrow_makes_every_card_narrow(
    desk: Desk, window: MainWindow, qtbot: QtBot, width: int, *, many: bool
) -> None:
    up(desk, window, *(ALL if many else ALL[:3]))
    show(desk, window, "quick_origin_down")
    page = window.tunnels
    body = page.widget()
    assert body is not None
    window.resize(width, 720)
    qtbot.waitUntil(lambda: window.width() == width and body.width() <= page.viewport().width())
    for card in page.cards.values():
        inside = [one for one in card.findChildren(QWidget) if one.isVisible()]
        assert all(one.mapTo(card, one.rect().topRight()).x() < card.width() for one in inside)


def test_without_a_relay_nothing_is_said_about_what_passes(desk: Desk, window: MainWindow) -> None:
    assert not show(desk, window, "still_up").live.isVisible()


@pytest.mark.parametrize("on", [True, False])
def test_a_card_that_goes_while_it_has_the_keyboard_leaves_that_in_the_window(
    desk: Desk, window: MainWindow, qtbot: QtBot, *, on: bool
) -> None:
    desk.hub.add(SavedTunnel(id="shop", backend=BackendId("cloudflared")))
    if on:
        up(desk, window, "shop")
    window.refresh()
    window.activateWindow()
    window.tunnels.card("shop").more.setFocus()
    desk.hub.remove("shop")
    window.refresh()
    settled(window, qtbot, list(ALL))
    strike(window, Qt.Key.Key_Tab)
    focused = window.focusWidget()
    assert focused is not None
    assert window.isAncestorOf(focused)


def test_one_whose_program_is_not_there_waits_quietly_to_be_set_up(
    desk: Desk, window: MainWindow, qtbot: QtBot
) -> None:
    desk.hub.add(SavedTunnel(id="shop", backend=BackendId("tailscale")))
    desk.hub.show("shop", installation=Installation(installed=False))
    window.refresh()
    settled(window, qtbot, ["shop", *ALL])
    card = window.tunnels.cards["shop"]
    assert card.set_up.isVisible()
    assert not card.switch.isEnabled()
    assert window.tunnels._title.text() == "Nothing is open"
    click(card.set_up)
    assert [(tunnel, name) for tunnel, name, _ in desk.hub.commands] == [("shop", "install")]


def test_what_a_second_one_may_come_to_is_told_before_it_is_tried(desk: Desk, window: MainWindow) -> None:
    desk.hub.cautions["ngrok"] = "A free ngrok account has one address."
    desk.hub.add(SavedTunnel(id="shop", backend=BackendId("ngrok")))
    up(desk, window, "ngrok")
    card = window.tunnels.card("shop")
    click(card.switch)
    assert not desk.hub.enabled
    assert card.view is not None
    assert card.view.callout is not None
    assert card.view.callout.sentence == "A free ngrok account has one address."
    press(card, "Cancel")
    assert not card.callout.isVisible()
    click(card.switch)
    press(card, "Start anyway")
    assert [tunnel for tunnel, _ in desk.hub.enabled] == ["shop"]
    click(card.switch)  # off
    desk.hub.show("ngrok", phase=Phase.STOPPED, wanted=False, public_url=None)
    click(card.switch)
    assert [tunnel for tunnel, _ in desk.hub.enabled] == ["shop", "shop"]


def test_forty_of_ones_own_are_one_list_that_is_scrolled_and_one_of_them_is_found(
    desk: Desk, window: MainWindow, qtbot: QtBot
) -> None:
    many = [f"t{number}" for number in range(40)]
    for name in many:
        desk.hub.add(SavedTunnel(id=name, backend=BackendId("cloudflared")))
    window.refresh()
    settled(window, qtbot, [*reversed(many), *ALL])
    up(desk, window, "t7")
    settled(window, qtbot, ["t7", *(name for name in reversed(many) if name != "t7"), *ALL])
    last = window.tunnels.card("t0")
    qtbot.waitUntil(lambda: last.visibleRegion().boundingRect().height() == last.height())


def test_a_saved_tunnel_has_a_card_with_its_name_also_when_that_changes(
    desk: Desk, window: MainWindow, qtbot: QtBot
) -> None:
    shop = SavedTunnel(id="shop", backend=BackendId("cloudflared"), name="My shop", target="8000")
    desk.hub.add(shop)
    window.refresh()
    settled(window, qtbot, ["shop", "lan", "cloudflared", "ngrok", "tailscale"])
    card = window.tunnels.cards["shop"]
    assert (card.shown_name, card.control.backend.kind) == ("My shop", "cloudflared")
    desk.hub.change(replace(shop, name="Market"))
    window.refresh()
    assert window.tunnels.cards["shop"].shown_name == "Market"
    desk.hub.remove("shop")
    window.refresh()
    settled(window, qtbot, ["lan", "cloudflared", "ngrok", "tailscale"])
