"""Looks for a text in the headers and bodies of requests, on other threads, a few hundred at a time."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from shiboken6 import isValid

from portway.core.codes import Code
from portway.core.errors import Problem
from portway.core.hub import Hub, RequestLog, RequestRow
from portway.relay.capture.decoding import shown

_AT_ONCE = 300
_AGAIN = 200  # milliseconds until what was too busy is asked again


class Finder(QObject):
    """Lives on the main thread. What is masked is not found: a search shows nobody a secret."""

    changed = Signal()  # `found` is another set

    def __init__(self, hub: Hub, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._hub = hub
        self._text = ""
        self._left: deque[RequestRow] = deque()
        self._at_work = False
        self.found: frozenset[int] = frozenset()

    def look(self, text: str, rows: Iterable[RequestRow]) -> None:
        """Look for another text, in small letters; nothing is found for an empty one."""
        if text == self._text:
            return
        self._text = text
        self.found = frozenset()
        self._left = deque(reversed([*rows]) if text else ())  # the newest first
        self._go_on()

    def look_also(self, rows: Iterable[RequestRow]) -> None:
        """Look into these as well: they have just ended."""
        if self._text:
            self._left.extendleft(rows)
            self._go_on()

    @Slot()
    def _go_on(self) -> None:
        if self._at_work or not self._left:
            return
        self._at_work = True
        text, log = self._text, self._hub.requests
        rows = [self._left.popleft() for _ in range(min(_AT_ONCE, len(self._left)))]

        def done(found: object) -> None:
            if not isValid(self):  # the window was made anew in another language
                return
            self._at_work = False
            if isinstance(found, Problem) and found.code is Code.TOO_BUSY:
                if text == self._text:
                    self._left.extend(rows)
                QTimer.singleShot(_AGAIN, self, self._go_on)
                return
            if isinstance(found, frozenset) and text == self._text and not found <= self.found:
                self.found |= found
                self.changed.emit()
            self._go_on()

        self._hub.aside(lambda: frozenset(row.id for row in rows if _has(log, row, text)), done)


def _has(log: RequestLog, row: RequestRow, text: str) -> bool:
    """Any thread."""
    one = log.get(row.tunnel, row.id)
    if one is None:
        return False
    headers = (*one.request_headers, *one.response_headers)
    if any(text in f"{name}: {value}".lower() for name, value in headers):
        return True
    bodies = (shown(body).text for body in (one.request_body, one.response_body) if body.data)
    return any(body is not None and text in body.lower() for body in bodies)
