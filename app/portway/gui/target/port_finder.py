"""Finds local servers on a thread of its own, and tells them on the main thread."""

import contextlib
import logging
import queue
import threading
from collections.abc import Callable, Iterable, Sequence

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from portway.core.errors import TunnelError
from portway.core.target import parse_target
from portway.gui.dependencies import ListeningPort

logger = logging.getLogger(__name__)

_EVERY = 20  # ms between two looks whether the thread has found something, while there is one
_Ports = tuple[ListeningPort, ...]


class PortFinder(QObject):
    """Lives on the main thread; `look` returns at once.

    The thread knows nothing of it. The window may be closed meanwhile, and an object that is deleted while another
    thread emits a signal of it ends the program by a segmentation fault.
    """

    found = Signal(object)  # tuple of ListeningPort

    def __init__(self, look: Callable[[], Sequence[ListeningPort]], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._ports: queue.SimpleQueue[_Ports] = queue.SimpleQueue()
        self._tick = QTimer(self)
        self._tick.setInterval(_EVERY)
        self._tick.timeout.connect(self._on_tick)

    @Slot()
    def look(self) -> None:
        """Look, unless that is being done; `found` follows."""
        if not self._tick.isActive():
            self._tick.start()
            # A daemon: a system that is slow to answer must not keep the program from ending.
            threading.Thread(
                target=_search, args=(self._look, self._ports), name="listening ports", daemon=True
            ).start()

    @Slot()
    def _on_tick(self) -> None:
        with contextlib.suppress(queue.Empty):
            ports = self._ports.get_nowait()
            self._tick.stop()
            self.found.emit(ports)


def _search(look: Callable[[], Sequence[ListeningPort]], found: queue.SimpleQueue[_Ports]) -> None:
    """Runs on the thread."""
    ports: _Ports = ()
    try:
        ports = tuple(look())
    except Exception:
        logger.exception("Looking for local servers failed")
    found.put(ports)


def port_label(found: ListeningPort) -> str:
    """Say what listens, as it stands in lists and on buttons."""
    return " · ".join(filter(None, (str(found.port), found.program, found.title)))


def ports_of(urls: Iterable[str]) -> frozenset[int]:
    """Return the ports of those that are targets."""
    found: set[int] = set()
    for url in urls:
        with contextlib.suppress(TunnelError):
            found.add(parse_target(url).port)
    return frozenset(found)
