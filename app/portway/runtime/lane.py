"""The read-only lane: one thread for all that only looks at the machine, so that no look waits behind a start."""

from __future__ import annotations

import itertools
import logging
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QDeadlineTimer, QObject, QThread, Signal, Slot

from portway.core.codes import Code
from portway.core.errors import Problem, TunnelError

logger = logging.getLogger(__name__)

Done = Callable[[object], None]


@dataclass(frozen=True, slots=True)
class _Look:
    number: int
    call: Callable[[], object]


class _Looker(QObject):
    """Lives on the lane's thread."""

    seen = Signal(int, object)

    @Slot(object)
    def look(self, asked: _Look) -> None:
        try:
            found = asked.call()
        except TunnelError as error:
            found = error.problem
        except Exception:
            logger.exception("A look at the machine failed in a way that nobody foresaw")
            found = Problem(Code.INTERNAL)
        self.seen.emit(asked.number, found)


class Lane(QObject):
    """Runs looks one after the other. Lives on the main thread."""

    _asked = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._numbers = itertools.count(1)
        self._waiting: dict[int, Done] = {}
        self._thread = QThread()
        self._thread.setObjectName("lane")
        self._looker = _Looker()
        self._looker.moveToThread(self._thread)
        self._asked.connect(self._looker.look)
        self._looker.seen.connect(self._on_seen)
        self._thread.start()

    def ask(self, call: Callable[[], object], done: Done) -> None:
        """Run `call` on the lane, then `done` here with its result, or with the Problem that it ended in."""
        number = next(self._numbers)
        self._waiting[number] = done
        self._asked.emit(_Look(number, call))

    def stop(self, deadline: QDeadlineTimer) -> bool:
        """Ask nothing more and end the thread. False if a look still hangs at the deadline."""
        self._waiting.clear()
        self._thread.quit()
        return self._thread.wait(deadline)

    @Slot(int, object)
    def _on_seen(self, number: int, found: object) -> None:
        done = self._waiting.pop(number, None)
        if done is not None:
            done(found)
