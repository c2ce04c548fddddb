"""A text field in which Esc takes back what was typed, and does nothing else: the window stays."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit


class Entry(QLineEdit):
    """A native field. Who owns it shows again what holds when `taken_back` comes."""

    taken_back = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() != Qt.Key.Key_Escape:
            super().keyPressEvent(event)
            return
        event.accept()
        self.setModified(False)
        self.taken_back.emit()
