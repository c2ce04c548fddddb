"""Where each control of the window can be seen: a page, what holds then, and what was pressed before."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QWidget

from portway.core.codes import Code
from portway.core.errors import Problem
from portway.core.hub import JobFailed
from portway.core.secret import Secret
from portway.gui.log_page import LogPage
from portway.gui.window import MainWindow
from portway.runtime.url_hooks import Hook
from portway.system.logs import log_path
from tests.desktop.clicks.walker import in_sight, menu_of, name_of, operable, press, words_in_sight
from tests.fakes.witness import Witness
from tests.gui.conftest import Desk
from tests.gui.states import NOW, STATES, status_in

IN_MENU, TYPED = " > ", " = "
_PATIENCE = 5.0
_LOGGED = "2026-11-25T14:02:11.123Z INFO    portway.backends.lan: listening on 203.0.113.24\n"


@dataclass(frozen=True)
class Scene:
    """One view of one page. `before` are the names of what was pressed to get there.

    A state holds for its own backend, or for the one that is named: "starting@ngrok".
    """

    page: str
    states: tuple[str, ...] = ()
    before: tuple[str, ...] = ()
    settings: tuple[tuple[str, object], ...] = ()
    secret: tuple[str, str] | None = None  # owner and name of one that is stored
    failed: tuple[str, str] | None = None  # backend and name of a command that was pressed and lacked rights
    part: str = "page"  # or "sidebar", "popup", or "head": the bar of a narrow window
    first_time: bool = False  # nothing that is asked once was answered

    def __str__(self) -> str:
        parts = (
            self.page, *self.states, *self.before, *(name for name, _ in self.settings), *(self.secret or ()),
            *(self.failed or ()),
        )  # fmt: skip
        return "-".join((*parts, *([] if self.part == "page" else [self.part])))


Table = Mapping[Scene, Mapping[str, str]]  # what is seen, what is done there, and what has to come of it


class Stage:
    """A window that shows a scene, and the witness of what is done there."""

    def __init__(self, scene: Scene, desk: Desk, window: MainWindow) -> None:
        self._scene, self._desk, self._window = scene, desk, window
        if scene.first_time:
            desk.parts.services.app_state.update(answered=["first_run"])
        for name, value in scene.settings:
            desk.parts.settings_file.set(name, value)
        desk.hub.reload()
        desk.hub.reloads = 0
        if scene.secret is not None:
            desk.parts.services.secrets.put(*scene.secret, Secret("kept-secret"))
            desk.vault.secrets[scene.secret] = Secret("kept-secret")
        log = log_path(desk.parts.services.folders.log, "lan")
        log.parent.mkdir(parents=True, exist_ok=True)
        log.write_text(_LOGGED * 3)
        for state in scene.states:
            name, _, other = state.partition("@")
            backend, changes, _ = STATES[name]
            desk.hub.show(other or backend, **status_in(changes, NOW))
        window.resize(380 if scene.part == "head" else 880, 720)
        window.go_to(scene.page)
        window.refresh()
        self._settle()
        for name in scene.before:
            control, _, typed = name.partition(TYPED)
            press(in_sight(window.shown_page())[control], typed)
            self._settle()
        if scene.failed is not None:
            problem = Problem(Code.NEEDS_PRIVILEGES, parameters={"command": "sudo true"})
            desk.hub.end_job(*scene.failed, JobFailed(problem))
            self._settle()
        if scene.page == "log" and scene.part == "page":
            _wait_for_lines(window)
        desk.hub.reloads = 0
        self._seen: set[str] = set()
        self._said: list[str] = []
        self.witness = Witness(desk.hub, desk.vault, desk.parts, self._look)

    def controls(self) -> dict[str, QWidget]:
        """Return what can be operated, by its name."""
        return in_sight(self._top())

    def names(self) -> set[str]:
        """Return all names there are: of controls, seen or hidden, and of what their menus hold."""
        found = {name_of(one) for one in operable(self._top())}
        for name, one in self.controls().items():
            found |= set(self._items(name, one))
        return found - {""}

    def try_row(self, table: Table, row: str, came: str) -> tuple[set[str], str]:
        """Return the names here that the table leaves out, and what comes of a row, which is hoped to be `came`."""
        left_out = self.names() - expected_names(table, self._scene)
        return left_out, self.press(row, 10.0 if came else 0.1) if row else ""

    def press(self, row: str, limit: float) -> str:
        """Do what the row names, as “Name”, “Name = what is typed” or “Name > item of its menu”.

        Return what came of it, which may take up to `limit` seconds.
        """
        name, _, typed = row.partition(TYPED)
        self._seen, self._said, page = set(self.controls()), words_in_sight(self._window), self._window.page
        control, _, item = name.partition(IN_MENU)
        if item:
            self._items(control, self.controls()[control])[name].trigger()
        else:
            press(self.controls()[control], typed)
        ends = time.monotonic() + limit
        news: list[str] = []
        while not news and time.monotonic() < ends:
            self._settle()
            news = self.witness.news() or (self._shown() if self._window.page == page and self._is_there() else [])
        return ", ".join(news)

    def _shown(self) -> list[str]:
        """Return what is in sight now, and was not."""
        now = set(self.controls())
        controls = [f"shows {one}" for one in sorted(now - self._seen)] + [
            f"hides {one}" for one in sorted(self._seen - now)
        ]
        return controls or [f"says {one}" for one in words_in_sight(self._window) if one not in self._said]

    @staticmethod
    def close() -> None:
        """Put away what was opened beside the window."""
        for one in QApplication.topLevelWidgets():
            if one.isVisible() and not isinstance(one, MainWindow):
                one.close()

    def _is_there(self) -> bool:
        return self._scene.part != "popup" or QApplication.activePopupWidget() is not None

    def _top(self) -> QWidget:
        match self._scene.part:
            case "sidebar":
                return self._window._sidebar
            case "head":
                return self._window._head
            case "popup":
                popup = QApplication.activePopupWidget()
                assert popup is not None
                return popup
            case _:
                return self._window.shown_page()

    @staticmethod
    def _items(name: str, control: QWidget) -> dict[str, QAction]:
        menu = menu_of(control)
        actions = [] if menu is None else [one for one in menu.actions() if not one.isSeparator()]
        return {f"{name}{IN_MENU}{one.text()}": one for one in actions}

    def _look(self) -> dict[str, object]:
        desk, page = self._desk, self._window.shown_page()
        result = desk.parts.hooks.last_result(Hook.COMMAND)
        return {
            "copy": tuple(_short(text) for text in desk.clipboard.texts),
            "open": tuple(self._short(url) for url in desk.opened),
            "remove": tuple(desk.removals),
            "start at login": desk.autostart.now.name,
            "new API tokens": desk.api.renewals,
            "go to": self._window.page,
            **(_of_the_log(page) if self._scene.page == "log" and isinstance(page, LogPage) else {}),
            "ask": tuple(_dialogs()),
            "hook": None if result is None else f"ran with {result.event.url}",
            "copy a picture": QApplication.clipboard().image().width() or None,
        }

    def _short(self, url: str) -> str:
        return url.replace(self._desk.parts.services.folders.config.parent.as_uri(), "file:")

    @staticmethod
    def _settle() -> None:
        QApplication.processEvents()
        QApplication.processEvents()


def _of_the_log(page: LogPage) -> dict[str, object]:
    return {"lines of the log": page.model.rowCount(), "follow the log": page.follow.isChecked()}


def _wait_for_lines(window: MainWindow) -> None:
    page = window.shown_page()
    assert isinstance(page, LogPage)
    ends = time.monotonic() + _PATIENCE
    while page.model.rowCount() < 3:
        assert time.monotonic() < ends, "the log page does not read"
        QTest.qWait(5)


def _short(copied: str) -> str:
    long = {"Portway 0": "the diagnostics", "14:02:11": "the log"}
    return next((name for begin, name in long.items() if copied.startswith(begin)), copied)


def _dialogs() -> Iterator[str]:
    for one in QApplication.topLevelWidgets():
        if one.isVisible() and not isinstance(one, MainWindow):
            yield one.windowTitle() if isinstance(one, QFileDialog) else name_of(one) or one.windowTitle()


def rows_of(table: Table) -> list[tuple[Scene, str, str]]:
    """Return scene, row and what has to come of it; a scene in which nothing is pressed has one empty row."""
    return [(scene, row, came) for scene, rows in table.items() for row, came in (rows or {"": ""}).items()]


def expected_names(table: Table, scene: Scene) -> set[str]:
    """Return the names of all that a table presses where this scene is."""
    here = [
        rows
        for one, rows in table.items()
        if (one.page if one.part == "page" else "", one.part)
        == (scene.page if scene.part == "page" else "", scene.part)
    ]
    names = {row.partition(TYPED)[0] for rows in here for row in rows}
    return names | {name.partition(IN_MENU)[0] for name in names}
