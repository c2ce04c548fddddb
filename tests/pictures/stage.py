"""A window over a hub that stands still: what the picture maker points its camera at."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from PySide6.QtCore import QPoint, QSize
from PySide6.QtGui import QColor, QCursor, QFont, QFontDatabase, QImage, QPainter, QPalette
from PySide6.QtWidgets import QApplication, QScrollArea, QWidget
from shiboken6 import delete

from portway.backends.cloudflared.backend import CloudflaredBackend
from portway.backends.lan.backend import LanBackend
from portway.backends.ngrok.backend import NgrokBackend
from portway.backends.ssh.backend import SshBackend
from portway.backends.tailscale.backend import TailscaleBackend
from portway.core.backend import Backend
from portway.core.timing import Timing
from portway.gui.dependencies import GuiDependencies
from portway.gui.i18n.language import use_language
from portway.gui.platform.clipboard import Clipboard
from portway.gui.theme.field_style import mend_fields
from portway.gui.theme.look import NARROW
from portway.gui.window.main_window import MainWindow
from portway.runtime.consents import Consents
from portway.runtime.url_hooks import UrlHooks
from portway.system.desktop.autostart import AutostartState
from portway.system.secrets.store import open_secret_store
from portway.system.services import Services
from portway.system.storage.app_state import AppState
from portway.system.storage.folders import find_folders
from portway.system.storage.settings_file import FILE_NAME, SettingsFile
from portway.system.storage.state_file import StateFile
from tests.fakes.portway.diagnostics import DIAGNOSTICS
from tests.fakes.runtime.hub import FakeHub, FakeVault
from tests.gui.states import STATES, status_in

_SETTLE = 0.25  # seconds in which answers from threads and sockets arrive
_LIGHT = {
    "Window": "#eff0f1",
    "Base": "#ffffff",
    "Text": "#232629",
    "WindowText": "#232629",
    "Button": "#fcfcfc",
    "ButtonText": "#232629",
    "Accent": "#2a71c8",
    "Highlight": "#2a71c8",
    "HighlightedText": "#ffffff",
    "Link": "#2a71c8",
    "PlaceholderText": "#707d8a",
}
_DARK = {
    "Window": "#202326",
    "Base": "#141618",
    "Text": "#fcfcfc",
    "WindowText": "#fcfcfc",
    "Button": "#3a3f44",
    "ButtonText": "#fcfcfc",
    "Accent": "#3daee9",
    "Highlight": "#3daee9",
    "HighlightedText": "#14171a",
    "Link": "#3daee9",
    "PlaceholderText": "#a1a9b1",
    "Light": "#4a5056",
    "Midlight": "#41464c",
    "Mid": "#15181a",
    "Dark": "#141618",
    "Shadow": "#0a0b0c",
}
_VIOLET = {**_DARK, "Accent": "#a27ae8", "Highlight": "#a27ae8", "Link": "#a27ae8"}
THEMES = {"light": _LIGHT, "dark": _DARK, "violet": _VIOLET}


@dataclass(frozen=True)
class _Port:
    port: int
    program: str | None
    title: str | None = None


def _nowhere(_url: str) -> None:
    """Nobody follows a link in a picture."""


def _never() -> None:
    """Nobody removes anything in a picture."""


class _Api:
    port = 20129
    problem = None

    def lasting_token(self, done: Callable[[Any], None], *, renew: bool = False) -> None:
        raise NotImplementedError


class _Autostart:
    def __init__(self, now: AutostartState) -> None:
        self._now = now

    def state(self) -> AutostartState:
        return self._now

    def enable(self) -> None:
        raise NotImplementedError

    def disable(self) -> None:
        raise NotImplementedError


class Stage:
    """One profile in a folder of its own, one hub, and windows over them."""

    def __init__(self) -> None:
        self._home = tempfile.TemporaryDirectory(prefix="portway-pictures-")
        environment = {"PORTWAY_HOME": self._home.name, "PORTWAY_KEYRING": "memory"}
        folders = find_folders(environment)
        timing = Timing()
        state = StateFile(folders.state / "app.json")
        secrets = open_secret_store(folders, environment, timing, state, may_prompt=False)
        self.services = Services(
            folders=folders, environment=environment, timing=timing, app_state=state, secrets=secrets
        )
        makers: tuple[Callable[[Services], Backend], ...] = (
            LanBackend,
            CloudflaredBackend,
            NgrokBackend,
            TailscaleBackend,
            SshBackend,
        )
        self.backends = tuple(make(self.services) for make in makers)
        self.settings = SettingsFile(folders.config / FILE_NAME, environment, self.backends)
        self.app_state = AppState(state)
        self.app_state.remember_answer("first_run")
        self.app_state.remember_answer("internet_exposure")
        self.hub = FakeHub(self.backends, self.settings.load)
        self.autostart = AutostartState.ON
        self.vault = FakeVault()
        self._windows: list[MainWindow] = []

    def close(self) -> None:
        """Take the windows down, and remove the profile."""
        for window in self._windows:
            window.finish()
            delete(window)  # now, and from the top: the garbage collector takes its parts in any order
        self._home.cleanup()

    def put(self, name: str) -> None:
        """Show a state with its times counted from now."""
        backend, changes, _ = STATES[name]
        self.hub.show(backend, **status_in(changes, datetime.now(UTC)))

    def log(self, name: str, lines: tuple[str, ...]) -> None:
        """Write what a backend has logged."""
        folder = self.services.folders.log
        folder.mkdir(parents=True, exist_ok=True)
        Path(folder, f"{name}.log").write_text("\n".join(lines) + "\n")

    def window(self, width: int, height: int, page: str = "") -> MainWindow:
        """Open a window of this size."""
        dependencies = GuiDependencies(
            hub=self.hub,
            vault=self.vault,
            services=self.services,
            settings_file=self.settings,
            app_state=self.app_state,
            clipboard=Clipboard(lambda _text: None),
            api=_Api(),
            autostart=_Autostart(self.autostart),
            has_api=lambda _target: True,
            hooks=UrlHooks(self.hub, self.services),
            consents=Consents(self.services.timing.consent_limit),
            updates=None,
            listening_ports=self._ports,
            diagnose=lambda: DIAGNOSTICS,
            open_url=_nowhere,
            remove_all_data=_never,
        )
        QCursor.setPos(5000, 5000)  # nothing is hovered
        window = MainWindow(dependencies, lambda: True)
        self._windows.append(window)
        window.resize(width, height)
        window.go_to(page or "tunnels")
        window.show()
        settle()
        return window

    @staticmethod
    def _ports() -> tuple[_Port, ...]:
        return (_Port(3000, "node", "My shop"), _Port(5173, "node", "Vite App"), _Port(8080, "python3"))


@contextmanager
def staged(theme: str, language: str = "en") -> Iterator[Stage]:
    """Set up a stage in this theme and language."""
    dress(theme)
    use_language(language)
    stage = Stage()
    try:
        yield stage
    finally:
        use_language("en")
        stage.close()


def dress(theme: str) -> None:
    """Wear the palette and the font of the design."""
    application = QApplication.instance()
    if not isinstance(application, QApplication):
        raise TypeError(application)
    application.setStyle("Fusion")
    palette = QPalette()
    for name, colour in THEMES[theme].items():
        palette.setColor(getattr(QPalette.ColorRole, name), QColor(colour))
    application.setPalette(palette)
    if "Inter" in QFontDatabase.families():
        application.setFont(QFont("Inter", 10))
    mend_fields()


def settle() -> None:
    """Let what is under way arrive."""
    end = time.monotonic() + _SETTLE
    while time.monotonic() < end:
        QApplication.processEvents()


def photograph(widget: QWidget) -> QImage:
    """Draw a widget at the scale of this process."""
    settle()
    return widget.grab().toImage()


def beside(images: list[QImage], ground: str, gap: int = 24) -> QImage:
    """Hang pictures side by side."""
    ratio = round(images[0].devicePixelRatio())
    sizes = [QSize(image.size() / ratio) for image in images]
    width = sum(size.width() for size in sizes) + gap * (len(images) + 1)
    height = max(size.height() for size in sizes) + 2 * gap
    wall = QImage(QSize(width, height) * ratio, QImage.Format.Format_RGB32)
    wall.setDevicePixelRatio(ratio)
    wall.fill(QColor(ground))
    painter = QPainter(wall)
    left = gap
    for image, size in zip(images, sizes, strict=True):
        painter.drawImage(QPoint(left, gap), image)
        left += size.width() + gap
    painter.end()
    return wall


def fit_height(window: MainWindow, most: int = 1400) -> None:
    """Make the window as high as its page, so that nothing has to be scrolled."""
    page = window.shown_page()
    if isinstance(page, QScrollArea):
        body = page.widget()
        if body is None:
            raise TypeError(page)
        head = 44 if window.width() < NARROW else 0
        window.resize(window.width(), min(most, body.heightForWidth(body.width()) + head))
        settle()
