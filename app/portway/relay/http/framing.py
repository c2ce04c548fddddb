"""Where a body ends: told from its bytes alone, without copying any."""

import re
from typing import Protocol

from portway.relay.http.heads import MalformedHeadError

# Hexadecimal digits and nothing else: `int` alone would also take 0x1, 1_0 and a sign.
_CHUNK = re.compile(rb"([0-9A-Fa-f]{1,15})[ \t]*(?:;[^\r\n]*)?\r\n")
_MOST_LINE = 4096
_MOST_TRAILERS = 64 * 1024


class Framing(Protocol):
    """One body on its way."""

    @property
    def done(self) -> bool:
        """Whether all of it has passed."""

    @property
    def lasts_until_close(self) -> bool:
        """Whether the end of the connection is its end."""

    def take(self, data: bytes | bytearray, start: int, end: int) -> int:
        """Return where, up to `end`, the part of it that begins at `start` ends. Raises MalformedHeadError."""


class Sized:
    """A body of a known length, in bytes."""

    __slots__ = ("done", "left")
    lasts_until_close = False

    def __init__(self, length: int) -> None:
        self.left = length
        self.done = length == 0

    def take(self, data: bytes | bytearray, start: int, end: int) -> int:  # noqa: ARG002 - of the Protocol
        if end - start < self.left:
            self.left -= end - start
            return end
        taken, self.left, self.done = self.left, 0, True
        return start + taken


class UntilClose:
    """A body that ends with its connection."""

    __slots__ = ()
    lasts_until_close = True
    done = False

    def take(self, data: bytes | bytearray, start: int, end: int) -> int:  # noqa: ARG002 - of the Protocol
        return end


class Chunked:
    """A body in chunks, its trailers included."""

    __slots__ = ("_data_left", "_line", "_state", "_trailers", "done")
    lasts_until_close = False

    def __init__(self) -> None:
        self.done = False
        self._state = self._size
        self._line = b""  # of a line that is not whole yet
        self._data_left = 0
        self._trailers = 0

    def take(self, data: bytes | bytearray, start: int, end: int) -> int:
        while start < end and not self.done:
            start = self._state(data, start, end)
        return start

    def _size(self, data: bytes | bytearray, start: int, end: int) -> int:
        if not self._line:
            whole = _CHUNK.match(data, start, end)
            if whole is not None:
                self._begin(whole[1])
                return whole.end()
        line, start = self._read_line(data, start, end)
        if line is not None:
            size = _CHUNK.fullmatch(line)
            if size is None:
                raise MalformedHeadError("a chunk has no proper size")
            self._begin(size[1])
        return start

    def _begin(self, digits: bytes) -> None:
        self._data_left = int(digits, 16)
        self._state = self._data if self._data_left else self._trailer

    def _data(self, data: bytes | bytearray, start: int, end: int) -> int:  # noqa: ARG002 - as its neighbours
        taken = min(self._data_left, end - start)
        self._data_left -= taken
        if not self._data_left:
            self._state = self._end_of_data
        return start + taken

    def _end_of_data(self, data: bytes | bytearray, start: int, end: int) -> int:
        line, start = self._read_line(data, start, end)
        if line is not None:
            if line != b"\r\n":
                raise MalformedHeadError("a chunk is longer than it said")
            self._state = self._size
        elif self._line not in {b"", b"\r"}:
            raise MalformedHeadError("a chunk is longer than it said")
        return start

    def _trailer(self, data: bytes | bytearray, start: int, end: int) -> int:
        line, start = self._read_line(data, start, end)
        if line is not None:
            self._trailers += len(line)
            if self._trailers > _MOST_TRAILERS or not line.endswith(b"\r\n"):
                raise MalformedHeadError("the trailers are too long, or none")
            self.done = line == b"\r\n"
        return start

    def _read_line(self, data: bytes | bytearray, start: int, end: int) -> tuple[bytes | None, int]:
        """Return a whole line with its end, or None, and where to go on."""
        stop = data.find(b"\n", start, end) + 1
        line = self._line + data[start : stop or end]
        if len(line) > _MOST_LINE:
            raise MalformedHeadError("a line between chunks is too long")
        self._line = b"" if stop else bytes(line)
        return (bytes(line) if stop else None), stop or end
