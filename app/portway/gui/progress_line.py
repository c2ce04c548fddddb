"""A thin bar that says how far a long step is."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QProgressBar, QWidget

from portway.gui.colours import mix
from portway.gui.look import colours

_HEIGHT = 6
_STEPS = 1000


class ProgressLine(QProgressBar):
    """A native bar for those who listen; drawn flat, as styles make theirs too high for a card."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextVisible(False)
        self.setFixedHeight(_HEIGHT)
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
        painter.drawRoundedRect(groove, _HEIGHT / 2, _HEIGHT / 2)
        groove.setWidth(max(_HEIGHT, groove.width() * self.value() / _STEPS))
        painter.setBrush(colours().accent)
        painter.drawRoundedRect(groove, _HEIGHT / 2, _HEIGHT / 2)
