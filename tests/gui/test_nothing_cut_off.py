"""No text is cut off, in any state, width and language: it wraps, or is shortened and whole in its tooltip."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEventLoop
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QPushButton,
    QWidget,
)

from portway.core.options import declared
from portway.core.settings import General
from portway.gui.i18n.language import use_language
from portway.gui.requests.filters import CLASSES, METHODS
from portway.gui.settings.general_page import language_names
from portway.gui.widgets.labels import Line
from portway.gui.window.first_run_page import FirstRunPage
from portway.gui.window.main_window import MainWindow
from tests.gui.conftest import Desk
from tests.gui.pseudo import OPENING, speaking_pseudo
from tests.gui.requests.visits import Visit, pay
from tests.gui.states import NOW, STATES, show_state

# An address, a name of a host, a figure, a port with its program, a library with its version, a licence.
_DATA = re.compile(
    r"|https?://\S+|[\w-]+(\.[\w-]+)+|[\d.]+:\d+|\d+((,| ·) \w+)?|.+ \d+(\.\d+)+"
    r"|(MIT|BSD|LGPL|Apache)[\w,. ]*|-|[\d.]+( %)?"
)
_SETTLED = 5.0  # seconds
_STARTED = ("lan_firewall", "other_target", "waiting", "needs_login", "port_conflict", "starting", "network_changed")
_OF_QT = ("Scroll Left", "Scroll Right")  # of the buttons that a tab bar has and never shows here


def cut_off(top: QWidget) -> Iterator[str]:
    """Yield all that can be seen in part only."""
    for one in top.findChildren(QLabel):
        if one.isVisible() and one.text() and not _is_whole(one):
            yield one.text()
    for button in top.findChildren(QPushButton):
        if button.isVisible() and button.width() < _needed(button):
            yield button.text()


def cut_for_good(window: MainWindow) -> list[str]:
    """Return what stays cut off: a page that is filled from another thread is laid out once more after that."""
    until = time.monotonic() + _SETTLED
    while (cut := list(cut_off(window.shown_page()))) and time.monotonic() < until:
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)
    return cut


def _is_whole(label: QLabel) -> bool:
    wide = label.fontMetrics().horizontalAdvance(label.text()) <= label.contentsRect().width()
    if isinstance(label, Line):
        return wide or label.toolTip() == label.text()
    if label.wordWrap():
        return label.height() >= label.heightForWidth(label.width())
    return wide


def _needed(button: QAbstractButton) -> int:
    icon = 0 if button.icon().isNull() else button.iconSize().width()
    return button.fontMetrics().horizontalAdvance(button.text()) + icon


@pytest.fixture(params=["en", "de", "pseudo"])
def language(request: pytest.FixtureRequest, desk: Desk) -> Iterator[str]:
    """Begins after the desk, which speaks English."""
    if request.param == "pseudo":
        with speaking_pseudo():
            yield "pseudo"
        return
    use_language(request.param)
    yield str(request.param)


def shown_states(desk: Desk, window: MainWindow) -> Iterator[str]:
    """Show one page after the other, and the tunnels in every state; yield their names.

    Nothing is painted: where texts stand is known without, and most of the time went into that.
    """
    window.setUpdatesEnabled(False)
    window._rebuild()
    for name in ("first_run", *window._sidebar.rows, *STATES):
        if name in STATES:
            show_state(desk.hub, name)
            window.refresh()
        window.go_to("tunnels" if name in STATES else name)
        for _ in range(3):  # a text that wraps tells its height late
            QApplication.processEvents()
        yield name
    for name in _STARTED:
        show_state(desk.hub, name)
        _show_started(desk, window, STATES[name][0])
        for _ in range(3):
            QApplication.processEvents()
        yield f"first_run, {name}"
    window.go_to("tunnels")


def _show_started(desk: Desk, window: MainWindow, way: str) -> None:
    """Show on the first page what was started there, and a visitor with a long address."""
    visit = Visit(client="2001:db8:1234:5678:9abc:def0:1234:5678", tunnel=way, ago=time.time() - NOW.timestamp() - 1)
    pay(desk.hub.requests.store, visit)
    window.go_to("first_run")
    page = window.shown_page()
    assert isinstance(page, FirstRunPage)
    page.opened.watch(next(one for one in desk.hub.backends if one.id == way))
    page._show_step()
    window.refresh()


@pytest.mark.parametrize("width", [880, 500, 360])
def test_every_page_and_every_state_of_a_card_can_be_read(
    desk: Desk, language: str, window: MainWindow, width: int
) -> None:
    window.resize(width, 720)
    found = {name: cut for name in shown_states(desk, window) if (cut := cut_for_good(window))}
    assert found == {}


@pytest.mark.parametrize("language", ["pseudo"], indirect=True)
def test_every_text_can_be_translated(desk: Desk, language: str, window: MainWindow) -> None:
    same = same_in_every_language(desk)
    found = {
        (name, text)
        for name in shown_states(desk, window)
        for text in set(texts_of(window))
        if OPENING not in text and text not in same and not is_data(text, desk)
    }
    assert found == set()


def texts_of(top: QWidget) -> Iterator[str]:
    """Yield all that is read, hovered or heard."""
    for widget in (top, *top.findChildren(QWidget)):
        yield from (widget.toolTip(), widget.accessibleName(), *(action.text() for action in widget.actions()))
        match widget:
            case QLabel() | QAbstractButton():
                yield widget.text()
            case QComboBox():
                yield from (widget.itemText(row) for row in range(widget.count()))
            case QLineEdit():
                yield widget.placeholderText()
            case _:
                pass


def same_in_every_language(desk: Desk) -> set[str]:
    """Return the names and values that are."""
    options = [*declared(General).values()]
    options += [one for backend in desk.hub.backends for one in declared(backend.options).values()]
    return {
        "Portway",
        *METHODS,
        *CLASSES,
        *_OF_QT,
        *language_names().values(),
        *(choice for one in options for choice in one.choices),
    }


def is_data(text: str, desk: Desk) -> bool:
    """Whether it is an address, a figure, a folder, or another text that no language says in its own way."""
    return text.startswith(str(desk.dependencies.services.folders.config.parent)) or _DATA.fullmatch(text) is not None


def test_a_text_that_is_cut_off_would_be_found(window: MainWindow) -> None:
    window.tunnels._title.setWordWrap(False)
    window.tunnels._title.setText("far too long " * 20)
    window.tunnels._title.setFixedWidth(50)
    assert list(cut_off(window.tunnels)) == [window.tunnels._title.text()]
