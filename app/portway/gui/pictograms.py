"""The small drawings of the window: one grid of 16, one stroke, in the colour of the text beside them."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from portway.gui.look import ICON

_RATIOS = (1, 2, 3)  # of screens; Qt picks the nearest

# FG is the colour, BG the ground that shows through a filled shape. What is filled says so; the rest is stroked.
_FILLED = 'fill="FG" stroke="none"'
_CUT = 'fill="none" stroke="BG" stroke-width="1.6"'
_DRAWINGS: dict[str, str] = {
    "tunnels": '<path d="M2.8 13.4V7.2a5.2 5.2 0 0 1 10.4 0v6.2zM8 13.2V9.4"/>',
    "log": '<path d="M2.2 3.2h11.6M2.2 6.4h7.8M2.2 9.6h11.6M2.2 12.8h5.8"/>',
    "general": (
        '<path d="M1.8 3.8h6.4M11.8 3.8h2.4M1.8 8h1.8M7.2 8h7M1.8 12.2h4.4M9.8 12.2h4.4"/>'
        '<circle cx="10" cy="3.8" r="1.7"/><circle cx="5.4" cy="8" r="1.7"/><circle cx="8" cy="12.2" r="1.7"/>'
    ),
    "lan": (
        '<path d="M1.6 7.6L8 2l6.4 5.6M3.4 6.4v7.2h9.2V6.4M5.6 10.4a3.3 3.3 0 0 1 4.8 0"/>'
        f'<circle cx="8" cy="11.8" r="1" {_FILLED}/>'
    ),
    "cloudflared": '<path d="M4.4 12.8h7.4a2.9 2.9 0 0 0 .4-5.8 4.3 4.3 0 0 0-8.3.8 2.5 2.5 0 0 0 .5 5z"/>',
    "ngrok": (
        '<circle cx="8" cy="8" r="6.2"/><path d="M1.8 8h12.4M8 1.8c-4.2 3.6-4.2 8.8 0 12.4'
        'M8 1.8c4.2 3.6 4.2 8.8 0 12.4"/>'
    ),
    "tailscale": (
        '<circle cx="3.4" cy="4" r="1.8"/><circle cx="12.6" cy="4" r="1.8"/><circle cx="8" cy="12.4" r="1.8"/>'
        '<path d="M5.2 4h5.6M4.3 5.6l2.8 5.2M11.7 5.6l-2.8 5.2"/>'
    ),
    "service": '<circle cx="8" cy="8" r="2"/><path d="M4.3 11.7a5.2 5.2 0 0 1 0-7.4M11.7 4.3a5.2 5.2 0 0 1 0 7.4"/>',
    "api": (
        '<path d="M5.6 2.2c-1.5 0-2 .7-2 2v1.9c0 1-.6 1.7-1.8 1.9 1.2.2 1.8.9 1.8 1.9v1.9c0 1.3.5 2 2 2"/>'
        '<path d="M10.4 2.2c1.5 0 2 .7 2 2v1.9c0 1 .6 1.7 1.8 1.9-1.2.2-1.8.9-1.8 1.9v1.9c0 1.3-.5 2-2 2"/>'
    ),
    "notifications": (
        '<path d="M2.4 12h11.2c-1.1-1-1.5-2.2-1.5-4.6 0-2.9-1.7-4.9-4.1-4.9S3.9 4.5 3.9 7.4C3.9 9.8 3.5 11 2.4 12z'
        'M6.6 12.2a1.5 1.5 0 0 0 2.8 0"/>'
    ),
    "hooks": '<circle cx="8.6" cy="3.2" r="1.4"/><path d="M8.6 4.6v6.2a2.9 2.9 0 0 1-5.8 0V9.2l2 1.6"/>',
    "advanced": (
        '<path d="M2 14l5.2-5.2M7 7.9a3.7 3.7 0 0 1 3.2-5.3l-.4 2.9 1.5 1.5 2.9-.4a3.7 3.7 0 0 1-5.3 3.2L7 7.9z"/>'
    ),
    "about": f'<circle cx="8" cy="8" r="6.2"/><path d="M8 7.4v3.6"/><circle cx="8" cy="4.9" r=".9" {_FILLED}/>',
    "menu": '<path d="M2 3.8h12M2 8h12M2 12.2h12"/>',
    "more": (
        f'<g {_FILLED}><circle cx="3" cy="8" r="1.350"/><circle cx="8" cy="8" r="1.350"/>'
        '<circle cx="13" cy="8" r="1.350"/></g>'
    ),
    "copy": (
        '<rect x="5.2" y="5.2" width="9" height="9" rx="1.9"/>'
        '<path d="M2.9 10.4a1.2 1.2 0 0 1-1.1-1.2V3.7a1.9 1.9 0 0 1 1.9-1.9h5.5a1.2 1.2 0 0 1 1.2 1.1"/>'
    ),
    "tick": '<path d="M3 8.6l3.2 3.2L13 4.8"/>',
    "bold_tick": '<path d="M3 8.6l3.2 3.2L13 4.8" stroke-width="2.5"/>',
    "qr": (
        '<rect x="1.7" y="1.7" width="4.9" height="4.9" rx="1"/>'
        '<rect x="9.4" y="1.7" width="4.9" height="4.9" rx="1"/>'
        '<rect x="1.7" y="9.4" width="4.9" height="4.9" rx="1"/>'
        f'<g {_FILLED}><rect x="3.5" y="3.5" width="1.3" height="1.3"/>'
        '<rect x="11.2" y="3.5" width="1.3" height="1.3"/>'
        '<rect x="3.5" y="11.2" width="1.3" height="1.3"/><rect x="8.8" y="8.8" width="1.8" height="1.8"/>'
        '<rect x="12.8" y="8.8" width="1.8" height="1.8"/><rect x="10.8" y="10.8" width="1.8" height="1.8"/>'
        '<rect x="8.8" y="12.8" width="1.8" height="1.8"/><rect x="12.8" y="12.8" width="1.8" height="1.8"/></g>'
    ),
    "open": (
        '<path d="M9.6 1.9h4.5v4.5M13.8 2.2L7.6 8.4'
        'M6.6 3.2H3.7a1.9 1.9 0 0 0-1.9 1.9v7.2a1.9 1.9 0 0 0 1.9 1.9h7.2a1.9 1.9 0 0 0 1.9-1.9V9.4"/>'
    ),
    "right": '<path d="M6 3.8L10.2 8 6 12.2"/>',
    "down": '<path d="M3.8 6L8 10.2 12.2 6"/>',
    "search": '<circle cx="6.9" cy="6.9" r="4.7"/><path d="M10.4 10.4L14 14"/>',
    "ring": '<circle cx="8" cy="8" r="5.8" stroke-width="1.7"/>',
    "ring_slash": '<g stroke-width="1.5"><circle cx="8" cy="8" r="6"/><path d="M3.8 12.2l8.4-8.4"/></g>',
    "tray": '<g stroke-width="1.7"><path d="M8 1.8v7.4M4.8 6.4L8 9.6l3.2-3.2M2.2 10.6v3.4h11.6v-3.4"/></g>',
    "busy": (
        '<path d="M8 1.9a6.1 6.1 0 1 1-5.8 4.2" stroke-width="1.9"/>'
        '<circle cx="8" cy="8" r="2.1" fill="FG" stroke="none"/>'
        '<path d="M1 3.7l1.3 2.7L5 5.1" stroke-width="1.2"/>'
    ),
    "disc_tick": f'<circle cx="8" cy="8" r="7" {_FILLED}/><path d="M4.9 8.2l2.2 2.2 4.1-4.3" {_CUT}/>',
    "disc_info": (
        f'<circle cx="8" cy="8" r="7" {_FILLED}/><path d="M8 7.5v4" {_CUT}/>'
        '<circle cx="8" cy="4.8" r="1" fill="BG" stroke="none"/>'
    ),
    "triangle": (
        '<path d="M8 2.2L14.6 13.6H1.4z" fill="FG" stroke="FG" stroke-width="1.8"/>'
        f'<path d="M8 6v3.6" {_CUT}/><circle cx="8" cy="12" r=".95" fill="BG" stroke="none"/>'
    ),
    "padlock": (
        f'<rect x="2.2" y="6.9" width="11.6" height="8" rx="1.8" {_FILLED}/>'
        '<path d="M4.6 7V4.6a3.4 3.4 0 0 1 6.8 0V7" stroke-width="1.7"/>'
        '<circle cx="8" cy="10.2" r="1.2" fill="BG" stroke="none"/><path d="'
        'M8 10.6v1.9" stroke="BG" stroke-width="1.1"/>'
    ),
    "octagon": (
        f'<path d="M5.1 1h5.8L15 5.1v5.8L10.9 15H5.1L1 10.9V5.1z" {_FILLED}/>'
        f'<path d="M5.6 5.6l4.8 4.8M10.4 5.6l-4.8 4.8" {_CUT}/>'
    ),
}  # fmt: skip

_APP_ICON = """
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64">
<defs><linearGradient id="wall" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="#1d5a6e"/>
<stop offset="1" stop-color="#103744"/></linearGradient><linearGradient id="door" x1="0" y1="0" x2="0" y2="1">
<stop offset="0" stop-color="#fff4da"/><stop offset="1" stop-color="#ffc55c"/></linearGradient></defs>
<rect x="3" y="3" width="58" height="58" rx="14" fill="url(#wall)"/>
<g transform="translate(10.6 11) scale(2.625)">
<path d="M1 5.5a4.5 4.5 0 0 1 9 0V7.8H4.5a2.2 2.2 0 0 0 0 4.4H10V14a1 1 0 0 1-1 1H2a1 1 0 0 1-1-1z" fill="url(#door)"/>
<path d="M4.5 10H14.2M12 7l2.9 3-2.9 3" fill="none" stroke="#fff" stroke-width="2" stroke-linecap="round"
 stroke-linejoin="round"/></g></svg>
"""


def known(name: str) -> str:
    """Return `name` if it has a drawing, else that of any service: a backend that nobody drew yet."""
    return name if name in _DRAWINGS else "service"


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


def paint_app_icon(painter: QPainter, place: QRectF) -> None:
    """Draw the mark of the application."""
    QSvgRenderer(QByteArray(_APP_ICON.encode())).render(painter, place)


@lru_cache(maxsize=128)
def _renderer(name: str, colour: str, ground: str) -> QSvgRenderer:
    body = _DRAWINGS[name].replace("FG", colour).replace("BG", ground)
    source = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16" fill="none" stroke="{colour}" '
        f'stroke-width="1.35" stroke-linecap="round" stroke-linejoin="round">{body}</svg>'
    )
    return QSvgRenderer(QByteArray(source.encode()))
