"""The state of a tunnel as a shape, a word and a colour; and the tile before its name."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from portway.gui.theme.colours import mix
from portway.gui.theme.look import ICON, INSET_RADIUS, TILE, colours, sized, state_colour, tone_colour
from portway.gui.theme.tone import Tone
from portway.gui.widgets.labels import plain_tip
from portway.gui.widgets.pictograms import known, paint

_GLYPH = 15
_GAP = 6
_FADED = 0.45
_JOINT = " · "


class StateLine(QWidget):
    """Glyph, word, and a detail: where not all of that fits its last parts are left out, and the tooltip has them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._glyph, self._tone, self._word, self._detail = "ring", Tone.MUTED, "", ""
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    @property
    def text(self) -> str:
        """Word and detail, as they are read out."""
        return " ".join(filter(None, (self._word, self._detail)))

    def show_state(self, glyph: str, tone: Tone, word: str, detail: str = "") -> None:
        """Show this state."""
        if (glyph, tone, word, detail) == (self._glyph, self._tone, self._word, self._detail):
            return
        self._glyph, self._tone, self._word, self._detail = glyph, tone, word, detail
        self.setAccessibleName(self.text)
        self._explain()
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        word, detail = self._metrics()
        width = ICON + _GAP + word.horizontalAdvance(self._word)
        if self._detail:
            width += _GAP + 2 + detail.horizontalAdvance(self._detail)
        return QSize(width + 2, max(word.height(), ICON) + 2)

    def minimumSizeHint(self) -> QSize:
        word, _detail = self._metrics()
        return QSize(min(ICON + _GAP + word.horizontalAdvance(self._word), 150), self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._explain()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colour = tone_colour(self._tone)
        top = (self.height() - _GLYPH) / 2
        paint(painter, self._glyph, QRectF(0.5, top, _GLYPH, _GLYPH), colour, colours().card)
        word, _detail = self._metrics()
        flags = int(Qt.AlignmentFlag.AlignVCenter) | Qt.TextFlag.TextSingleLine
        left = ICON + _GAP
        painter.setFont(_word_font())
        painter.setPen(colour)
        shown = word.elidedText(self._word, Qt.TextElideMode.ElideRight, self.width() - left)
        painter.drawText(self.rect().adjusted(left, 0, 0, 0), flags, shown)
        left += word.horizontalAdvance(shown) + _GAP + 2
        if self._detail and left < self.width():
            painter.setFont(_detail_font())
            painter.setPen(colours().muted)
            painter.drawText(self.rect().adjusted(left, 0, 0, 0), flags, self.shown_detail(self.width() - left))

    def shown_detail(self, room: int) -> str:
        """Return what of the detail is shown in `room` px: parts are left out from the end."""
        _word, metrics = self._metrics()
        parts = self._detail.split(_JOINT)
        for count in range(len(parts), 0, -1):
            shown = _JOINT.join(parts[:count])
            if metrics.horizontalAdvance(shown) <= room:
                return shown
        return metrics.elidedText(parts[0], Qt.TextElideMode.ElideRight, room)

    def _metrics(self) -> tuple[QFontMetrics, QFontMetrics]:
        return QFontMetrics(_word_font()), QFontMetrics(_detail_font())

    def _explain(self) -> None:
        self.setToolTip(plain_tip(self.text) if self.sizeHint().width() > self.width() else "")


class Glyph(QWidget):
    """A drawing beside a line of text."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._drawing, self._tone = "ring", Tone.MUTED
        self.setFixedSize(ICON, ICON)

    def show_drawing(self, drawing: str, tone: Tone) -> None:
        """Show this one."""
        if (drawing, tone) != (self._drawing, self._tone):
            self._drawing, self._tone = drawing, tone
            self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint(painter, self._drawing, QRectF(self.rect()), tone_colour(self._tone), colours().card)


class Tile(QWidget):
    """The drawing of a backend on its ground, which takes the colour of the state while it runs."""

    def __init__(self, drawing: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._drawing = known(drawing)
        self._tone = Tone.MUTED
        self._faded = False
        self.set_side(TILE)

    def set_side(self, side: int) -> None:
        """Change its size, in px."""
        self.setFixedSize(side, side)

    def show_state(self, tone: Tone, *, faded: bool) -> None:
        """Take the colour of a state; `faded` where it cannot be used."""
        if (tone, faded) != (self._tone, self._faded):
            self._tone, self._faded = tone, faded
            self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground = state_colour(self._tone, tint=True)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ground)
        painter.drawRoundedRect(QRectF(self.rect()), INSET_RADIUS, INSET_RADIUS)
        colour = colours().text if self._tone is Tone.MUTED else state_colour(self._tone)
        if self._faded:
            colour = mix(colour, ground, _FADED)
        side = self.width() / 2 if self.width() < TILE else 18
        place = QRectF((self.width() - side) / 2, (self.height() - side) / 2, side, side)
        paint(painter, self._drawing, place, colour, ground)


def _word_font() -> QFont:
    return sized(0.95, QFont.Weight.Medium)


def _detail_font() -> QFont:
    return sized(0.95)
