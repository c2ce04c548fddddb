"""Reads what cloudflared writes: each line goes to the log, within a budget, and to the findings."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from pathlib import Path

from portway.backends.cloudflared.output import Findings
from portway.system.process import OutputFile

logger = logging.getLogger(__name__)

_LINES_AT_ONCE = 200  # a start has 30; a failing edge with a single address wrote 17,500 a second
_LINES_PER_SECOND = 20.0
_LONGEST_LINE = 2000


class Reader:
    """The output of one process. Its methods are for one thread at a time."""

    def __init__(self, output: OutputFile, clock: Callable[[], float] = time.monotonic) -> None:
        self.findings = Findings()
        self._output = output
        self._clock = clock
        self._allowed = float(_LINES_AT_ONCE)
        self._at = clock()
        self._skipped = 0

    @property
    def path(self) -> Path:
        """The file that is read."""
        return self._output.path

    def read(self, *, last: bool = False) -> None:
        """Take the lines that came; `last`: nobody writes any more."""
        lines = self._output.last_words() if last else self._output.new_lines()
        for line in lines:
            self._log(line)
            self.findings.take(line)

    def _log(self, line: str) -> None:
        now = self._clock()
        self._allowed = min(self._allowed + (now - self._at) * _LINES_PER_SECOND, _LINES_AT_ONCE)
        self._at = now
        if self._allowed < 1:
            self._skipped += 1
            return
        self._allowed -= 1
        if self._skipped:
            logger.info("%d lines of it are left out", self._skipped)
            self._skipped = 0
        logger.info("%s", line[:_LONGEST_LINE])
