"""SIGTERM, SIGINT and SIGHUP as a Qt signal: they end the program like Quit does."""

from __future__ import annotations

import contextlib
import signal
import socket
from types import FrameType

from PySide6.QtCore import QObject, QSocketNotifier, Signal, Slot

_NAMES = ("SIGTERM", "SIGINT", "SIGHUP", "SIGBREAK")  # each system has some of them


class StopSignals(QObject):
    """Installed on the main thread, until `close`.

    Python runs its handlers only between its own instructions, and an idle Qt loop runs none: the wake-up descriptor
    makes the loop turn at once.
    """

    received = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._reading, self._writing = socket.socketpair()
        self._reading.setblocking(False)
        self._writing.setblocking(False)
        self._notifier = QSocketNotifier(self._reading.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._on_woken)
        self._wakeup_before = signal.set_wakeup_fd(self._writing.fileno(), warn_on_full_buffer=False)
        numbers = [getattr(signal, name) for name in _NAMES if hasattr(signal, name)]
        self._handlers_before = {number: signal.signal(number, _note) for number in numbers}

    def close(self) -> None:
        """Restore what was before."""
        for number, handler in self._handlers_before.items():
            signal.signal(number, handler)
        self._handlers_before.clear()
        signal.set_wakeup_fd(self._wakeup_before)
        self._notifier.setEnabled(False)
        self._reading.close()
        self._writing.close()

    @Slot()
    def _on_woken(self) -> None:
        with contextlib.suppress(BlockingIOError):
            if any(number in self._handlers_before for number in self._reading.recv(4096)):
                self.received.emit()


def _note(_number: int, _frame: FrameType | None) -> None:
    """Let the signal do nothing by itself: its number comes through the wake-up descriptor."""
