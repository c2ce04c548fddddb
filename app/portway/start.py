"""What one start of Portway is made of before anything runs. Cheap to import: the tray icon waits for it."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass

from portway.system.core_dump import forbid_core_dump
from portway.system.display import has_display
from portway.system.folders import Folders, find_folders
from portway.system.logs import RunningLogs, start_logging
from portway.system.redaction import Redactor

DONE, FAILED = 0, 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """`tied`: it ends when standard input does. `autostart`: it was started at login, not by a person."""

    environment: Mapping[str, str]
    folders: Folders
    redactor: Redactor
    logs: RunningLogs
    headless: bool
    tied: bool
    autostart: bool


def prepare(*, headless: bool, tied: bool, autostart: bool) -> Start:
    """Read the environment, and start the logs."""
    forbid_core_dump()
    environment = dict(os.environ)
    folders = find_folders(environment)
    redactor = Redactor()
    logs = start_logging(folders.log, "info", redactor, console=None if tied else sys.stderr)
    return Start(
        environment=environment, folders=folders, redactor=redactor, logs=logs,
        headless=headless or _has_no_screen(environment), tied=tied, autostart=autostart,
    )  # fmt: skip


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
