"""How Portway starts: on a screen the icon first and then all that stands behind it, else at once without one."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from portway.core.errors import TunnelError
from portway.launch_options import DONE, FAILED, LaunchOptions, prepare, say
from portway.runtime.process.plain_import import import_qt
from portway.system.desktop.display import has_display, missing_library
from portway.system.logs.crash_record import faults_noted
from portway.system.storage.folders import APP

if TYPE_CHECKING:
    from PySide6.QtCore import QCoreApplication
    from PySide6.QtWidgets import QApplication

    from portway.runtime.process.single_instance import SingleInstance

_RUNNING_ALREADY = "Portway is running already. “portway quit” ends it."


def run(*, headless: bool, tied: bool = False, autostart: bool = False) -> int:
    """Run Portway in this process until it ends; return the exit code.

    `tied`: it ends when standard input does. `autostart`: it was started at login, not by a person.
    """
    start = _prepared(headless=headless, tied=tied, autostart=autostart)
    if start is None:
        return FAILED
    try:
        code = _run_headless(start) if start.headless else _run_tray(start)
    except TunnelError as error:
        say(str(error))
        code = FAILED
    except ImportError as error:
        sentence = missing_library(error)
        if sentence is None:
            raise
        say(sentence)
        code = FAILED
    finally:
        start.logs.stop()
        start.signals.ignore()
    if not sys.modules.keys().isdisjoint(("ngrok", "keyring")):
        # The SDK has threads of its own, and a keyring may hang in its thread: native code on another thread, which
        # wants Python while that takes itself apart, aborts the process.
        os._exit(code)
    return code


def _prepared(*, headless: bool, tied: bool, autostart: bool) -> LaunchOptions | None:
    """Return what the start is made of; None where there is no place for its files, once that has been told."""
    while True:
        try:
            return prepare(headless=headless, tied=tied, autostart=autostart)
        except TunnelError as error:
            say(str(error))
            if headless or not has_display(os.environ) or not _is_tried_again(error):
                return None


def _is_tried_again(error: TunnelError) -> bool:
    """Let the person decide, on the screen."""
    import_qt()
    from portway.gui.dialogs.no_home import ask_to_try_again  # late: after `import_qt`
    from portway.gui.platform.screen import make_application

    return ask_to_try_again(make_application(), error.problem)


def _run_headless(start: LaunchOptions) -> int:
    import_qt()
    from PySide6.QtCore import QCoreApplication  # late: after `import_qt`

    from portway.runtime.process.single_instance import Claim, SingleInstance

    application = QCoreApplication([APP])
    instance = SingleInstance(start.folders, headless=True)
    if instance.claim(show=False) is not Claim.OURS:
        say(_RUNNING_ALREADY)
        return FAILED
    try:
        with faults_noted(start.folders.state):
            return _serve(start, instance, application)
    finally:
        instance.release()


def _serve(start: LaunchOptions, instance: SingleInstance, application: QCoreApplication) -> int:
    from portway.program import Program  # late: a second start does not need it

    program = Program(start, instance, application)
    instance.listen()
    program.serve()
    if program.api.problem is not None:
        program.end()
        say(program.api.problem.sentence)
        return FAILED
    program.begin()
    if not start.tied:
        say(f"Portway runs without a screen. Its API is at http://127.0.0.1:{program.api.port}.")
    application.exec()
    program.end()
    return DONE


def _run_tray(start: LaunchOptions) -> int:
    import_qt()
    from portway.gui.platform.screen import let_it_appear, make_application  # late: after `import_qt`
    from portway.gui.tray.icon import Tray
    from portway.runtime.process.single_instance import SingleInstance

    application = make_application()
    instance = SingleInstance(start.folders, headless=False)
    refusal = _not_alone(start, instance, application)
    if refusal is not None:
        return refusal
    try:
        with faults_noted(start.folders.state) as last_fault:
            tray = Tray()
            tray.show()
            let_it_appear()
            from portway.desk import run_behind  # late: the icon does not wait for all that stands behind it

            return run_behind(tray, start, instance, application, crashed=bool(last_fault))
    finally:
        instance.release()


def _not_alone(start: LaunchOptions, instance: SingleInstance, application: QApplication) -> int | None:
    """Return the exit code where another Portway runs and goes on, None where this one is the only one now."""
    from portway.runtime.process.single_instance import Claim

    match instance.claim(show=not start.autostart):
        case Claim.OURS:
            return None
        case Claim.WINDOW:
            return DONE
        case Claim.HEADLESS if start.autostart:
            return DONE
        case Claim.HEADLESS:
            if _takes_over(start, instance, application):
                return None
        case Claim.SILENT:
            pass
    say(_RUNNING_ALREADY)
    return FAILED


def _takes_over(start: LaunchOptions, instance: SingleInstance, application: QApplication) -> bool:
    """Let the person decide whether the one without a screen ends; whether its place is ours then."""
    from portway.core.timing import Timing  # late, all of them: a start that is alone waits for none
    from portway.gui.dialogs.second_start import ask_to_end_headless
    from portway.program import end_limit
    from portway.system.storage.settings_file import FILE_NAME, SettingsFile

    settings = SettingsFile(start.folders.config / FILE_NAME, start.environment, backends=())
    language, theme = settings.value("general.language"), settings.value("general.theme")
    return ask_to_end_headless(application, language, theme) and instance.take_over(end_limit(Timing()))
