"""The composition root of what a screen adds: window, notifications and clipboard, behind an icon that is there."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from PySide6.QtCore import QProcess
from PySide6.QtWidgets import QApplication

from portway.gui.application import Desktop
from portway.gui.clipboard import DesktopClipboard
from portway.gui.opener import Opener
from portway.gui.parts import Parts
from portway.gui.tray import Tray
from portway.program import Program
from portway.runtime.single_instance import SingleInstance
from portway.start import Start
from portway.system.app_state import AppState
from portway.system.autostart import find_autostart
from portway.system.folders import APP
from portway.system.listening_ports import listening_ports


def run_behind(tray: Tray, start: Start, instance: SingleInstance, application: QApplication) -> int:
    """Make everything that the icon stands for, run until the application ends, and return its exit code."""
    program = Program(start, instance, application)
    desktop = Desktop(_parts(start, program), tray, autostarted=start.autostart)
    program.hub.came_up.connect(desktop.take_up)
    program.hub.settings_changed.connect(desktop.take_settings)
    instance.window_asked.connect(desktop.open_window)
    instance.listen()
    program.serve(desktop.open_window)
    program.begin()
    code = desktop.run()
    program.end()
    return code


def _parts(start: Start, program: Program) -> Parts:
    words = (sys.executable,) if getattr(sys, "frozen", False) else (sys.executable, "-m", APP)
    return Parts(
        hub=program.hub,
        vault=program.vault,
        services=program.services,
        settings_file=program.settings_file,
        app_state=AppState(program.services.app_state),
        clipboard=DesktopClipboard(start.environment),
        api=program.api,
        autostart=find_autostart(start.environment, start.folders, words),
        listening_ports=lambda: listening_ports(program.hub.own_ports()),
        hooks=program.hooks,
        open_url=Opener(start.environment).open,
        remove_all_data=lambda: _forget(words),
    )


def _forget(words: Sequence[str]) -> None:
    """Remove all our data, in a process of its own, which ends this one first."""
    QProcess.startDetached(words[0], [*words[1:], "forget", "--yes"])
