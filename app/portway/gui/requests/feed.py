"""Recorded requests as they come: many a second on any thread, eight batches a second here, and none while unseen."""

import contextlib
import threading
from itertools import islice

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from portway.core.hub import Hub, RequestRow, Unsubscribe

MOST_ROWS = 10_000  # as many as are recorded
_APART = 120  # milliseconds between two batches: with what gets older once a second at most ten paintings
_MOST_AT_ONCE = 1000  # rows of one batch: so that the window stands still for no more than a moment
_AGAIN = 200  # milliseconds until what was too busy is asked again


class RequestFeed(QObject):
    """Lives on the main thread. `start` begins anew with all that is kept; after `stop` nothing is listened to."""

    loaded = Signal(object)  # list of RequestRow, the oldest first: all there are
    came = Signal(object)  # the same, of those that are new or have changed since

    _woke = Signal()  # emitted on any thread

    def __init__(self, hub: Hub, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._hub = hub
        self._lock = threading.Lock()
        self._waiting: dict[int, RequestRow] = {}
        self._leave: Unsubscribe | None = None
        self._round = 0  # of starts: what an earlier one has read comes too late
        self._is_loaded = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_APART)
        self._timer.timeout.connect(self._hand_on)
        self._woke.connect(self._on_woke, Qt.ConnectionType.QueuedConnection)

    def start(self) -> None:
        """Listen from now on, and read what there is."""
        self.stop()
        self._leave = self._hub.requests.subscribe(self._take)
        self._read()

    def stop(self) -> None:
        """Listen no more."""
        self._round += 1
        self._is_loaded = False
        self._timer.stop()
        if self._leave is not None:
            self._leave()
            self._leave = None
        with self._lock:
            self._waiting = {}

    @Slot()
    def _read(self) -> None:
        """Read on another thread: ten thousand rows take longer than a window may stand still."""
        if self._leave is None:
            return
        log, number = self._hub.requests, self._round
        tunnels = [status.id for status in self._hub.statuses()]

        def read() -> list[RequestRow]:
            rows = [row for tunnel in tunnels for row in log.rows(tunnel, limit=MOST_ROWS)]
            return sorted(rows, key=lambda row: row.id)[-MOST_ROWS:]

        def done(found: object) -> None:
            if number != self._round:
                return
            if isinstance(found, list):
                self._is_loaded = True
                self.loaded.emit(found)
                self._hand_on()
            else:
                QTimer.singleShot(_AGAIN, self, self._read)

        self._hub.aside(read, done)

    def _take(self, row: RequestRow) -> None:
        """Any thread. Only the latest state of a request is kept for the next batch."""
        with self._lock:
            is_first = not self._waiting
            self._waiting[row.id] = row
            if len(self._waiting) > MOST_ROWS:
                del self._waiting[next(iter(self._waiting))]
        if is_first:
            with contextlib.suppress(RuntimeError):  # the program ended meanwhile
                self._woke.emit()

    @Slot()
    def _on_woke(self) -> None:
        """Hand on at once after a quiet while, else when the next batch is due."""
        if not self._timer.isActive():
            self._hand_on()

    @Slot()
    def _hand_on(self) -> None:
        if not self._is_loaded:
            return
        with self._lock:
            rows = [self._waiting.pop(number) for number in [*islice(self._waiting, _MOST_AT_ONCE)]]
        if rows:
            self._timer.start()
            self.came.emit(sorted(rows, key=lambda row: row.id))
