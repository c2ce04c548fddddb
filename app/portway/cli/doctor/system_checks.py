"""What `portway doctor` looks at on this computer: network, screen, keyring, port and folders; and newer versions."""

import ctypes
import os
import queue
import socket
import sys
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path

from portway import __version__
from portway.cli.client.client import Record
from portway.cli.doctor.finding import Finding, Grade
from portway.cli.invocation import Invocation
from portway.core.errors import TunnelError
from portway.system.desktop.display import has_display
from portway.system.secrets.os_keyring import KeyringLockedError, NoTrustedKeyringError, OsKeyring

_KEYRING_LIMIT = 5.0  # seconds: a keyring can hang for ever
_BUS_LIMIT = 2.0
_ELSEWHERE = ("192.0.2.1", "2001:db8::1")  # addresses for documentation: a route is looked up, nothing is sent
_X_TRAY = b"_NET_SYSTEM_TRAY_S0"
_VERSIONS = "new versions"
_TRAY_HOST = "org.kde.StatusNotifierWatcher"


def running(statuses: Iterable[Record] | None) -> Finding:
    """Tell whether Portway runs."""
    if statuses is None:
        return Finding("Portway", Grade.NOTE, f"version {__version__}, not running.", "portway")
    up = [status["id"] for status in statuses if status["running"]]
    return Finding("Portway", Grade.GOOD, f"version {__version__}, running; exposed: {', '.join(up) or 'nothing'}.")


def check_all(invocation: Invocation, *, runs: bool) -> Iterator[Finding]:
    """Look at the rest of this computer."""
    yield _network()
    yield from _screen(invocation)
    yield _keyring(invocation)
    yield _port(invocation, runs=runs)
    yield from _folders(invocation)
    yield _updates(invocation)


def _updates(invocation: Invocation) -> Finding:
    """Look for a newer version, where the person has said yes to that."""
    from portway.system.releases.updates import known_updates  # late: only doctor asks

    updates = known_updates()
    if updates is None:
        text = "this copy does not know where they are, as no release has made it."
        return Finding(_VERSIONS, Grade.NOTE, text, "Ask where you got it.")
    if not invocation.settings_file(()).load().general.check_for_updates:
        way = "To look each time: portway config set general.checkForUpdates true"
        return Finding(_VERSIONS, Grade.GOOD, f"not looked for; {updates.origin.host} would be asked.", way)
    try:
        found = updates.look()
    except TunnelError as error:
        return Finding(_VERSIONS, Grade.NOTE, str(error))
    if found.newer:
        return Finding(_VERSIONS, Grade.NOTE, f"version {found.version} is there; this is {__version__}.", found.page)
    return Finding(_VERSIONS, Grade.GOOD, f"this is the newest, {__version__}.")


def _network() -> Finding:
    for family, elsewhere in zip((socket.AF_INET, socket.AF_INET6), _ELSEWHERE, strict=True):
        try:
            with socket.socket(family, socket.SOCK_DGRAM) as trial:
                trial.connect((elsewhere, 9))
                return Finding("network", Grade.GOOD, f"there is a way out, from {trial.getsockname()[0]}.")
        except OSError:
            continue
    return Finding("network", Grade.BAD, "there is no way out of this computer.", "Connect to Wi-Fi or a cable.")


def _screen(invocation: Invocation) -> Iterator[Finding]:
    if not has_display(invocation.environment):
        yield Finding("screen", Grade.NOTE, "there is none, so Portway runs without tray and window.")
        return
    if not sys.platform.startswith("linux"):
        yield Finding("tray", Grade.GOOD, "this system always has one.")
        return
    if _has_x_tray(invocation.environment.get("DISPLAY", "")):
        yield Finding("tray", Grade.GOOD, "the desktop shows tray icons.")
        return
    try:
        found = _has_tray_host(invocation.environment.get("DBUS_SESSION_BUS_ADDRESS", ""))
    except (OSError, ValueError, KeyError, RuntimeError) as error:
        yield Finding("tray", Grade.NOTE, f"the session bus does not answer ({type(error).__name__}).", _WITHOUT_TRAY)
        return
    if found:
        yield Finding("tray", Grade.GOOD, "the desktop shows tray icons.")
    else:
        yield Finding("tray", Grade.NOTE, "this desktop shows no tray icons now.", _WITHOUT_TRAY)


_WITHOUT_TRAY = "Portway works from its window: “portway open”. On GNOME, the extension AppIndicator adds a tray."


def _has_tray_host(address: str) -> bool:
    from jeepney import DBusAddress, new_method_call  # late: only on Linux, and only here
    from jeepney.io.blocking import open_dbus_connection

    bus = DBusAddress("/org/freedesktop/DBus", "org.freedesktop.DBus", "org.freedesktop.DBus")
    with open_dbus_connection(address or "SESSION") as connection:
        reply = connection.send_and_get_reply(
            new_method_call(bus, "NameHasOwner", "s", (_TRAY_HOST,)), timeout=_BUS_LIMIT
        )
        return bool(reply.body[0])


def _has_x_tray(display: str) -> bool:
    """Whether a panel of the older kind shows icons: it owns a selection (freedesktop.org, System Tray Protocol)."""
    if not display:
        return False
    try:
        x = ctypes.CDLL("libX11.so.6")
    except OSError:
        return False
    x.XOpenDisplay.restype = ctypes.c_void_p
    x.XInternAtom.argtypes = (ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int)
    x.XInternAtom.restype = ctypes.c_ulong
    x.XGetSelectionOwner.argtypes = (ctypes.c_void_p, ctypes.c_ulong)
    x.XGetSelectionOwner.restype = ctypes.c_ulong
    x.XCloseDisplay.argtypes = (ctypes.c_void_p,)
    connection = x.XOpenDisplay(os.fsencode(display))
    if connection is None:
        return False
    owner = x.XGetSelectionOwner(connection, x.XInternAtom(connection, _X_TRAY, 0))
    x.XCloseDisplay(connection)
    return bool(owner)


def _keyring(invocation: Invocation) -> Finding:
    if invocation.environment.get("PORTWAY_KEYRING") == "memory":
        return Finding("keyring", Grade.NOTE, "PORTWAY_KEYRING=memory: tokens are kept until Portway ends.")
    outcomes: queue.SimpleQueue[Exception | None] = queue.SimpleQueue()

    def look() -> None:
        try:
            OsKeyring(invocation.folders.keyring_service, may_prompt=False).read("doctor", may_prompt=False)
        except Exception as error:  # noqa: BLE001 - keyrings raise whatever their bus or system raises
            outcomes.put(error)
        else:
            outcomes.put(None)

    threading.Thread(target=look, name="keyring", daemon=True).start()
    try:
        outcome = outcomes.get(timeout=_KEYRING_LIMIT)
    except queue.Empty:
        return Finding("keyring", Grade.NOTE, "it does not answer.", _WITHOUT_KEYRING)
    match outcome:
        case None:
            return Finding("keyring", Grade.GOOD, "it is there and open.")
        case KeyringLockedError():
            return Finding("keyring", Grade.NOTE, "it is locked.", "Unlock it before tokens are needed.")
        case NoTrustedKeyringError():
            return Finding("keyring", Grade.NOTE, "this system has none that is safe.", _WITHOUT_KEYRING)
        case error:
            return Finding("keyring", Grade.NOTE, f"it failed ({type(error).__name__}).", _WITHOUT_KEYRING)


_WITHOUT_KEYRING = "Tokens are then kept until Portway ends; or give them in the environment."


def _port(invocation: Invocation, *, runs: bool) -> Finding:
    if runs:
        return Finding("port", Grade.GOOD, f"the REST API answers on port {invocation.client().port}.")
    port = invocation.settings_file(()).load().general.api_port
    with socket.socket() as trial:
        if sys.platform != "win32":
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind(("127.0.0.1", port))
        except OSError:
            way = "Free it, or choose another one: portway config set general.apiPort PORT"
            return Finding("port", Grade.BAD, f"port {port} for the REST API is taken by another program.", way)
    return Finding("port", Grade.GOOD, f"port {port} for the REST API is free." if port else "any free one is taken.")


def _folders(invocation: Invocation) -> Iterator[Finding]:
    faults = [(path, fault) for path in invocation.folders.all if (fault := _fault(path)) is not None]
    for path, fault in faults:
        yield Finding("folder", Grade.BAD, f"{path} {fault}.", "Give it back to your user, or set PORTWAY_HOME.")
    if not faults:
        yield Finding(
            "folders", Grade.GOOD, f"settings are in {invocation.folders.config}, logs in {invocation.folders.log}."
        )


def _fault(path: Path) -> str | None:
    existing = next(folder for folder in (path, *path.parents) if folder.exists())
    if not existing.is_dir():
        return "is no folder" if existing == path else f"cannot be made in {existing}"
    if existing == path and sys.platform != "win32" and path.stat().st_uid != os.getuid():
        return "belongs to another user"
    return None if os.access(existing, os.W_OK | os.X_OK) else "cannot be written"
