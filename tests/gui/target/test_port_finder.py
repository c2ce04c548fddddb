"""Local servers are found beside the main thread."""

from __future__ import annotations

import threading
import weakref

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from portway.gui.target.port_finder import PortFinder, port_label
from tests.gui.conftest import Found
from tests.limits import SEEN


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


def test_the_thread_knows_nothing_of_a_finder_that_may_go_while_it_looks(qapp: QApplication) -> None:
    """An object that is deleted while another thread emits a signal of it takes the whole program with it."""
    go_on = threading.Event()

    def look() -> tuple[()]:
        go_on.wait(SEEN)
        return ()

    owner = QObject()
    finder = PortFinder(look, owner)
    finder.look()
    known = weakref.ref(finder)
    del finder
    owner.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    del owner
    assert known() is None
    go_on.set()


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
