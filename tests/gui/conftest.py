"""A window over a hub that only remembers, for every test of the window."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from portway.core.errors import Problem, TunnelError
from portway.core.secret import Secret
from portway.gui.language import use_language
from portway.gui.live_card import LiveCard
from portway.gui.pages import make_page
from portway.gui.parts import IssuedToken, Parts
from portway.gui.window import MainWindow
from portway.runtime.url_hooks import UrlHooks
from portway.system.app_state import AppState
from portway.system.autostart import AutostartState
from portway.system.services import Services
from portway.system.settings_file import FILE_NAME, SettingsFile
from tests.fakes.hub import FakeHub, FakeVault
from tests.fakes.window_backends import window_backends


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let the screen that is none say what it cannot do."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.qt_log_ignore("This plugin does not support", extend=True))


Open = Callable[[str], Any]  # a page, by its key


@dataclass
class Clipboard:
    """Implements parts.Clipboard."""

    texts: list[str] = field(default_factory=list)

    def copy(self, text: str) -> None:
        self.texts.append(text)


@dataclass(frozen=True)
class Issued:
    token: Secret
    warning: Problem | None = None


@dataclass
class Api:
    """Implements parts.Api; answers at once."""

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


@dataclass(frozen=True)
class Found:
    port: int
    program: str | None


@dataclass
class Desk:
    """What surrounds the window, for a test to set and to look at."""

    parts: Parts
    hub: FakeHub
    vault: FakeVault
    clipboard: Clipboard
    api: Api
    autostart: Autostart
    opened: list[str]
    removals: list[str]
    may_hide: bool = True


@pytest.fixture
def desk(services: Services) -> Iterator[Desk]:
    """Everything answered that is asked once: the first run, and the first exposure."""
    backends = window_backends()
    settings_file = SettingsFile(services.folders.config / FILE_NAME, services.environment, backends)
    hub, vault, clipboard, api, autostart = (
        FakeHub(backends, settings_file.load), FakeVault(), Clipboard(), Api(), Autostart(),
    )  # fmt: skip
    app_state = AppState(services.app_state)
    app_state.remember_answer("first_run")
    app_state.remember_answer("internet_exposure")
    opened: list[str] = []
    removals: list[str] = []
    hooks = UrlHooks(hub, services)
    parts = Parts(
        hub=hub, vault=vault, services=services, settings_file=settings_file, app_state=app_state, clipboard=clipboard,
        api=api, autostart=autostart, hooks=hooks, listening_ports=lambda: (Found(3000, "node"), Found(8080, None)),
        open_url=opened.append, remove_all_data=lambda: removals.append("all"),
    )  # fmt: skip
    yield Desk(parts, hub, vault, clipboard, api, autostart, opened, removals)
    hooks.close()
    use_language("en")  # one may have chosen another


@pytest.fixture
def window(desk: Desk, qtbot: QtBot) -> Iterator[MainWindow]:
    """An open window."""
    window = MainWindow(desk.parts, lambda: desk.may_hide)
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
        page = make_page(key, desk.parts)
        qtbot.addWidget(page)
        page.resize(700, 1600)
        page.show()
        opened.append(page)
        return page

    yield make
    for one in opened:
        one.close()
