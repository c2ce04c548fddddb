"""The measures, type sizes and colours of the window, relative to the person's own font and palette."""

from functools import lru_cache

from PySide6.QtGui import QColor, QFont, QGuiApplication, QPalette

from portway.gui.theme.colours import Colours, StateColours, colours_of
from portway.gui.theme.tone import Tone

MARGIN, MARGIN_NARROW, MARGIN_COMPACT = 24, 16, 12
BETWEEN_CARDS, BETWEEN_GROUPS, IN_CARD, BETWEEN_BUTTONS = 12, 22, 12, 8
CARD_RADIUS, INSET_RADIUS, ROW_RADIUS, FIELD_RADIUS = 10, 8, 6, 6
CONTROL, ICON = 30, 16
LEAST_TEXT = 12  # px: nothing is written smaller, however small the person's own font is
TILE, TILE_COMPACT = 36, 28
SIDEBAR, SIDEBAR_ROW = 196, 32
COLUMN = 720
NARROW, COMPACT_PAGE = 720, 480  # of the page: below, the sidebar is a menu; below, margins shrink
TWO_LINES, COMPACT_CARD = 560, 440  # of a card: below, the URL has its own line; below, all is stacked
FIRST_SIZE, LEAST_SIZE = (880, 720), (360, 400)

_ROLES = (
    QPalette.ColorRole.Window,
    QPalette.ColorRole.WindowText,
    QPalette.ColorRole.Base,
    QPalette.ColorRole.Accent,
)


def colours() -> Colours:
    """Return the colours that fit the palette in use now."""
    return _of_palette(QGuiApplication.palette().cacheKey())


def tone_colour(tone: Tone) -> QColor:
    """Return the colour of a role, as it is now."""
    now = colours()
    match tone:
        case Tone.TEXT:
            return now.text
        case Tone.MUTED:
            return now.muted
        case Tone.LINK:
            return now.link
        case Tone.OK | Tone.WARN | Tone.BAD | Tone.BUSY:
            return state_colour(tone)


def state_colour(tone: Tone, *, tint: bool = False) -> QColor:
    """Return the colour of a state, or the light ground that goes with it; other roles have the inset as ground."""
    state = _states().get(tone)
    if state is None:
        return colours().inset if tint else tone_colour(tone)
    return state.tint if tint else state.colour


def selected_colour(tone: Tone) -> QColor:
    """Return the colour of a state on a selected row; words that are not muted keep theirs."""
    state = _states().get(tone)
    if state is not None:
        return state.selected
    return colours().muted_selected if tone is Tone.MUTED else colours().text


def _states() -> dict[Tone, StateColours]:
    now = colours()
    return {Tone.OK: now.ok, Tone.WARN: now.warn, Tone.BAD: now.bad, Tone.BUSY: now.busy}


def sized(factor: float, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    """Return the system's font at a size relative to it, never less than `LEAST_TEXT`."""
    font = QFont(QGuiApplication.font())
    if font.pointSizeF() > 0:
        least = LEAST_TEXT * 72 / QGuiApplication.primaryScreen().logicalDotsPerInchY()
        font.setPointSizeF(max(font.pointSizeF() * factor, least))
    else:
        font.setPixelSize(max(round(font.pixelSize() * factor), LEAST_TEXT))
    font.setWeight(weight)
    return font


@lru_cache(maxsize=4)
def _of_palette(_key: int) -> Colours:
    """Ask the palette for its colours once, not for each thing that is painted."""
    palette = QGuiApplication.palette()
    return _derived(*(palette.color(role).rgb() for role in _ROLES))


@lru_cache(maxsize=4)
def _derived(window: int, text: int, base: int, accent: int) -> Colours:
    palette = QPalette()
    for role, colour in zip(_ROLES, (window, text, base, accent), strict=True):
        palette.setColor(role, QColor(colour))
    return colours_of(palette)
