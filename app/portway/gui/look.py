"""The measures, type sizes and colours of the window, relative to the person's own font and palette."""

from __future__ import annotations

from enum import StrEnum
from functools import lru_cache

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QGuiApplication, QPalette
from PySide6.QtWidgets import QWidget

from portway.gui.colours import Colours, colours_of

MARGIN, MARGIN_NARROW, MARGIN_COMPACT = 24, 16, 12
BETWEEN_CARDS, BETWEEN_GROUPS, IN_CARD, BETWEEN_BUTTONS = 12, 22, 12, 8
CARD_RADIUS, INSET_RADIUS, ROW_RADIUS = 10, 8, 6
CONTROL, ICON = 30, 16
TILE, TILE_COMPACT = 36, 28
SIDEBAR, SIDEBAR_ROW = 196, 32
COLUMN = 720
NARROW, COMPACT_PAGE = 720, 480  # of the page: below, the sidebar is a menu; below, margins shrink
TWO_LINES, COMPACT_CARD = 560, 440  # of a card: below, the URL has its own line; below, all is stacked
FIRST_SIZE, LEAST_SIZE = (880, 720), (360, 400)

_ROLES = (
    QPalette.ColorRole.Window, QPalette.ColorRole.WindowText, QPalette.ColorRole.Base, QPalette.ColorRole.Accent,
)  # fmt: skip


class Ink(StrEnum):
    """What a text or a drawing is coloured as."""

    TEXT = "text"
    MUTED = "muted"
    LINK = "link"
    OK = "ok"
    WARN = "warn"
    BAD = "bad"
    BUSY = "busy"


def colours() -> Colours:
    """Return the colours that fit the palette in use now."""
    palette = QGuiApplication.palette()
    return _derived(*(palette.color(role).rgb() for role in _ROLES))


def ink_colour(ink: Ink) -> QColor:
    """Return the colour of a role, as it is now."""
    now = colours()
    match ink:
        case Ink.TEXT:
            return now.text
        case Ink.MUTED:
            return now.muted
        case Ink.LINK:
            return now.link
        case Ink.OK | Ink.WARN | Ink.BAD | Ink.BUSY:
            return tone_colour(ink)


def tone_colour(ink: Ink, *, tint: bool = False) -> QColor:
    """Return the colour of a state, or the light ground that goes with it; other roles have the inset as ground."""
    now = colours()
    tones = {Ink.OK: now.ok, Ink.WARN: now.warn, Ink.BAD: now.bad, Ink.BUSY: now.busy}
    if ink not in tones:
        return now.inset if tint else ink_colour(ink)
    return tones[ink].tint if tint else tones[ink].colour


def ring_shown(widget: QWidget) -> bool:
    """Whether to paint a ring around it: it has the focus, and the person moves it by keyboard."""
    return widget.hasFocus() and widget.window().testAttribute(Qt.WidgetAttribute.WA_KeyboardFocusChange)


def sized(factor: float, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    """Return the system's font at a size relative to it."""
    font = QFont(QGuiApplication.font())
    if font.pointSizeF() > 0:
        font.setPointSizeF(font.pointSizeF() * factor)
    else:
        font.setPixelSize(round(font.pixelSize() * factor))
    font.setWeight(weight)
    return font


@lru_cache(maxsize=4)
def _derived(window: int, text: int, base: int, accent: int) -> Colours:
    palette = QPalette()
    for role, colour in zip(_ROLES, (window, text, base, accent), strict=True):
        palette.setColor(role, QColor(colour))
    return colours_of(palette)
