"""A window over a hub that only remembers, for every test of the window."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from portway.core.errors import Problem, TunnelError
from portway.core.secret import Secret
from portway.gui.cards.live_card import LiveCard
from portway.gui.dependencies import GuiDependencies, IssuedToken
from portway.gui.i18n.language import use_language
from portway.gui.log.page import LogPage
from portway.gui.navigation import LOG, Navigation
from portway.gui.platform.clipboard import Clipboard
from portway.gui.window.main_window import MainWindow
from portway.gui.window.pages import make_page
from portway.runtime.consents import Consents
from portway.runtime.url_hooks import UrlHooks
from portway.system.desktop.autostart import AutostartState
from portway.system.releases.origin import Origin
from portway.system.releases.versions import Newest
from portway.system.services import Services
from portway.system.storage.app_state import AppState
from portway.system.storage.settings_file import FILE_NAME, SettingsFile
from tests.fakes.backends.window import window_backends
from tests.fakes.portway.diagnostics import DIAGNOSTICS
from tests.fakes.runtime.hub import FakeHub, FakeVault


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let the screen that is none say what it cannot do, and know what takes long: a whole window for each test."""
    for item in items:
        if Path(__file__).parent not in item.path.parents:
            continue
        item.add_marker(pytest.mark.qt_log_ignore("This plugin does not support", extend=True))
        if isinstance(item, pytest.Function) and "window" in item.fixturenames:
            item.add_marker(pytest.mark.slow(reason="shows the whole window"))


Open = Callable[[str], Any]  # a page, by its key


@pytest.fixture(autouse=True)
def no_window_left(qapp: QApplication) -> Iterator[None]:
    """Demand that each test closes what it opened: what has the keyboard changes what the next test sees."""
    yield
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    left = [window for window in QApplication.topLevelWidgets() if window.isVisible()]
    for window in left:
        window.close()
    assert not left, f"left open: {left}"


@dataclass
class Copies:
    """What was copied."""

    texts: list[str] = field(default_factory=list)

    def copy(self, text: str) -> None:
        self.texts.append(text)


@dataclass(frozen=True)
class Issued:
    token: Secret
    warning: Problem | None = None


@dataclass
class Api:
    """Implements dependencies.Api; answers at once."""

    port: int | None = 20129
    problem: Problem | None = None
    outcome: Problem | None = None
    renewals: int = 0

    def lasting_token(self, done: Callable[[IssuedToken | Problem], None], *, renew: bool = False) -> None:
        self.renewals += renew
        done(self.outcome or Issued(Secret(f"lasting-token-{self.renewals}")))


@dataclass
class Autostart:
    """Implements system.autostart.Autostart."""

    now: AutostartState = AutostartState.OFF
    refusal: TunnelError | None = None

    def state(self) -> AutostartState:
        return self.now

    def enable(self) -> None:
        if self.refusal is not None:
            raise self.refusal
        self.now = AutostartState.ON

    def disable(self) -> None:
        self.now = AutostartState.OFF


_SITE = "https://portway.example"
_ORIGIN = Origin(_SITE, f"{_SITE}/docs", f"{_SITE}/newest")
_NEWER = Newest("9.1", newer=True, page=_ORIGIN.page_of("v9.1"))


@dataclass
class Releases:
    """Implements dependencies.Updates; answers at once."""

    origin: Origin = _ORIGIN
    newest: Newest = _NEWER
    refusal: TunnelError | None = None
    asked: int = 0

    def look(self) -> Newest:
        self.asked += 1
        if self.refusal is not None:
            raise self.refusal
        return self.newest


@dataclass(frozen=True)
class Found:
    port: int
    program: str | None
    title: str | None = None


@dataclass
class Desk:
    """What surrounds the window, for a test to set and to look at."""

    dependencies: GuiDependencies
    hub: FakeHub
    vault: FakeVault
    clipboard: Copies
    api: Api
    autostart: Autostart
    releases: Releases
    opened: list[str]
    removals: list[str]
    may_hide: bool = True


@pytest.fixture
def desk(services: Services) -> Iterator[Desk]:
    """Everything answered that is asked once: the first run, the first exposure, and newer versions."""
    use_language("en")
    backends = window_backends()
    settings_file = SettingsFile(services.folders.config / FILE_NAME, services.environment, backends)
    hub, vault, clipboard, api, autostart = (
        FakeHub(backends, settings_file.load),
        FakeVault(),
        Copies(),
        Api(),
        Autostart(),
    )
    services.app_state.update(answered=["first_run", "internet_exposure", "updates"])  # in one: each waits for the disk
    releases = Releases()
    opened: list[str] = []
    removals: list[str] = []
    hooks = UrlHooks(hub, services)
    dependencies = GuiDependencies(
        hub=hub,
        vault=vault,
        services=services,
        settings_file=settings_file,
        app_state=AppState(services.app_state),
        clipboard=Clipboard(clipboard.copy),
        api=api,
        autostart=autostart,
        has_api=lambda _target: True,
        hooks=hooks,
        consents=Consents(services.timing.consent_limit),
        updates=releases,
        listening_ports=lambda: (Found(3000, "node"), Found(8080, None)),
        diagnose=lambda: DIAGNOSTICS,
        open_url=opened.append,
        remove_all_data=lambda: removals.append("all"),
    )
    yield Desk(dependencies, hub, vault, clipboard, api, autostart, releases, opened, removals)
    hooks.close()
    use_language("en")  # one may have chosen another


@pytest.fixture
def window(desk: Desk, qtbot: QtBot) -> Iterator[MainWindow]:
    """An open window."""
    window = MainWindow(desk.dependencies, lambda: desk.may_hide)
    qtbot.addWidget(window)
    with qtbot.waitExposed(window):
        window.show()
    yield window
    window.finish()


@pytest.fixture
def card(window: MainWindow) -> Callable[[str], LiveCard]:
    """Return the card of a backend."""
    return window.tunnels.card


@pytest.fixture
def page(desk: Desk, qtbot: QtBot) -> Iterator[Open]:
    """Open a page alone."""
    opened: list[Any] = []

    def make(key: str) -> Any:  # noqa: ANN401 - each test knows its page
        page = LogPage(desk.dependencies) if key == LOG else make_page(key, desk.dependencies, Navigation())
        qtbot.addWidget(page)
        page.resize(700, 1600)
        page.show()
        opened.append(page)
        return page

    yield make
    for one in opened:
        one.close()
