"""What a flood of requests does to the page, and what stands there while there are none."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from portway.core.status import Phase, Traffic
from portway.relay.capture.store import MOST_ROWS, ExchangeStore
from portway.runtime.side_threads import SideThreads
from tests.gui.conftest import Desk
from tests.gui.hands import click
from tests.gui.requests.conftest import OpenPage, paths
from tests.gui.requests.visits import TUNNEL, Visit, live_through, pay
from tests.limits import NEVER


class Paints(QObject):
    """Counts how often a widget is painted."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self.count = 0
        widget.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        self.count += event.type() == QEvent.Type.Paint
        return False


@pytest.mark.slow(reason="takes in as many requests as are kept")
def test_ten_thousand_rows_come_in_few_batches_and_few_repaints(
    desk: Desk, store: ExchangeStore, open_page: OpenPage, qtbot: QtBot
) -> None:
    side = SideThreads()
    desk.hub.aside = side.run  # type: ignore[method-assign]
    page = open_page()
    qtbot.waitUntil(lambda: page.feed._is_loaded)
    pay(store, Visit(path="/first"))
    qtbot.waitUntil(lambda: page.model.rowCount() == 1)
    batches: list[int] = []
    page.feed.came.connect(lambda rows: batches.append(len(rows)))
    table, plot = Paints(page.table.viewport()), Paints(page.plot._plot)
    began = time.monotonic()

    def flood() -> None:
        for number in range(MOST_ROWS):
            pay(store, Visit(path=f"/{number}"))

    thread = threading.Thread(target=flood, daemon=True)
    thread.start()
    qtbot.waitUntil(lambda: page.model.newest == MOST_ROWS + 1, timeout=round(NEVER * 1000))
    thread.join()
    tenths = (time.monotonic() - began) * 10
    assert page.model.rowCount() == MOST_ROWS
    assert len(batches) <= tenths + 2
    assert table.count <= len(batches) + tenths / 10 + 3  # what is open gets older once a second
    assert plot.count <= tenths / 10 + 3


def test_a_flood_is_handed_on_in_parts_of_which_none_takes_long(
    store: ExchangeStore, open_page: OpenPage, qtbot: QtBot
) -> None:
    page = open_page()
    page.feed._timer.start()  # a batch has just been handed on: what comes waits for the next one
    batches: list[int] = []
    page.feed.came.connect(lambda rows: batches.append(len(rows)))
    for number in range(2500):
        pay(store, Visit(path=f"/{number}"))
    qtbot.waitUntil(lambda: page.model.rowCount() == 2500)
    assert max(batches) <= 1000
    assert paths(page)[0] == "/2499"


def test_nobody_listens_while_nobody_looks(store: ExchangeStore, open_page: OpenPage, qtbot: QtBot) -> None:
    live_through(store)
    page = open_page()
    page.hide()
    paints = Paints(page.table.viewport())
    pay(store, Visit(path="/unseen"))
    assert store._listeners == []
    assert not page._clock.isActive()
    assert paths(page)[0] == "/api/cart"
    assert paints.count == 0
    page.show()
    assert paths(page)[0] == "/unseen"


def test_it_says_how_many_older_ones_were_dropped(
    desk: Desk, store: ExchangeStore, open_page: OpenPage, qtbot: QtBot
) -> None:
    small = ExchangeStore(most_rows=5)
    desk.hub.requests._store = small
    live_through(small)
    page = open_page()
    assert page.notice.text.text() == "11 older ones were dropped."
    assert page.notice.isVisible()


@dataclass(frozen=True)
class Nothing:
    """Why the list is empty, and what stands there."""

    status: dict[str, Any]
    records: bool
    title: str
    buttons: set[str]


OPEN = {"phase": Phase.RUNNING, "public_url": "https://a.example"}
EMPTY = [
    Nothing({}, False, "Nothing is open", {"Show the tunnels"}),
    Nothing(OPEN, True, "No visitor yet", {"Copy the link", "QR code…"}),
    Nothing(
        {**OPEN, "traffic": Traffic()}, False, "The requests of Cloudflare are not recorded", {"Record its requests"}
    ),
    Nothing(OPEN, False, "The requests of Cloudflare cannot be recorded", {"Show the tunnels"}),
]


@pytest.mark.parametrize("nothing", EMPTY, ids=lambda nothing: nothing.title)
def test_an_empty_list_says_what_will_appear_and_how(desk: Desk, open_page: OpenPage, nothing: Nothing) -> None:
    desk.hub.show(TUNNEL, **nothing.status)
    desk.hub.requests.record(TUNNEL, on=nothing.records)
    page = open_page(700)
    empty = page.empty
    assert empty.isVisible()
    assert empty.title.text() == nothing.title
    shown = {one.text() for one in (empty.copy, empty.qr, empty.show_tunnels, empty.record) if one.isVisible()}
    assert shown == nothing.buttons
    assert not page.grab().isNull()


def test_recording_begins_with_one_click_and_the_link_stays(desk: Desk, open_page: OpenPage) -> None:
    desk.hub.show(TUNNEL, phase=Phase.RUNNING, wanted=True, public_url="https://a.example", traffic=Traffic())
    page = open_page()
    click(page.empty.record)
    ((tunnel, ask),) = desk.hub.enabled
    assert (tunnel, ask.inspect, ask.by_person, ask.lasting, ask.target) == (TUNNEL, True, False, False, None)


def test_a_tunnel_that_is_not_recorded_beside_others_is_named_and_recorded_with_one_click(
    desk: Desk, store: ExchangeStore, open_page: OpenPage
) -> None:
    live_through(store)
    desk.hub.show("ngrok", phase=Phase.RUNNING, wanted=True, public_url="https://a.example", traffic=Traffic())
    page = open_page()
    assert page.notice.text.text() == "Not recorded: ngrok."
    click(page.notice.record)
    assert [tunnel for tunnel, _ in desk.hub.enabled] == ["ngrok"]
    desk.hub.requests.record("ngrok", on=True)
    page.refresh()
    assert not page.notice.isVisible()
    assert not page.notice.record.isVisible()
