"""A minute of Portway in a quarter of one: the window, clicked through, as a moving picture."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPolygonF
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from portway.core.guard.rules import Guard
from portway.core.status import SLOT, Phase, Traffic, TrafficSlot
from portway.gui.window.main_window import MainWindow
from tests.fakes.origins.page import origin_server
from tests.gui.requests.visits import DAY, live_through
from tests.gui.states import STATES
from tests.pictures.stage import Stage, settle, staged
from tests.pictures.webp import Frame, animated

_WIDTH, _HEIGHT = 880, 664
_LAN = "http://192.168.178.24:30128"
_PUBLIC = "https://quiet-river-lamp-field.trycloudflare.com"
_ARROW = ((0, 0), (0, 17), (4, 13), (7, 20), (10, 19), (7, 12), (12, 12))
_STEPS = 7  # of the pointer on its way
_STEP, _GLANCE, _LOOK, _READ = 45, 400, 1100, 2600  # ms


class _Camera:
    """Photographs the window with a pointer on it."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        self._pointer = QPointF(_WIDTH * 0.62, _HEIGHT * 0.9)
        self.frames: list[Frame] = []

    def wait(self, milliseconds: int) -> None:
        """Look for so long at what is there."""
        settle()
        self.frames.append(Frame(self._shot(), milliseconds))

    def click(self, widget: QWidget) -> None:
        """Go to its middle, and click."""
        goal = QPointF(widget.mapTo(self._window, widget.rect().center()))
        begin = self._pointer
        settle()
        still = self._window.grab().toImage()
        for step in range(1, _STEPS + 1):
            part = step / _STEPS
            self._pointer = begin + (goal - begin) * (part * part * (3 - 2 * part))
            self.frames.append(Frame(self._shot(still), _STEP))
        self.frames.append(Frame(self._shot(still), _GLANCE))
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton, pos=QPoint(widget.rect().center()))
        widget.clearFocus()  # its ring says where the keyboard is, and nobody types here

    def _shot(self, still: QImage | None = None) -> QImage:
        image = (self._window.grab().toImage() if still is None else still).copy()
        painter = QPainter(image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.translate(self._pointer)
        painter.setPen(QColor("#ffffff"))
        painter.setBrush(QColor("#101418"))
        painter.drawPolygon(QPolygonF([QPointF(x, y) for x, y in _ARROW]))
        painter.end()
        return image


def tour(theme: str) -> bytes:
    """Draw it: open to the devices around, then with a password to the internet, then what visitors asked for."""
    with origin_server(port=3000), staged(theme) as stage:
        stage.settings.set("general.target", "3000")
        stage.settings.set("general.showApiUrl", False)
        stage.hub.reload()
        stage.hub.show("cloudflared", guard=Guard(password=True))  # chosen before
        window = stage.window(_WIDTH, _HEIGHT)
        camera = _Camera(window)
        camera.wait(_LOOK)
        camera.click(window.tunnels.card("lan").switch)
        camera.wait(_GLANCE)
        _open_lan(stage, _traffic(0, 0))
        camera.wait(_LOOK)
        for number in _growing():
            _open_lan(stage, _traffic(number, 1))
            camera.wait(_GLANCE)
        camera.click(window.tunnels.card("cloudflared").switch)
        camera.wait(_LOOK)
        for number in (0, *_growing()):
            _open_cloudflared(stage, _traffic(number, 3 if number else 0))
            camera.wait(_GLANCE if number else _LOOK)
        camera.wait(_READ)
        stage.hub.requests.record("cloudflared", on=True)
        live_through(stage.hub.requests.store, DAY[:13])
        camera.click(window._sidebar.rows["requests"])
        camera.wait(_LOOK)
        live_through(stage.hub.requests.store, DAY[13:])
        camera.wait(_READ)
        return animated(camera.frames)


def _open_lan(stage: Stage, traffic: Traffic) -> None:
    extras = STATES["lan_firewall"][1]["extras"]
    stage.hub.show(
        "lan",
        phase=Phase.RUNNING,
        wanted=True,
        public_url=_LAN,
        since=datetime.now(UTC) - timedelta(seconds=40),
        extras=type(extras)(listen_port=30128, last_visitor_at=traffic.last_at),
        traffic=traffic,
    )


def _open_cloudflared(stage: Stage, traffic: Traffic) -> None:
    stage.hub.show(
        "cloudflared",
        phase=Phase.RUNNING,
        wanted=True,
        public_url=_PUBLIC,
        progress=None,
        since=datetime.now(UTC) - timedelta(seconds=4),
        traffic=traffic,
    )


def _growing() -> Iterator[int]:
    """Yield how many requests there were, as they come."""
    yield from (1, 3, 7, 12, 18)


def _traffic(requests: int, visitors: int) -> Traffic:
    """Make up what passed in the last minute, the same each time."""
    chance = Random(7)
    number = int(time.time() / SLOT)
    parts = [0] * 12
    for _ in range(requests):
        parts[min(chance.randrange(12), chance.randrange(12))] += 1
    recent = tuple(TrafficSlot(number=number - back, requests=parts[back]) for back in range(11, -1, -1) if parts[back])
    last = datetime.now(UTC) if requests else None
    return Traffic(requests=requests, visitors=visitors, present=visitors, last_at=last, recent=recent)
