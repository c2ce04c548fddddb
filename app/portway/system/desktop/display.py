"""Whether there is a screen to show something on, and what is missing where Qt cannot be loaded."""

import contextlib
import os
import re
import socket
import sys
from collections.abc import Mapping
from pathlib import Path

_X_DISPLAY = re.compile(r"(?P<host>[^:]*):(?P<number>\d{1,5})(\.\d+)?", re.ASCII)
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


_MISSING = re.compile(r"(?P<library>lib[\w+.-]+\.so[.\d]*): cannot open shared object file", re.ASCII)
# By library: its package on Debian and Ubuntu, and on Fedora.
_PACKAGES = {
    "libGL.so.1": ("libgl1", "libglvnd-glx"),
    "libEGL.so.1": ("libegl1", "libglvnd-egl"),
    "libxkbcommon.so.0": ("libxkbcommon0", "libxkbcommon"),
    "libfontconfig.so.1": ("libfontconfig1", "fontconfig"),
    "libdbus-1.so.3": ("libdbus-1-3", "dbus-libs"),
    "libglib-2.0.so.0": ("libglib2.0-0", "glib2"),
}


def missing_library(error: ImportError) -> str | None:
    """Return what to say where Qt needs a library that the system has not, as servers and containers; else None."""
    found = _MISSING.search(str(error))
    if found is None:
        return None
    library = found["library"]
    packages = _PACKAGES.get(library)
    where = (
        ""
        if packages is None
        else f" It is in the package {packages[0]} of Debian and Ubuntu, {packages[1]} of Fedora."
    )
    return f"The window needs {library}, which is missing.{where} “portway --headless” runs without it."
