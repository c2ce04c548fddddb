"""Every icon is drawn once, in a file of resources/icons: none in code, and none that nothing shows."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer
from pytestqt.qtbot import QtBot

from portway.gui.theme.tone import TrayState
from portway.gui.widgets.pictograms import known, paint, pictogram

ROOT = Path(__file__).parents[3]
ICONS = ROOT / "resources" / "icons"
GLYPHS = sorted((ICONS / "glyphs").glob("*.svg"), key=str)
SOURCES = sorted((ROOT / "app" / "portway").rglob("*.py"))
# What draws a shape point by point. Boxes, rings and lines between rows are no icons.
_BY_POINTS = re.compile(
    r"(?<!\?P)<(svg|path|circle|polygon)\b|\.(draw(Path|Polygon|Polyline|Arc|Pie|Chord)|moveTo|lineTo|cubicTo|quadTo|arcTo)\("
)


def drawn_in_code(source: str) -> list[str]:
    return [match[0] for match in _BY_POINTS.finditer(source)]


def rendered(glyph: str, colour: str, ground: str) -> QImage:
    image = QImage(64, 64, QImage.Format.Format_ARGB32)
    image.fill(QColor(ground))
    painter = QPainter(image)
    paint(painter, glyph, QRectF(0, 0, 64, 64), QColor(colour), QColor(ground))
    painter.end()
    return image


def colours_in(image: QImage) -> set[str]:
    return {image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())}


def test_no_icon_is_drawn_in_code() -> None:
    found = {path.name: drawn for path in SOURCES if (drawn := drawn_in_code(path.read_text(encoding="utf-8")))}
    assert found == {}


@pytest.mark.parametrize("code", ["\"<path d='M1 1'/>\"", "painter.drawPolygon(points)", "outline.lineTo(3, 4)"])
def test_an_icon_that_is_drawn_in_code_would_be_found(code: str) -> None:
    assert drawn_in_code(code)


def test_every_icon_is_shown_somewhere() -> None:
    words = set(re.findall(r'"(\w+)"', "".join(path.read_text(encoding="utf-8") for path in SOURCES)))
    assert [path.stem for path in GLYPHS if path.stem not in words] == []
    named = {f"tray-{state}" for state in TrayState} | {"portway"}
    assert {path.stem for path in ICONS.glob("*.svg")} == named


@pytest.mark.parametrize("path", GLYPHS, ids=lambda path: path.stem)
def test_a_glyph_takes_the_colours_of_its_place(path: Path, qtbot: QtBot) -> None:
    """Black and white stand for the two; nothing else may be in the file, and black on white is what a viewer shows."""
    root = ET.parse(path).getroot()  # noqa: S314 - a file of this clone
    assert root.get("viewBox") == "0 0 16 16"
    used = {one.get(role) for one in root.iter() for role in ("fill", "stroke")}
    assert used <= {"black", "white", "none", None}
    image = rendered(path.stem, "#ff0000", "#0000ff")
    assert {"#ff0000", "#0000ff"} <= colours_in(image)
    assert all(QColor(colour).green() == 0 for colour in colours_in(image))


def test_colours_may_be_those_that_stand_in_the_file(qtbot: QtBot) -> None:
    assert colours_in(rendered("disc_tick", "#ffffff", "#000000")) >= {"#ffffff", "#000000"}


def test_what_nobody_drew_is_shown_as_a_service() -> None:
    assert (known("lan"), known("somebody_elses")) == ("lan", "service")


def test_an_icon_is_sharp_at_every_scale_of_a_screen(qtbot: QtBot) -> None:
    assert sorted(size.width() for size in pictogram("copy", QColor("#232629")).availableSizes()) == [16, 32, 48]


def test_the_mark_is_a_whole_drawing(qtbot: QtBot) -> None:
    assert QSvgRenderer(str(ICONS / "portway.svg")).isValid()
