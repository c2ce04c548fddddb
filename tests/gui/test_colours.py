"""Every colour that we paint is readable in every theme."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QColor, QPalette

from portway.gui.colours import Colours, Tone, colours_of, contrast, mix

LIGHT = ("#eff0f1", "#ffffff", "#232629")
DARK = ("#202326", "#1b1e20", "#fcfcfc")
ACCENTS = ("#2a71c8", "#3daee9", "#e93d58", "#e9643a", "#3dd425", "#926ee4", "#f7d038")


def palette_of(window: str, base: str, text: str, accent: str) -> QPalette:
    palette = QPalette()
    for role, colour in (
        (QPalette.ColorRole.Window, window),
        (QPalette.ColorRole.Base, base),
        (QPalette.ColorRole.WindowText, text),
        (QPalette.ColorRole.Accent, accent),
    ):
        palette.setColor(role, QColor(colour))
    return palette


@pytest.fixture(params=[(theme, accent) for theme in (LIGHT, DARK) for accent in ACCENTS], ids=str)
def colours(request: pytest.FixtureRequest) -> Colours:
    (window, base, text), accent = request.param
    return colours_of(palette_of(window, base, text, accent))


@pytest.mark.parametrize(
    ("name", "ratio"), [("text", 7), ("muted", 4.5), ("link", 4.5), ("control_edge", 3), ("accent", 3)]
)
def test_words_and_shapes_stand_out_on_every_surface(colours: Colours, name: str, ratio: float) -> None:
    for surface in (colours.window, colours.sidebar, colours.card, colours.inset):
        assert contrast(getattr(colours, name), surface) >= ratio


@pytest.mark.parametrize("name", ["ok", "warn", "bad", "busy"])
def test_states_stand_out_on_their_own_ground_too(colours: Colours, name: str) -> None:
    tone: Tone = getattr(colours, name)
    for surface in (tone.tint, colours.card, colours.window):
        assert contrast(tone.colour, surface) >= 4.5
    assert contrast(colours.text, tone.tint) >= 7


def test_the_knob_is_seen_on_the_accent_and_text_on_the_selected_row(colours: Colours) -> None:
    assert contrast(colours.knob, colours.accent) >= 3
    assert contrast(colours.text, colours.selected_row) >= 4.5


def test_a_dark_theme_is_known_by_its_palette() -> None:
    assert colours_of(palette_of(*DARK, ACCENTS[0])).dark
    assert not colours_of(palette_of(*LIGHT, ACCENTS[0])).dark


def test_mixing_goes_from_one_colour_to_the_other() -> None:
    black, white = QColor("#000000"), QColor("#ffffff")
    assert mix(black, white, 0) == black
    assert mix(black, white, 1) == white
    assert mix(black, white, 0.5).name() == "#808080"
    assert contrast(black, white) == pytest.approx(21)
