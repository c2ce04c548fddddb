"""Cards that a person puts elsewhere: by the menu, by keys, by dragging; it lasts, and moves nothing else."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from portway.core.settings import SavedTunnel
from portway.core.status import BackendId
from portway.gui.cards.live_card import LiveCard
from portway.gui.window.main_window import MainWindow
from tests.fakes.runtime.hub import up
from tests.gui.cards.test_tunnel_list import ALL, order, settled
from tests.gui.conftest import Desk
from tests.gui.hands import activate

OWN = ("third", "second", "first")  # the newest on top
LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


@pytest.fixture
def moved(desk: Desk, window: MainWindow, qtbot: QtBot) -> MainWindow:
    """Return a window with three tunnels of the person's own, which are off."""
    for name in reversed(OWN):
        desk.hub.add(SavedTunnel(id=name, backend=BackendId("cloudflared")))
    window.refresh()
    settled(window, qtbot, [*OWN, *ALL])
    return window


def press_alt(window: MainWindow, name: str, key: Qt.Key) -> None:
    """Press a key with Alt where the keyboard is on the menu button of a card."""
    more = window.tunnels.card(name).more
    activate(window)
    more.setFocus()
    QTest.keyClick(more, key, Qt.KeyboardModifier.AltModifier)


def menu_of(window: MainWindow, name: str) -> dict[str, QAction]:
    menu = window.tunnels.card(name).menu
    menu.aboutToShow.emit()
    return {action.text(): action for action in menu.actions()}


def gap_of(window: MainWindow) -> int | None:
    """Return where the line is that shows where a card will stand."""
    return window.tunnels._list._gap


def take(card: LiveCard) -> None:
    """Take it by its ground."""
    QTest.mousePress(card, LEFT, NONE, QPoint(4, card.height() // 2))


def lead(card: LiveCard, target: LiveCard, *, share: float) -> QPoint:
    """Lead a card that was taken to a height of another one, a share of it from its top; return where that is."""
    place = card.mapFromGlobal(target.mapToGlobal(QPoint(4, round(target.height() * share))))
    QTest.mouseMove(card, place)
    return place


def let_go(card: LiveCard, place: QPoint) -> None:
    QTest.mouseRelease(card, LEFT, NONE, place)


def test_keys_move_a_card_and_the_keyboard_stays_on_it(desk: Desk, moved: MainWindow, qtbot: QtBot) -> None:
    press_alt(moved, "first", Qt.Key.Key_Up)
    settled(moved, qtbot, ["third", "first", "second", *ALL])
    more = moved.tunnels.cards["first"].more
    assert moved.focusWidget() is more
    press_alt(moved, "first", Qt.Key.Key_Up)
    press_alt(moved, "first", Qt.Key.Key_Up)  # it is on top already
    settled(moved, qtbot, ["first", "third", "second", *ALL])
    press_alt(moved, "first", Qt.Key.Key_Down)
    settled(moved, qtbot, ["third", "first", "second", *ALL])
    assert moved.focusWidget() is more
    assert [one.id for one in desk.hub.tunnels] == [*ALL, "third", "first", "second"]


def test_the_menu_offers_what_is_possible_and_does_it(moved: MainWindow, qtbot: QtBot) -> None:
    offered = {name: {"Move up", "Move down"} & set(menu_of(moved, name)) for name in (*OWN, *ALL)}
    assert offered == {
        "third": {"Move down"},
        "second": {"Move up", "Move down"},
        "first": {"Move up"},
        **{name: set() for name in ALL},
    }
    assert menu_of(moved, "second")["Move up"].shortcut().toString() == "Alt+Up"
    menu_of(moved, "second")["Move up"].trigger()
    settled(moved, qtbot, ["second", "third", "first", *ALL])
    menu_of(moved, "second")["Move down"].trigger()
    settled(moved, qtbot, [*OWN, *ALL])


def test_a_card_is_dragged_to_its_place_and_the_gap_is_shown(desk: Desk, moved: MainWindow, qtbot: QtBot) -> None:
    cards = moved.tunnels.cards
    take(cards["first"])
    place = lead(cards["first"], cards["third"], share=0.2)
    assert gap_of(moved) is not None
    assert order(moved) == [*OWN, *ALL]  # nothing moves before it is let go
    let_go(cards["first"], place)
    settled(moved, qtbot, ["first", "third", "second", *ALL])
    assert gap_of(moved) is None
    take(cards["first"])
    let_go(cards["first"], lead(cards["first"], cards["tailscale"], share=0.9))  # beyond the end of its own
    settled(moved, qtbot, ["third", "second", "first", *ALL])
    assert not desk.hub.enabled


def test_a_card_that_is_let_go_where_it_was_stays(desk: Desk, moved: MainWindow, qtbot: QtBot) -> None:
    told: list[object] = []
    desk.hub.follow_tunnels(told.append)
    card = moved.tunnels.cards["second"]
    take(card)
    lead(card, moved.tunnels.cards["third"], share=0.2)
    let_go(card, lead(card, card, share=0.6))
    assert gap_of(moved) is None
    take(card)
    let_go(card, QPoint(4, card.height() // 2 + QApplication.startDragDistance() - 1))  # a hand that trembles
    assert not told
    settled(moved, qtbot, [*OWN, *ALL])


def test_a_built_in_one_is_not_dragged(desk: Desk, moved: MainWindow, qtbot: QtBot) -> None:
    card = moved.tunnels.cards["tailscale"]
    take(card)
    let_go(card, lead(card, moved.tunnels.cards["third"], share=0.2))
    settled(moved, qtbot, [*OWN, *ALL])


def test_those_that_are_on_are_put_among_themselves(desk: Desk, moved: MainWindow, qtbot: QtBot) -> None:
    for name in ("third", "first", "lan"):
        desk.hub.show(name, wanted=True, **up(name))
    moved.refresh()
    settled(moved, qtbot, ["third", "first", "lan", "second", "cloudflared", "ngrok", "tailscale"])
    press_alt(moved, "first", Qt.Key.Key_Up)
    settled(moved, qtbot, ["first", "third", "lan", "second", "cloudflared", "ngrok", "tailscale"])
    cards = moved.tunnels.cards
    take(cards["first"])
    let_go(cards["first"], lead(cards["first"], cards["third"], share=0.8))
    settled(moved, qtbot, ["third", "first", "lan", "second", "cloudflared", "ngrok", "tailscale"])


def test_a_row_that_is_dragged_is_not_opened(desk: Desk, moved: MainWindow, qtbot: QtBot) -> None:
    for name in (*OWN, "lan"):
        desk.hub.show(name, wanted=True, **up(name))
    moved.refresh()
    cards = moved.tunnels.cards
    opened: list[bool] = []
    row = cards["first"]
    row.opened.connect(lambda: opened.append(True))
    qtbot.waitUntil(lambda: order(moved)[:4] == [*OWN, "lan"])
    take(row)
    let_go(row, lead(row, cards["second"], share=0.1))
    qtbot.waitUntil(lambda: order(moved)[:4] == ["third", "first", "second", "lan"])
    assert not opened
