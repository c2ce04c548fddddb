"""Where notifications go: over the message bus where that works, else through the tray icon."""

from __future__ import annotations

import sys

from PySide6.QtCore import QObject, Signal, Slot

from portway.gui.notifications_bus import NotificationBus
from portway.gui.notifications_words import Note
from portway.gui.tray import Tray


class NotificationDesk(QObject):
    """Lives on the main thread."""

    acted = Signal(str, str)  # key of the note, NoteAction

    def __init__(self, tray: Tray, limit: float, parent: QObject) -> None:
        super().__init__(parent)
        self._tray = tray
        self._bus: NotificationBus | None = None
        if sys.platform == "linux":
            self._bus = NotificationBus(limit, self)
            self._bus.acted.connect(self.acted)
            self._bus.failed.connect(self._on_failed)

    @Slot(object)
    def show(self, note: Note) -> None:
        """Show it."""
        if self._bus is not None:
            self._bus.show(note)
        else:
            self._on_failed(note)

    @Slot(str)
    def take_back(self, key: str) -> None:
        """Take away what is still shown under this key, where that is possible."""
        if self._bus is not None:
            self._bus.take_back(key)

    def close(self) -> None:
        """Show nothing more."""
        if self._bus is not None:
            self._bus.close()

    @Slot(object)
    def _on_failed(self, note: Note) -> None:
        self._tray.say(note.title, note.text)
