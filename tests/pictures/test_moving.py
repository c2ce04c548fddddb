"""A moving picture shows each of its frames as it was, and those of the README are small and move."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QBuffer, QIODevice, QRect, QSize
from PySide6.QtGui import QColor, QImage, QImageReader

from tests.pictures.webp import Frame, animated, chunks, size_of

ROOT = Path(__file__).parents[2]
MOVING = sorted((ROOT / "docs" / "pictures").glob("*.webp"))
MOST = 1_000_000  # bytes, for who reads the page on a phone


def painted(*places: tuple[int, int, int, int]) -> QImage:
    image = QImage(41, 31, QImage.Format.Format_RGB32)
    image.fill(QColor("#204060"))
    for number, place in enumerate(places):
        part = QImage(QSize(*place[2:]), QImage.Format.Format_RGB32)
        part.fill(QColor.fromHsv(number * 70 % 360, 200, 220))
        for x in range(place[2]):
            for y in range(place[3]):
                image.setPixelColor(place[0] + x, place[1] + y, part.pixelColor(x, y))
    return image


def played(content: bytes) -> list[tuple[QImage, int]]:
    """Return each frame as Qt shows it, and for how long."""
    buffer = QBuffer()
    buffer.setData(content)
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer, b"webp")
    assert reader.supportsAnimation()
    shown = [(reader.read().convertToFormat(QImage.Format.Format_RGB32), reader.nextImageDelay())]
    while len(shown) < reader.imageCount():
        shown.append((reader.read().convertToFormat(QImage.Format.Format_RGB32), reader.nextImageDelay()))
    return shown


def test_each_frame_is_shown_as_it_was_and_for_as_long() -> None:
    frames = [
        Frame(painted(), 100),
        Frame(painted((0, 0, 1, 1)), 200),
        Frame(painted((7, 5, 3, 4), (40, 30, 1, 1)), 300),
        Frame(painted((13, 11, 20, 3)), 400),
        Frame(painted(), 500),
    ]
    shown = played(animated(frames))
    assert [image == frame.image for (image, _), frame in zip(shown, frames, strict=True)] == [True] * 5
    assert [milliseconds for _, milliseconds in shown] == [100, 200, 300, 400, 500]


def test_what_does_not_change_is_one_frame_that_lasts_longer() -> None:
    still, other = painted(), painted((1, 1, 2, 2))
    shown = played(animated([Frame(still, 100), Frame(still.copy(), 150), Frame(other, 50)]))
    assert [milliseconds for _, milliseconds in shown] == [250, 50]


def test_a_frame_holds_only_what_has_changed() -> None:
    content = animated([Frame(painted(), 10), Frame(painted((21, 9, 2, 3)), 10)])
    _, second = [content for name, content in chunks(content) if name == b"ANMF"]
    place = [int.from_bytes(second[at : at + 3], "little") for at in range(0, 12, 3)]
    assert QRect(place[0] * 2, place[1] * 2, place[2] + 1, place[3] + 1) == QRect(20, 8, 3, 4)
    assert size_of(content) == QSize(41, 31)


@pytest.mark.parametrize("path", MOVING, ids=lambda path: str(path.stem))
def test_a_moving_picture_of_the_readme_is_small_and_moves(path: Path) -> None:
    content = path.read_bytes()
    frames = [part for name, part in chunks(content) if name == b"ANMF"]
    assert len(content) <= MOST
    assert len(frames) > 10
    assert 5_000 < sum(int.from_bytes(part[12:15], "little") for part in frames) < 30_000
    assert path.name in (ROOT / "README.md").read_text(encoding="utf-8")


def test_there_is_one_for_light_and_one_for_dark() -> None:
    assert [path.name for path in MOVING] == ["tour-dark.webp", "tour-light.webp"]
