"""What one start of Portway is made of before anything runs. Cheap to import: the tray icon waits for it."""

import contextlib
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass

from portway.system.desktop.display import has_display
from portway.system.logs.logs import RunningLogs, start_logging
from portway.system.processes.signals import SignalInbox, forbid_core_dump
from portway.system.secrets.redaction import Redactor
from portway.system.storage.folders import Folders, find_folders, make_usable

DONE, FAILED = 0, 1


@dataclass(frozen=True, slots=True, kw_only=True)
class LaunchOptions:
    """`tied`: it ends when standard input does. `autostart`: it was started at login, not by a person."""

    environment: Mapping[str, str]
    folders: Folders
    redactor: Redactor
    logs: RunningLogs
    headless: bool
    tied: bool
    autostart: bool
    signals: SignalInbox


def prepare(*, headless: bool, tied: bool, autostart: bool) -> LaunchOptions:
    """Read the environment, make the folders, take the signals and start the logs. Main thread.

    Raises TunnelError(storage_failed) without a home.
    """
    forbid_core_dump()
    environment = dict(os.environ)
    folders = find_folders(environment)
    make_usable(folders)
    signals = SignalInbox()  # before anything is there that an end would have to tidy up
    redactor = Redactor()
    logs = start_logging(folders.log, "info", redactor, console=None if tied else sys.stderr)
    return LaunchOptions(
        environment=environment,
        folders=folders,
        redactor=redactor,
        logs=logs,
        headless=headless or _has_no_screen(environment),
        tied=tied,
        autostart=autostart,
        signals=signals,
    )


def say(sentence: str) -> None:
    """Tell whoever started this; there is nobody where a desktop did, and no stream at all on Windows then."""
    if sys.stderr is not None:
        with contextlib.suppress(OSError):
            print(f"portway: {sentence}", file=sys.stderr, flush=True)  # noqa: T201 - a person at a terminal reads it


def _has_no_screen(environment: Mapping[str, str]) -> bool:
    if has_display(environment):
        return False
    say("There is no display, so Portway runs without a screen.")
    return True
