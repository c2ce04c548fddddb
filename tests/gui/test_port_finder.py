"""Local servers are found beside the main thread."""

from __future__ import annotations

import threading

from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from portway.gui.port_finder import PortFinder


def test_the_look_is_not_on_the_main_thread(qtbot: QtBot) -> None:
    threads: list[str] = []

    def look() -> tuple[()]:
        threads.append(threading.current_thread().name)
        return ()

    owner = QObject()
    finder = PortFinder(look, owner)
    with qtbot.waitSignal(finder.found):
        finder.look()
    assert threads == ["listening ports"]
