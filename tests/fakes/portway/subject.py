"""The desktop part of Portway as a process of its own, over a hub that only remembers.

Each line on standard input is a Python expression over `hub`, `desktop`, `dependencies` and the helpers below; its
value goes back as one line of JSON, as `{"broken": …}` where it raises. The first line that comes out is "ready".
"""

# ruff: noqa: F401 - expressions use them

from __future__ import annotations

import itertools
import json
import os
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from PySide6.QtCore import QSocketNotifier, QTimer
from PySide6.QtGui import QAction, QPixmap
from PySide6.QtWidgets import QAbstractButton, QApplication, QMenu, QMessageBox, QScrollArea, QToolButton, QWidget

from portway.core.codes import Code
from portway.core.errors import Problem, TunnelError
from portway.core.guard.callers import Caller, Opening
from portway.core.hub import EnableRequest, JobDone
from portway.core.settings import SavedTunnel
from portway.core.status import BackendId, Installation, Phase, Progress, Reach, TunnelId
from portway.core.timing import Timing
from portway.gui.dependencies import GuiDependencies
from portway.gui.desktop import Desktop
from portway.gui.platform.clipboard import Clipboard, DesktopClipboard
from portway.gui.platform.screen import let_it_appear, make_application
from portway.gui.tray.icon import Tray
from portway.gui.widgets.qr_popover import QrPopover
from portway.gui.window.main_window import MainWindow
from portway.runtime.consents import Consents
from portway.runtime.url_hooks import UrlHooks
from portway.system.secrets.store import open_secret_store
from portway.system.services import Services
from portway.system.storage.app_state import AppState
from portway.system.storage.folders import find_folders
from portway.system.storage.settings_file import FILE_NAME, SettingsFile
from portway.system.storage.state_file import StateFile
from tests.fakes.backends.window import window_backends
from tests.fakes.portway.diagnostics import DIAGNOSTICS
from tests.fakes.runtime.gaps import Gaps
from tests.fakes.runtime.hub import FakeHub, FakeVault
from tests.fakes.runtime.witness import Witness

OPENING = Opening(
    caller=Caller("Fine Agent"),
    tunnel=TunnelId("cloudflared"),
    way="Cloudflare",
    reach=Reach.INTERNET,
    target_url="http://localhost:3000",
    seconds=None,
    lasting=False,
    password=False,
)


class FoundPort:
    def __init__(self, port: int, program: str | None) -> None:
        self.port = port
        self.program = program
        self.title: str | None = None


class NoApi:
    port = None
    problem = None

    def lasting_token(self, done: Callable[[Any], None], *, renew: bool = False) -> None:
        raise NotImplementedError


class Subject:
    """What the expressions see."""

    def __init__(self) -> None:
        environment = dict(os.environ)
        folders = find_folders(environment)
        timing = Timing(lost_after=0.1, own_click=float(environment.get("SUBJECT_OWN_CLICK", "0.3")), probe_limit=2.0)
        state_file = StateFile(folders.state / "app.json")
        secrets = open_secret_store(folders, environment, timing, state_file, may_prompt=False)
        services = Services(
            folders=folders, environment=environment, timing=timing, app_state=state_file, secrets=secrets
        )
        backends = window_backends()
        settings_file = SettingsFile(folders.config / FILE_NAME, environment, backends)
        self.opened: list[str] = []
        self.vault = FakeVault()
        self.clipboard = DesktopClipboard(environment)
        self.hub = FakeHub(backends, settings_file.load)
        self.dependencies = GuiDependencies(
            hub=self.hub,
            vault=self.vault,
            services=services,
            settings_file=settings_file,
            app_state=AppState(state_file),
            clipboard=Clipboard(self.clipboard.copy),
            api=NoApi(),
            autostart=None,
            has_api=lambda _target: True,
            hooks=UrlHooks(self.hub, services),
            consents=Consents(timing.consent_limit),
            updates=None,
            listening_ports=lambda: (FoundPort(3000, "node"), FoundPort(11434, "ollama")),
            diagnose=lambda: DIAGNOSTICS,
            open_url=self.opened.append,
            remove_all_data=lambda: None,
        )
        self._rest = b""
        self._gaps = Gaps()

    def begin(self, desktop: Desktop) -> None:
        """Called once the tray is shown."""
        self.desktop = desktop
        self._input = QSocketNotifier(sys.stdin.fileno(), QSocketNotifier.Type.Read)
        self._input.activated.connect(self._on_input)
        print("ready", flush=True)

    def up(self, backend: str, url: str, *, by_person: bool = False) -> None:
        """Let a wish be fulfilled, in the order in which the real hub tells it."""
        status = self.hub.status(BackendId(backend))
        self.desktop.take_up(
            replace(status, phase=Phase.RUNNING, public_url=url, wanted=True), EnableRequest(by_person=by_person)
        )
        self.hub.show(backend, phase=Phase.RUNNING, public_url=url, wanted=True, problem=None, retry_at=None)

    def set_out(self) -> None:
        """Let the menu have all that it can have, with nothing open and nothing asked yet."""
        for one in QApplication.topLevelWidgets():
            if one.isVisible() and isinstance(one, (MainWindow, QMenu, QMessageBox, QrPopover)):
                one.hide()
        self.dependencies.app_state.remember_answer("first_run")
        self.dependencies.settings_file.path.unlink(missing_ok=True)
        for news in ("notifyUp", "notifyNeeded", "notifyStopped"):  # a balloon would lie over the icon
            self.dependencies.settings_file.set(f"general.{news}", False)
        self.dependencies.app_state.remember_answer("internet_exposure")
        self.hub.reload()
        self.hub.jobs.clear()
        for backend in self.hub.backends:
            self.hub.show(backend.id, phase=Phase.STOPPED, wanted=False, problem=None, public_url=None)
        needs = Problem(Code.NEEDS_TOKEN, "", {"service": "ngrok"})
        self.hub.show("ngrok", phase=Phase.NEEDS_AUTH, wanted=True, problem=needs)
        self.hub.show("tailscale", installation=Installation(installed=False))
        self.hub.show("cloudflared", phase=Phase.RUNNING, wanted=True, public_url="https://quick.trycloudflare.com")
        QApplication.clipboard().clear()
        self._witness = Witness(self.hub, self.vault, self.dependencies, self._look)

    def news(self) -> str:
        """Return what has been asked since `set_out`, or was asked for the last time."""
        return ", ".join(self._witness.news())

    def place_of_icon(self) -> list[int]:
        """Return where to click the icon, where the panel is one of the old kind."""
        icon = self.desktop._tray._icon
        assert icon is not None
        return [icon.geometry().center().x(), icon.geometry().center().y()]

    def place_of_item(self, menu: str, text: str) -> list[int] | None:
        """Return where to click an item of the open menu, or of the open one that has this title."""
        for one in QApplication.topLevelWidgets():
            if isinstance(one, QMenu) and one.isVisible() and one.title() == menu:
                for action in one.actions():
                    if action.isVisible() and action.text() == text:
                        place = one.mapToGlobal(one.actionGeometry(action).center())
                        return [place.x(), place.y()]
        return None

    def _look(self) -> dict[str, object]:
        windows = [one for one in QApplication.topLevelWidgets() if one.isVisible() and not isinstance(one, QMenu)]
        titles = tuple(sorted(one.accessibleName() or one.windowTitle() for one in windows))
        page = next((one.page for one in windows if isinstance(one, MainWindow)), None)
        copied = QApplication.clipboard().text() or None
        return {"copy": copied, "browse": tuple(self.opened), "see": titles, "on page": page}

    def press(self, button: str) -> bool:
        """Press a button of the question that is open."""
        for box in QApplication.topLevelWidgets():
            if isinstance(box, QMessageBox) and box.isVisible():
                for one in box.buttons():
                    if one.text() == button:
                        one.click()
                        return True
        return False

    def drawn(self) -> dict[str, int]:
        """Return, by its name, of how many colours each control in sight is that is meant to have a drawing."""
        found = {}
        for one in QApplication.allWidgets():
            if one.isVisible() and getattr(one, "_icon", None):
                image = one.grab().toImage()
                places = itertools.product(range(image.width()), range(image.height()))
                found[one.accessibleName()] = len({image.pixel(*place) for place in places})
        return found

    def tick(self) -> None:
        """Tick what the question that is open offers."""
        boxes = [box for box in QApplication.topLevelWidgets() if isinstance(box, QMessageBox) and box.isVisible()]
        boxes[0].checkBox().click()

    def question(self) -> str:
        """Return the text of the question that is open."""
        boxes = [box for box in QApplication.topLevelWidgets() if isinstance(box, QMessageBox) and box.isVisible()]
        return boxes[0].text() if boxes else ""

    def visible(self) -> list[str]:
        """Return the titles of all open windows."""
        return [widget.windowTitle() for widget in QApplication.topLevelWidgets() if widget.isVisible()]

    def brightness(self) -> dict[str, float]:
        """Return how bright, from 0 to 255, the screen is where the window is, and our icons in it."""
        window = next(one for one in QApplication.topLevelWidgets() if isinstance(one, MainWindow))
        place = window.geometry()
        grabbed = window.screen().grabWindow(0, place.x(), place.y(), place.width(), place.height())
        bearers: list[QAbstractButton | QAction] = [
            *window.findChildren(QAbstractButton),
            *window.findChildren(QAction),
        ]
        own = [one.icon() for one in bearers if not one.objectName().startswith("_q_") and type(one) is not QToolButton]
        drawn = [icon.pixmap(16, 16) for icon in own if not icon.isNull()]
        return {
            "screen": _brightness(grabbed.scaled(88, 72)),
            "brightest icon": max(map(_brightness, drawn)),
            "darkest icon": min(map(_brightness, drawn)),
        }

    def missing_room(self, page: QWidget) -> list[int]:
        """Return the width and height that a page would need beside what it has; what can be scrolled to is there."""
        if isinstance(page, QScrollArea) and (body := page.widget()) is not None:
            return [max(0, body.minimumSizeHint().width() - page.viewport().width()), 0]
        lacking = page.minimumSizeHint() - page.size()
        return [max(0, lacking.width()), max(0, lacking.height())]

    def start_work(self, name: str) -> None:
        """Let a command of Tailscale go on, a hundred times a second, as the window shows; and watch for gaps."""
        self._gaps.begin()
        self.desktop._windows._made().tunnels.cards[BackendId("tailscale")].control.run_command(name)
        self._worked = 0
        self._work = QTimer(interval=10)
        self._work.timeout.connect(lambda: self._go_on(name))
        self._work.start()

    def _go_on(self, name: str) -> None:
        self._worked += 1
        at = Progress(step="download", message="Downloading", received=self._worked * 20_000, total=20_000_000)
        self.hub.move_job("tailscale", name, at)
        page = f"https://login.tailscale.com/a/{self._worked // 50}"
        needs = Problem(Code.NEEDS_LOGIN, "", {"service": "Tailscale"}, action_url=page)
        if name == "login":
            self.hub.show("tailscale", phase=Phase.NEEDS_AUTH, wanted=True, problem=needs)

    def end_work(self, name: str) -> float:
        """Return the longest gap, in milliseconds."""
        self._work.stop()
        self.hub.end_job("tailscale", name, JobDone({}))
        QApplication.processEvents()
        return self._gaps.end()

    def four_up(self) -> None:
        """Let everything run, and have run for some minutes."""
        for backend in self.hub.backends:
            self.up(backend.id, f"https://{backend.id}.example")
            self.hub.show(backend.id, since=datetime.now(UTC) - timedelta(minutes=5))

    def many_up(self, count: int) -> int:
        """Let all that is built in run, and so many of a person's own that there are `count`; return how many do."""
        self.four_up()
        for number in range(count - len(self.hub.statuses())):
            name = f"server-{number}"
            self.hub.add(SavedTunnel(id=TunnelId(name), backend=BackendId("lan"), name=f"Server {number}"))
            self.up(name, f"http://192.168.1.2:{4000 + number}")
        return sum(status.running for status in self.hub.statuses())

    def time_of_updates(self) -> float:
        """Return the seconds that the menu takes to follow one status, in the middle of many."""
        begin = time.perf_counter()
        for number in range(100):
            self.hub.show("lan", phase=Phase.RUNNING, public_url=f"http://192.168.1.2:{4000 + number}", wanted=True)
        return (time.perf_counter() - begin) / 100

    def time_of_opening(self) -> float:
        """Return the seconds from the wish to a window that is painted."""
        begin = time.perf_counter()
        self.desktop.open_window()
        QApplication.processEvents()
        return time.perf_counter() - begin

    def _on_input(self) -> None:
        got = os.read(sys.stdin.fileno(), 65536)
        if not got:
            QApplication.quit()
        *lines, self._rest = (self._rest + got).split(b"\n")
        for line in lines:
            print(json.dumps(self._value(line.decode()), default=str), flush=True)

    def _value(self, expression: str) -> Any:  # noqa: ANN401 - whatever it is, as JSON
        known = {name: getattr(self, name) for name in ("hub", "desktop", "dependencies", "opened")}
        try:
            return eval(expression, {**globals(), **known, "subject": self})  # noqa: S307 - the tests' own expressions
        except Exception as error:  # noqa: BLE001 - the test shows it
            return {"broken": f"{type(error).__name__}: {error}"}


def _brightness(pixmap: QPixmap) -> float:
    """Return the mean of all that is not transparent."""
    image = pixmap.toImage()
    pixels = (image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height()))
    return statistics.fmean(pixel.lightness() for pixel in pixels if pixel.alpha() > 200)


def main() -> int:
    make_application()
    tray = Tray()
    tray.show()
    let_it_appear()
    subject = Subject()
    desktop = Desktop(subject.dependencies, tray, autostarted="--autostart" in sys.argv)
    subject.begin(desktop)
    return desktop.run()


if __name__ == "__main__":
    sys.exit(main())
