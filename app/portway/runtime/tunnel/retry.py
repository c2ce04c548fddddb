"""When a wish that failed is tried again: after a delay, or once a person has done what is needed."""

import random
import time

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from portway.core.backend import Backend
from portway.core.codes import Code
from portway.core.errors import Problem
from portway.core.lifecycle import Failure, retry_delay
from portway.core.timing import Timing
from portway.runtime.tunnel.probe_thread import ProbeThread


class RetryScheduler(QObject):
    """Of one tunnel. Counts the failures of its wish since it was last steadily up. Main thread."""

    retry_due = Signal()
    steady = Signal()  # up for so long that the next failure is a first one
    person_done = Signal()  # the cause of a needs_auth is gone

    def __init__(self, backend: Backend, probes: ProbeThread, timing: Timing, parent: QObject) -> None:
        super().__init__(parent)
        self._timing = timing
        self._refusals_allowed = backend.refusals_allowed
        self._failures: list[Failure] = []
        self._retry, self._steady = QTimer(self, singleShot=True), QTimer(self, singleShot=True)
        self._retry.timeout.connect(self.retry_due)
        self._steady.timeout.connect(self._on_steady)
        self._auth_watch = AuthWatch(backend, probes, timing, self)
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

    def probe(self) -> None:
        """Check at once whether that cause is gone, if it is waited for."""
        self._auth_watch.probe()

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


class AuthWatch(QObject):
    """Waits for a person who has to do something elsewhere, and notices when it is done. Of one tunnel; main thread.

    Probes every `auth_watch_every` for `auth_watch_for`, afterwards only when told to.
    """

    cleared = Signal()  # the cause is gone

    def __init__(self, backend: Backend, probes: ProbeThread, timing: Timing, parent: QObject) -> None:
        super().__init__(parent)
        self._backend = backend
        self._probes = probes
        self._timing = timing
        self._code: Code | None = None
        self._watch = 0  # tells a late answer of an older watch from that of this one
        self._ends_at = 0.0
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.probe)

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
    def probe(self) -> None:
        """Check now, if there is something to wait for."""
        if self._code is None:
            return
        self._timer.stop()
        code, watch = self._code, self._watch
        self._probes.probe(lambda: self._backend.still_blocked(code), lambda found: self._on_probed(watch, found))

    def _on_probed(self, watch: int, found: object) -> None:
        if watch != self._watch:
            return
        if found is False:
            self.stop()
            self.cleared.emit()
        elif time.monotonic() < self._ends_at:
            self._wait()

    def _wait(self) -> None:
        self._timer.start(round(self._timing.auth_watch_every * 1000))
