"""Work that takes a while and belongs to no tunnel: each on a thread of its own, its outcome on the main thread."""

import contextlib
import logging
import threading
from collections.abc import Callable

from PySide6.QtCore import QObject, Signal, Slot

from portway.core.codes import Code
from portway.core.errors import Problem, TunnelError

logger = logging.getLogger(__name__)

MOST_AT_ONCE = 8


class SideThreads(QObject):
    """Lives on the main thread. What is still at work when the program ends is left behind: it changes nothing."""

    _ended = Signal(object, object)  # a callback, and what it gets; emitted on another thread

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._at_work = 0
        self._ended.connect(self._on_ended)

    def run(self, call: Callable[[], object], done: Callable[[object], None]) -> None:
        """Run `call`, then `done` here with its result, or with the Problem that it ended in."""
        if self._at_work >= MOST_AT_ONCE:
            done(Problem(Code.TOO_BUSY))
            return
        self._at_work += 1
        threading.Thread(target=self._run, args=(call, done), name="portway-aside", daemon=True).start()

    def _run(self, call: Callable[[], object], done: Callable[[object], None]) -> None:
        try:
            found = call()
        except TunnelError as error:
            found = error.problem
        except Exception:
            logger.exception("Work beside the tunnels failed: an error of Portway")
            found = Problem(Code.INTERNAL)
        with contextlib.suppress(RuntimeError):  # the program ended meanwhile
            self._ended.emit(done, found)

    @Slot(object, object)
    def _on_ended(self, done: Callable[[object], None], found: object) -> None:
        self._at_work -= 1
        done(found)
