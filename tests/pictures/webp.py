"""Joins still pictures to a moving one: Qt writes each as WebP, and the container around them is written here.

The container is that of RFC 9649, part 2. Each frame holds only what differs from the one before, without loss.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QBuffer, QIODevice, QRect, QSize
from PySide6.QtGui import QImage, QImageWriter

_HEAD = 12  # bytes before the chunks: RIFF, size, WEBP
_ANIMATED = 0x02  # a flag of VP8X
_AS_IT_IS = 0x02  # a flag of a frame: its pixels replace those below, none are mixed
_WITHOUT_LOSS = 100  # as a quality, Qt means that
_PIXELS = (b"VP8 ", b"VP8L", b"ALPH")


@dataclass(frozen=True)
class Frame:
    """One picture, and for how many milliseconds it is shown."""

    image: QImage
    milliseconds: int


def animated(frames: Sequence[Frame]) -> bytes:
    """Return the file that shows these frames, all of one size, again and again."""
    size = frames[0].image.size()
    chunks = [
        _chunk(b"VP8X", struct.pack("<I", _ANIMATED) + _three(size.width() - 1) + _three(size.height() - 1)),
        _chunk(b"ANIM", struct.pack("<IH", 0xFFFFFFFF, 0)),
        *(_chunk(b"ANMF", content) for content in _contents(_merged(frames))),
    ]
    body = b"WEBP" + b"".join(chunks)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def _merged(frames: Sequence[Frame]) -> list[Frame]:
    """Show for longer what does not change."""
    merged: list[Frame] = []
    for frame in (Frame(one.image.convertToFormat(QImage.Format.Format_RGB32), one.milliseconds) for one in frames):
        if merged and merged[-1].image == frame.image:
            merged[-1] = Frame(frame.image, merged[-1].milliseconds + frame.milliseconds)
        else:
            merged.append(frame)
    return merged


def _contents(frames: Sequence[Frame]) -> Iterator[bytes]:
    before: QImage | None = None
    for frame in frames:
        place = _changed(before, frame.image)
        yield (
            _three(place.x() // 2)
            + _three(place.y() // 2)
            + _three(place.width() - 1)
            + _three(place.height() - 1)
            + _three(frame.milliseconds)
            + bytes([_AS_IT_IS])
            + _still(frame.image.copy(place))
        )
        before = frame.image


def _changed(before: QImage | None, now: QImage) -> QRect:
    """Return the rectangle around all that differs; it begins at even places, as the container has it."""
    whole = QRect(0, 0, now.width(), now.height())
    if before is None:
        return whole
    rows = [row for row in range(now.height()) if _row(before, row) != _row(now, row)]
    top, bottom = rows[0] & ~1, rows[-1]
    sides = [_sides(_row(before, row), _row(now, row)) for row in rows]
    left, right = min(first for first, _ in sides) & ~1, max(last for _, last in sides)
    return QRect(left, top, right - left + 1, bottom - top + 1)


def _row(image: QImage, row: int) -> memoryview:
    return memoryview(image.constScanLine(row)).cast("B")  # type: ignore[arg-type] # Qt says object, and means a buffer


def _sides(before: memoryview, now: memoryview) -> tuple[int, int]:
    """Return the first and the last pixel of four bytes in which two rows differ."""
    was, is_now = before.cast("I"), now.cast("I")
    different = [place for place in range(len(was)) if was[place] != is_now[place]]
    return different[0], different[-1]


def _still(image: QImage) -> bytes:
    """Return the pixels of one picture as chunks, without the head of its file."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QImageWriter(buffer, b"webp")
    writer.setQuality(_WITHOUT_LOSS)
    if not writer.write(image):
        raise OSError(writer.errorString())
    return b"".join(_chunk(name, content) for name, content in chunks(bytes(buffer.data().data())) if name in _PIXELS)


def chunks(file: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield name and content of each chunk of a WebP file."""
    place = _HEAD
    while place < len(file):
        name, length = struct.unpack_from("<4sI", file, place)
        yield name, file[place + 8 : place + 8 + length]
        place += 8 + length + length % 2


def size_of(file: bytes) -> QSize:
    """Return the size of a moving picture in pixels."""
    (extended,) = [content for name, content in chunks(file) if name == b"VP8X"]
    return QSize(*(1 + int.from_bytes(extended[at : at + 3], "little") for at in (4, 7)))


def _chunk(name: bytes, content: bytes) -> bytes:
    return name + struct.pack("<I", len(content)) + content + b"\0" * (len(content) % 2)


def _three(number: int) -> bytes:
    return number.to_bytes(3, "little")
