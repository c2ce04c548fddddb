"""Where each control of the window can be seen: a page, what holds then, and what was pressed before."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QMenu, QWidget

from portway.core.codes import Code
from portway.core.errors import Problem
from portway.core.guard.rules import Guard
from portway.core.hub import JobFailed, KeptOut, ReplayRequest, RequestRow
from portway.core.secret import Secret
from portway.core.settings import SavedTunnel
from portway.core.status import BackendId, Traffic
from portway.gui.help.help_window import HelpWindow
from portway.gui.log.page import LogPage
from portway.gui.requests.model import column_title
from portway.gui.requests.ordering import Column
from portway.gui.requests.page import RequestsPage
from portway.gui.window.main_window import MainWindow
from portway.runtime.url_hooks import Hook
from portway.system.logs.logs import log_path
from tests.desktop.clicks.walker import in_sight, menu_of, name_of, operable, press, words_in_sight
from tests.fakes.runtime.hub import FakeHub
from tests.fakes.runtime.witness import Witness
from tests.gui.conftest import Desk
from tests.gui.requests.visits import DAY, live_through
from tests.gui.states import NOW, STATES, status_in
from tests.limits import SEEN

_A_WHILE = 0.1  # seconds in which nothing comes of what does nothing
IN_MENU, TYPED = " > ", " = "
_CHECKOUTS = tuple(replace(DAY[13], tunnel="ngrok", ago=60 - number) for number in range(40))
# After one of these alone, all that is pressed stands where it stood; but another language makes all of it anew.
ONE_TIME_LINK = "https://hooks.example.com/.portway/in?t=abc"
_ALL_RULES = Guard(
    password=True,
    allow=("203.0.113.7",),
    deny=("203.0.113.9",),
    open=("POST /hook",),
    paths=("/shop/*",),
    rate_limit=60,
)
_STILL = ("copy h", "copy c", "copy s", "open http", "open file", "go to ", "set ")
_ANEW = "set general.language"
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
    recorded: str = ""  # "visits", "replays", "none yet" or "off": what there is of the requests of ngrok
    part: str = "page"  # or "sidebar", "popup", "dialog", or "head": the bar of a narrow window
    saved: bool = False  # whether there is a tunnel of the person's own, which is called shop
    guarded: str = ""  # a tunnel for which every rule holds
    first_time: bool = False  # nothing that is asked once was answered

    def __str__(self) -> str:
        parts = (
            self.page,
            *self.states,
            *self.before,
            *(name for name, _ in self.settings),
            *(self.secret or ()),
            *(self.failed or ()),
            *([self.recorded] if self.recorded else []),
            *(["shop"] if self.saved else []),
            *(["guarded"] if self.guarded else []),
        )
        return "-".join((*parts, *([] if self.part == "page" else [self.part])))


Rows = tuple[tuple[str, str], ...]  # what is done, and what has to come of it
Table = Mapping[Scene, Mapping[str, str]]  # what is seen, what is done there, and what has to come of it


class Stage:
    """A window that shows a scene, and the witness of what is done there."""

    def __init__(self, scene: Scene, desk: Desk, open_window: Callable[[str, int], MainWindow]) -> None:
        self._scene, self._desk = scene, desk
        if scene.first_time:
            desk.dependencies.services.app_state.update(answered=["first_run"])
        for name, value in scene.settings:
            desk.dependencies.settings_file.set(name, value)
        desk.hub.reload()
        desk.hub.reloads = 0
        if scene.secret is not None:
            desk.dependencies.services.secrets.put(*scene.secret, Secret("kept-secret"))
            desk.vault.secrets[scene.secret] = Secret("kept-secret")
        log = log_path(desk.dependencies.services.folders.log, "lan")
        log.parent.mkdir(parents=True, exist_ok=True)
        log.write_text(_LOGGED * 3)
        if scene.saved:
            desk.hub.add(SavedTunnel(id="shop", backend=BackendId("cloudflared")))
        for state in scene.states:
            name, _, other = state.partition("@")
            backend, changes, _ = STATES[name]
            desk.hub.show(other or backend, **status_in(changes, NOW))
        if scene.guarded:
            desk.hub.link = ONE_TIME_LINK
            kept_out = KeptOut(address="192.0.2.44", at=datetime.now(UTC), rule="address", path="/v1/models")
            desk.hub.kept[scene.guarded] = (kept_out,)
            ends = datetime.now(UTC) + timedelta(hours=1)
            desk.hub.show(scene.guarded, guard=_ALL_RULES, expires_at=ends)
        self._record(scene.recorded)
        self._window = window = open_window(scene.page, 380 if scene.part == "head" else 880)
        self._settle()
        _wait_for_other_threads(scene, window)
        self._press_before(scene.before)
        if scene.failed is not None:
            problem = Problem(Code.NEEDS_PRIVILEGES, parameters={"command": "sudo true"})
            desk.hub.end_job(*scene.failed, JobFailed(problem))
            self._settle()
        desk.hub.reloads = 0
        self._seen: set[str] = set()
        self._said: list[str] = []
        if scene.part == "dialog" and {"Add tunnel…", "More for shop > Edit…"} & set(scene.before):
            self._wait_for("3000, node")  # found on another thread
        self.witness = Witness(desk.hub, desk.vault, desk.dependencies, self._look)

    def _press_before(self, before: tuple[str, ...]) -> None:
        for name in before:
            named, _, typed = name.partition(TYPED)
            control, _, item = named.partition(IN_MENU)
            shown = in_sight(self._window.shown_page())[control]
            if item:
                self._items(control, shown)[named].trigger()
            else:
                press(shown, typed)
            self._settle()

    def _record(self, what: str) -> None:
        hub = self._desk.hub
        if what in ("visits", "replays", "none yet"):
            hub.requests.record("ngrok", on=True)
        if what in ("visits", "replays"):
            live_through(hub.requests.store, _CHECKOUTS)
        if what == "replays":  # nobody is asked, and the newest is what came of it
            self._desk.dependencies.app_state.remember_answer("replay")
            hub.replay = _answer(hub)  # type: ignore[method-assign]
        if what == "off":
            hub.show("ngrok", traffic=Traffic())

    def controls(self) -> dict[str, QWidget]:
        """Return what can be operated, by its name."""
        return in_sight(self._top())

    def names(self) -> set[str]:
        """Return all names there are: of controls, seen or hidden, and of what their menus hold."""
        found = {name_of(one) for one in operable(self._top())}
        for name, one in self.controls().items():
            found |= set(self._items(name, one))
        return found - {""}

    def try_rows(self, table: Table, rows: Rows) -> tuple[set[str], Rows]:
        """Return the names here that the table leaves out, and each row with what came of it."""
        left_out, page = self.names() - expected_names(table, self._scene), self._window.page
        came = []
        for row, hoped in rows:
            came.append((row, self.press(row, hoped)))
            if self._window.page != page:
                self._window.go_to(page)
                self.witness.news()
        return left_out, tuple(came)

    def press(self, row: str, hoped: str) -> str:
        """Do what the row names, as “Name”, “Name = what is typed” or “Name > item of its menu”.

        Return what came of it, once that is what is hoped for: its parts may come one after the other.
        """
        name, _, typed = row.partition(TYPED)
        self._seen, self._said, page = set(self.controls()), words_in_sight(self._window), self._window.page
        control, _, item = name.partition(IN_MENU)
        self._wait_for(control)
        if item:
            self._items(control, self.controls()[control])[name].trigger()
        else:
            press(self.controls()[control], typed)
        ends = time.monotonic() + (SEEN if hoped else _A_WHILE)
        news: list[str] = []
        came = ""
        while time.monotonic() < ends and (not came or came != (hoped or came)):
            self._settle()
            news += self.witness.news()
            came = ", ".join(news or (self._shown() if self._window.page == page and self._is_there() else []))
        return came

    def _wait_for(self, control: str) -> None:
        """Return once it is in sight: what is there may be found on another thread first."""
        ends = time.monotonic() + SEEN
        while control not in self._seen:
            assert time.monotonic() < ends, f"“{control}” is not in sight"
            self._settle()
            self._seen = set(self.controls())

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
        match self._scene.part:
            case "popup":
                return QApplication.activePopupWidget() is not None
            case "dialog":
                return _dialog() is not None
            case _:
                return True

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
            case "dialog":
                dialog = _dialog()
                assert dialog is not None
                return dialog
            case _:
                return self._window.shown_page()

    @staticmethod
    def _items(name: str, control: QWidget) -> dict[str, QAction]:
        menu = menu_of(control)
        return {} if menu is None else dict(_items_of(name, menu))

    def _look(self) -> dict[str, object]:
        desk, page = self._desk, self._window.shown_page()
        result = desk.dependencies.hooks.last_result(Hook.COMMAND)
        return {
            "copy": tuple(_short(text) for text in desk.clipboard.texts),
            "open": tuple(self._short(url) for url in desk.opened),
            "remove": tuple(desk.removals),
            "start at login": desk.autostart.now.name,
            "new API tokens": desk.api.renewals,
            "ask the releases": desk.releases.asked,
            "go to": self._window.page,
            **(_of_requests(self._window._pages.requests, desk) if self._scene.page == "requests" else {}),
            **(_of_the_log(page) if self._scene.page == "log" and isinstance(page, LogPage) else {}),
            "ask": tuple(_dialogs()),
            "hook": None if result is None else f"ran with {result.event.url}",
            "copy a picture": QApplication.clipboard().image().width() or None,
        }

    def _short(self, url: str) -> str:
        return url.replace(self._desk.dependencies.services.folders.config.parent.as_uri(), "file:")

    @staticmethod
    def _settle() -> None:
        QApplication.processEvents()
        QApplication.processEvents()


def _items_of(name: str, menu: QMenu) -> Iterator[tuple[str, QAction]]:
    """Yield what a menu holds, and the menus in it, by the way that leads there."""
    for one in menu.actions():
        inner, way = one.menu(), f"{name}{IN_MENU}{one.text()}"
        if isinstance(inner, QMenu):
            yield from _items_of(way, inner)
        elif not one.isSeparator():
            yield way, one


def _answer(hub: FakeHub) -> Callable[..., None]:
    """Return a replay that comes at once to the newest request of ngrok."""

    def replay(
        backend: BackendId, number: int, changes: ReplayRequest, done: Callable[[RequestRow | Problem], None]
    ) -> None:
        done(hub.requests.rows(backend)[0])

    return replay


def _of_the_log(page: LogPage) -> dict[str, object]:
    return {"lines of the log": page.model.rowCount(), "follow the log": page.follow.isChecked()}


def _of_requests(page: RequestsPage, desk: Desk) -> dict[str, object]:
    header = page.table.horizontalHeader()
    return {
        "requests shown": page.model.rowCount(),
        "requests kept": len(desk.hub.requests.rows("ngrok")),
        "pause the list": page.is_paused,
        "open a request": not page.detail.isHidden(),
        "open the newest": 0 < page.detail.number == page.model.newest,
        "show the part": page.detail.tabs.tabText(page.detail.tabs.currentIndex()),
        "sort by": column_title(Column(header.sortIndicatorSection())),
    }


def _wait_for_other_threads(scene: Scene, window: MainWindow) -> None:
    """Return once all is there that the page does not have at once."""
    if scene.page == "log" and scene.part == "page":
        _wait_for_lines(window)
    if scene.page == "first_run":
        _wait_for_servers(window)


def _wait_for_lines(window: MainWindow) -> None:
    page = window.shown_page()
    assert isinstance(page, LogPage)
    ends = time.monotonic() + SEEN
    while page.model.rowCount() < 3:
        assert time.monotonic() < ends, "the log page does not read"
        QTest.qWait(5)


def _wait_for_servers(window: MainWindow) -> None:
    ends = time.monotonic() + SEEN
    while "3000, node" not in in_sight(window.shown_page()):
        assert time.monotonic() < ends, "no servers are offered"
        QTest.qWait(5)


def _short(copied: str) -> str:
    long = {
        "Portway 0": "the diagnostics",
        "14:02:11": "the log",
        "curl --request": "the command",
        '{"error"': "the answer",
        '{"card"': "the body",
    }
    return next((name for begin, name in long.items() if copied.startswith(begin)), copied)


def _dialog() -> QWidget | None:
    """Return what stands before the window, or beside it."""
    beside = (one for one in QApplication.topLevelWidgets() if one.isVisible() and isinstance(one, HelpWindow))
    return QApplication.activeModalWidget() or next(beside, None)


def _dialogs() -> Iterator[str]:
    for one in QApplication.topLevelWidgets():
        if one.isVisible() and not isinstance(one, MainWindow):
            yield one.windowTitle() if isinstance(one, QFileDialog) else name_of(one) or one.windowTitle()


def rows_of(table: Table) -> list[tuple[Scene, Rows]]:
    """Return each scene with rows to try in it, one after the other: those that change nothing there are together.

    A scene in which nothing is pressed has no rows.
    """
    found: list[tuple[Scene, Rows]] = []
    for scene, rows in table.items():
        still = tuple((row, came) for row, came in rows.items() if _is_still(came))
        found += [(scene, (one,)) for one in rows.items() if one not in still]
        found += [(scene, still)] * bool(still or not rows)
    return found


def _is_still(came: str) -> bool:
    return came.startswith(_STILL) and not came.startswith(_ANEW) and ", " not in came


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
