"""Recorded requests as they come, on the main thread, and never so many that it has nothing else to do."""

import contextlib
import threading
from collections import Counter
from collections.abc import Callable, Mapping

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from portway.core.hub import RequestLog, RequestRow, Unsubscribe

MOST = 10  # rows in one second
_APART = 1000  # milliseconds
_SWITCHING = 101  # such a request may stay open for hours

Listener = Callable[[tuple[RequestRow, ...], Mapping[str, int]], None]


class RequestNews(QObject):
    """Lives on the main thread. Tells of requests that have ended, and of those that became a WebSocket."""

    _came = Signal()  # emitted on another thread

    def __init__(self, log: RequestLog, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._log = log
        self._lock = threading.Lock()
        self._rows: list[RequestRow] = []
        self._more: Counter[str] = Counter()
        self._listeners: dict[object, Listener] = {}
        self._leave: Unsubscribe | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_APART)
        self._timer.timeout.connect(self._tell)
        self._came.connect(self._on_came)

    def subscribe(self, listener: Listener) -> Unsubscribe:
        """Tell `listener` the next rows, `MOST` a second, and how many there were besides, by tunnel."""
        key = object()
        self._listeners[key] = listener
        if self._leave is None:
            self._leave = self._log.subscribe(self._take)

        def leave() -> None:
            self._listeners.pop(key, None)
            if not self._listeners and self._leave is not None:
                self._leave()
                self._leave = None

        return leave

    def _take(self, row: RequestRow) -> None:
        """Any thread."""
        if row.duration_ms is None and row.status != _SWITCHING:
            return
        with self._lock:
            is_first = not self._rows
            if len(self._rows) < MOST:
                self._rows.append(row)
            else:
                self._more[row.tunnel] += 1
        if is_first:
            with contextlib.suppress(RuntimeError):  # the program ended meanwhile
                self._came.emit()

    @Slot()
    def _on_came(self) -> None:
        if not self._timer.isActive():
            self._tell()

    @Slot()
    def _tell(self) -> None:
        with self._lock:
            rows, more = tuple(self._rows), self._more
            self._rows, self._more = [], Counter()
        if rows:
            self._timer.start()
            for listener in tuple(self._listeners.values()):
                listener(rows, more)
