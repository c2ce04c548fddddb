"""What passes through a tunnel: figures and the last five minutes, in one line that leads to its requests."""

from collections.abc import Iterable
from itertools import groupby

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from portway.core.status import SLOTS, TrafficSlot
from portway.gui.i18n.contexts import cards as tr
from portway.gui.model.card_view import Figure, LiveView
from portway.gui.theme.look import INSET_RADIUS, colours, sized, tone_colour
from portway.gui.theme.tone import Tone
from portway.gui.widgets.pictograms import paint

LINE = 42  # px high
_BARS, _BARS_HEIGHT = 180, 30
_SIDE, _SIDE_COMPACT, _GAP, _CHEVRON = 16, 12, 10, 14
_BASE = 0.72  # share of its height that is above the ground line: what failed hangs below it
_LEAST_FAILED = 3  # so many failures make the longest bar, or more
_JOINT = " · "


class LiveLine(QAbstractButton):
    """Pressed, it asks for the requests of its tunnel."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = title
        self._view = LiveView(())
        self._compact = False
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(tr("Requests of {title}", title=title))

    def show_live(self, view: LiveView) -> None:
        """Show it; the same again costs nothing."""
        if view == self._view:
            return
        self._view = view
        said = ", ".join(figure.text for figure in view.figures)
        self.setAccessibleDescription(said)
        self.setToolTip("" if self._shown_figures() == view.figures else _JOINT.join(one.text for one in view.figures))
        self.update()

    def set_compact(self, *, compact: bool) -> None:
        """Show the bars below the figures, as wide as the card."""
        if compact is not self._compact:
            self._compact = compact
            self.updateGeometry()
            self.update()

    def ring(self) -> tuple[QRectF, float]:
        """Return what the ring of the focus goes around, and how round that is: inside, it is the foot of the card."""
        return QRectF(self.rect()).adjusted(5, 5, -5, -5), INSET_RADIUS - 2

    def sizeHint(self) -> QSize:
        height = self._words_height() + _BARS_HEIGHT + 24 if self._compact else max(LINE, self._words_height() + 16)
        return QSize(2 * _BARS, height)

    def minimumSizeHint(self) -> QSize:
        return QSize(_BARS, self.sizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        now = colours()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.underMouse() or self.isDown():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(now.button.ground if self.isDown() else now.row_hover)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(4, 4, -4, -4), INSET_RADIUS - 2, INSET_RADIUS - 2)
        painter.setPen(now.hairline)
        painter.drawLine(1, 0, self.width() - 2, 0)
        side = self._side()
        top, height = (8, self._words_height()) if self._compact else (0, self.height())
        chevron = QRectF(self.width() - side - _CHEVRON, top + (height - _CHEVRON) / 2, _CHEVRON, _CHEVRON)
        paint(painter, "right", chevron, now.muted, now.card)
        self._paint_figures(painter, side, top, height)
        bars = QRectF(side, top + height + 6, self.width() - 2 * side, _BARS_HEIGHT)
        if not self._compact:
            bars = QRectF(chevron.left() - _GAP - _BARS, (self.height() - _BARS_HEIGHT) / 2, _BARS, _BARS_HEIGHT)
        paint_bars(painter, bars, self._view.recent, self._view.slot)

    def _paint_figures(self, painter: QPainter, left: float, top: float, height: float) -> None:
        flags = int(Qt.AlignmentFlag.AlignVCenter) | Qt.TextFlag.TextSingleLine
        for number, figure in enumerate(self._shown_figures()):
            for text, tone, strong in _pieces(figure, first=not number):
                font = _font(strong=strong)
                painter.setFont(font)
                painter.setPen(tone_colour(tone))
                painter.drawText(QRectF(left, top, self.width(), height), flags, text)
                left += QFontMetrics(font).horizontalAdvance(text)

    def _shown_figures(self) -> tuple[Figure, ...]:
        """Return those that fit: the last one is left out first, but nothing that failed or was kept out."""
        room = self.width() - 2 * self._side() - _CHEVRON - (0 if self._compact else _BARS + 2 * _GAP)
        figures = list(self._view.figures)
        while len(figures) > 1 and _width(figures) > room:
            quiet = [one for one in figures[1:] if one.tone is Tone.MUTED]
            figures.remove(quiet[-1] if quiet else figures[-1])
        return tuple(figures)

    def _words_height(self) -> int:
        return QFontMetrics(_font(strong=True)).height()

    def _side(self) -> int:
        return _SIDE_COMPACT if self._compact else _SIDE


class Sparkline(QWidget):
    """The bars alone, for a row."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view = LiveView(())
        self.setFixedSize(72, 22)

    def show_live(self, view: LiveView) -> None:
        """Show it."""
        if (view.recent, view.slot) != (self._view.recent, self._view.slot):
            self._view = view
            self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_bars(painter, QRectF(self.rect()), self._view.recent, self._view.slot, 2)


def paint_bars(painter: QPainter, place: QRectF, recent: Iterable[TrafficSlot], slot: int, together: int = 1) -> None:
    """Paint a bar for each slot until `slot`, or for so many `together`: answered ones stand, failed ones hang."""
    now = colours()
    bars = list(bars_of(recent, slot, together))
    width = place.width() / (SLOTS // together)
    ground = round(place.height() * _BASE)
    painter.setPen(Qt.PenStyle.NoPen)
    most = max((answered for _, answered, _ in bars), default=1) or 1
    worst = max((failed for _, _, failed in bars), default=0)
    for index, answered, failed in bars:
        left = place.left() + index * width + 0.5
        if answered:
            high = max((ground - 1) * answered / most, 2)
            painter.setBrush(now.accent)
            painter.drawRoundedRect(QRectF(left, place.top() + ground - high, width - 1, high), 0.8, 0.8)
        if failed:
            deep = max((place.height() - ground - 2) * failed / max(worst, _LEAST_FAILED), 2)
            painter.setBrush(now.bad.colour)
            painter.drawRoundedRect(QRectF(left, place.top() + ground + 2, width - 1, deep), 0.8, 0.8)
    painter.fillRect(QRectF(place.left(), place.top() + ground, place.width(), 1), now.button_edge)


def bars_of(recent: Iterable[TrafficSlot], slot: int, together: int = 1) -> Iterable[tuple[int, int, int]]:
    """Yield place, answered and failed ones of each bar in which something was; the last place ends with `slot`."""
    first = slot - SLOTS + 1
    shown = (one for one in recent if first <= one.number <= slot)
    for place, slots in groupby(shown, key=lambda one: (one.number - first) // together):
        together_here = tuple(slots)
        failed = sum(one.failures for one in together_here)
        yield place, sum(one.requests for one in together_here) - failed, failed


def _pieces(figure: Figure, *, first: bool) -> Iterable[tuple[str, Tone, bool]]:
    """Yield the parts that are drawn alike: the number of a quiet figure stands out."""
    if not first:
        yield _JOINT, Tone.MUTED, False
    if figure.tone is not Tone.MUTED:
        yield figure.text, figure.tone, True
        return
    number, space, rest = figure.text.partition(" ")
    if number.isdigit():
        yield number, Tone.TEXT, True
        yield space + rest, Tone.MUTED, False
    else:
        yield figure.text, Tone.MUTED, False


def _width(figures: Iterable[Figure]) -> int:
    return sum(
        QFontMetrics(_font(strong=strong)).horizontalAdvance(text)
        for number, figure in enumerate(figures)
        for text, _, strong in _pieces(figure, first=not number)
    )


def _font(*, strong: bool) -> QFont:
    return sized(0.95, QFont.Weight.Medium if strong else QFont.Weight.Normal)
