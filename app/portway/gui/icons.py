"""The icons of tray and windows: one drawing for each state, told apart by its shape."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from enum import StrEnum

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from portway.core.status import Phase, TunnelStatus
from portway.system.resources import resource

TRAY_SIZES = (16, 22, 24, 32, 48, 64)


class TrayState(StrEnum):
    """What the tray icon shows; the value is the name of its drawing."""

    IDLE = "idle"
    STARTING = "starting"
    EXPOSED = "exposed"
    TROUBLE = "trouble"


def tray_state(statuses: Iterable[TunnelStatus]) -> TrayState:
    """Return what matters most: that something is exposed, then that something went wrong, then that one starts."""
    known = tuple(statuses)
    if any(status.running for status in known):
        return TrayState.EXPOSED
    if any(_in_trouble(status) for status in known):
        return TrayState.TROUBLE
    if any(status.phase is Phase.STARTING for status in known):
        return TrayState.STARTING
    return TrayState.IDLE


def tray_icon(state: TrayState) -> QIcon:
    """Draw it at every size that panels ask for: of an SVG they would get two sizes only."""
    renderer = QSvgRenderer(str(resource(f"icons/tray-{state}.svg")))
    icon = QIcon()
    for size in TRAY_SIZES:
        pixmap = QPixmap(size, size)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        renderer.render(painter, QRectF(0, 0, size, size))
        painter.end()
        icon.addPixmap(pixmap)
    icon.setIsMask(sys.platform == "darwin")  # the menu bar there colours a template by itself
    return icon


def window_icon() -> QIcon:
    """Return the icon of the program."""
    return QIcon(str(resource("icons/portway.svg")))


def _in_trouble(status: TunnelStatus) -> bool:
    if status.phase is Phase.ERROR:
        return True
    waits_for_a_person = status.phase is Phase.NEEDS_AUTH and status.wanted
    return waits_for_a_person or (status.phase is Phase.STARTING and status.retry_at is not None)
