"""The desktop part of Portway as a process of its own, over a hub that only remembers.

Each line on standard input is a Python expression over `hub`, `desktop`, `parts` and the helpers below; its value goes
back as one line of JSON. The first line that comes out is "ready".
"""

# ruff: noqa: F401 - expressions use them

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QSocketNotifier, QTimer
from PySide6.QtWidgets import QApplication, QMessageBox

from portway.core.codes import Code
from portway.core.errors import Problem, TunnelError
from portway.core.hub import Ask
from portway.core.status import BackendId, Installation, Phase
from portway.core.timing import Timing
from portway.gui.application import Desktop
from portway.gui.clipboard import DesktopClipboard
from portway.gui.parts import Parts
from portway.gui.screen import let_it_appear, make_application
from portway.gui.tray import Tray
from portway.runtime.url_hooks import UrlHooks
from portway.system.app_state import AppState
from portway.system.folders import find_folders
from portway.system.secret_store import open_secret_store
from portway.system.services import Services
from portway.system.settings_file import FILE_NAME, SettingsFile
from portway.system.state_file import StateFile
from tests.fakes.gui_hub import FakeHub, FakeVault, four_backends


class FoundPort:
    def __init__(self, port: int, program: str | None) -> None:
        self.port = port
        self.program = program


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
        backends = four_backends()
        settings_file = SettingsFile(folders.config / FILE_NAME, environment, backends)
        self.opened: list[str] = []
        self.hub = FakeHub(backends, settings_file.load)
        self.parts = Parts(
            hub=self.hub,
            vault=FakeVault(),
            services=services,
            settings_file=settings_file,
            app_state=AppState(state_file),
            clipboard=DesktopClipboard(environment),
            api=NoApi(),
            autostart=None,
            hooks=UrlHooks(self.hub, services),
            listening_ports=lambda: (FoundPort(3000, "node"), FoundPort(11434, "ollama")),
            open_url=self.opened.append,
            remove_all_data=lambda: None,
        )
        self._rest = b""

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
            replace(status, phase=Phase.RUNNING, public_url=url, wanted=True), Ask(by_person=by_person)
        )
        self.hub.show(backend, phase=Phase.RUNNING, public_url=url, wanted=True, problem=None, retry_at=None)

    def press(self, button: str) -> bool:
        """Press a button of the question that is open."""
        for box in QApplication.topLevelWidgets():
            if isinstance(box, QMessageBox) and box.isVisible():
                for one in box.buttons():
                    if one.text() == button:
                        one.click()
                        return True
        return False

    def question(self) -> str:
        """Return the text of the question that is open."""
        boxes = [box for box in QApplication.topLevelWidgets() if isinstance(box, QMessageBox) and box.isVisible()]
        return boxes[0].text() if boxes else ""

    def visible(self) -> list[str]:
        """Return the titles of all open windows."""
        return [widget.windowTitle() for widget in QApplication.topLevelWidgets() if widget.isVisible()]

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
        known = {name: getattr(self, name) for name in ("hub", "desktop", "parts", "opened")}
        try:
            return eval(expression, {**globals(), **known, "subject": self})  # noqa: S307 - the tests' own expressions
        except Exception as error:  # noqa: BLE001 - the test shows it
            return f"{type(error).__name__}: {error}"


def main() -> int:
    make_application()
    tray = Tray()
    tray.show()
    let_it_appear()
    subject = Subject()
    desktop = Desktop(subject.parts, tray, autostarted="--autostart" in sys.argv)
    subject.begin(desktop)
    return desktop.run()


if __name__ == "__main__":
    sys.exit(main())
