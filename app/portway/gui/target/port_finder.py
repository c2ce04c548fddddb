"""Finds local servers on a thread of its own, and tells them on the main thread."""

import contextlib
import logging
import threading
from collections.abc import Callable, Iterable, Sequence

from PySide6.QtCore import QObject, Signal, Slot

from portway.core.errors import TunnelError
from portway.core.target import parse_target
from portway.gui.dependencies import ListeningPort

logger = logging.getLogger(__name__)

_SHORT = 20  # characters


class PortFinder(QObject):
    """Lives on the main thread; `look` returns at once."""

    found = Signal(object)  # tuple of ListeningPort
    _ended = Signal(object)  # emitted on the thread that looked

    def __init__(self, look: Callable[[], Sequence[ListeningPort]], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._looking = False
        self._ended.connect(self._on_ended)

    @Slot()
    def look(self) -> None:
        """Look, unless that is being done; `found` follows."""
        if not self._looking:
            self._looking = True
            # A daemon: a system that is slow to answer must not keep the program from ending.
            threading.Thread(target=self._search, name="listening ports", daemon=True).start()

    def _search(self) -> None:
        """Runs on the thread."""
        ports: tuple[ListeningPort, ...] = ()
        try:
            ports = tuple(self._look())
        except Exception:
            logger.exception("Looking for local servers failed")
        try:
            self._ended.emit(ports)
        except RuntimeError:  # the window was closed meanwhile, and this object with it
            logger.debug("Nobody waits for the local servers any more")

    @Slot(object)
    def _on_ended(self, ports: object) -> None:
        self._looking = False
        self.found.emit(ports)


def port_label(found: ListeningPort) -> str:
    """Say what listens, as it stands in lists and on buttons."""
    return " · ".join(filter(None, (str(found.port), found.program, found.title)))


def short_port_label(found: ListeningPort) -> str:
    """Say the same where several stand in a row: what tells them apart best."""
    words = found.title or found.program or ""
    words = words if len(words) <= _SHORT else f"{words[: _SHORT - 1]}…"
    return " · ".join(filter(None, (str(found.port), words)))


def ports_of(urls: Iterable[str]) -> frozenset[int]:
    """Return the ports of those that are targets."""
    found: set[int] = set()
    for url in urls:
        with contextlib.suppress(TunnelError):
            found.add(parse_target(url).port)
    return frozenset(found)
