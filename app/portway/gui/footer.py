"""The foot of a card: what is exposed, the last proof that it works, and the log to unfold."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from portway.gui.buttons import IconButton
from portway.gui.labels import Line
from portway.gui.look import CONTROL, Ink, colours, ink_colour, ring_shown
from portway.gui.url_block import Room
from portway.gui.words import tr


class Footer(QWidget):
    """Target and note; a note that does not fit is left out."""

    log_toggled = Signal(bool)

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._room = Room.ONE_ROW
        self._target, self._note = "", ""
        self._line = Line(ink=Ink.MUTED, size=0.95)
        self._second = Line(ink=Ink.MUTED, size=0.95)
        self.log_button = Disclosure(tr("Log"), tr("Log of {title}", title=title))
        self.log_button.toggled.connect(self.log_toggled)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self._line)
        words.addWidget(self._second)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addLayout(words, 1)
        row.addWidget(self.log_button)

    def show_texts(self, target: str, note: str) -> None:
        """Show them."""
        self._target, self._note = target, note
        self._say()

    def set_room(self, room: Room) -> None:
        """Arrange it for the width that there is."""
        self._room = room
        self._say()

    def set_open(self, is_open: bool) -> None:  # noqa: FBT001 - a setter
        """Show the log as unfolded or not."""
        self.log_button.setChecked(is_open)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._say()

    def _say(self) -> None:
        both = f"{self._target}   ·   {self._note}" if self._note else self._target
        room = self.width() - self.log_button.sizeHint().width() - 12
        stacked = self._room is Room.COMPACT
        fits = self._line.fontMetrics().horizontalAdvance(both) <= room
        self._line.setText(both if fits and not stacked else self._target)
        self._second.setText(self._note)
        self._second.setVisible(stacked and bool(self._note))


class Disclosure(IconButton):
    """A chevron and a word that unfold what is below."""

    def __init__(self, text: str, name: str, parent: QWidget | None = None) -> None:
        super().__init__("right", name, parent)
        self.setText(text)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setCheckable(True)
        self.setIconSize(QSize(12, 12))
        self.setMinimumSize(0, CONTROL)
        self.setMaximumSize(16777215, CONTROL)
        self.toggled.connect(self._on_toggled)

    def sizeHint(self) -> QSize:
        return QSize(12 + 6 + self.fontMetrics().horizontalAdvance(self.text()) + 16, CONTROL)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Without the sunken frame that styles give to what is checked: the chevron says it."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.underMouse() or ring_shown(self):
            painter.setPen(ink_colour(Ink.LINK) if ring_shown(self) else colours().hairline)
            painter.drawRoundedRect(self.rect().adjusted(1, 2, -2, -3), 4, 4)
        self.icon().paint(painter, 8, (self.height() - 12) // 2, 12, 12)
        painter.setPen(ink_colour(Ink.TEXT))
        flags = int(Qt.AlignmentFlag.AlignVCenter) | Qt.TextFlag.TextSingleLine
        painter.drawText(self.rect().adjusted(26, 0, 0, 0), flags, self.text())

    @Slot(bool)
    def _on_toggled(self, is_open: bool) -> None:  # noqa: FBT001 - Qt's signal
        self.set_icon("down" if is_open else "right")
