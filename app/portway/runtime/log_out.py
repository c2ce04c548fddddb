"""Ends what is to be open until the person logs out, or the computer goes to sleep."""

from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import QObject, Signal, Slot

from portway.core.hub import Unsubscribe
from portway.core.status import TunnelId, TunnelStatus


class EndsThem(Protocol):
    """Has the tunnels. Main thread."""

    def subscribe(self, listener: Callable[[TunnelStatus], None]) -> Unsubscribe:
        """Tell `listener` every changed status."""

    def log_out(self) -> None:
        """End what was to end with the log-in, or with the computer's sleep."""


class Watch(Protocol):
    """Waits for the end of the log-in."""

    def close(self) -> None:
        """Wait no longer; a sleep that was held back may begin. Idempotent."""


class LogOut(QObject):
    """Lives on the main thread. Watches the log-in only while there is something that ends with it.

    `watch` begins to, and calls back on another thread; it may return None where nobody tells. Then the end of the
    program is that of the log-in, and a sleep is noticed afterwards.
    """

    _told = Signal()  # emitted on another thread, as a watch calls back there

    def __init__(self, hub: EndsThem, watch: Callable[[Callable[[], None]], Watch | None], parent: QObject) -> None:
        super().__init__(parent)
        self._hub = hub
        self._begin = watch
        self._watch: Watch | None = None
        self._open: set[TunnelId] = set()
        self._told.connect(self._on_told)
        self._unsubscribe = hub.subscribe(self._on_status)

    def close(self) -> None:
        """Watch nothing more. Idempotent."""
        self._unsubscribe()
        self._open.clear()
        self._follow()

    def _on_status(self, status: TunnelStatus) -> None:
        if status.until_logout:
            self._open.add(status.id)
        elif status.wanted or not status.active:  # else it is being closed, and a sleep has to wait for that
            self._open.discard(status.id)
        self._follow()

    def _follow(self) -> None:
        """Watch while there is something to end. What has been told of leaves the watch at its place until then."""
        if self._open and self._watch is None:
            self._watch = self._begin(self._told.emit)
        elif not self._open and self._watch is not None:
            watch, self._watch = self._watch, None
            watch.close()

    @Slot()
    def _on_told(self) -> None:
        self._hub.log_out()
