"""Asks a local server, on a thread of its own, what its visitors meet."""

from __future__ import annotations

import contextlib
import threading
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from portway.core.target import Target
from portway.core.timing import Timing
from portway.runtime.tunnel.attempt import Attempt

if TYPE_CHECKING:
    from portway.relay.truth import Question


def question_about(attempt: Attempt, origin: Target, public_url: str, path: str = "/") -> Question:
    """Return what is to be found out of the target of an attempt, at one literal address."""
    from portway.relay.truth import Question  # late: only what is open needs it

    public = public_url.partition("://")[2]
    return Question(attempt.target, origin, None if attempt.host else public or None, path)


class TargetCheck(QObject):
    """Main thread. One question at a time, on a daemon thread: a local server may take its time."""

    found = Signal(object, object)  # Question, and Problem | None: what visitors meet
    _answered = Signal(int, object, object)  # number of the question, itself, Problem | None

    def __init__(self, timing: Timing, parent: QObject) -> None:
        super().__init__(parent)
        self._timing = timing
        self._number = 0
        self._asking = False
        self._next: Question | None = None
        self._answered.connect(self._on_answered)

    def ask(self, question: Question) -> None:
        """Find out. While another answer is waited for, this comes next, in place of what would have come next."""
        if self._asking:
            self._next = question
            return
        self._asking = True
        number = self._number
        threading.Thread(
            target=self._find_out, args=(question, number), name="question to a target", daemon=True
        ).start()

    def forget(self) -> None:
        """Drop the question under way, and the next one."""
        self._number += 1
        self._next = None

    def _find_out(self, question: Question, number: int) -> None:
        from portway.relay.truth import problem_of  # late: only what is open needs it

        problem, _certain = problem_of(question, self._timing.origin_speech)
        with contextlib.suppress(RuntimeError):  # the program has ended meanwhile
            self._answered.emit(number, question, problem)

    @Slot(int, object, object)
    def _on_answered(self, number: int, question: object, problem: object) -> None:
        self._asking = False
        following, self._next = self._next, None
        if number == self._number:
            self.found.emit(question, problem)
        if following is not None:
            self.ask(following)
