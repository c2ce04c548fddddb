"""The frames of muxado, by which ngrok's agent carries many streams over one connection. The edge's half."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import struct
from collections.abc import Awaitable, Callable
from enum import IntEnum

WINDOW = 256 << 10  # bytes of a stream and direction that may be under way
LARGEST_FRAME = 8 << 10
_HEADER = struct.Struct(">II")
_NUMBER = struct.Struct(">I")
FIN, SYN = 1, 2
CANCELLED = 6


class Frame(IntEnum):
    RST = 0
    DATA = 1
    WNDINC = 2
    GOAWAY = 3


class MuxStream:
    """One stream, both ways. `incoming` and `end_incoming` are called by the multiplexer."""

    def __init__(self, mux: Mux, number: int, *, opened_here: bool) -> None:
        self._mux = mux
        self._number = number
        self._flags = SYN if opened_here else 0
        self._credit = WINDOW
        self._received = bytearray()
        self._ended = False
        self._changed = asyncio.Event()

    async def read(self) -> bytes:
        """Return what has come; empty once there will be no more."""
        while not self._received and not self._ended:
            self._changed.clear()
            await self._changed.wait()
        found = bytes(self._received)
        self._received.clear()
        if found:
            self._mux.send(Frame.WNDINC, self._number, _NUMBER.pack(len(found)))
        return found

    async def write(self, data: bytes) -> None:
        """Send all of it, as far as the agent's window lets us."""
        for start in range(0, len(data), LARGEST_FRAME):
            part = data[start : start + LARGEST_FRAME]
            while self._credit < len(part):
                if self._ended:
                    raise ConnectionResetError
                self._changed.clear()
                await self._changed.wait()
            self._credit -= len(part)
            self._mux.send(Frame.DATA, self._number, part, self._flags)
            self._flags = 0
            await self._mux.drained()

    def finish(self) -> None:
        """Say that nothing more comes from here."""
        self._mux.send(Frame.DATA, self._number, b"", self._flags | FIN)

    def reset(self) -> None:
        """End it both ways."""
        self._mux.send(Frame.RST, self._number, _NUMBER.pack(CANCELLED))
        self.end_incoming()

    def incoming(self, data: bytes) -> None:
        self._received += data
        self._changed.set()

    def more_credit(self, size: int) -> None:
        self._credit += size
        self._changed.set()

    def end_incoming(self) -> None:
        self._ended = True
        self._changed.set()


class Mux:
    """All streams of one connection. `serve` handles those that the agent opens."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self._streams: dict[int, MuxStream] = {}
        self._numbers = itertools.count(2, 2)
        self._thawed = asyncio.Event()
        self._thawed.set()

    async def serve(self, on_stream: Callable[[MuxStream], Awaitable[None]]) -> None:
        """Read frames until the connection ends."""
        async with asyncio.TaskGroup() as handlers:
            try:
                while True:
                    first, number = _HEADER.unpack(await self._reader.readexactly(_HEADER.size))
                    await self._thawed.wait()
                    body = await self._reader.readexactly(first >> 8)
                    if first & SYN:
                        stream = self._streams[number] = MuxStream(self, number, opened_here=False)
                        handlers.create_task(_quiet(on_stream(stream)))
                    self._take(Frame(first >> 4 & 0xF), number, body, fin=bool(first & FIN))
            except (asyncio.IncompleteReadError, OSError):
                pass
            finally:
                for stream in self._streams.values():
                    stream.end_incoming()

    def open(self) -> MuxStream:
        """Open a stream towards the agent."""
        number = next(self._numbers)
        stream = self._streams[number] = MuxStream(self, number, opened_here=True)
        return stream

    def send(self, kind: Frame, number: int, body: bytes, flags: int = 0) -> None:
        if self._thawed.is_set() and not self._writer.is_closing():
            self._writer.write(_HEADER.pack(len(body) << 8 | kind << 4 | flags, number) + body)

    async def drained(self) -> None:
        await self._writer.drain()

    def go_away(self) -> None:
        """Tell the agent to leave this connection."""
        self.send(Frame.GOAWAY, 0, bytes(8))

    def freeze(self) -> None:
        """Keep the connection, and neither read nor write: a path that is dead."""
        self._thawed.clear()

    def cut(self) -> None:
        """Break the connection without a word."""
        self._thawed.set()
        self._writer.transport.abort()

    def _take(self, kind: Frame, number: int, body: bytes, *, fin: bool) -> None:
        stream = self._streams.get(number)
        if stream is None:
            return  # late frames of a forgotten stream
        match kind:
            case Frame.DATA:
                stream.incoming(body)
            case Frame.WNDINC:
                stream.more_credit(_NUMBER.unpack(body)[0])
            case Frame.RST:
                fin = True
            case Frame.GOAWAY:
                pass
        if fin:
            stream.end_incoming()


async def _quiet(handler: Awaitable[None]) -> None:
    """Let one stream fail alone."""
    with contextlib.suppress(OSError):
        await handler
