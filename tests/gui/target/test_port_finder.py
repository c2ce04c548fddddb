"""Local servers are found beside the main thread."""

from __future__ import annotations

import threading

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from portway.gui.target.port_finder import PortFinder, port_label, short_port_label
from tests.gui.conftest import Found


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


@pytest.mark.parametrize(
    ("found", "label"),
    [
        (Found(3000, "node", "Vite App"), "3000 · node · Vite App"),
        (Found(3000, None, "Vite App"), "3000 · Vite App"),
        (Found(3000, "node"), "3000 · node"),
        (Found(3000, None), "3000"),
    ],
)
def test_a_row_says_what_is_known(found: Found, label: str) -> None:
    assert port_label(found) == label


@pytest.mark.parametrize(
    ("found", "label"),
    [
        (Found(3000, "node", "Vite App"), "3000 · Vite App"),
        (Found(3000, "node", "A shop with a very long name"), "3000 · A shop with a very …"),
        (Found(3000, "node"), "3000 · node"),
        (Found(3000, None), "3000"),
    ],
)
def test_of_several_beside_each_other_each_says_what_tells_it_apart(found: Found, label: str) -> None:
    assert short_port_label(found) == label
