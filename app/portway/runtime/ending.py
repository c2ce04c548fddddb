"""The end of the program: one function, whoever asks for it, done once and within a limit."""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable

from PySide6.QtCore import QObject, Slot

logger = logging.getLogger(__name__)

ENDED_BY_FORCE = 1


class Ending(QObject):
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
