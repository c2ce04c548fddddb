"""One visitor's connection to the target: bytes both ways, half-close and reset passed on."""

from __future__ import annotations

import contextlib
import errno
import socket
import struct
from functools import partial
from typing import Protocol

from portway.backends.lan.loop import READ, WRITE, Loop

_RESET_ON_CLOSE = struct.pack("ii", 1, 0)


class RelayOwner(Protocol):
    """Gets the news of its relays, on the loop's thread."""

    def target_answered(self) -> None:
        """The target took the connection."""

    def target_refused(self, reason: OSError) -> None:
        """The target did not; the visitor was reset."""

    def relay_ended(self, relay: Relay) -> None:
        """Both sockets are closed."""


class Relay:
    """Owns both sockets, which do not block. `target` may still be connecting."""

    def __init__(  # noqa: PLR0913, PLR0917 - two sockets, who they are for, and what they share
        self,
        loop: Loop,
        owner: RelayOwner,
        peer: str,
        visitor: socket.socket,
        target: socket.socket,
        chunk: memoryview,
    ) -> None:
        self.peer = peer
        self._loop = loop
        self._owner = owner
        self._chunk = chunk
        self._up = _Flow(visitor, target)
        self._down = _Flow(target, visitor)
        self._watched: dict[socket.socket, int] = {}
        self._closed = False

    def begin(self) -> None:
        """Move bytes as soon as the target has taken the connection. Once."""
        try:
            self._up.sink.getpeername()
        except OSError:  # not yet, or never
            self._watched[self._up.sink] = WRITE
            self._loop.watch(self._up.sink, WRITE, self._on_connected)
        else:  # over loopback it is there when the call that connects returns
            self._connected()

    def reset(self) -> None:
        """End it now, so that both sides see a cut, not an end."""
        self._close(reset=True)

    def _on_connected(self, _events: int) -> None:
        if not self._closed:  # by an earlier event of the same turn
            self._connected()

    def _connected(self) -> None:
        error = self._up.sink.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if error:
            self._owner.target_refused(OSError(error, ""))
            self.reset()
            return
        self._owner.target_answered()
        self._settle()

    def _serve(self, outgoing: _Flow, incoming: _Flow, events: int) -> None:
        """Move what can be moved at a socket: the source of `outgoing`, the sink of `incoming`."""
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

    def _watch(self, end: socket.socket, events: int) -> None:
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
            cut(end) if reset else end.close()
        self._owner.relay_ended(self)


class _Flow:
    """One direction. `waiting` is what the sink did not take yet: never more than one chunk."""

    __slots__ = ("broken", "ended", "sink", "source", "waiting")

    def __init__(self, source: socket.socket, sink: socket.socket) -> None:
        self.source = source
        self.sink = sink
        self.waiting: memoryview | None = None
        self.ended = False
        self.broken = False

    @property
    def reads(self) -> bool:
        """Whether there is room for another chunk."""
        return not self.ended and self.waiting is None

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
        sent = self._send(chunk[:size])
        if sent < size and not self.broken:
            self.waiting = memoryview(bytes(chunk[sent:size]))

    def flush(self) -> None:
        """Move what waits on."""
        assert self.waiting is not None  # noqa: S101 - for the type checker; asked before each call
        rest = self.waiting[self._send(self.waiting) :]
        self.waiting = rest if len(rest) and not self.broken else None

    def _send(self, data: memoryview) -> int:
        try:
            return self.sink.send(data)
        except BlockingIOError:
            return 0
        except OSError:
            # What the sink said before it went, an early refusal of an upload say, is still read and passed on.
            self.ended = self.broken = True
            return 0


def cut(end: socket.socket) -> None:
    """Close with a reset: an answer that was cut short must not look whole."""
    with contextlib.suppress(OSError):
        end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
    end.close()


def _wanted(outgoing: _Flow, incoming: _Flow) -> int:
    return (READ if outgoing.reads else 0) | (WRITE if incoming.waiting is not None else 0)
