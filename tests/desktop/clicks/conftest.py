"""A stage for each row of a table."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from pytestqt.qtbot import QtBot

from portway.gui.window.main_window import MainWindow
from tests.desktop.clicks.scenes import Scene, Stage
from tests.gui.conftest import Desk, desk, window

__all__ = ["desk", "window"]  # fixtures


@pytest.fixture
def stage(desk: Desk, window: MainWindow, qtbot: QtBot) -> Iterator[Callable[[Scene], Stage]]:
    """Set a scene."""
    yield lambda scene: Stage(scene, desk, window)
    Stage.close()
