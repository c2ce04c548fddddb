"""Every colour that we paint is readable in every theme, with every accent."""

from __future__ import annotations

from functools import cache

import pytest
from PySide6.QtGui import QColor

from portway.gui.theme.colours import LIFT, Colours, Fill, StateColours, colours_of, contrast, mix
from tests.gui.theme.palettes import ACCENTS, PALETTES, palette_of

THEMES = {
    **{name: palette_of(*colours) for name, colours in PALETTES.items()},
    **{f"Breeze, {accent}": palette_of(*PALETTES["Breeze"][:3], accent) for accent in ACCENTS},
    **{f"Breeze dark, {accent}": palette_of(*PALETTES["Breeze dark"][:3], accent) for accent in ACCENTS},
}
# What stands on what, and the least contrast there: 4.5 for words and 3 for shapes (WCAG 2.1, 1.4.3 and 1.4.11).
WORDS, SHAPES, PLAIN = 4.5, 3.0, 7.0
STATES = ("ok", "warn", "bad", "busy")
FILLS = ("button", "tonal", "solid", "danger")


@cache
def colours_in(theme: str) -> Colours:
    return colours_of(THEMES[theme])


@pytest.fixture(params=THEMES, ids=str)
def colours(request: pytest.FixtureRequest) -> Colours:
    return colours_in(request.param)


def lowest(colour: QColor, *grounds: QColor) -> float:
    return min(contrast(colour, ground) for ground in grounds)


@pytest.mark.parametrize(
    ("name", "ratio"),
    [("text", PLAIN), ("muted", WORDS), ("link", WORDS), ("control_edge", SHAPES), ("accent", SHAPES)],
)
def test_words_and_shapes_stand_out_on_every_surface(colours: Colours, name: str, ratio: float) -> None:
    assert lowest(getattr(colours, name), *colours.surfaces) >= ratio


def test_a_text_box_has_an_edge_and_its_hint_can_be_read(colours: Colours) -> None:
    assert lowest(colours.control_edge, colours.field, colours.card, colours.window, colours.row_selected) >= SHAPES
    assert lowest(colours.muted, colours.field) >= WORDS
    assert lowest(colours.text, colours.field) >= PLAIN


@pytest.mark.parametrize("name", STATES)
def test_states_stand_out_on_every_ground_that_they_have(colours: Colours, name: str) -> None:
    tone: StateColours = getattr(colours, name)
    assert lowest(tone.colour, tone.tint, colours.card, colours.window, colours.row_hover) >= WORDS
    assert lowest(tone.selected, colours.row_selected, colours.sidebar_selected) >= WORDS
    assert lowest(tone.colour, colours.sidebar) >= SHAPES
    assert lowest(colours.text, tone.tint) >= PLAIN
    assert lowest(colours.link, tone.tint) >= WORDS


@pytest.mark.parametrize("name", FILLS)
def test_the_label_of_a_button_can_be_read_in_every_state(colours: Colours, name: str) -> None:
    fill: Fill = getattr(colours, name)
    assert lowest(fill.text, *fill.grounds) >= WORDS
    assert len({ground.name() for ground in fill.grounds}) == 3


def test_a_selected_row_can_be_read(colours: Colours) -> None:
    assert lowest(colours.text, colours.row_selected, colours.sidebar_selected) >= WORDS
    assert lowest(colours.muted_selected, colours.row_selected, colours.sidebar_selected) >= WORDS


def test_the_knob_is_seen_on_the_accent_and_a_code_on_its_plate(colours: Colours) -> None:
    assert contrast(colours.knob, colours.accent) >= SHAPES
    assert contrast(QColor("#000000"), colours.plate) >= 15


@pytest.mark.parametrize(
    "name", [name for name, colours in PALETTES.items() if colours[0] not in ("#ffffff", "#fafafb")]
)
def test_a_card_is_lighter_than_the_window(name: str) -> None:
    colours = colours_of(THEMES[name])
    assert contrast(colours.card, colours.window) >= LIFT
    assert contrast(colours.card, QColor("#ffffff")) < contrast(colours.window, QColor("#ffffff"))


@pytest.mark.parametrize(
    ("theme", "role", "designed"),
    [
        ("Breeze, darker accent", "button", "#f5f5f5 #eceded #e0e1e1"),
        ("Breeze dark", "button", "#3e4043 #484b4d #545759"),
        ("Breeze, darker accent", "tonal", "#e5eef8 #d7e4f5 #c8daf1"),
        ("Breeze dark", "tonal", "#304754 #315162 #325a6f"),
    ],
)
def test_buttons_have_the_colours_of_the_design(theme: str, role: str, designed: str) -> None:
    fill: Fill = getattr(colours_of(THEMES[theme]), role)
    assert " ".join(ground.name() for ground in fill.grounds) == designed


def test_a_dark_theme_is_known_by_its_palette() -> None:
    assert {name for name, palette in THEMES.items() if colours_of(palette).dark} == {
        name for name in THEMES if "dark" in name.replace("darker", "")
    }


def test_mixing_goes_from_one_colour_to_the_other() -> None:
    black, white = QColor("#000000"), QColor("#ffffff")
    assert mix(black, white, 0) == black
    assert mix(black, white, 1) == white
    assert mix(black, white, 0.5).name() == "#808080"
    assert contrast(black, white) == pytest.approx(21)
