"""The window is light or dark as chosen, at once, and its colours carry the design on every desktop."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication

from portway.gui.theme.colours import LIFT, colours_of, contrast, is_dark
from portway.gui.theme.light_and_dark import LightAndDark
from portway.gui.theme.look import colours
from portway.gui.theme.own_palette import needed_palette, own_palette
from tests.gui.theme.palettes import ACCENTS, PALETTES, palette_of

ROLE = QPalette.ColorRole
WORDS_ON = (
    (ROLE.WindowText, ROLE.Window),
    (ROLE.Text, ROLE.Base),
    (ROLE.Text, ROLE.AlternateBase),
    (ROLE.ButtonText, ROLE.Button),
    (ROLE.HighlightedText, ROLE.Highlight),
    (ROLE.PlaceholderText, ROLE.Base),
    (ROLE.Link, ROLE.Window),
    (ROLE.Link, ROLE.Base),
    (ROLE.ToolTipText, ROLE.ToolTipBase),
)


@pytest.fixture
def dressed(qapp: QApplication) -> Iterator[LightAndDark]:
    look = LightAndDark("system", qapp)
    yield look
    look.choose("system")
    look.deleteLater()


def test_a_choice_holds_at_once_and_that_of_the_system_comes_back(dressed: LightAndDark) -> None:
    before = QApplication.palette()
    dressed.choose("dark")
    assert is_dark(QApplication.palette())
    assert colours().dark
    assert QApplication.palette().color(ROLE.Accent) == before.color(ROLE.Accent)
    dressed.choose("light")
    assert not is_dark(QApplication.palette())
    dressed.choose("system")
    assert QApplication.palette() == before


def test_what_nobody_knows_follows_the_system(dressed: LightAndDark) -> None:
    before = QApplication.palette()
    dressed.choose("sepia")
    assert QApplication.palette() == before


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("accent", [*ACCENTS, "#308cc6"])
def test_native_controls_can_be_read_in_a_palette_of_our_own(accent: str, *, dark: bool) -> None:
    palette = own_palette(QColor(accent), dark=dark)
    assert is_dark(palette) is dark
    for text, ground in WORDS_ON:
        assert contrast(palette.color(text), palette.color(ground)) >= 4.5, (text, ground)


@pytest.mark.parametrize("name", PALETTES)
def test_cards_are_lighter_than_the_page_on_every_desktop(name: str) -> None:
    palette = palette_of(*PALETTES[name])
    needed = needed_palette(palette, dark=is_dark(palette))
    shown = colours_of(palette if needed is None else needed.resolve(palette))
    assert contrast(shown.card, shown.window) >= LIFT
    assert contrast(shown.card, QColor("#ffffff")) < contrast(shown.window, QColor("#ffffff"))
    assert (needed is None) is (name not in ("Adwaita, window and base alike", "libadwaita"))


@pytest.mark.parametrize("name", PALETTES)
def test_a_desktop_of_the_other_brightness_keeps_its_accent_only(name: str) -> None:
    palette = palette_of(*PALETTES[name])
    needed = needed_palette(palette, dark=not is_dark(palette))
    assert needed is not None
    assert is_dark(needed) is not is_dark(palette)
    assert needed.color(ROLE.Accent) == palette.color(ROLE.Accent)
