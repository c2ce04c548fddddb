"""What we paint flat: the grounds of cards, insets and tinted callouts, lines, and bars."""

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QGroupBox, QProgressBar, QWidget

from portway.gui.theme.colours import mix
from portway.gui.theme.look import CARD_RADIUS, INSET_RADIUS, colours, state_colour
from portway.gui.theme.tone import Tone

_BAR_HEIGHT = 6
_STEPS = 1000


class CardGround(QGroupBox):
    """A card: lighter than the page, with a hairline around it. Those who listen hear of a group, by its name."""

    def __init__(self, name: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setContentsMargins(0, 0, 0, 0)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        self.setContentsMargins(0, 0, 0, 0)  # a new font or style gives it room for a frame and a title

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(colours().hairline, 1))
        painter.setBrush(colours().card)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), CARD_RADIUS, CARD_RADIUS)


class Ground(QWidget):
    """An inset, or with the tone of a state a callout."""

    def __init__(self, parent: QWidget | None = None, tone: Tone = Tone.MUTED) -> None:
        super().__init__(parent)
        self._tone = tone

    def set_tone(self, tone: Tone) -> None:
        """Change what it stands for."""
        if tone is not self._tone:
            self._tone = tone
            self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_ground(painter, QRectF(self.rect()), self._tone)


class ProgressLine(QProgressBar):
    """A native bar for those who listen; drawn flat, as styles make theirs too high for a card."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextVisible(False)
        self.setFixedHeight(_BAR_HEIGHT)
        self.setRange(0, _STEPS)

    def show_share(self, share: float, text: str) -> None:
        """Show it; `share` is 0 to 1."""
        self.setValue(round(share * _STEPS))
        self.setAccessibleName(text)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        groove = QRectF(self.rect())
        painter.setBrush(mix(colours().card, colours().text, 0.18))
        painter.drawRoundedRect(groove, _BAR_HEIGHT / 2, _BAR_HEIGHT / 2)
        groove.setWidth(max(_BAR_HEIGHT, groove.width() * self.value() / _STEPS))
        painter.setBrush(colours().accent)
        painter.drawRoundedRect(groove, _BAR_HEIGHT / 2, _BAR_HEIGHT / 2)


class Hairline(QWidget):
    """The line between two rows of a card; `indent` leaves its left end open."""

    def __init__(self, parent: QWidget | None = None, indent: int = 16) -> None:
        super().__init__(parent)
        self._indent = indent
        self.setFixedHeight(1)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(QPen(colours().hairline, 1))
        painter.drawLine(QPointF(self._indent, 0.5), QPointF(self.width() - 1, 0.5))


def paint_ground(painter: QPainter, place: QRectF, tone: Tone) -> None:
    """Paint a rounded ground."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(state_colour(tone, tint=True))
    painter.drawRoundedRect(place, INSET_RADIUS, INSET_RADIUS)
