"""One call of a tool, as the thread sees that does the work: it asks Portway, tells progress, and may be cancelled."""

from __future__ import annotations

import contextlib
import http.client
import socket
import threading
from collections.abc import Callable, Mapping
from typing import Any

from portway.agents.link import Ask, Link
from portway.cli.client.client import ANSWER_LIMIT, Record

Arguments = Mapping[str, Any]


class Task:
    """`program` is what the client calls itself; `tell` takes a sentence of progress, on any thread."""

    def __init__(self, link: Link, program: str, tell: Callable[[str], None]) -> None:
        self.link = link
        self.program = program
        self.tell = tell
        self._lock = threading.Lock()
        self._cancelled = False
        self._under_way: http.client.HTTPConnection | None = None
        self._callbacks: list[Callable[[], None]] = []

    @property
    def cancelled(self) -> bool:
        """Whether nobody waits for it any more."""
        return self._cancelled

    def call(
        self, method: str, path: str, body: Mapping[str, object] | None = None, limit: float = ANSWER_LIMIT
    ) -> Record:
        """Return what Portway answers. Raises ToolFailed, also where the task is cancelled meanwhile."""
        try:
            return self.link.call(self.program, Ask(method, path, body, limit, self._hold))
        finally:
            with self._lock:
                self._under_way = None

    def undo(self, method: str, path: str, body: Mapping[str, object] | None = None) -> None:
        """Take back what was begun, also of a cancelled task. Raises ToolFailed."""
        self.link.call(self.program, Ask(method, path, body))

    def fetch(self, path: str) -> Record:
        """Return what is read there, with the line breaks of its texts. Raises ToolFailed."""
        return self.link.call(self.program, Ask("GET", path, raw=True))

    def cancel(self) -> None:
        """Cut what is under way, so that the work ends soon: Portway then asks no person about it any more."""
        with self._lock:
            self._cancelled = True
            _cut(self._under_way)
            callbacks = tuple(self._callbacks)
        for callback in callbacks:
            callback()

    def when_cancelled(self, callback: Callable[[], None]) -> None:
        """Call it once the task is cancelled, on another thread; at once where it is."""
        with self._lock:
            self._callbacks.append(callback)
            is_late = self._cancelled
        if is_late:
            callback()

    def _hold(self, connection: http.client.HTTPConnection) -> None:
        with self._lock:
            self._under_way = connection
            if self._cancelled:
                _cut(connection)


def _cut(connection: http.client.HTTPConnection | None) -> None:
    if connection is not None and connection.sock is not None:
        with contextlib.suppress(OSError):
            connection.sock.shutdown(socket.SHUT_RDWR)
