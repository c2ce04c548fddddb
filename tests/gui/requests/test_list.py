"""The list of requests as people use it: looked at, filtered, opened, paused, cleared, by mouse and keys."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from portway.gui.i18n.language import use_language
from portway.gui.requests.cells import ROW
from portway.gui.requests.ordering import Column
from portway.gui.requests.page import RequestsPage
from portway.gui.theme.look import colours
from portway.gui.window.main_window import MainWindow
from portway.relay.capture.store import ExchangeStore
from tests.gui.conftest import Desk
from tests.gui.hands import click, strike, write
from tests.gui.requests.conftest import OpenPage, open_at, paths
from tests.gui.requests.visits import DAY, TUNNEL, Visit, live_through, pay
from tests.gui.test_nothing_cut_off import cut_off


def test_it_shows_what_there_is_and_what_comes_the_newest_on_top(
    store: ExchangeStore, open_page: OpenPage, qtbot: QtBot
) -> None:
    live_through(store)
    page = open_page()
    assert (len(paths(page)), paths(page)[0]) == (len(DAY), "/api/cart")
    pay(store, Visit(path="/new"))
    qtbot.waitUntil(lambda: paths(page)[0] == "/new")
    assert page.filters.shown.text() == "17 shown"
    assert page.head.summary.text().startswith("17 since ")
    assert not page.grab().isNull()


def test_it_says_always_that_nothing_is_written_to_disk(store: ExchangeStore, open_page: OpenPage) -> None:
    words = "Kept in memory only: gone when Portway quits, never written to disk."
    page = open_page()
    assert page.head.summary.isVisible()
    assert page.head.summary.text() == words
    live_through(store)
    page.resize(380, 700)
    page.feed.start()
    open_at(page, 0)
    assert page.head.summary.text().endswith(words)
    assert page.head.summary.isVisible()


def test_the_sidebar_counts_what_is_kept(desk: Desk, window: MainWindow, store: ExchangeStore, qtbot: QtBot) -> None:
    live_through(store)
    window.go_to("requests")
    window.refresh()
    row, page = window._sidebar.rows["requests"], window.shown_page()
    assert row.accessibleName() == f"Requests, {len(DAY)}"
    assert not row.grab().isNull()
    assert isinstance(page, RequestsPage)
    click(page.clear)
    assert row.accessibleName() == "Requests"


def test_the_search_says_by_which_keys_one_gets_there_while_it_is_empty(
    store: ExchangeStore, open_page: OpenPage, qtbot: QtBot
) -> None:
    live_through(store)
    page = open_page(1200)
    search = page.filters.search
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    page.table.setFocus()
    assert search.hint == "Ctrl F"
    assert not search.grab().isNull()
    search.setFocus()
    assert search.hint == ""
    write(search, "cart")
    page.table.setFocus()
    assert search.hint == ""
    search.clear()
    assert search.hint == "Ctrl F"
    search.setPlaceholderText("a text that leaves no room for anything else " * 4)
    assert search.hint == ""


def test_what_is_read_stays_where_it_is_while_new_ones_come(
    store: ExchangeStore, open_page: OpenPage, qtbot: QtBot
) -> None:
    for number in range(200):
        pay(store, Visit(path=f"/{number}"))
    page = open_page()
    table = page.table
    table.choose(page.model.rows[60].id)
    table.verticalScrollBar().setValue(40 * ROW + 9)
    read, chosen = page.model.rows[table.rowAt(0)].path, table.chosen
    for number in range(12):
        pay(store, Visit(path=f"/new{number}"))
    qtbot.waitUntil(lambda: page.model.rowCount() == 212)
    qtbot.waitUntil(lambda: table.newer.isVisible() and table.newer.text() == "12 new")
    assert page.model.rows[table.rowAt(0)].path == read
    assert table.rowViewportPosition(table.rowAt(0)) == -9
    assert (table.chosen, table.currentIndex().row()) == (chosen, 72)
    click(table.newer)
    assert table.is_at_top
    assert not table.newer.isVisible()
    pay(store, Visit(path="/at-the-top"))
    qtbot.waitUntil(lambda: page.model.rowCount() == 213)
    assert table.is_at_top
    assert not table.newer.isVisible()


def test_it_is_filtered_by_text_method_status_and_tunnel(
    store: ExchangeStore, open_page: OpenPage, qtbot: QtBot
) -> None:
    live_through(store)
    page = open_page()
    write(page.filters.search, "CHECKOUT")
    assert paths(page) == ["/api/checkout"] * 2
    assert page.go_back()
    page.filters.method.setCurrentIndex(page.filters.method.findData("POST"))
    assert paths(page) == ["/api/checkout", "/api/checkout", "/webhooks/stripe"]
    click(page.filters.status.buttons["5xx"])
    assert paths(page) == ["/api/checkout"] * 2
    page.filters.show_all()
    page.choose_tunnel("lan")
    assert paths(page) == ["/photos/1.jpg", "/"]
    page.choose_tunnel("")
    assert len(paths(page)) == len(DAY)


def test_headers_and_bodies_are_searched_as_well_but_no_secret(
    store: ExchangeStore, open_page: OpenPage, qtbot: QtBot
) -> None:
    live_through(store)
    page = open_page()
    for text, found in (("card_declined", 1), ("req_8jd02mkq", 1), ("bearer abc", 0), ("4242", 1)):
        page.filters.search.setText(text)
        qtbot.waitUntil(partial(lambda count: len(paths(page)) == count, found))
    pay(store, Visit(path="/later", body=b"also 4242", kind="text/plain"))
    qtbot.waitUntil(lambda: paths(page) == ["/later", "/api/checkout"])


@pytest.mark.parametrize(("width", "beside"), [(1100, True), (700, False), (380, False)])
def test_a_request_opens_beside_the_table_or_as_a_page_of_its_own(
    store: ExchangeStore, open_page: OpenPage, width: int, *, beside: bool
) -> None:
    live_through(store)
    page = open_page(width)
    open_at(page, 2)
    assert page.detail.isVisible()
    assert page.table.isVisible() is beside
    assert page.detail.path.text() == "/api/checkout"
    shown = {column for column in Column if not page.table.isColumnHidden(column)}
    if beside:
        assert shown == {Column.TIME, Column.METHOD, Column.PATH, Column.STATUS, Column.DURATION}
        strike(page.table, Qt.Key.Key_Down)
        assert page.detail.path.text() == "/assets/index-B7x2.js"
    assert page.go_back()
    assert not page.detail.isVisible()
    assert page.table.isVisible()
    assert not page.go_back()
    strike(page.table, Qt.Key.Key_Return)
    assert page.detail.isVisible()


def test_an_open_request_moves_with_the_width_of_the_window(
    store: ExchangeStore, open_page: OpenPage, qtbot: QtBot
) -> None:
    live_through(store)
    page = open_page(1200)
    open_at(page, 2)
    page.resize(600, 700)
    assert (page.detail.isVisible(), page.table.isVisible()) == (True, False)
    page.resize(1200, 700)
    assert (page.detail.isVisible(), page.table.isVisible()) == (True, True)


def test_columns_make_room_for_the_path_and_keep_the_width_that_a_person_gives(
    desk: Desk, store: ExchangeStore, open_page: OpenPage, qtbot: QtBot
) -> None:
    live_through(store)
    page = open_page(1200)
    assert not any(page.table.isColumnHidden(column) for column in Column)
    page.resize(420, 700)
    assert not page.table.isColumnHidden(Column.PATH)
    assert page.table.columnWidth(Column.PATH) >= 120
    assert page.table.isColumnHidden(Column.TYPE)
    page.resize(1200, 700)
    page.table.horizontalHeader().resizeSection(Column.VISITOR, 171)
    assert desk.dependencies.app_state.column_widths("requests") == {"visitor": 171}
    again = open_page(1200)
    assert again.table.columnWidth(Column.VISITOR) == 171
    desk.dependencies.services.app_state.update(columnWidths={"requests": {"visitor": "wide", "time": -3, "x": 9}})
    assert not open_page(1200).grab().isNull()


def test_space_lets_the_list_stand_still_and_nothing_is_lost(
    store: ExchangeStore, open_page: OpenPage, qtbot: QtBot
) -> None:
    live_through(store)
    page = open_page()
    page.table.setFocus()
    strike(page.table, Qt.Key.Key_Space)
    assert page.is_paused
    assert page.notice.text.text().startswith("Paused: ")
    pay(store, Visit(path="/meanwhile"))
    assert paths(page)[0] == "/api/cart"
    page.hide()
    page.show()
    assert paths(page)[0] == "/api/cart"
    click(page.pause)
    assert paths(page)[0] == "/meanwhile"
    assert not page.notice.isVisible()


def test_clear_forgets_what_is_looked_at_and_nothing_else(
    store: ExchangeStore, open_page: OpenPage, qtbot: QtBot
) -> None:
    live_through(store)
    page = open_page()
    page.choose_tunnel("lan")
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    page.table.setFocus()
    QTest.keyClick(page.table, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    assert store.rows("lan") == ()
    assert len(store.rows(TUNNEL)) == len(DAY) - 2
    page.choose_tunnel("")
    click(page.clear)
    assert store.rows(TUNNEL) == ()
    assert page.empty.isVisible()


def test_tunnels_that_a_person_added_have_their_names_and_one_that_is_gone_is_said(
    desk: Desk, store: ExchangeStore, open_page: OpenPage
) -> None:
    shop = replace(desk.hub.statuses()[1], id="shop", name="My shop", saved=True)
    desk.hub._statuses["shop"] = shop
    pay(store, Visit(path="/cart", tunnel="shop"))
    page = open_page(1200)
    page.refresh()
    page.choose_tunnel("shop")
    assert page.filters.tunnel.currentText() == "My shop"
    assert page.model.data(page.model.index(0, Column.TUNNEL)) == "My shop"
    open_at(page, 0)
    del desk.hub._statuses["shop"]
    page.refresh()
    assert page.filters.chosen_tunnel == ""
    for button in (page.detail.replay, page.detail.edit, page.detail.curl):
        page.detail.say("")
        click(button)
        assert page.detail.came.text() == "The tunnel of this request is not there any more."


def test_the_window_opens_it_for_one_tunnel_and_finds_in_it(
    desk: Desk, window: MainWindow, store: ExchangeStore, qtbot: QtBot
) -> None:
    live_through(store)
    window._navigation.show_requests("lan")
    page = window.shown_page()
    assert isinstance(page, RequestsPage)
    assert paths(page) == ["/photos/1.jpg", "/"]
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    QTest.keyClick(window, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert page.filters.search.hasFocus()
    write(page.filters.search, "photos")
    strike(page.filters.search, Qt.Key.Key_Escape)
    assert (window.isVisible(), page.filters.search.text()) == (True, "")
    open_at(page, 0)
    strike(page.table, Qt.Key.Key_Escape)
    assert (window.isVisible(), page.detail.isVisible()) == (True, False)
    strike(page.table, Qt.Key.Key_Escape)
    assert not window.isVisible()


def test_tab_goes_from_the_head_over_the_filters_to_the_table_and_the_request(
    store: ExchangeStore, open_page: OpenPage, qtbot: QtBot
) -> None:
    live_through(store)
    page = open_page()
    open_at(page, 2)
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    page.pause.setFocus()
    seen = [page.pause.accessibleName()]
    for _ in range(12):
        strike(page.focusWidget(), Qt.Key.Key_Tab)
        focused = page.focusWidget()
        assert focused is not None
        seen.append(focused.accessibleName())
    assert seen == [
        "Pause",
        "Clear the list",
        "Save as an HTTP archive",
        "Search in requests",
        "Method",
        "Status: All",
        "Which tunnel",
        "Requests",
        "Close",
        "Replay",
        "Edit and replay…",
        "Copy as curl",
        "Parts of the request",
    ]


def test_a_selected_row_is_drawn_in_the_colour_that_its_words_can_be_read_on(
    store: ExchangeStore, open_page: OpenPage
) -> None:
    live_through(store)
    page = open_page()
    page.table.choose(page.model.rows[2].id)
    row = page.table.visualRect(page.model.index(2, Column.METHOD))
    image = page.table.viewport().grab().toImage()
    drawn = {image.pixelColor(x, row.top() + 2).name() for x in range(2, page.table.viewport().width() - 2)}
    assert drawn == {colours().row_selected.name()}


def test_the_menu_of_a_row_offers_what_can_be_done_with_it(
    desk: Desk, store: ExchangeStore, open_page: OpenPage, qtbot: QtBot
) -> None:
    live_through(store)
    page = open_page()
    index = page.model.index(12, Column.PATH)
    page.table.choose(page.model.rows[12].id)
    page.table.customContextMenuRequested.emit(page.table.visualRect(index).center())
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    actions = {action.text(): action for action in menu.actions()}
    assert list(actions) == ["Replay", "Edit and replay…", "Copy as curl", "Copy path", "Copy response"]
    actions["Copy path"].trigger()
    menu.close()
    assert desk.clipboard.texts == [page.model.rows[12].path]
    assert "secret" not in desk.clipboard.texts[0]
    page.table.customContextMenuRequested.emit(QPoint(5, page.table.viewport().height() - 1))
    assert replace(page.model.rows[0]) == page.model.rows[0]


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("width", [1200, 700, 480, 340])
def test_nothing_of_it_is_cut_off_in_any_width(
    store: ExchangeStore, open_page: OpenPage, qtbot: QtBot, width: int, language: str
) -> None:
    use_language(language)
    live_through(store)
    page = open_page(width, 800)
    page.toggle_pause()
    found: dict[int | None, list[str]] = {}
    for tab in (None, *range(page.detail.tabs.count())):
        if tab is not None:
            page.table.opened.emit(14)
            page.detail.tabs.setCurrentIndex(tab)
        for _ in range(3):  # a text that wraps tells its height late
            QApplication.processEvents()
        found |= {tab: cut} if (cut := list(cut_off(page))) else {}
    assert found == {}
    assert page.minimumSizeHint().width() <= width
