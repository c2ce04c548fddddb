"""Follows log files on threads of their own, and hands their lines to the main thread in batches."""

import queue
import threading
from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from portway.core.cancel import CancelToken
from portway.gui.log.lines import LogLine, read_line
from portway.system.logs.log_reader import follow

_EVERY = 200  # ms between two batches
_FIRST = 1000  # lines of each file at the beginning
_MOST = 2000  # lines in one batch: a flood must not stop the window


class LogFollower(QObject):
    """Nothing runs while nobody looks: `start` when the page is shown, `stop` when it is hidden."""

    came = Signal(object)  # list of LogLine

    def __init__(self, files: Mapping[str, Path], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._files = files
        self._lines: queue.SimpleQueue[LogLine] = queue.SimpleQueue()
        self._cancel: CancelToken | None = None
        self._tick = QTimer(self)
        self._tick.setInterval(_EVERY)
        self._tick.timeout.connect(self._on_tick)

    def start(self) -> None:
        """Begin anew, with the last lines of every file."""
        self.stop()
        cancel = self._cancel = CancelToken()
        lines = self._lines = queue.SimpleQueue()
        for source, path in self._files.items():
            # Daemons: a disk that hangs must not keep the program from ending.
            threading.Thread(
                target=_follow, args=(source, path, cancel, lines), name=f"log of {source}", daemon=True
            ).start()
        self._tick.start()

    def stop(self) -> None:
        """Look no more."""
        self._tick.stop()
        if self._cancel is not None:
            self._cancel.cancel()
            self._cancel = None

    @Slot()
    def _on_tick(self) -> None:
        batch: list[LogLine] = []
        while len(batch) < _MOST:
            try:
                batch.append(self._lines.get_nowait())
            except queue.Empty:
                break
        if batch:
            self.came.emit(batch)


def _follow(source: str, path: Path, cancel: CancelToken, lines: queue.SimpleQueue[LogLine]) -> None:
    """Runs on a thread of its own."""
    line = None
    for text in follow(path, cancel, _FIRST):
        line = read_line(source, text, line)
        lines.put(line)
