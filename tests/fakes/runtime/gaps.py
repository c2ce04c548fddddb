"""What the main thread does meanwhile: how long it lets everything else wait, and how often it paints a widget."""

from __future__ import annotations

import time

from PySide6.QtCore import QEvent, QObject, QTimer, Slot

_EVERY = 5  # ms between two beats


class Gaps(QObject):
    """Beats from `begin` to `end`, on the main thread."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._timer = QTimer(self)
        self._timer.setInterval(_EVERY)
        self._timer.timeout.connect(self._on_beat)
        self._last = self._longest = 0.0

    def begin(self) -> None:
        self._last, self._longest = time.perf_counter(), 0.0
        self._timer.start()

    def end(self) -> float:
        """Return the longest time between two beats, in milliseconds."""
        self._on_beat()
        self._timer.stop()
        return self._longest * 1000

    @Slot()
    def _on_beat(self) -> None:
        now = time.perf_counter()
        self._longest = max(self._longest, now - self._last)
        self._last = now


class Paints(QObject):
    """Counts how often a widget is painted from `watch` on."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.count = 0

    def watch(self, widget: QObject) -> None:
        self.count = 0
        widget.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        self.count += event.type() == QEvent.Type.Paint
        return False
