"""Waits for a person who has to do something elsewhere, and notices when it is done."""

from __future__ import annotations

import time

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from portway.core.backend import Backend
from portway.core.codes import Code
from portway.core.timing import Timing
from portway.runtime.lane import Lane


class AuthWatch(QObject):
    """Of one tunnel. Looks every `auth_watch_every` for `auth_watch_for`, afterwards only when told to."""

    cleared = Signal()  # the cause is gone

    def __init__(self, backend: Backend, lane: Lane, timing: Timing, parent: QObject) -> None:
        super().__init__(parent)
        self._backend = backend
        self._lane = lane
        self._timing = timing
        self._code: Code | None = None
        self._watch = 0  # tells a late answer of an older watch from that of this one
        self._ends_at = 0.0
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.look)

    def start(self, code: Code) -> None:
        """Begin to wait until `code` does not hold any more."""
        self.stop()
        self._code = code
        self._ends_at = time.monotonic() + self._timing.auth_watch_for
        self._wait()

    def stop(self) -> None:
        """Wait no longer."""
        self._watch += 1
        self._code = None
        self._timer.stop()

    @Slot()
    def look(self) -> None:
        """Look now, if there is something to wait for."""
        if self._code is None:
            return
        self._timer.stop()
        code, watch = self._code, self._watch
        self._lane.ask(lambda: self._backend.still_blocked(code), lambda found: self._seen(watch, found))

    def _seen(self, watch: int, found: object) -> None:
        if watch != self._watch:
            return
        if found is False:
            self.stop()
            self.cleared.emit()
        elif time.monotonic() < self._ends_at:
            self._wait()

    def _wait(self) -> None:
        self._timer.start(round(self._timing.auth_watch_every * 1000))
