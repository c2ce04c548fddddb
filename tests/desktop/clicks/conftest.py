"""A stage for each row of a table."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from pytestqt.qtbot import QtBot

from portway.gui.window.main_window import MainWindow
from tests.desktop.clicks.scenes import Scene, Stage
from tests.gui.conftest import Desk, desk

__all__ = ["desk"]  # a fixture


@pytest.fixture
def stage(desk: Desk, qtbot: QtBot) -> Iterator[Callable[[Scene], Stage]]:
    """Set a scene. The window comes when all is set that it shows: it need not be drawn for each part of that."""
    opened: list[MainWindow] = []

    def open_window(page: str, width: int) -> MainWindow:
        window = MainWindow(desk.dependencies, lambda: desk.may_hide)
        opened.append(window)
        qtbot.addWidget(window)
        window.resize(width, 720)
        window.go_to(page)
        with qtbot.waitExposed(window):
            window.show()
        return window

    yield lambda scene: Stage(scene, desk, open_window)
    Stage.close()
    for window in opened:
        window.finish()
