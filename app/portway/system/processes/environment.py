"""What child processes get to know: an allow-list, so that no secret of ours reaches them."""

import sys
from collections.abc import Mapping

PROXIES = tuple(
    spelling for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY") for spelling in (name, name.lower())
)
_ALLOWED = frozenset(
    {
        "PATH",
        "HOME",
        "USER",
        "LOGNAME",
        "SHELL",
        "LANG",
        "LANGUAGE",
        "TZ",
        "TMPDIR",
        "TMP",
        "TEMP",
        "DISPLAY",
        "WAYLAND_DISPLAY",
        "XAUTHORITY",
        "DBUS_SESSION_BUS_ADDRESS",
        "SSL_CERT_FILE",
        "SSL_CERT_DIR",
        "USERPROFILE",
        "USERNAME",
        "APPDATA",
        "LOCALAPPDATA",
        "PROGRAMDATA",
        "PROGRAMFILES",
        "SYSTEMROOT",
        "SYSTEMDRIVE",
        "WINDIR",
        "COMSPEC",
        "PATHEXT",
        *PROXIES,
    }
)


def child_environment(environment: Mapping[str, str], **extra: str) -> dict[str, str]:
    """Return what a child may know of `environment`, and `extra` on top.

    A frozen bundle changes LD_LIBRARY_PATH for itself; it is not on the list, so children use their own libraries.
    """
    allowed = {name: value for name, value in environment.items() if _is_allowed(name)}
    return {**allowed, **extra}


def _is_allowed(name: str) -> bool:
    plain = name.upper() if sys.platform == "win32" else name
    return plain in _ALLOWED or plain.startswith(("LC_", "XDG_"))
