"""Reads log files while others write and rotate them. What it returns is harmless for a terminal."""

import os
from collections.abc import Iterator
from contextlib import suppress
from io import BufferedReader
from pathlib import Path

from portway.core.cancel import CancelToken
from portway.core.errors import Cancelled
from portway.core.foreign_text import harmless

_BLOCK = 1 << 16
_LOOK_EVERY = 0.25  # seconds


def read_tail(path: Path, lines: int) -> list[str]:
    """Return the last lines, also from the rotated file where the present one has fewer; no file: none."""
    file = _opened(path)
    if file is None:
        return _rotated_tail(path, lines)
    with file:
        return _tail(file, path, lines)


def follow(path: Path, cancel: CancelToken, lines: int = 0) -> Iterator[str]:
    """Yield the last lines, then those that are written, over rotation and truncation, until cancelled."""
    file = _opened(path)
    rest = b""
    try:
        yield from _rotated_tail(path, lines) if file is None else _tail(file, path, lines)
        while not cancel.cancelled:
            block = b"" if file is None else file.read(_BLOCK)
            if not block and file is not None and _replaced(file, path):
                block = file.read(_BLOCK)  # what came just before the rotation
                if not block:
                    file.close()
                    file, rest = _opened(path), b""
                    continue
            if block:
                *whole, rest = (rest + block).split(b"\n")
                yield from map(_text, whole)
                continue
            if file is None:
                file = _opened(path)
            with suppress(Cancelled):
                cancel.wait(_LOOK_EVERY)
    finally:
        if file is not None:
            file.close()


def _tail(file: BufferedReader, path: Path, lines: int) -> list[str]:
    tail = _last_lines(file, lines)
    return _rotated_tail(path, lines - len(tail)) + tail


def _rotated_tail(path: Path, lines: int) -> list[str]:
    file = _opened(path.with_name(path.name + ".1"))
    if file is None:
        return []
    with file:
        return _last_lines(file, lines)


def _last_lines(file: BufferedReader, lines: int) -> list[str]:
    """Return the last lines, and leave `file` at its end."""
    end = position = file.seek(0, os.SEEK_END)
    content = b""
    while lines > 0 and position > 0 and content.count(b"\n") <= lines:
        position = max(0, position - _BLOCK)
        file.seek(position)
        content = file.read(end - position)
    file.seek(end)
    # Not `splitlines`: it would end a line at a carriage return, too.
    whole = content.removesuffix(b"\n").split(b"\n") if content else []
    return [_text(line) for line in whole[-lines:]] if lines > 0 else []


def _text(line: bytes) -> str:
    return harmless(line.decode(errors="replace"))


def _opened(path: Path) -> BufferedReader | None:
    try:
        return path.open("rb")
    except FileNotFoundError:
        return None


def _replaced(file: BufferedReader, path: Path) -> bool:
    """Whether `path` is another file now, or this one was cut."""
    try:
        now = path.stat()
    except FileNotFoundError:
        return False  # between the two steps of a rotation; the old one may still get a line
    held = os.fstat(file.fileno())
    return (now.st_dev, now.st_ino) != (held.st_dev, held.st_ino) or now.st_size < file.tell()
