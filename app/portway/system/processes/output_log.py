"""What a child writes, in our log: bounded in speed and length, since a program in trouble may write without end."""

import logging
import signal
import time
from collections.abc import Callable

from portway.core.codes import Code
from portway.core.errors import Problem

logger = logging.getLogger(__name__)

_LINES_AT_ONCE = 200  # a start of cloudflared has 30; a failing edge with a single address wrote 17,500 a second
_LINES_PER_SECOND = 20.0
_LONGEST_LINE = 2000


class OutputLog:
    """Writes the words of `program` as they come, and how many of them it had to leave out. One thread at a time."""

    def __init__(
        self,
        words: logging.Logger,
        program: str,
        clock: Callable[[], float] = time.monotonic,
        notes: logging.Logger = logger,
    ) -> None:
        self._words = words
        self._program = program
        self._clock = clock
        self._notes = notes
        self._allowed = float(_LINES_AT_ONCE)
        self._at = clock()
        self._skipped = 0

    def write(self, level: int, line: str) -> None:
        """Write one line, unless too many came."""
        now = self._clock()
        self._allowed = min(self._allowed + (now - self._at) * _LINES_PER_SECOND, _LINES_AT_ONCE)
        self._at = now
        if self._allowed < 1:
            self._skipped += 1
            return
        self._allowed -= 1
        if self._skipped:
            self._notes.info("%d lines of %s are left out: they came too fast", self._skipped, self._program)
            self._skipped = 0
        self._words.log(level, "%s", line[:_LONGEST_LINE])


def died(program: str, code: int | None, last_words: str) -> Problem:
    """Return why a program ended by itself: a signal, what it said last, or its exit code where that is known."""
    if code is not None and code < 0:
        reason = f"it was ended by {signal_name(-code)}"
    else:
        reason = last_words or ("it gave no reason" if code is None else f"exit code {code}")
    return Problem(Code.PROCESS_DIED, "", {"program": program, "reason": reason})


def signal_name(number: int) -> str:
    """Return how people call a signal."""
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
