"""Start at login, in each system's own way. What is reported is always read back from the system."""

import contextlib
import subprocess
import sys
from collections.abc import Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from portway.system.storage.files import DamagedFileError, read_trusted, remove, storage_failed, write_whole
from portway.system.storage.folders import APP, Folders

FLAG = "--autostart"
_LABEL = "io.github.portway.Portway"
_VALUE = "Portway"
_RUN = r"Software\Microsoft\Windows\CurrentVersion\Run"
_APPROVED = r"Software\Microsoft\Windows\CurrentVersion\Explorer\StartupApproved\Run"
_READABLE = 0o644  # a session manager reads it, and it holds no secret


class AutostartState(StrEnum):
    """What happens at the next login."""

    OFF = "off"
    ON = "on"
    OTHER = "other"  # another program than this one is started: one that was moved, or another installation
    VETOED = "vetoed"  # it is registered, and switched off in the settings of the system


class Autostart(Protocol):
    """The entry of this user. May block for a moment."""

    def state(self) -> AutostartState:
        """Read from the system what happens at the next login."""

    def enable(self) -> None:
        """Register it. Raises TunnelError(storage_failed) unless the system then has it."""

    def disable(self) -> None:
        """Remove the entry; one that is not there is fine. Raises TunnelError(storage_failed)."""


def find_autostart(
    environment: Mapping[str, str], folders: Folders, program: Sequence[str], platform: str = sys.platform
) -> Autostart | None:
    """Return how `program` is started at login; None for a profile of its own, which nothing would name then.

    `program` begins with an absolute path.
    """
    if folders.root is not None:
        return None
    command = (environment.get("APPIMAGE") or program[0], *([] if environment.get("APPIMAGE") else program[1:]), FLAG)
    if platform == "win32":
        return RunKeyAutostart(WindowsRegistry(), command)
    if platform == "darwin":
        return AgentAutostart(Path.home() / "Library" / "LaunchAgents" / f"{_LABEL}.plist", command)
    config = environment.get("XDG_CONFIG_HOME", "")
    base = Path(config) if Path(config).is_absolute() else Path.home() / ".config"
    return DesktopAutostart(base / "autostart" / f"{APP}.desktop", command)


class DesktopAutostart:
    """Linux: a desktop entry, by the Desktop Application Autostart Specification."""

    def __init__(self, path: Path, command: Sequence[str]) -> None:
        self._path = path
        self._command = command

    def state(self) -> AutostartState:
        entry = self._entry()
        if not entry.get("Exec"):
            return AutostartState.OFF
        if entry.get("Hidden", "").lower() == "true" or entry.get("X-GNOME-Autostart-enabled", "").lower() == "false":
            return AutostartState.VETOED
        return AutostartState.ON if entry["Exec"] == _exec_line(self._command) else AutostartState.OTHER

    def enable(self) -> None:
        _make_folder(self._path)
        lines = (
            "[Desktop Entry]",
            "Type=Application",
            "Name=Portway",
            "Comment=Open a local server to the local network or the internet",
            f"Exec={_exec_line(self._command)}",
            f"TryExec={_escaped(self._command[0])}",  # gone with the program: then nothing fails at login
            "Icon=portway",
            "Terminal=false",
            "StartupNotify=false",
            "X-GNOME-Autostart-enabled=true",
        )
        write_whole(self._path, "".join(f"{line}\n" for line in lines).encode(), _READABLE, own_folder=False)
        _verify(self, self._path)

    def disable(self) -> None:
        remove(self._path)

    def _entry(self) -> dict[str, str]:
        """Return the keys of the main group."""
        lines = (_content(self._path) or b"").decode(errors="replace").splitlines()
        entry: dict[str, str] = {}
        group = ""
        for line in lines:
            if line.startswith("["):
                group = line.strip()
            elif group == "[Desktop Entry]" and "=" in line and not line.startswith("#"):
                key, _, value = line.partition("=")
                entry.setdefault(key.strip(), value.strip())
        return entry


class AgentAutostart:
    """macOS: a launch agent that runs once, at login."""

    def __init__(self, path: Path, command: Sequence[str]) -> None:
        self._path = path
        self._command = list(command)

    def state(self) -> AutostartState:
        import plistlib  # late, as it loads an XML parser: only macOS needs it

        agent: object = None
        with contextlib.suppress(Exception):  # plistlib raises whatever its parsers raise
            agent = plistlib.loads(_content(self._path) or b"")
        if not isinstance(agent, dict) or agent.get("RunAtLoad") is not True:
            return AutostartState.OFF
        if agent.get("Disabled") is True:
            return AutostartState.VETOED
        return AutostartState.ON if agent.get("ProgramArguments") == self._command else AutostartState.OTHER

    def enable(self) -> None:
        import plistlib

        _make_folder(self._path)
        agent = {
            "Label": _LABEL,
            "ProgramArguments": self._command,
            "RunAtLoad": True,
            "ProcessType": "Interactive",
            "LimitLoadToSessionType": "Aqua",  # with a screen only
        }
        write_whole(self._path, plistlib.dumps(agent), _READABLE, own_folder=False)
        _verify(self, self._path)

    def disable(self) -> None:
        remove(self._path)


class Registry(Protocol):
    """The keys of this user in the Windows registry."""

    def read(self, key: str, name: str) -> object | None:
        """Return a value, None if there is none."""

    def write(self, key: str, name: str, text: str) -> None:
        """Set a text. Raises OSError."""

    def delete(self, key: str, name: str) -> None:
        """Remove a value; one that is not there is fine. Raises OSError."""


class RunKeyAutostart:
    """Windows: a value of the Run key. Task Manager and Settings keep their veto in another key, which is respected."""

    def __init__(self, registry: Registry, command: Sequence[str]) -> None:
        self._registry = registry
        self._line = subprocess.list2cmdline(command)

    def state(self) -> AutostartState:
        found = self._registry.read(_RUN, _VALUE)
        if not found:
            return AutostartState.OFF
        veto = self._registry.read(_APPROVED, _VALUE)
        if isinstance(veto, bytes) and veto[:1] and veto[0] & 1:  # odd: switched off by the person
            return AutostartState.VETOED
        return AutostartState.ON if found == self._line else AutostartState.OTHER

    def enable(self) -> None:
        try:
            self._registry.write(_RUN, _VALUE, self._line)
            # Turning it on here is as good as turning it on in Task Manager.
            self._registry.delete(_APPROVED, _VALUE)
        except OSError as error:
            raise storage_failed(_RUN, error.strerror or "the registry refused it") from error
        _verify(self, _RUN)

    def disable(self) -> None:
        try:
            self._registry.delete(_RUN, _VALUE)
        except OSError as error:
            raise storage_failed(_RUN, error.strerror or "the registry refused it") from error


class WindowsRegistry:
    """The real one."""

    if sys.platform == "win32":

        def read(self, key: str, name: str) -> object | None:
            import winreg

            with contextlib.suppress(OSError), winreg.OpenKey(winreg.HKEY_CURRENT_USER, key) as opened:
                value: object = winreg.QueryValueEx(opened, name)[0]
                return value
            return None

        def write(self, key: str, name: str, text: str) -> None:
            import winreg

            with winreg.CreateKey(winreg.HKEY_CURRENT_USER, key) as opened:
                winreg.SetValueEx(opened, name, 0, winreg.REG_SZ, text)

        def delete(self, key: str, name: str) -> None:
            import winreg

            with (
                contextlib.suppress(FileNotFoundError),
                winreg.OpenKey(winreg.HKEY_CURRENT_USER, key, 0, winreg.KEY_SET_VALUE) as opened,
            ):
                winreg.DeleteValue(opened, name)

    else:

        def read(self, key: str, name: str) -> object | None:  # noqa: ARG002 - there is none elsewhere
            return None

        def write(self, key: str, name: str, text: str) -> None:  # noqa: ARG002 - there is none elsewhere
            raise OSError("there is no registry on this system")

        def delete(self, key: str, name: str) -> None:
            """There is nothing to delete elsewhere."""


def _exec_line(command: Sequence[str]) -> str:
    r"""Return a command as the Exec key has it: each word quoted, `"`, `` ` ``, `$` and `\` escaped, `%` doubled."""
    quoted = ('"' + "".join(f"\\{one}" if one in '"`$\\' else one for one in word) + '"' for word in command)
    return _escaped(" ".join(quoted)).replace("%", "%%")


def _escaped(text: str) -> str:
    """Return a text as a value of a desktop entry: that escaping comes on top of any other."""
    return text.replace("\\", "\\\\")


def _make_folder(path: Path) -> None:
    """Make the folder in which the system looks, with the mode that others give it: it is not ours alone."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise storage_failed(path, error.strerror or "its folder cannot be made") from error


def _content(path: Path) -> bytes | None:
    try:
        return read_trusted(path)
    except DamagedFileError:
        return None


def _verify(entry: Autostart, path: Path | str) -> None:
    if entry.state() is not AutostartState.ON:
        raise storage_failed(path, "the system did not keep it")
