"""Whether there is a screen to show something on."""

from __future__ import annotations

import contextlib
import os
import re
import socket
import sys
from collections.abc import Mapping
from pathlib import Path

_X_DISPLAY = re.compile(r"(?P<host>[^:]*):(?P<number>\d{1,5})(\.\d+)?")
_FIRST_X_PORT = 6000
_LIMIT = 1.0  # seconds: a display behind a lost connection must not hold the start


def has_display(environment: Mapping[str, str]) -> bool:
    """Whether a window could be opened. Measured, as Qt ends the process where a screen is named but not there."""
    if sys.platform in ("win32", "darwin"):
        return True
    if environment.get("QT_QPA_PLATFORM", "").partition(":")[0] in ("offscreen", "minimal", "vnc", "linuxfb", "eglfs"):
        return True
    return _has_wayland(environment) or _has_x(environment)


def _has_wayland(environment: Mapping[str, str]) -> bool:
    name = environment.get("WAYLAND_DISPLAY", "")
    return bool(name) and _answers(socket.AF_UNIX, str(Path(environment.get("XDG_RUNTIME_DIR", "/"), name)))


def _has_x(environment: Mapping[str, str]) -> bool:
    named = _X_DISPLAY.fullmatch(environment.get("DISPLAY", "").removeprefix("unix"))
    if named is None:
        return False
    number = int(named["number"])
    if named["host"]:
        return _answers(socket.AF_INET, (named["host"], _FIRST_X_PORT + number))
    path = f"/tmp/.X11-unix/X{number}"  # noqa: S108 - where X puts it
    return _answers(socket.AF_UNIX, path) or _answers(socket.AF_UNIX, f"\0{path}")


def _answers(family: socket.AddressFamily, address: str | tuple[str, int]) -> bool:
    with contextlib.suppress(OSError, OverflowError), socket.socket(family) as trial:  # a port beyond the last one
        trial.settimeout(_LIMIT)
        trial.connect(os.fsencode(address) if isinstance(address, str) else address)
        return True
    return False
