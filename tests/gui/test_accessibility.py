"""What those hear who do not see the window, and where the keyboard leads: asked as assistive programs ask."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import QApplication, QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from portway.gui.cards.live_card import LiveCard
from portway.gui.dialogs.consent import ConsentQuestion
from portway.gui.dialogs.quitting import CloseQuestion, QuitQuestion
from portway.gui.dialogs.second_start import HeadlessQuestion
from portway.gui.platform.clipboard_window import CopyWindow
from portway.gui.window.main_window import MainWindow
from portway.gui.window.sidebar import SidebarRow
from tests.gui.conftest import Desk
from tests.gui.hands import strike
from tests.gui.states import STATES, show_state

Cards = Callable[[str], LiveCard]
Role, State = QAccessible.Role, QAccessible.State
# What a person operates or reads; all else only holds these.
_CONTROLS = (
    Role.Button,
    Role.CheckBox,
    Role.RadioButton,
    Role.ComboBox,
    Role.EditableText,
    Role.SpinBox,
    Role.Slider,
    Role.Link,
    Role.List,
    Role.Table,
    Role.Tree,
    Role.PageTab,
    Role.ProgressBar,
    Role.ButtonMenu,
    Role.ButtonDropDown,
)


def heard(widget: QWidget) -> QAccessibleInterface:
    """Return what assistive programs get of a widget."""
    found = QAccessible.queryAccessibleInterface(widget)
    assert found is not None
    return found


def below(top: QAccessibleInterface) -> Iterator[QAccessibleInterface]:
    """Walk all that is visible, without what native controls are made of."""
    for index in range(top.childCount()):
        child = top.child(index)
        if not child.isValid() or child.state().invisible:
            continue
        yield child
        if child.role() not in (*_CONTROLS, Role.ScrollBar):
            yield from below(child)


def nameless(top: QWidget) -> list[str]:
    """Return the controls that say nothing of what they are for."""
    return [
        f"{one.role().name} {type(one.object()).__name__}"
        for one in below(heard(top))
        if one.role() in _CONTROLS and not one.text(QAccessible.Text.Name).strip()
    ]


@pytest.mark.parametrize("name", STATES)
def test_a_card_is_a_group_called_by_title_and_state(desk: Desk, window: MainWindow, card: Cards, name: str) -> None:
    show_state(desk.hub, name)
    window.refresh()
    backend, _, word = STATES[name]
    group = heard(card(backend))
    assert group.role() is Role.Grouping
    title = next(one.title for one in desk.hub.backends if one.id == backend)
    assert group.text(QAccessible.Text.Name) == f"{title}, {word.lower()}"
    inside = {one.text(QAccessible.Text.Name) for one in below(group) if one.role() in _CONTROLS}
    assert f"More for {title}" in inside
    assert nameless(card(backend)) == []


def test_groups_of_settings_are_groups_called_by_their_titles(window: MainWindow) -> None:
    window.go_to("general")
    groups = [one.text(QAccessible.Text.Name) for one in below(heard(window)) if one.role() is Role.Grouping]
    assert groups == ["Local server", "At start", "When a tunnel is up", "Requests", "When Portway is quit", "More"]


@pytest.mark.parametrize("width", [880, 360])
def test_every_control_of_every_page_has_a_name(desk: Desk, window: MainWindow, qtbot: QtBot, width: int) -> None:
    window.resize(width, 720)
    for name in ("running", "needs_login", "error", "lan_port_conflict"):
        show_state(desk.hub, name)
    found: dict[str, list[str]] = {}
    seen = 0
    for key in (*window._sidebar.rows, "first_run"):
        window.go_to(key)
        QApplication.processEvents()
        seen += sum(one.role() in _CONTROLS for one in below(heard(window)))
        found |= {key: missing} if (missing := nameless(window)) else {}
    assert found == {}
    assert seen > 60  # it did look at something


def test_a_control_without_a_name_would_be_found(window: MainWindow) -> None:
    window.tunnels.stop_all.show()
    window.tunnels.stop_all.setText("")
    window.tunnels.stop_all.setAccessibleName("")
    assert nameless(window) == ["Button Button"]


@pytest.fixture
def owner(desk: Desk) -> Iterator[QObject]:
    owner = QObject()
    yield owner
    owner.deleteLater()


def test_every_control_of_every_question_has_a_name(desk: Desk, owner: QObject, qtbot: QtBot) -> None:
    desk.may_hide = False
    show_state(desk.hub, "running")
    quitting, closing, consent = (
        QuitQuestion(desk.dependencies, owner),
        CloseQuestion(desk.dependencies, owner),
        ConsentQuestion(desk.dependencies.app_state, owner),
    )
    quitting.ask()
    closing.ask()
    consent.ask(desk.hub.statuses()[2])
    headless, copying = HeadlessQuestion(), CopyWindow()
    headless.box.show()
    copying.offer("https://hooks.example.com")
    windows: tuple[QWidget, ...] = (headless.box, copying)
    for one in windows:
        qtbot.addWidget(one)
    shown = [one for one in QApplication.topLevelWidgets() if one.isVisible()]
    boxes = [one for one in shown if isinstance(one, QMessageBox)]
    assert len(boxes) == 4
    assert all(heard(box).text(QAccessible.Text.Name) for box in boxes)
    assert {type(one).__name__: nameless(one) for one in shown if nameless(one)} == {}
    for box in boxes:
        box.close()


def test_every_control_of_the_qr_code_has_a_name(desk: Desk, window: MainWindow, card: Cards) -> None:
    show_state(desk.hub, "running")
    window.refresh()
    card("ngrok").show_qr()
    popover = QApplication.activePopupWidget()
    assert popover is not None
    assert nameless(popover) == []
    popover.close()


def test_tab_goes_from_the_sidebar_over_the_head_to_each_card_and_arrows_stay_in_the_sidebar(
    desk: Desk, window: MainWindow, qtbot: QtBot
) -> None:
    for name in ("stopped", "quick_origin_down", "needs_token", "funnel_running"):
        show_state(desk.hub, name)
    window.refresh()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    window._sidebar.rows["tunnels"].setFocus()
    for key, page in ((Qt.Key.Key_Down, "requests"), (Qt.Key.Key_Up, "tunnels")):
        strike(window.focusWidget(), key)
        row = window.focusWidget()
        assert isinstance(row, SidebarRow)
        assert (row.place.key, window.page) == (page, page)
    seen = [window._sidebar.rows["tunnels"].accessibleName()]
    while (focused := _tab(window)) not in seen:
        seen.append(focused)
    of_link = (
        "QR code of {0}",
        "Copy the address of {0}",
        "Open the link of {0}",
        "Anyone with the link: change who can open {0}",
    )
    assert seen == [
        "Tunnels, 1 of 3 tunnels works",
        "Add tunnel…",
        "Stop all",
        "Show",
        "More for Cloudflare",
        "Cloudflare",
        *(one.format("Cloudflare") for one in of_link),
        "Help with Cloudflare",
        "Choose server…",
        "More for ngrok",
        "ngrok",
        "Help with ngrok",
        "Get a token",
        "Sign up",
        "Enter token…",
        "More for Tailscale",
        "Tailscale",
        *(one.format("Tailscale") for one in of_link),
        "Requests of Tailscale",
        "Change the default server",
        "More for Local network",
        "Local network",
    ]


def _tab(window: MainWindow) -> str:
    """Press Tab; return what has the focus then."""
    strike(window.focusWidget(), Qt.Key.Key_Tab)
    focused = window.focusWidget()
    assert focused is not None
    return focused.accessibleName() or getattr(focused.parentWidget(), "accessibleName", str)()
