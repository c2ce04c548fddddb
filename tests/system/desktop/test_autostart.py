"""Start at login is what the system will do, not what was once written."""

from __future__ import annotations

import plistlib
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from portway.core.errors import TunnelError
from portway.system.desktop.autostart import (
    AgentAutostart,
    Autostart,
    AutostartState,
    DesktopAutostart,
    RunKeyAutostart,
    find_autostart,
)
from portway.system.storage.folders import Folders, find_folders

COMMAND = ("/opt/port way/portway", "--autostart")
APPROVED = r"Software\Microsoft\Windows\CurrentVersion\Explorer\StartupApproved\Run"
RUN = r"Software\Microsoft\Windows\CurrentVersion\Run"


class MemoryRegistry:
    def __init__(self) -> None:
        self.values: dict[tuple[str, str], object] = {}
        self.read_only = False
        self.forgetful = False

    def read(self, key: str, name: str) -> object | None:
        return self.values.get((key, name))

    def write(self, key: str, name: str, text: str) -> None:
        if self.read_only:
            raise PermissionError(13, "Access is denied")
        if not self.forgetful:
            self.values[key, name] = text

    def delete(self, key: str, name: str) -> None:
        if self.read_only:
            raise PermissionError(13, "Access is denied")
        self.values.pop((key, name), None)


Make = Callable[[Path, tuple[str, ...]], Autostart]


def desktop(folder: Path, command: tuple[str, ...] = COMMAND) -> DesktopAutostart:
    return DesktopAutostart(folder / "autostart" / "portway.desktop", command)


def agent(folder: Path, command: tuple[str, ...] = COMMAND) -> AgentAutostart:
    return AgentAutostart(folder / "LaunchAgents" / "portway.plist", command)


@pytest.fixture
def make_run_key() -> Make:
    registry = MemoryRegistry()
    return lambda _folder, command: RunKeyAutostart(registry, command)


@pytest.fixture(params=["desktop", "agent", "run_key"])
def make(request: pytest.FixtureRequest, make_run_key: Make) -> Make:
    makes: dict[str, Make] = {"desktop": desktop, "agent": agent, "run_key": make_run_key}
    return makes[request.param]


def test_it_is_off_until_it_is_turned_on_and_after_it_is_turned_off(make: Make, tmp_path: Path) -> None:
    autostart = make(tmp_path, COMMAND)
    states = [autostart.state()]
    for change in (autostart.enable, autostart.enable, autostart.disable, autostart.disable):
        change()
        states.append(autostart.state())
    off, on = AutostartState.OFF, AutostartState.ON
    assert states == [off, on, on, off, off]


def test_the_entry_of_another_program_is_told_and_then_replaced(make: Make, tmp_path: Path) -> None:
    make(tmp_path, ("/old/portway", "--autostart")).enable()
    autostart = make(tmp_path, COMMAND)
    assert autostart.state() is AutostartState.OTHER
    autostart.enable()
    assert autostart.state() is AutostartState.ON


@pytest.mark.parametrize("line", ["Hidden=true", "X-GNOME-Autostart-enabled=false"], ids=["hidden", "gnome"])
def test_a_veto_of_the_desktop_is_respected(tmp_path: Path, line: str) -> None:
    autostart = desktop(tmp_path)
    autostart.enable()
    path = tmp_path / "autostart" / "portway.desktop"
    kept = [one for one in path.read_text().splitlines() if not one.startswith("X-GNOME")]
    path.write_text("\n".join([*kept, line, ""]))
    assert autostart.state() is AutostartState.VETOED
    autostart.enable()
    assert autostart.state() is AutostartState.ON


def test_a_veto_of_the_windows_settings_is_respected(tmp_path: Path) -> None:
    registry = MemoryRegistry()
    autostart = RunKeyAutostart(registry, COMMAND)
    autostart.enable()
    registry.values[APPROVED, "Portway"] = bytes([3]) + bytes(11)
    assert autostart.state() is AutostartState.VETOED
    registry.values[APPROVED, "Portway"] = bytes([2]) + bytes(11)
    assert autostart.state() is AutostartState.ON


def test_a_disabled_agent_is_respected(tmp_path: Path) -> None:
    autostart = agent(tmp_path)
    autostart.enable()
    path = tmp_path / "LaunchAgents" / "portway.plist"
    path.write_bytes(plistlib.dumps({**plistlib.loads(path.read_bytes()), "Disabled": True}))
    assert autostart.state() is AutostartState.VETOED


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"[Other]\nExec=x\n", b"<plist><dict></dict>"])
def test_a_damaged_entry_starts_nothing(make: Make, tmp_path: Path, content: bytes) -> None:
    for path in (tmp_path / "autostart" / "portway.desktop", tmp_path / "LaunchAgents" / "portway.plist"):
        path.parent.mkdir()
        path.write_bytes(content)
    autostart = make(tmp_path, COMMAND)
    assert autostart.state() is AutostartState.OFF
    autostart.enable()
    assert autostart.state() is AutostartState.ON


@pytest.mark.children
@pytest.mark.skipif(sys.platform == "win32", reason="there is no shell to ask")
@pytest.mark.parametrize("word", ["/opt/port way/portway", '/a"b', "/a$HOME`x`", "/a\\b", "/100%u", "/tür"], ids=ascii)
def test_every_path_reaches_the_program_as_it_is(tmp_path: Path, word: str) -> None:
    desktop(tmp_path, (word, "--autostart")).enable()
    text = (tmp_path / "autostart" / "portway.desktop").read_text(encoding="utf-8")
    entry = dict(line.split("=", 1) for line in text.splitlines() if "=" in line)
    # First the escapes of any value, then the field codes; the quoting of Exec is that of the shell.
    line = entry["Exec"].replace("\\\\", "\\").replace("%%", "%")
    said = subprocess.run(["sh", "-c", f"printf '%s\\n' {line}"], capture_output=True, check=True).stdout.decode()
    assert said == f"{word}\n--autostart\n"
    assert entry["TryExec"].replace("\\\\", "\\") == word


def test_the_folder_of_other_entries_keeps_its_mode_and_they_stay(tmp_path: Path) -> None:
    folder = tmp_path / "autostart"
    folder.mkdir(mode=0o755)
    (folder / "other.desktop").write_text("[Desktop Entry]\n")
    autostart = desktop(tmp_path)
    autostart.enable()
    assert stat.S_IMODE((folder / "portway.desktop").stat().st_mode) == 0o644
    autostart.disable()
    assert [item.name for item in folder.iterdir()] == ["other.desktop"]
    assert stat.S_IMODE(folder.stat().st_mode) == 0o755


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "autostart").write_text("a file")
    with pytest.raises(TunnelError, match="could not be written"):
        desktop(tmp_path).enable()


@pytest.mark.parametrize("attribute", ["read_only", "forgetful"])
def test_an_entry_that_the_system_does_not_keep_is_told(attribute: str) -> None:
    registry = MemoryRegistry()
    setattr(registry, attribute, True)
    with pytest.raises(TunnelError, match="could not be written"):
        RunKeyAutostart(registry, COMMAND).enable()


def test_the_line_in_the_registry_is_quoted_as_windows_reads_it() -> None:
    registry = MemoryRegistry()
    RunKeyAutostart(registry, (r"C:\Program Files\Portway\portway-tray.exe", "--autostart")).enable()
    assert registry.values[RUN, "Portway"] == r'"C:\Program Files\Portway\portway-tray.exe" --autostart'


@pytest.fixture
def own_folders(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Folders:
    monkeypatch.setenv("HOME", str(tmp_path))
    return find_folders({})


@pytest.mark.skipif(sys.platform == "win32", reason="the home folder is found in another way there")
@pytest.mark.parametrize(
    ("platform", "place"),
    [
        ("linux", ".config/autostart/portway.desktop"),
        ("darwin", "Library/LaunchAgents/io.github.portway.Portway.plist"),
    ],
)
def test_the_entry_is_where_the_system_looks(own_folders: Folders, tmp_path: Path, platform: str, place: str) -> None:
    autostart = find_autostart({}, own_folders, (sys.executable, "-m", "portway"), platform)
    assert autostart is not None
    autostart.enable()
    assert sys.executable in (tmp_path / place).read_text()


def test_the_config_folder_of_the_environment_counts(own_folders: Folders, tmp_path: Path) -> None:
    environment = {"XDG_CONFIG_HOME": str(tmp_path / "elsewhere")}
    autostart = find_autostart(environment, own_folders, ("/opt/portway",), "linux")
    assert autostart is not None
    autostart.enable()
    assert (tmp_path / "elsewhere" / "autostart" / "portway.desktop").exists()


def test_an_appimage_is_started_by_its_file_and_not_where_it_is_mounted(own_folders: Folders, tmp_path: Path) -> None:
    autostart = find_autostart({"APPIMAGE": "/home/me/Portway.AppImage"}, own_folders, ("/mnt/x/portway",), "linux")
    assert autostart is not None
    autostart.enable()
    text = (tmp_path / ".config" / "autostart" / "portway.desktop").read_text()
    assert 'Exec="/home/me/Portway.AppImage" "--autostart"' in text


def test_a_profile_of_its_own_is_not_started_at_login(folders: Folders, environment: dict[str, str]) -> None:
    assert find_autostart(environment, folders, ("/opt/portway",)) is None


@pytest.mark.children
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="desktop entries are of Linux")
def test_the_specification_s_own_tool_accepts_the_entry(tmp_path: Path) -> None:
    desktop(tmp_path, (sys.executable, "-m", "portway", "--autostart")).enable()
    path = tmp_path / "autostart" / "portway.desktop"
    try:
        checked = subprocess.run(["desktop-file-validate", path], capture_output=True, text=True, check=False)
    except FileNotFoundError:
        pytest.skip("desktop-file-validate is not installed")
    assert checked.stdout + checked.stderr == ""
