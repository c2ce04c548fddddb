"""The Requests page over a store that tests fill."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from portway.gui.navigation import Navigation
from portway.gui.requests.ordering import Column
from portway.gui.requests.page import RequestsPage
from portway.relay.capture.store import ExchangeStore
from tests.gui.conftest import Desk

OpenPage = Callable[..., RequestsPage]


@pytest.fixture
def store(desk: Desk) -> ExchangeStore:
    return desk.hub.requests.store


@pytest.fixture
def open_page(desk: Desk, qtbot: QtBot) -> Iterator[OpenPage]:
    """Open the page in a window of its own, of some size."""
    pages: list[RequestsPage] = []

    def make(width: int = 1100, height: int = 700) -> RequestsPage:
        page = RequestsPage(desk.dependencies, Navigation())
        qtbot.addWidget(page)
        page.resize(width, height)
        with qtbot.waitExposed(page):
            page.show()
        pages.append(page)
        return page

    yield make
    for page in pages:
        page.hide()


def paths(page: RequestsPage) -> list[str]:
    return [row.path for row in page.model.rows]


def open_at(page: RequestsPage, place: int) -> None:
    """Click into a row."""
    index = page.model.index(place, Column.PATH)
    QTest.mouseClick(page.table.viewport(), Qt.MouseButton.LeftButton, pos=page.table.visualRect(index).center())
