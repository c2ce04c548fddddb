"""Notices when the main thread was busy for so long that window, tray and API did not answer."""

import logging
import time
from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Slot

logger = logging.getLogger(__name__)

LIMIT = 1.0  # seconds


class StallWatch(QObject):
    """Writes a line into the log afterwards. Lives on the main thread.

    It has no timer and no thread, so it wakes nothing. With GLib the loop of Qt tells only where it begins to wait:
    from one such moment to the next, the time that the thread worked is measured. `look_at_events` looks at each event
    instead, so that the line names who was busy, and one that slept is noticed as well. That makes PySide know every
    kind of widget, 4 MB of memory (measured): for those who look for something, not for everybody.
    """

    def __init__(
        self,
        limit: float = LIMIT,
        parent: QObject | None = None,
        clock: Callable[[], float] = time.monotonic,
        worked: Callable[[], float] = time.thread_time,
    ) -> None:
        """`worked` tells for how many seconds the main thread has worked so far."""
        super().__init__(parent)
        self._limit = limit
        self._clock = clock
        self._worked = worked
        self._worked_before = worked()
        self._looks = False
        self._begun = 0.0  # when the event that is handled now began; 0: the loop waits
        self._what: tuple[type, type] = (QObject, QEvent)
        self._application = QCoreApplication.instance()
        self._dispatcher = None if self._application is None else self._application.eventDispatcher()
        if self._dispatcher is not None:
            self._dispatcher.aboutToBlock.connect(self._on_waiting)

    def look_at_events(self, *, on: bool) -> None:
        """Say whether each event is looked at."""
        if self._application is None or self._dispatcher is None or on == self._looks:
            return
        self._looks, self._begun = on, 0.0
        if on:
            self._application.installEventFilter(self)
        else:
            self._application.removeEventFilter(self)

    def close(self) -> None:
        """Notice nothing more."""
        self.look_at_events(on=False)
        if self._dispatcher is not None:
            self._dispatcher.aboutToBlock.disconnect(self._on_waiting)
        self._dispatcher = None

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        self._end_event()
        self._begun = self._clock()
        self._what = type(watched), type(event)
        return False

    @Slot()
    def _on_waiting(self) -> None:
        before, self._worked_before = self._worked_before, self._worked()
        if self._looks:
            self._end_event()
        elif self._worked_before - before > self._limit:
            logger.info("Window and API did not answer for %.1f s.", self._worked_before - before)

    def _end_event(self) -> None:
        if not self._begun:
            return
        seconds, self._begun = self._clock() - self._begun, 0.0
        if seconds > self._limit:
            receiver, event = (one.__name__ for one in self._what)
            logger.info("Window and API did not answer for %.1f s: %s was busy with one %s.", seconds, receiver, event)
