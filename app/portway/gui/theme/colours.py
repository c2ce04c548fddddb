"""The colours that we paint ourselves, derived from the palette so that they fit every theme and stay readable."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from PySide6.QtGui import QColor, QPalette

TEXT_CONTRAST = 4.5  # WCAG 2.1, 1.4.3
SHAPE_CONTRAST = 3.0  # WCAG 2.1, 1.4.11
_LINEAR_BELOW = 0.04045  # where the curve of sRGB begins
LIFT = 1.08  # by which a card has to be lighter than the window, so that an eye sees it
_INK = QColor("#14171a")
_BLACK, _WHITE = QColor("#000000"), QColor("#ffffff")
_STATES = {"ok": QColor("#2fa866"), "warn": QColor("#d98a1c"), "bad": QColor("#e0483e")}


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
class StateColours:
    """The colour of a state, the light ground that goes with it, and the colour that it has on a selected row."""

    colour: QColor
    tint: QColor
    selected: QColor


@dataclass(frozen=True, slots=True)
class Fill:
    """The grounds of a control that is pressed, and what is written on them."""

    ground: QColor
    hover: QColor
    pressed: QColor
    text: QColor

    @property
    def grounds(self) -> tuple[QColor, QColor, QColor]:
        """All three."""
        return self.ground, self.hover, self.pressed


@dataclass(frozen=True, slots=True, kw_only=True)
class Colours:
    """All roles for one palette."""

    dark: bool
    text: QColor
    window: QColor
    card: QColor
    sidebar: QColor
    hairline: QColor
    inset: QColor  # also the ground of a badge
    field: QColor  # the inside of a text box
    muted: QColor
    muted_selected: QColor  # on a selected row
    disabled: QColor
    control_edge: QColor
    button_edge: QColor  # decoration: the label carries the button
    accent: QColor
    link: QColor
    knob: QColor
    sidebar_selected: QColor
    row_hover: QColor
    row_selected: QColor
    plate: QColor  # below a small QR code; a large one lies on white
    button: Fill
    tonal: Fill
    solid: Fill
    danger: Fill
    ok: StateColours
    warn: StateColours
    bad: StateColours
    busy: StateColours

    @property
    def surfaces(self) -> tuple[QColor, ...]:
        """What words and shapes may stand on anywhere."""
        return self.window, self.sidebar, self.card, self.inset, self.row_hover


def is_dark(palette: QPalette) -> bool:
    """Whether its windows are darker than what is written on them."""
    window, text = (palette.color(role) for role in (QPalette.ColorRole.Window, QPalette.ColorRole.WindowText))
    return _luminance(window) < _luminance(text)


def card_ground(window: QColor, base: QColor, text: QColor) -> QColor:
    """Return the ground of a card: lighter than the window, also where the theme has no lighter ground itself."""
    if _luminance(base) > _luminance(window) and contrast(base, window) >= LIFT:
        return base
    return mix(window, text, 0.06) if _luminance(window) < _luminance(text) else mix(window, _WHITE, 0.7)


def colours_of(palette: QPalette) -> Colours:
    """Derive every role from window, base, text and accent of `palette`."""
    window = palette.color(QPalette.ColorRole.Window)
    text = palette.color(QPalette.ColorRole.WindowText)
    seed = palette.color(QPalette.ColorRole.Accent)
    dark = is_dark(palette)
    card = card_ground(window, palette.color(QPalette.ColorRole.Base), text)
    sidebar = mix(window, text, 0.035)
    inset = mix(card, window, 0.7 if dark else 0.6)
    field = mix(card, window, 0.55) if dark else card
    row_hover = mix(card, text, 0.05 if dark else 0.04)
    surfaces = (window, sidebar, card, inset, row_hover)

    def readable(colour: QColor, ratio: float, *on: QColor) -> QColor:
        return reach(colour, on or surfaces, ratio, text)

    accent = readable(seed, SHAPE_CONTRAST)
    row_selected = mix(card, accent, 0.20 if dark else 0.14)
    sidebar_selected = mix(sidebar, accent, 0.20)

    def tone(colour: QColor) -> StateColours:
        tint = mix(card, colour, 0.12 if dark else 0.10)
        shown = readable(colour, TEXT_CONTRAST, tint, card, window, row_hover)
        return StateColours(shown, tint, readable(shown, TEXT_CONTRAST, row_selected, sidebar_selected))

    states = {name: tone(colour) for name, colour in (*_STATES.items(), ("busy", seed))}
    muted = readable(mix(card, text, 0.6), TEXT_CONTRAST, *surfaces, field)
    link = readable(seed, TEXT_CONTRAST, *surfaces, *(one.tint for one in states.values()))
    return Colours(
        dark=dark,
        text=text,
        window=window,
        card=card,
        sidebar=sidebar,
        hairline=mix(card, text, 0.13),
        inset=inset,
        field=field,
        muted=muted,
        muted_selected=readable(muted, TEXT_CONTRAST, row_selected, sidebar_selected),
        disabled=mix(card, text, 0.42),
        control_edge=readable(mix(card, text, 0.4), SHAPE_CONTRAST, *surfaces, field, row_selected),
        button_edge=mix(card, text, 0.24 if dark else 0.22),
        accent=accent,
        link=link,
        knob=_WHITE if contrast(_WHITE, accent) >= SHAPE_CONTRAST else _INK,
        sidebar_selected=sidebar_selected,
        row_hover=row_hover,
        row_selected=row_selected,
        plate=QColor("#e6e8ea") if dark else _WHITE,
        button=_steps(card, text, (0.08, 0.13, 0.19) if dark else (0.045, 0.085, 0.14), text),
        tonal=_tonal(card, accent, link, text, dark=dark),
        solid=_solid(accent),
        danger=_danger(),
        **states,
    )


def _steps(card: QColor, colour: QColor, shares: tuple[float, float, float], text: QColor) -> Fill:
    ground, hover, pressed = (mix(card, colour, share) for share in shares)
    return Fill(ground, hover, pressed, text)


def _tonal(card: QColor, accent: QColor, link: QColor, text: QColor, *, dark: bool) -> Fill:
    fill = _steps(card, accent, (0.18, 0.26, 0.33) if dark else (0.12, 0.19, 0.26), link)
    return replace(fill, text=reach(link, fill.grounds, TEXT_CONTRAST, text))


def _solid(accent: QColor) -> Fill:
    """Return the accent with white on it, or with ink where white cannot be read there."""
    text, away = (_WHITE, _BLACK) if contrast(_WHITE, accent) >= TEXT_CONTRAST else (_INK, _WHITE)
    ground = reach(accent, (text,), TEXT_CONTRAST, away)
    return Fill(ground, mix(ground, away, 0.10), mix(ground, away, 0.20), text)


def _danger() -> Fill:
    ground = reach(_STATES["bad"], (_WHITE,), TEXT_CONTRAST, _BLACK)
    return Fill(ground, mix(ground, _BLACK, 0.12), mix(ground, _BLACK, 0.22), _WHITE)


def _luminance(colour: QColor) -> float:
    """Return the relative luminance as WCAG 2.1 defines it."""
    red, green, blue = (_linear(channel / 255) for channel in _channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= _LINEAR_BELOW else ((channel + 0.055) / 1.055) ** 2.4


def _channels(colour: QColor) -> tuple[int, int, int]:
    return colour.red(), colour.green(), colour.blue()
