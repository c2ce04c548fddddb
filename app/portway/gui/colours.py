"""The colours that we paint ourselves, derived from the palette so that they fit every theme and stay readable."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from PySide6.QtGui import QColor, QPalette

TEXT_CONTRAST = 4.5  # WCAG 2.1, 1.4.3
SHAPE_CONTRAST = 3.0  # WCAG 2.1, 1.4.11
_LINEAR_BELOW = 0.04045  # where the curve of sRGB begins
_DARK_KNOB = QColor("#14171a")
_WHITE = QColor("#ffffff")


def mix(first: QColor, second: QColor, share: float) -> QColor:
    """Return `first` with `share` (0 to 1) of `second`, per channel."""
    channels = zip(_channels(first), _channels(second), strict=True)
    return QColor(*(round(one + (other - one) * share) for one, other in channels))


def contrast(first: QColor, second: QColor) -> float:
    """Return the contrast ratio of WCAG 2.1, from 1 to 21."""
    brighter, darker = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)


def reach(colour: QColor, surfaces: Iterable[QColor], ratio: float, towards: QColor) -> QColor:
    """Return `colour`, mixed with `towards` in steps of 2 % until it has `ratio` on all `surfaces`."""
    backgrounds = tuple(surfaces)
    for step in range(50):
        mixed = mix(colour, towards, step * 0.02)
        if all(contrast(mixed, background) >= ratio for background in backgrounds):
            return mixed
    return towards


@dataclass(frozen=True, slots=True)
class Tone:
    """The colour of a state and the light ground that goes with it."""

    colour: QColor
    tint: QColor


@dataclass(frozen=True, slots=True, kw_only=True)
class Colours:
    """All roles for one palette."""

    dark: bool
    text: QColor
    window: QColor
    card: QColor
    sidebar: QColor
    hairline: QColor
    inset: QColor
    muted: QColor
    control_edge: QColor
    accent: QColor
    link: QColor
    knob: QColor
    selected_row: QColor
    ok: Tone
    warn: Tone
    bad: Tone
    busy: Tone


def is_dark(palette: QPalette) -> bool:
    """Whether its windows are darker than what is written on them."""
    window, text = (palette.color(role) for role in (QPalette.ColorRole.Window, QPalette.ColorRole.WindowText))
    return _luminance(window) < _luminance(text)


def colours_of(palette: QPalette) -> Colours:
    """Derive every role from window, base, text and accent of `palette`."""
    window = palette.color(QPalette.ColorRole.Window)
    text = palette.color(QPalette.ColorRole.WindowText)
    base = palette.color(QPalette.ColorRole.Base)
    seed = palette.color(QPalette.ColorRole.Accent)
    dark = is_dark(palette)
    card = base if _luminance(base) > _luminance(window) else mix(window, text, 0.06)
    sidebar = mix(window, text, 0.035)
    inset = mix(card, window, 0.7 if dark else 0.6)
    surfaces = (window, sidebar, card, inset)

    def readable(colour: QColor, ratio: float, on: tuple[QColor, ...] = surfaces) -> QColor:
        return reach(colour, on, ratio, text)

    def tone(colour: QColor) -> Tone:
        tint = mix(card, colour, 0.12 if dark else 0.10)
        return Tone(readable(colour, TEXT_CONTRAST, (tint, card, window)), tint)

    accent = readable(seed, SHAPE_CONTRAST)
    return Colours(
        dark=dark,
        text=text,
        window=window,
        card=card,
        sidebar=sidebar,
        hairline=mix(card, text, 0.13),
        inset=inset,
        muted=readable(mix(card, text, 0.6), TEXT_CONTRAST),
        control_edge=readable(mix(card, text, 0.4), SHAPE_CONTRAST),
        accent=accent,
        link=readable(seed, TEXT_CONTRAST),
        knob=_WHITE if contrast(_WHITE, accent) >= SHAPE_CONTRAST else _DARK_KNOB,
        selected_row=mix(sidebar, accent, 0.2),
        ok=tone(QColor("#2fa866")),
        warn=tone(QColor("#d98a1c")),
        bad=tone(QColor("#e0483e")),
        busy=tone(seed),
    )


def _luminance(colour: QColor) -> float:
    """Return the relative luminance as WCAG 2.1 defines it."""
    red, green, blue = (_linear(channel / 255) for channel in _channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= _LINEAR_BELOW else ((channel + 0.055) / 1.055) ** 2.4


def _channels(colour: QColor) -> tuple[int, int, int]:
    return colour.red(), colour.green(), colour.blue()
