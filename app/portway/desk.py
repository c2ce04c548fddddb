"""The composition root of what a screen adds: window, notifications and clipboard, behind an icon that is there."""

import sys
from collections.abc import Collection, Mapping, Sequence

from PySide6.QtCore import QProcess
from PySide6.QtWidgets import QApplication

from portway.gui.dependencies import GuiDependencies
from portway.gui.desktop import Desktop
from portway.gui.platform.api_finder import ApiFinder
from portway.gui.platform.clipboard import Clipboard, DesktopClipboard
from portway.gui.platform.opener import Opener
from portway.gui.tray.icon import Tray
from portway.launch_options import LaunchOptions
from portway.program import Program
from portway.runtime.consents import Consents
from portway.runtime.process.single_instance import SingleInstance
from portway.system.desktop.autostart import find_autostart
from portway.system.diagnosis.by_doctor import bundle_by_doctor
from portway.system.network.listening_ports import ListeningPort, listening_ports, titled
from portway.system.releases.updates import known_updates
from portway.system.storage.app_state import AppState
from portway.system.storage.folders import APP

_TITLES_VARIABLE = "PORTWAY_PAGE_TITLES"


def run_behind(
    tray: Tray, start: LaunchOptions, instance: SingleInstance, application: QApplication, *, crashed: bool
) -> int:
    """Make everything that the icon stands for, run until the application ends, and return its exit code.

    `crashed`: a fault ended the run before, which is told.
    """
    program = Program(start, instance, application)
    apis = ApiFinder()
    consents = Consents(program.services.timing.consent_limit, program.hub)
    desktop = Desktop(_dependencies(start, program, apis, consents), tray, autostarted=start.autostart)
    program.hub.subscribe(apis.take_status)
    apis.found.connect(desktop.take_settings)
    program.hub.came_up.connect(desktop.take_up)
    program.hub.ends_soon.connect(desktop.take_ending)
    program.hub.settings_changed.connect(desktop.take_settings)
    instance.window_asked.connect(desktop.open_window)
    instance.listen()
    program.serve(desktop.open_window, consents)
    program.begin()
    if crashed:
        desktop.tell_of_crash()
    code = desktop.run()
    program.end()
    return code


def _dependencies(start: LaunchOptions, program: Program, apis: ApiFinder, consents: Consents) -> GuiDependencies:
    words = (sys.executable,) if getattr(sys, "frozen", False) else (sys.executable, "-m", APP)
    return GuiDependencies(
        hub=program.hub,
        vault=program.vault,
        services=program.services,
        settings_file=program.settings_file,
        app_state=AppState(program.services.app_state),
        clipboard=Clipboard(DesktopClipboard(start.environment).copy),
        api=program.api,
        autostart=find_autostart(start.environment, start.folders, words),
        listening_ports=lambda: _servers(start.environment, program.hub.own_ports()),
        has_api=apis.has_api,
        hooks=program.hooks,
        consents=consents,
        updates=known_updates(),
        diagnose=lambda: bundle_by_doctor(program.services, words),
        open_url=Opener(start.environment).open,
        remove_all_data=lambda: _forget(words),
    )


def _servers(environment: Mapping[str, str], own: Collection[int]) -> Sequence[ListeningPort]:
    """Return what listens on this computer, with titles. Tests alone leave these out: they would visit each other."""
    found = listening_ports(own)
    return found if environment.get(_TITLES_VARIABLE) == "off" else titled(found)


def _forget(words: Sequence[str]) -> None:
    """Remove all our data, in a process of its own, which ends this one first."""
    QProcess.startDetached(words[0], [*words[1:], "forget", "--yes"])
