"""Buttons look as heavy as they ask, everywhere; the ring shows where the keyboard is, and nothing moves."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication, QFocusFrame, QHBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from portway.gui.platform.clipboard import Clipboard
from portway.gui.theme.look import colours
from portway.gui.widgets.badges import Badge
from portway.gui.widgets.buttons import Button, CopyButton, IconButton, LinkButton, Weight
from portway.gui.widgets.focus_ring import FocusRing
from portway.gui.widgets.segments import Segments
from portway.gui.widgets.surfaces import CardGround
from portway.gui.widgets.switch import Switch
from tests.gui.hands import activate, click, strike
from tests.gui.theme.palettes import PALETTES, palette_of


@pytest.fixture(params=["Breeze", "Adwaita dark"], autouse=True)
def palette(request: pytest.FixtureRequest, qapp: QApplication) -> Iterator[None]:
    qapp.setPalette(palette_of(*PALETTES[request.param]))
    yield
    qapp.setPalette(QPalette())


@pytest.fixture
def card(qtbot: QtBot) -> Iterator[CardGround]:
    card = CardGround("Card")
    qtbot.addWidget(card)
    QHBoxLayout(card).setContentsMargins(20, 20, 20, 20)
    card.show()
    yield card
    card.close()


def put(card: CardGround, *controls: QWidget) -> None:
    layout = card.layout()
    assert layout is not None
    for control in controls:
        layout.addWidget(control)
    QApplication.processEvents()


def ground(card: CardGround, control: QWidget) -> str:
    """Return the colour beside its label."""
    place = control.mapTo(card, control.rect().center())
    image = card.grab().toImage()
    return image.pixelColor(control.mapTo(card, control.rect().topLeft()).x() + 5, place.y()).name()


def expected(weight: Weight) -> tuple[QColor, QColor]:
    """Return its ground at rest and while it is pressed."""
    now = colours()
    return {
        Weight.SOLID: (now.solid.ground, now.solid.pressed),
        Weight.TONAL: (now.tonal.ground, now.tonal.pressed),
        Weight.PLAIN: (now.button.ground, now.button.pressed),
        Weight.QUIET: (now.card, now.button.pressed),
        Weight.DESTRUCTIVE: (now.card, now.bad.tint),
        Weight.DANGER: (now.danger.ground, now.danger.pressed),
        Weight.DONE: (now.ok.tint, now.ok.tint),
    }[weight]


@pytest.mark.parametrize("weight", Weight)
def test_a_button_has_the_ground_of_its_weight_and_none_where_it_cannot_be_pressed(
    card: CardGround, weight: Weight
) -> None:
    button = Button("Open", weight=weight)
    put(card, button)
    rest, pressed = expected(weight)
    assert ground(card, button) == rest.name()
    button.setDown(True)
    assert ground(card, button) == pressed.name()
    button.setEnabled(False)
    assert ground(card, button) == colours().card.name()


def test_only_the_solid_one_is_what_enter_presses_in_a_dialog(card: CardGround) -> None:
    button = Button("Start")
    put(card, button)
    assert not button.isDefault()
    button.set_weight(Weight.SOLID)
    assert button.isDefault()
    button.set_weight(Weight.TONAL)
    assert not button.isDefault()


def test_copy_is_as_wide_while_it_says_that_it_has_copied(card: CardGround) -> None:
    clipboard = Clipboard(lambda _text: None)
    copy = CopyButton(clipboard, "Copy it", weight=Weight.TONAL)
    copy.set_content("https://hooks.example.com")
    put(card, copy)
    before = copy.sizeHint()
    click(copy)
    assert (copy.text(), copy.weight, copy.sizeHint()) == ("Copied", Weight.DONE, before)
    copy.set_content("https://other.example.com")
    assert (copy.text(), copy.weight) == ("Copy", Weight.TONAL)
    clipboard.copy("https://other.example.com")  # from somewhere else
    assert copy.text() == "Copied"


@pytest.mark.parametrize("kind", ["button", "icon", "link", "switch", "segment"])
def test_the_ring_stands_outside_of_what_the_keyboard_has_come_to(card: CardGround, kind: str) -> None:
    owner = QObject()
    ring = FocusRing(owner)
    segments = Segments("Which", {"a": "All", "b": "None"})
    control: QWidget = {
        "button": Button("Open"),
        "icon": IconButton("more", "More"),
        "link": LinkButton("Set up…"),
        "switch": Switch("Wanted"),
        "segment": segments.buttons["b"],
    }[kind]
    put(card, Button("First"), segments if kind == "segment" else control)
    activate(card)
    control.setFocus(Qt.FocusReason.MouseFocusReason)
    assert not any(one.isVisible() for one in card.findChildren(QFocusFrame))
    for _ in range(4):
        strike(QApplication.focusWidget(), Qt.Key.Key_Tab)
        if QApplication.focusWidget() is control:
            break
    frame = next(one for one in card.findChildren(QFocusFrame) if one.isVisible())
    assert frame.widget() is control
    assert frame.geometry().contains(control.geometry() if kind != "segment" else frame.geometry())
    image = card.grab().toImage()
    row = range(frame.y(), frame.y() + frame.height())
    assert colours().accent.name() in {image.pixelColor(frame.geometry().center().x(), y).name() for y in row}
    card.setFocus()
    del ring
    owner.deleteLater()


def test_arrows_choose_the_next_segment_and_tell_it_once(card: CardGround) -> None:
    segments = Segments("Appearance", {"system": "System", "light": "Light", "dark": "Dark"})
    told: list[str] = []
    segments.chosen.connect(told.append)
    segments.choose("light")
    put(card, segments)
    activate(card)
    segments.buttons["light"].setFocus()
    strike(segments.buttons["light"], Qt.Key.Key_Right)
    assert (segments.value, told) == ("dark", ["dark"])
    click(segments.buttons["system"])
    segments.choose("nothing of that")
    assert (segments.value, told) == ("system", ["dark", "system"])


def test_a_badge_is_as_wide_as_its_words_and_never_smaller_than_can_be_read(card: CardGround) -> None:
    badge = Badge("lan", "Anyone on this network", outlined=True)
    put(card, badge)
    assert badge.width() >= badge.fontMetrics().horizontalAdvance(badge.text()) + 30
    assert badge.fontInfo().pixelSize() >= 12
    assert badge.height() >= 24
