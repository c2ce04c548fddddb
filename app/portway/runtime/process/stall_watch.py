"""Notices when the main thread was busy with one thing for so long that window, tray and API did not answer."""

import logging
import time
from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Slot

logger = logging.getLogger(__name__)

LIMIT = 1.0  # seconds


class StallWatch(QObject):
    """Writes a line into the log afterwards. Lives on the main thread.

    It has no timer and no thread, so it wakes nothing: it measures from one event to the next, or to where the loop
    begins to wait. With GLib the loop tells only of that, not of the end of a wait: so each event is looked at,
    which takes 1 µs (measured).
    """

    def __init__(
        self, limit: float = LIMIT, parent: QObject | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        super().__init__(parent)
        self._limit = limit
        self._clock = clock
        self._begun = 0.0  # when the event that is handled now began; 0: the loop waits
        self._what: tuple[type, type] = (QObject, QEvent)
        self._application = QCoreApplication.instance()
        self._dispatcher = None if self._application is None else self._application.eventDispatcher()
        if self._application is not None and self._dispatcher is not None:
            self._application.installEventFilter(self)
            self._dispatcher.aboutToBlock.connect(self._on_waiting)

    def close(self) -> None:
        """Notice nothing more."""
        if self._application is not None and self._dispatcher is not None:
            self._application.removeEventFilter(self)
            self._dispatcher.aboutToBlock.disconnect(self._on_waiting)
        self._dispatcher = None

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        now = self._clock()
        if self._begun and now - self._begun > self._limit:
            self._tell(now)
        self._begun = now
        self._what = type(watched), type(event)
        return False

    @Slot()
    def _on_waiting(self) -> None:
        if self._begun:
            now = self._clock()
            if now - self._begun > self._limit:
                self._tell(now)
            self._begun = 0.0

    def _tell(self, now: float) -> None:
        receiver, event = self._what
        logger.info(
            "Window and API did not answer for %.1f s: %s was busy with one %s.",
            now - self._begun,
            receiver.__name__,
            event.__name__,
        )
