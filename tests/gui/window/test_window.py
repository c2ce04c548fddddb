"""The window: its pages, its place, its keys, and how it keeps up with a hub that never rests."""

from __future__ import annotations

import gc
import time
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QColor, QGuiApplication, QKeySequence, QPalette
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from portway.core.status import Phase, Traffic
from portway.gui.widgets.page import Page
from portway.gui.window.main_window import MainWindow
from portway.gui.window.pages import settings_places
from tests.gui.conftest import Desk
from tests.gui.hands import click, strike, write
from tests.gui.states import STATES, show_state

URL = "https://hooks.example.com"
PAGES = (
    "tunnels",
    "requests",
    "log",
    "general",
    "lan",
    "cloudflared",
    "ngrok",
    "tailscale",
    "api",
    "notifications",
    "hooks",
    "advanced",
    "about",
    "first_run",
)


def show(desk: Desk, name: str) -> None:
    show_state(desk.hub, name)


@pytest.fixture
def restored_palette() -> Iterator[None]:
    before = QApplication.palette()
    yield
    QApplication.setPalette(before)


@pytest.mark.parametrize("key", PAGES)
def test_every_page_opens_and_every_control_on_it_has_a_name(desk: Desk, window: MainWindow, key: str) -> None:
    for name in ("running", "needs_login", "error"):
        show(desk, name)
    window.go_to(key)
    assert window.page == key
    nameless = [
        one
        for one in window.findChildren(QWidget)
        if isinstance(one, QAbstractButton | QComboBox | QLineEdit)
        and one.isVisible()
        and not (one.accessibleName() or (isinstance(one, QAbstractButton) and one.text()))
        and not isinstance(one.parentWidget(), QComboBox | QLineEdit)  # parts of a native control
    ]
    assert nameless == []


@pytest.mark.parametrize("key", PAGES)
@pytest.mark.parametrize("width", [360, 700, 880, 1600])
def test_no_page_is_wider_than_the_window(window: MainWindow, qtbot: QtBot, key: str, width: int) -> None:
    window.resize(width, 720)
    window.go_to(key)
    qtbot.waitUntil(lambda: window.width() == width)
    page = window.shown_page()
    body = page.widget() if isinstance(page, Page) else page
    room = page.viewport().width() if isinstance(page, Page) else page.width()
    assert body is not None
    qtbot.waitUntil(lambda: body.width() <= room)
    assert body.minimumSizeHint().width() <= room


def test_a_narrow_window_has_a_menu_instead_of_the_sidebar(desk: Desk, window: MainWindow, qtbot: QtBot) -> None:
    window.resize(360, 600)
    qtbot.waitUntil(lambda: not window._sidebar.isVisible())
    titles = [action.text() for action in window._head.button.menu().actions()]
    assert titles == [
        "Tunnels",
        "Requests",
        "Log",
        *[place.title for place in settings_places(desk.hub.backends)],
        "About",
    ]
    next(one for one in window._head.button.menu().actions() if one.text() == "ngrok").trigger()
    assert window.page == "ngrok"
    window.resize(880, 600)
    qtbot.waitUntil(window._sidebar.isVisible)


def test_the_sidebar_leads_to_every_page_and_counts_what_is_up(desk: Desk, window: MainWindow, qtbot: QtBot) -> None:
    for key, row in window._sidebar.rows.items():
        click(row)
        assert window.page == key
    show(desk, "running")
    window.refresh()
    assert "1 tunnel is up" in window._sidebar.rows["tunnels"].accessibleName()


def test_the_head_says_what_is_exposed_and_to_whom_and_stops_all(desk: Desk, window: MainWindow, qtbot: QtBot) -> None:
    page = window.tunnels
    assert page._title.text() == "Nothing is open"
    assert not page.stop_all.isVisible()
    show(desk, "lan_firewall")
    window.refresh()
    assert page._reach.text() == "Everyone on this network can open it."
    show(desk, "running")
    window.refresh()
    assert page._title.text() == "2 tunnels are up"
    assert page._reach.text() == "1 is open to anyone with the link, 1 is open to everyone on this network."
    click(page.stop_all)
    assert desk.hub.disabled == ["lan", "cloudflared", "ngrok", "tailscale"]


@pytest.mark.parametrize(
    ("names", "headline", "line"),
    [
        (("running", "needs_login"), "1 of 2 tunnels works", "Tailscale: Log-in needed"),
        (("quick_origin_down", "running"), "1 of 2 tunnels works", "Cloudflare: your server does not answer"),
        (("quick_origin_down",), "1 tunnel does not work", "Cloudflare: your server does not answer"),
        (("running", "waiting"), "1 of 2 tunnels works", "Cloudflare: No network"),
        (("running", "starting"), "1 tunnel is up, 1 is starting", ""),
        (("login_unasked", "token_at_rest"), "1 tunnel does not work", "Tailscale: Log-in needed"),
    ],
)
def test_what_does_not_work_counts_in_head_and_sidebar(
    desk: Desk, window: MainWindow, names: tuple[str, ...], headline: str, line: str
) -> None:
    for name in names:
        show(desk, name)
    window.refresh()
    page = window.tunnels
    assert page._title.text() == headline
    assert headline in window._sidebar.rows["tunnels"].accessibleName()
    assert page._trouble.isVisible() is bool(line)
    assert not line or page._trouble.text() == line
    if line:
        click(page.show_trouble)
        focused = window.focusWidget()
        assert focused is not None
        assert line.partition(":")[0] in focused.accessibleName()


def test_escape_takes_back_what_is_typed_and_the_window_stays(desk: Desk, window: MainWindow) -> None:
    field = window.tunnels.target.field
    field.setFocus()
    field.line.selectAll()
    write(field.line, "300")
    for _ in range(2):
        strike(field, Qt.Key.Key_Escape)
        assert window.isVisible()
        assert field.currentText() == "http://127.0.0.1:20128"
    window.go_to("log")
    search = window._pages.log.search
    search.setFocus()
    write(search, "refused")
    for _ in range(2):
        strike(search, Qt.Key.Key_Escape)
        assert (window.isVisible(), search.text()) == (True, "")
    write(search, "refused")
    strike(window, Qt.Key.Key_Escape)
    assert (window.isVisible(), search.text()) == (True, "")
    window.go_to("first_run")
    strike(window, Qt.Key.Key_Escape)
    assert window.isVisible()


def test_a_scroll_bar_moves_nothing(desk: Desk, window: MainWindow, qtbot: QtBot) -> None:
    for name in ("lan_firewall", "origin_down", "other_target", "still_up"):
        show(desk, name)
    window.refresh()
    bar = window.tunnels.verticalScrollBar()
    window.resize(880, 3000)
    qtbot.waitUntil(lambda: not bar.isVisible())
    card = window.tunnels.card("lan")
    before = card.mapTo(window, card.rect().topLeft()).x(), card.width()
    window.resize(880, 420)
    qtbot.waitUntil(bar.isVisible)
    qtbot.waitUntil(lambda: (card.mapTo(window, card.rect().topLeft()).x(), card.width()) == before)


def test_escape_hides_the_window_where_the_tray_leads_back_and_does_nothing_without_one(
    desk: Desk, window: MainWindow, qtbot: QtBot
) -> None:
    desk.may_hide = False
    strike(window, Qt.Key.Key_Escape)
    assert window.isVisible()
    with qtbot.waitSignal(window.close_refused):
        window.close()
    assert window.isVisible()
    desk.may_hide = True
    with qtbot.waitSignal(window.went_away):
        strike(window, Qt.Key.Key_Escape)
    assert not window.isVisible()


def test_keys_toggle_tunnels_open_settings_and_find_in_the_log(desk: Desk, window: MainWindow, qtbot: QtBot) -> None:
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    for key, backend in (("Ctrl+1", "lan"), ("Ctrl+4", "tailscale")):
        QTest.keySequence(window, QKeySequence(key))
        assert desk.hub.enabled[-1][0] == backend
    QTest.keySequence(window, QKeySequence("Ctrl+,"))
    assert window.page == "general"
    QTest.keySequence(window, QKeySequence(QKeySequence.StandardKey.Find))
    assert window.page == "log"
    assert window._pages.log.search.hasFocus()


def test_tab_goes_through_a_card_in_the_order_of_the_design(desk: Desk, window: MainWindow) -> None:
    show(desk, "origin_down")
    desk.hub.show("ngrok", traffic=Traffic(requests=3))
    window.refresh()
    card = window.tunnels.card("ngrok")
    card.more.setFocus()
    seen = [card.more.accessibleName()]
    for _ in range(8):
        strike(window.focusWidget(), Qt.Key.Key_Tab)
        focused = window.focusWidget()
        assert focused is not None
        seen.append(focused.accessibleName())
    assert seen == [
        "More for ngrok",
        "ngrok",
        "QR code of ngrok",
        "Copy the address of ngrok",
        "Open the link of ngrok",
        "Anyone with the link: change who can open ngrok",
        "Help with ngrok",
        "Choose server…",
        "Requests of ngrok",
    ]


def test_size_and_place_are_remembered(desk: Desk, window: MainWindow, qtbot: QtBot) -> None:
    window.resize(777, 555)
    window.leave()
    again = MainWindow(desk.dependencies, lambda: True)
    qtbot.addWidget(again)
    assert (again.width(), again.height()) == (777, 555)
    again.finish()


def test_a_damaged_place_means_the_first_size(desk: Desk, qtbot: QtBot) -> None:
    desk.dependencies.app_state.remember_window_place("no geometry")
    window = MainWindow(desk.dependencies, lambda: True)
    qtbot.addWidget(window)
    assert window.width() > 600
    window.finish()


def test_a_hundred_changes_a_second_are_drawn_ten_times_and_the_window_stays_usable(
    desk: Desk, window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[float] = []
    refresh = MainWindow.refresh

    def counted_refresh(self: MainWindow) -> None:
        drawn.append(time.monotonic())
        refresh(self)

    monkeypatch.setattr(MainWindow, "refresh", counted_refresh)
    flips = 0

    def flip() -> None:
        nonlocal flips
        flips += 1
        show(desk, ("running", "waiting", "error", "needs_token")[flips % 4])

    timer = QTimer()
    timer.setInterval(10)
    timer.timeout.connect(flip)
    timer.start()
    begin = time.monotonic()
    qtbot.waitUntil(lambda: flips >= 60)
    took = time.monotonic() - begin
    copied = len(desk.hub.enabled)
    click(window.tunnels.card("lan").switch)
    timer.stop()
    assert len(drawn) <= took * 10 + 3
    assert len(desk.hub.enabled) == copied + 1
    last = STATES[("running", "waiting", "error", "needs_token")[flips % 4]]
    qtbot.waitUntil(lambda: last[2].lower() in window.tunnels.card(last[0]).accessibleName())


def test_no_clock_runs_while_nothing_is_up_or_nobody_looks(desk: Desk, window: MainWindow) -> None:
    clock = window.tunnels._clock
    assert not clock.isActive()
    show(desk, "starting")
    window.refresh()
    assert clock.isActive()
    window.leave()
    assert not clock.isActive()


def test_light_and_dark_are_followed_live(desk: Desk, window: MainWindow, qtbot: QtBot, restored_palette: None) -> None:
    show(desk, "running")
    window.refresh()
    light = window.grab().toImage().pixelColor(300, 12).lightness()
    dark = QPalette()
    for role, colour in (
        (QPalette.ColorRole.Window, "#202326"),
        (QPalette.ColorRole.Base, "#1b1e20"),
        (QPalette.ColorRole.WindowText, "#fcfcfc"),
        (QPalette.ColorRole.Text, "#fcfcfc"),
    ):
        dark.setColor(role, QColor(colour))
    QApplication.setPalette(dark)
    qtbot.waitUntil(lambda: window.grab().toImage().pixelColor(300, 12).lightness() < light - 100)


def test_the_window_fits_a_screen_of_640_by_360(desk: Desk, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    screen = QGuiApplication.primaryScreen()
    small = screen.availableGeometry()
    small.setSize(small.size().scaled(640, 360, Qt.AspectRatioMode.IgnoreAspectRatio))  # 1280 x 720 at 200 %
    monkeypatch.setattr(type(screen), "availableGeometry", lambda _self: small)
    window = MainWindow(desk.dependencies, lambda: True)
    qtbot.addWidget(window)
    window.show()
    assert window.width() <= 640
    assert window.height() <= 360
    window.finish()


def test_a_hidden_window_draws_nothing_and_shows_all_when_it_comes_back(
    desk: Desk, window: MainWindow, qtbot: QtBot
) -> None:
    window.leave()
    show(desk, "running")
    assert "off" in window.tunnels.card("ngrok").accessibleName()
    window.show()
    assert "running" in window.tunnels.card("ngrok").accessibleName()


def test_nothing_of_a_closed_window_is_left_to_the_garbage_collector(desk: Desk, qtbot: QtBot) -> None:
    """A QObject in a reference cycle dies on whatever thread collects it, and takes the program with it."""
    gc.collect()
    gc.disable()
    try:
        window = MainWindow(desk.dependencies, lambda: True)
        window.show()
        show(desk, "running")
        for key in PAGES:
            window.go_to(key)
        window.tunnels.card("ngrok").menu.aboutToShow.emit()
        window.finish()
        window.hide()
        window.deleteLater()
        del window
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        gc.set_debug(gc.DEBUG_SAVEALL)
        gc.collect()
        assert [one for one in gc.garbage if isinstance(one, QObject)] == []
    finally:
        gc.set_debug(0)
        gc.garbage.clear()
        gc.enable()


def test_the_window_is_made_anew_in_another_language(desk: Desk, window: MainWindow, qtbot: QtBot) -> None:
    before = window.tunnels
    QGuiApplication.sendEvent(window, QEvent(QEvent.Type.LanguageChange))
    qtbot.waitUntil(lambda: window.tunnels is not before)
    assert window.page == "tunnels"
    desk.hub.show("lan", phase=Phase.STARTING, wanted=True)
    window.refresh()
    assert window.tunnels.card("lan").switch.isChecked()
