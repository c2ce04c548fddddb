from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from portway.core.codes import Code
from portway.core.errors import Problem
from portway.core.status import BackendId, Phase, Reach, TunnelStatus
from portway.gui.model.summary import summary_of
from portway.gui.theme.colours import contrast
from portway.gui.theme.icons import TRAY_SIZES, tray_icon
from portway.gui.theme.tone import TrayState

OFF = TunnelStatus(backend=BackendId("lan"), reach=Reach.NETWORK, target_url="http://localhost:3000")
STARTING = replace(OFF, phase=Phase.STARTING, wanted=True)
WAITING = replace(STARTING, problem=Problem(Code.NO_NETWORK), retry_at=datetime.now(UTC))
UP = replace(OFF, phase=Phase.RUNNING, wanted=True, public_url="http://192.168.1.2:4000")
SILENT = replace(UP, problem=Problem(Code.ORIGIN_DOWN, parameters={"target": "http://localhost:3000"}))
NEEDS = replace(
    OFF, phase=Phase.NEEDS_AUTH, wanted=True, problem=Problem(Code.NEEDS_TOKEN, parameters={"service": "x"})
)


@pytest.mark.parametrize(
    ("statuses", "state"),
    [
        ([], TrayState.IDLE),
        ([OFF, OFF], TrayState.IDLE),
        ([OFF, replace(NEEDS, wanted=False)], TrayState.IDLE),
        ([OFF, STARTING], TrayState.STARTING),
        ([STARTING, NEEDS], TrayState.TROUBLE),
        ([STARTING, WAITING], TrayState.TROUBLE),
        ([NEEDS, UP], TrayState.SILENT),
        ([SILENT], TrayState.SILENT),
        ([SILENT, UP], TrayState.SILENT),
        ([WAITING, UP], TrayState.SILENT),
        ([UP, UP], TrayState.EXPOSED),
        ([STARTING, replace(UP, wanted=False)], TrayState.EXPOSED),
    ],
)
def test_what_matters_most_is_shown(statuses: list[TunnelStatus], state: TrayState) -> None:
    assert summary_of(statuses).tray_state is state


@pytest.mark.usefixtures("qtbot")
def test_the_shape_alone_tells_the_states_apart_at_every_size(qtbot: QtBot) -> None:
    for size in TRAY_SIZES:
        shapes = set()
        for state in TrayState:
            image = tray_icon(state).pixmap(size, size).toImage()
            assert (image.width(), image.height()) == (size, size)
            shapes.add(bytes(image.pixelColor(x, y).alpha() for y in range(size) for x in range(size)))
        assert len(shapes) == len(TrayState)


@pytest.mark.parametrize("panel", ["#f3f4f5", "#1f2225"])
@pytest.mark.parametrize("state", list(TrayState))
def test_it_reads_on_light_and_dark_panels(qtbot: QtBot, state: TrayState, panel: str) -> None:
    image = tray_icon(state).pixmap(64, 64).toImage()
    solid = [image.pixelColor(x, y) for x in range(64) for y in range(64) if image.pixelColor(x, y).alpha() == 255]
    assert solid
    assert all(contrast(colour, QColor(panel)) >= 3.6 for colour in solid)
