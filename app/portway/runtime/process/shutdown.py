"""The end of the program, once and within a limit; and what asks for it from outside: signals, the parent."""

import contextlib
import logging
import os
import threading
from collections.abc import Callable

from PySide6.QtCore import QObject, QSocketNotifier, Signal, Slot

from portway.system.processes.signals import SignalInbox

logger = logging.getLogger(__name__)

ENDED_BY_FORCE = 1


class Shutdown(QObject):
    """Runs its steps in order, each whatever became of those before. Main thread; blocks while it runs."""

    def __init__(self, limit: float, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._limit = limit
        self._steps: list[Callable[[], None]] = []

    def first(self, step: Callable[[], None]) -> None:
        """Do this before all that was named so far."""
        self._steps.insert(0, step)

    def then(self, step: Callable[[], None]) -> None:
        """Do this too, after all that was named before."""
        self._steps.append(step)

    @Slot()
    def run(self) -> None:
        """End. Idempotent. Takes at most `limit` seconds: after that the process ends, whatever hangs."""
        steps, self._steps = self._steps, []
        guard = threading.Timer(self._limit, _force)
        guard.daemon = True
        guard.start()
        for step in steps:
            try:
                step()
            except Exception:
                logger.exception("A step of the end failed")
        guard.cancel()


def _force() -> None:
    logger.error("The end took too long.")
    logging.shutdown()
    os._exit(ENDED_BY_FORCE)


class StopSignals(QObject):
    """SIGTERM, SIGINT and SIGHUP as a Qt signal, those too that came before the event loop ran. Main thread."""

    received = Signal()

    def __init__(self, inbox: SignalInbox, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._inbox = inbox
        self._notifier = QSocketNotifier(inbox.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._on_woken)

    def close(self) -> None:
        """Emit nothing more; the signals stay without effect."""
        self._notifier.setEnabled(False)

    @Slot()
    def _on_woken(self) -> None:
        if self._inbox.take():
            self.received.emit()


class ParentWatch(QObject):
    """Notices that the program that started this one has ended, however it ended.

    Reads standard input, a pipe whose other end the starter holds: the kernel closes it with that process.
    Lives on the main thread, and emits there.
    """

    parent_ended = Signal()
    _ended = Signal()  # emitted on the thread that reads

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        # Not `parent_ended` itself: a plain function that is connected to that would run on the emitting thread; and it
        # is connected only after this, when the starter may have ended already.
        self._ended.connect(self._on_ended)
        # A thread, as Windows can watch no pipe; a daemon, as nothing ends a read. Not sys.stdin: its lock, held by
        # a daemon, would abort the interpreter at exit.
        self._reader = threading.Thread(target=self._wait, name="parent watch", daemon=True)
        self._reader.start()

    def _wait(self) -> None:
        """Run on a thread of its own; only emits."""
        with contextlib.suppress(OSError):  # It was closed from the start: nobody holds it.
            while os.read(0, 4096):
                pass
        with contextlib.suppress(RuntimeError):  # The program ended meanwhile, and this object with it.
            self._ended.emit()

    @Slot()
    def _on_ended(self) -> None:
        self._reader.join()  # Python must not end while the thread still comes back from its emit: it would crash.
        self.parent_ended.emit()
