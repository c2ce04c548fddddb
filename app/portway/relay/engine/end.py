"""One end of a visitor's connection: what it is waited for, and what it did not take yet."""

import socket
from collections.abc import Callable

from portway.relay.engine.loop import WRITE, Loop
from portway.relay.engine.wires import Wire, cut


class End:
    """Lives on the loop's thread. `broken`: it takes nothing any longer, though what it said may still be read.

    `waits_for` are the events for which its callback is called now.
    """

    __slots__ = ("_callback", "_loop", "_says_no_more", "broken", "waiting", "waits_for", "wire")

    def __init__(self, loop: Loop, wire: Wire, callback: Callable[[int], None]) -> None:
        self.wire = wire
        self.waiting: memoryview | None = None
        self.broken = False
        self._loop = loop
        self.waits_for = 0
        self._callback: Callable[[int], None] | None = callback
        self._says_no_more = False

    def call(self, callback: Callable[[int], None]) -> None:
        """Tell somebody else from now on what it is ready for."""
        self._callback = callback
        if self.waits_for:
            self._loop.rewatch(self.wire, self.waits_for, callback)

    def wait(self, events: int) -> None:
        """Wait until the end is ready for these events, or for what it did not take yet; released ones never are."""
        if self.waiting is not None:
            events |= WRITE
        if events == self.waits_for or self._callback is None:
            return
        if not events:
            self._loop.forget(self.wire)
        elif self.waits_for:
            self._loop.rewatch(self.wire, events, self._callback)
        else:
            self._loop.watch(self.wire, events, self._callback)
        self.waits_for = events

    def read(self, chunk: memoryview) -> int | None:
        """Return how many bytes came, 0 at its end, None where none are there. Raises OSError if it was reset."""
        try:
            return self.wire.recv_into(chunk)
        except BlockingIOError:
            return None

    def send(self, data: memoryview | bytes) -> None:
        """Send what it takes now, and keep a copy of the rest."""
        if self.broken:
            return
        if self.waiting is not None:
            self.waiting = memoryview(bytes(self.waiting) + data)
            return
        try:
            sent = self.wire.send(data)
        except BlockingIOError:
            sent = 0
        except OSError:
            self.broken = True
            return
        if sent < len(data):
            self.waiting = memoryview(bytes(data[sent:]))

    def flush(self) -> None:
        """Send more of what waits."""
        if self.waiting is None:
            return
        try:
            rest = self.waiting[self.wire.send(self.waiting) :]
        except BlockingIOError:
            return
        except OSError:
            self.broken, rest = True, self.waiting[:0]
        self.waiting = rest if len(rest) else None
        if self.waiting is None and self._says_no_more:
            self._shut()

    def say_no_more(self) -> None:
        """End this direction, once all was taken."""
        self._says_no_more = True
        if self.waiting is None:
            self._shut()

    def release(self) -> Wire:
        """Wait for nothing any longer and give the connection away."""
        self._forget()
        return self.wire

    def close(self, *, reset: bool = False) -> None:
        """Free it. `reset`: so that the other side sees a cut, not an end."""
        self._forget()
        self.waiting = None
        if reset:
            cut(self.wire)
        else:
            self.wire.close()

    def _forget(self) -> None:
        if self.waits_for:
            self._loop.forget(self.wire)
            self.waits_for = 0
        self._callback = None  # it belongs to the owner of this end: together they would wait for the collector

    def _shut(self) -> None:
        try:
            self.wire.shutdown(socket.SHUT_WR)
        except OSError:
            self.broken = True
