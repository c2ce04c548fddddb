"""Sees whether this process starts programs, and which of them are still there."""

from __future__ import annotations

import os
import sys

import psutil

# What Python tells its audit hooks of. Qt's own way of starting programs tells nobody, but leaves a child to be seen.
_STARTS = frozenset({"subprocess.Popen", "os.exec", "os.fork", "os.forkpty", "os.posix_spawn", "os.spawn", "os.system"})


class Starts:
    """Counts the programs that this process has started. It cannot be ended: an audit hook stays with its process."""

    def __init__(self) -> None:
        self.count = 0
        sys.addaudithook(self._hear)

    def _hear(self, event: str, _: tuple[object, ...]) -> None:
        if event in _STARTS:
            self.count += 1


def descendants() -> set[psutil.Process]:
    """Return every process that comes from this one. The system is asked for all of them only if there is one."""
    if sys.platform != "win32":
        try:
            os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
        except ChildProcessError:
            return set()
    return set(psutil.Process().children(recursive=True))
