"""Ties this program to the one that started it: it ends when that one does, however that ends."""

from __future__ import annotations

import os
import threading

from PySide6.QtCore import QObject, Signal


class Tie(QObject):
    """Reads standard input, a pipe of which the starter holds the other end; the kernel closes it for the dead."""

    loosed = Signal()

    def begin(self) -> None:
        """Look from now on. Only once `loosed` is connected: the starter may be gone already."""
        # A thread, as Windows can watch no pipe; a daemon, as nothing ends a read. Not sys.stdin: its lock, held by
        # a daemon, would abort the interpreter at exit.
        threading.Thread(target=self._wait, name="tie", daemon=True).start()

    def _wait(self) -> None:
        """Run on a thread of its own; only emits."""
        try:
            while os.read(0, 4096):
                pass
        except OSError:  # It was closed from the start: nobody holds it.
            pass
        self.loosed.emit()
