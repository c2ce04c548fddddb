"""The icons of tray and windows: one drawing for each state, told apart by its shape."""

import sys

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from portway.gui.theme.tone import TrayState
from portway.system.storage.resources import resource

TRAY_SIZES = (16, 22, 24, 32, 48, 64)
_TRANSPARENT = QColor(0, 0, 0, 0)  # not Qt.GlobalColor: the first use of the namespace `Qt` takes 10 ms


def tray_icon(state: TrayState) -> QIcon:
    """Draw it at every size that panels ask for: of an SVG they would get two sizes only."""
    renderer = QSvgRenderer(str(resource(f"icons/tray-{state}.svg")))
    icon = QIcon()
    for size in TRAY_SIZES:
        pixmap = QPixmap(size, size)
        pixmap.fill(_TRANSPARENT)
        painter = QPainter(pixmap)
        renderer.render(painter, QRectF(0, 0, size, size))
        painter.end()
        icon.addPixmap(pixmap)
    icon.setIsMask(sys.platform == "darwin")  # the menu bar there colours a template by itself
    return icon


def window_icon() -> QIcon:
    """Return the icon of the program."""
    return QIcon(str(resource("icons/portway.svg")))
