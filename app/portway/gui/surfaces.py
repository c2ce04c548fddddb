"""The grounds that we paint: cards, insets and tinted callouts."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QGroupBox, QWidget

from portway.gui.look import CARD_RADIUS, INSET_RADIUS, Ink, colours, tone_colour


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
    """An inset, or with the ink of a state a callout."""

    def __init__(self, parent: QWidget | None = None, ink: Ink = Ink.MUTED) -> None:
        super().__init__(parent)
        self._ink = ink

    def set_ink(self, ink: Ink) -> None:
        """Change what it stands for."""
        if ink is not self._ink:
            self._ink = ink
            self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_ground(painter, QRectF(self.rect()), self._ink)


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


def paint_ground(painter: QPainter, place: QRectF, ink: Ink) -> None:
    """Paint a rounded ground."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(tone_colour(ink, tint=True))
    painter.drawRoundedRect(place, INSET_RADIUS, INSET_RADIUS)
