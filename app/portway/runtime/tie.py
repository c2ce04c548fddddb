"""Ties this program to the one that started it: it ends when that one does, however that ends."""

from __future__ import annotations

import contextlib
import os
import threading

from PySide6.QtCore import QObject, Qt, Signal, Slot


class Tie(QObject):
    """Reads standard input, a pipe of which the starter holds the other end; the kernel closes it for the dead.

    Lives on the main thread, and emits there.
    """

    loosed = Signal()
    _ended = Signal()  # emitted on the thread that reads

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        # Queued: what is connected to `loosed` may be a plain function, which would run on the emitting thread; and it
        # is connected only after this, when the starter may be gone already.
        self._ended.connect(self._on_ended, Qt.ConnectionType.QueuedConnection)
        # A thread, as Windows can watch no pipe; a daemon, as nothing ends a read. Not sys.stdin: its lock, held by
        # a daemon, would abort the interpreter at exit.
        self._reader = threading.Thread(target=self._wait, name="tie", daemon=True)
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
        self.loosed.emit()
