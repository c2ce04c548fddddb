"""Bytes both ways between two connections, whatever they mean: half-close and reset are passed on."""

from __future__ import annotations

import errno
import socket
from collections.abc import Callable
from functools import partial
from typing import Protocol

from portway.relay.engine.loop import READ, WRITE, Loop
from portway.relay.engine.wires import Wire, cut

Count = Callable[[int], None]


class ByteRelayOwner(Protocol):
    """Gets the news of its byte relay, on the loop's thread."""

    def sent_up(self, size: int) -> None:
        """So many bytes came from the visitor."""

    def sent_down(self, size: int) -> None:
        """So many bytes came from the target."""

    def bytes_ended(self, *, reset: bool) -> None:
        """Both connections are closed."""


class ByteRelay:
    """Owns both connections, which are there and do not block."""

    def __init__(self, loop: Loop, owner: ByteRelayOwner, visitor: Wire, target: Wire, chunk: memoryview) -> None:
        self._loop = loop
        self._owner = owner
        self._chunk = chunk
        self._up = _Flow(visitor, target, owner.sent_up)
        self._down = _Flow(target, visitor, owner.sent_down)
        self._watched: dict[Wire, int] = {}
        self._closed = False

    def begin(self, up: bytes, down: bytes) -> None:
        """Move bytes, those first that came before. Once."""
        self._up.put(up)
        self._down.put(down)
        self._settle()

    def reset(self) -> None:
        """End it now, so that both sides see a cut, not an end."""
        self._close(reset=True)

    def _serve(self, outgoing: _Flow, incoming: _Flow, events: int) -> None:
        """Move what can be moved at a connection: the source of `outgoing`, the sink of `incoming`."""
        if self._closed:
            return
        try:
            if events & WRITE and incoming.waiting:
                incoming.flush()
            if events & READ and outgoing.reads:
                outgoing.pull(self._chunk, source_is_gone=incoming.broken)
        except OSError:
            self.reset()
            return
        if events != READ or not outgoing.reads:  # else nothing is different from before
            self._settle()

    def _settle(self) -> None:
        if self._up.ended and self._down.ended:
            self._close(reset=self._up.broken or self._down.broken)
            return
        self._watch(self._up.source, _wanted(self._up, self._down))
        self._watch(self._up.sink, _wanted(self._down, self._up))

    def _watch(self, end: Wire, events: int) -> None:
        known = self._watched.get(end, 0)
        if events == known:
            return
        flows = (self._up, self._down) if end is self._up.source else (self._down, self._up)
        callback = partial(self._serve, *flows)
        if not events:
            self._loop.forget(end)
        elif known:
            self._loop.rewatch(end, events, callback)
        else:
            self._loop.watch(end, events, callback)
        self._watched[end] = events

    def _close(self, *, reset: bool) -> None:
        if self._closed:
            return
        self._closed = True
        for end in (self._up.source, self._up.sink):
            if self._watched.get(end):
                self._loop.forget(end)
            if reset:
                cut(end)
            else:
                end.close()
        self._owner.bytes_ended(reset=reset)


class _Flow:
    """One direction. `waiting` is what the sink did not take yet: never more than one chunk."""

    __slots__ = ("_count", "broken", "ended", "sink", "source", "waiting")

    def __init__(self, source: Wire, sink: Wire, count: Count) -> None:
        self.source = source
        self.sink = sink
        self.waiting: memoryview | None = None
        self.ended = False
        self.broken = False
        self._count = count

    @property
    def reads(self) -> bool:
        """Whether there is room for another chunk."""
        return not self.ended and self.waiting is None

    def put(self, data: bytes) -> None:
        """Send what came before the flow began."""
        if data:
            self._count(len(data))
            sent = self._send(data)
            self.waiting = memoryview(data[sent:]) if sent < len(data) and not self.broken else None

    def pull(self, chunk: memoryview, *, source_is_gone: bool) -> None:
        """Move one chunk from source to sink. Raises OSError if the source was reset.

        `source_is_gone`: it did not take what was sent to it, so that its end is no proper one.
        """
        try:
            size = self.source.recv_into(chunk)
        except BlockingIOError:
            return
        if size == 0:
            if source_is_gone:
                raise ConnectionResetError(errno.ECONNRESET, "an end that was told when sending")
            self.ended = True
            self.sink.shutdown(socket.SHUT_WR)
            return
        self._count(size)
        sent = self._send(chunk[:size])
        if sent < size and not self.broken:
            self.waiting = memoryview(bytes(chunk[sent:size]))

    def flush(self) -> None:
        """Move what waits on."""
        assert self.waiting is not None  # noqa: S101 - for the type checker; asked before each call
        rest = self.waiting[self._send(self.waiting) :]
        self.waiting = rest if len(rest) and not self.broken else None

    def _send(self, data: memoryview | bytes) -> int:
        try:
            return self.sink.send(data)
        except BlockingIOError:
            return 0
        except OSError:
            # What the sink said before it went, an early refusal of an upload say, is still read and passed on.
            self.ended = self.broken = True
            return 0


def _wanted(outgoing: _Flow, incoming: _Flow) -> int:
    return (READ if outgoing.reads else 0) | (WRITE if incoming.waiting is not None else 0)
