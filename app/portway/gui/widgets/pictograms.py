"""The small drawings of the window, from `resources/icons/glyphs`: one grid of 16, one stroke.

In a file, black stands for the colour of the text beside it, and white for the ground that shows through.
"""

from functools import lru_cache
from pathlib import Path

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from portway.gui.theme.look import ICON
from portway.system.storage.resources import resource

_RATIOS = (1, 2, 3)  # of screens; Qt picks the nearest


def known(name: str) -> str:
    """Return `name` if it has a drawing, else that of any service: a backend that nobody drew yet."""
    return name if _file(name).exists() else "service"


def paint(painter: QPainter, name: str, place: QRectF, colour: QColor, ground: QColor) -> None:
    """Draw it into `place`. `ground` is what lies under it."""
    _renderer(name, colour.name(), ground.name()).render(painter, place)


def pictogram(name: str, colour: QColor, ground: QColor | None = None, size: int = ICON) -> QIcon:
    """Return it as an icon for a native control, sharp at 100, 200 and 300 %."""
    icon = QIcon()
    for ratio in _RATIOS:
        pixmap = QPixmap(QSize(size, size) * ratio)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        paint(painter, name, QRectF(0, 0, size * ratio, size * ratio), colour, ground or QColor(Qt.GlobalColor.white))
        painter.end()
        pixmap.setDevicePixelRatio(ratio)
        icon.addPixmap(pixmap)
    return icon


@lru_cache(maxsize=128)
def _renderer(name: str, colour: str, ground: str) -> QSvgRenderer:
    # Not one after the other: a colour may be called like the placeholder of the other.
    roles = {"black": colour, "white": ground}
    parts = _source(name).split('"')
    return QSvgRenderer(QByteArray('"'.join(roles.get(part, part) for part in parts).encode()))


@lru_cache(maxsize=128)
def _source(name: str) -> str:
    return _file(name).read_text(encoding="utf-8")


def _file(name: str) -> Path:
    return resource(f"icons/glyphs/{name}.svg")
