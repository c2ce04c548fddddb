"""Openings that wait for a person to allow them: asked one after the other, each with a limit."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from portway.core.codes import Code
from portway.core.errors import Problem
from portway.core.guard.callers import Opening
from portway.core.hub import Unsubscribe


@dataclass(frozen=True, slots=True)
class Question:
    """One opening that nobody has decided about yet."""

    number: int
    opening: Opening


class Consents(QObject):
    """Implements core.guard.callers.Consents; lives on the main thread. `limit`: seconds for each question.

    Whoever shows questions hears `asked` and `over`, and calls `answer`.
    """

    asked = Signal(object)  # Question
    over = Signal(object)  # Question: it is answered, or nobody waits for it any more

    def __init__(self, limit: float, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._limit = limit
        self._numbers = itertools.count(1)
        self._open: dict[int, tuple[Question, Callable[[Problem | None], None], QTimer]] = {}

    @property
    def waiting(self) -> tuple[Question, ...]:
        """All open questions, the oldest first."""
        return tuple(question for question, _, _ in self._open.values())

    def ask(self, opening: Opening, done: Callable[[Problem | None], None]) -> Unsubscribe:
        """Ask whether it may be opened, as core.guard.callers.Consents says."""
        number = next(self._numbers)
        question = Question(number, opening)
        timer = QTimer(self, singleShot=True, interval=round(self._limit * 1000))
        timer.setProperty("number", number)
        timer.timeout.connect(self._on_late)
        self._open[number] = (question, done, timer)
        timer.start()
        self.asked.emit(question)

        def withdraw() -> None:
            self._settle(number)

        return withdraw

    def answer(self, number: int, *, allowed: bool) -> None:
        """Take what the person said; too late for a question that is over."""
        done = self._settle(number)
        if done is not None:
            done(None if allowed else Problem(Code.NOT_ALLOWED, "refused"))

    def _settle(self, number: int) -> Callable[[Problem | None], None] | None:
        """Put a question away and return whom to tell, None if it was put away before."""
        found = self._open.pop(number, None)
        if found is None:
            return None
        question, done, timer = found
        timer.stop()
        timer.deleteLater()
        self.over.emit(question)
        return done

    @Slot()
    def _on_late(self) -> None:
        timer = self.sender()
        if not isinstance(timer, QTimer):
            return
        number = int(timer.property("number"))
        found = self._open.get(number)
        done = self._settle(number)
        if found is not None and done is not None:
            name = found[0].opening.caller.name
            said = {"program": name, "seconds": f"{self._limit:.0f}"}
            done(Problem(Code.NOT_ALLOWED, "unanswered", said))
