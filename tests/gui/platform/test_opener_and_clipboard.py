"""What leaves for other programs: pages go to the system's opener, copies to `wl-copy` where Qt may not copy."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from portway.gui.platform.clipboard import Clipboard, DesktopClipboard, is_wayland
from portway.gui.platform.opener import Opener

pytestmark = [
    pytest.mark.children,
    pytest.mark.skipif(sys.platform != "linux", reason="these programs are those of Linux desktops"),
]
TEXT = "https://ngrok.example/ä"
# Keeps what it got: arguments, standard input and environment.
_NOTES = """#!{python} -IS
import json, os, sys
said = {{"arguments": sys.argv[1:], "text": sys.stdin.buffer.read().decode(), "environment": dict(os.environ)}}
with open({path!r} + ".new", "w") as file:
    json.dump(said, file)
os.rename({path!r} + ".new", {path!r})
sys.exit({code})
"""


@pytest.fixture
def here(environment: dict[str, str], tmp_path: Path) -> dict[str, str]:
    """Return an environment in whose PATH is nothing but what a test puts there."""
    (tmp_path / "bin").mkdir()
    return {**environment, "PATH": str(tmp_path / "bin"), "LD_LIBRARY_PATH": "/bundle", "NGROK_AUTHTOKEN": "secret"}


def program(folder: Path, name: str, code: int = 0) -> Path:
    """Make a program that notes what it gets, and return where it does."""
    notes, path = folder / f"{name}.json", folder / "bin" / name
    path.write_text(_NOTES.format(python=sys.executable, path=str(notes), code=code))
    path.chmod(0o700)
    return notes


def test_a_page_is_opened_without_our_libraries_and_secrets(here: dict[str, str], tmp_path: Path, qtbot: QtBot) -> None:
    notes = program(tmp_path, "xdg-open")
    Opener(here).open(TEXT)
    qtbot.waitUntil(notes.exists)
    said = json.loads(notes.read_text())
    assert said["arguments"] == [TEXT]
    assert {"LD_LIBRARY_PATH", "NGROK_AUTHTOKEN"}.isdisjoint(said["environment"])


def test_on_wayland_without_focus_wl_copy_copies(here: dict[str, str], tmp_path: Path, qtbot: QtBot) -> None:
    notes = program(tmp_path, "wl-copy")
    clipboard = DesktopClipboard({**here, "WAYLAND_DISPLAY": "wayland-0"})
    clipboard.copy(TEXT)
    qtbot.waitUntil(notes.exists)
    said = json.loads(notes.read_text())
    assert (said["arguments"], said["text"]) == (["--type", "text/plain;charset=utf-8"], TEXT)
    assert "NGROK_AUTHTOKEN" not in said["environment"]
    qtbot.waitUntil(lambda: not clipboard.children())  # nothing of it is kept


@pytest.mark.parametrize("trouble", ["there is none", "it fails", "it does not start"])
def test_where_it_cannot_a_window_does(here: dict[str, str], tmp_path: Path, qtbot: QtBot, trouble: str) -> None:
    if trouble != "there is none":
        program(tmp_path, "wl-copy", code=1)
    if trouble == "it does not start":
        (tmp_path / "bin" / "wl-copy").write_text("#!/nowhere\n")
    QGuiApplication.clipboard().setText("before")
    clipboard = DesktopClipboard({**here, "WAYLAND_DISPLAY": "wayland-0"})
    clipboard.copy(TEXT)
    qtbot.waitUntil(lambda: QGuiApplication.clipboard().text() == TEXT)


def test_elsewhere_qt_copies(here: dict[str, str], tmp_path: Path, qtbot: QtBot) -> None:
    notes = program(tmp_path, "wl-copy")
    assert not is_wayland(here)
    DesktopClipboard(here).copy(TEXT)
    assert (QGuiApplication.clipboard().text(), notes.exists()) == (TEXT, False)


def test_all_hear_of_a_copy_and_it_is_said_for_that_text_alone(qtbot: QtBot) -> None:
    put: list[str] = []
    clipboard = Clipboard(put.append)
    with qtbot.waitSignal(clipboard.copied) as heard:
        clipboard.copy(TEXT)
    assert (put, heard.args) == ([TEXT], [TEXT])
    assert clipboard.has_just_copied(TEXT)
    assert not clipboard.has_just_copied("another")
    assert not clipboard.has_just_copied("")
