import struct
from pathlib import Path

import pytest
from PySide6.QtGui import QImage

from shipping.icons import DRAWING, ICNS_TYPES, ICO_SIZES, PNG_SIZES, png, write_icon

DRAWN = Path(__file__).parents[3] / DRAWING


def pixels(content: bytes) -> tuple[int, int]:
    image = QImage.fromData(content)
    assert image.hasAlphaChannel()
    assert image.pixelColor(0, 0).alpha() == 0, "the corner outside the drawing shows what is behind it"
    assert image.pixelColor(image.width() // 2, image.height() // 2).alpha() == 255
    return image.width(), image.height()


@pytest.mark.parametrize("size", PNG_SIZES)
def test_a_png_has_its_size_and_a_ground_that_shows_through(size: int) -> None:
    assert pixels(png(DRAWN, size)) == (size, size)


def test_an_ico_leads_to_a_picture_of_each_size(tmp_path: Path) -> None:
    path = write_icon("win32", DRAWN, tmp_path)
    assert path is not None
    content = path.read_bytes()
    reserved, kind, count = struct.unpack_from("<HHH", content)
    assert (reserved, kind, count) == (0, 1, len(ICO_SIZES))
    for number, size in enumerate(ICO_SIZES):
        width, _, _, _, planes, bits, length, place = struct.unpack_from("<BBBBHHII", content, 6 + 16 * number)
        assert (width or 256, planes, bits) == (size, 1, 32)
        assert pixels(content[place : place + length]) == (size, size)


def test_an_icns_holds_every_size_and_nothing_else(tmp_path: Path) -> None:
    path = write_icon("darwin", DRAWN, tmp_path)
    assert path is not None
    content = path.read_bytes()
    name, length = struct.unpack_from(">4sI", content)
    assert (name, length) == (b"icns", len(content))
    found, place = {}, 8
    while place < length:
        name, size = struct.unpack_from(">4sI", content, place)
        found[name] = pixels(content[place + 8 : place + size])[0]
        place += size
    assert found == ICNS_TYPES


def test_a_program_of_linux_carries_no_icon(tmp_path: Path) -> None:
    assert write_icon("linux", DRAWN, tmp_path) is None


@pytest.mark.qt_log_ignore("Cannot read file")
def test_what_is_no_drawing_is_refused(tmp_path: Path) -> None:
    (tmp_path / "empty.svg").write_text("<p/>", encoding="utf-8")
    with pytest.raises(ValueError, match="cannot be drawn"):
        png(tmp_path / "empty.svg", 16)
