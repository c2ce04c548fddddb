"""When a wish that failed is tried again: after a delay, or once a person has done what is needed."""

from __future__ import annotations

import random
import time

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from portway.core.backend import Backend
from portway.core.codes import Code
from portway.core.errors import Problem
from portway.core.retry import Failure, retry_delay
from portway.core.timing import Timing
from portway.runtime.auth_watch import AuthWatch
from portway.runtime.lane import Lane


class Recovery(QObject):
    """Of one tunnel. Counts the failures of its wish since it was last steadily up. Main thread."""

    retry_due = Signal()
    steady = Signal()  # up for so long that the next failure is a first one
    person_done = Signal()  # the cause of a needs_auth is gone

    def __init__(self, backend: Backend, lane: Lane, timing: Timing, parent: QObject) -> None:
        super().__init__(parent)
        self._timing = timing
        self._refusals_allowed = backend.refusals_allowed
        self._failures: list[Failure] = []
        self._retry, self._steady = QTimer(self, singleShot=True), QTimer(self, singleShot=True)
        self._retry.timeout.connect(self.retry_due)
        self._steady.timeout.connect(self._on_steady)
        self._auth_watch = AuthWatch(backend, lane, timing, self)
        self._auth_watch.cleared.connect(self.person_done)

    def retry_after(self, problem: Problem) -> float | None:
        """Note one more failure and plan the next try: in so many seconds; None if none will come by itself."""
        self._failures.append(Failure(problem.code, time.monotonic()))
        delay = retry_delay(
            problem,
            self._failures,
            self._timing,
            jitter=random.random(),  # noqa: S311 - spreads retries, guards nothing
            refusals_allowed=self._refusals_allowed,
        )
        if delay is not None:
            self._retry.start(round(delay * 1000))
        return delay

    def await_person(self, code: Code) -> None:
        """Watch until the cause of a needs_auth is gone."""
        self._auth_watch.start(code)

    def look(self) -> None:
        """Look at once whether that cause is gone, if it is waited for."""
        self._auth_watch.look()

    def came_up(self) -> None:
        """Begin to count the time that it is up."""
        self._steady.start(round(self._timing.steady_after * 1000))

    def rest(self) -> None:
        """Wait for nothing any more; the failures are not forgotten."""
        self._retry.stop()
        self._steady.stop()
        self._auth_watch.stop()

    def forget(self) -> None:
        """Begin anew with counting."""
        self._failures.clear()

    @Slot()
    def _on_steady(self) -> None:
        self.forget()
        self.steady.emit()
