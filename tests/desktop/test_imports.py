"""What is imported before the tray icon is there, and what an idle program does without: each costs time or memory."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

_AT_THE_ICON = """
import json, os, sys
from portway.gui.platform import screen
def tell():
    print(json.dumps(list(sys.modules)), flush=True)
    os._exit(0)
screen.let_it_appear = tell
"""
_AT_REST = """
import gc, json, os, sys, threading, time
from portway.system.storage.folders import find_folders
told = find_folders({}).run / "api.json"
def tell():
    while not told.exists():
        time.sleep(0.02)
    used = (f"PySide6.QtCore.{name}" for name in vars(sys.modules["PySide6.QtCore"]))
    print(json.dumps([*sys.modules, *used, *(["collector"] if gc.isenabled() else [])]), flush=True)
    os._exit(0)
threading.Thread(target=tell, daemon=True).start()
"""
_TRAY = """
sys.argv[1:] = ["--autostart"]
from portway.__main__ import tray
tray()
"""
_HEADLESS = """
sys.argv[1:] = ["--headless"]
from portway.__main__ import main
main()
"""


def _loaded(code: str, home: Path) -> frozenset[str]:
    """Return the names of all modules that a real start of the default profile has loaded when it gets to `tell`.

    At rest those of QtCore are among them that it has used so far: PySide6 makes each of them then. And `collector`
    stands for that of garbage, which is off until all is there.
    """
    left_out = ("PORTWAY_", "XDG_", "DBUS_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(left_out)}
    paths = os.pathsep.join(path for path in sys.path if path)
    environment = {
        **kept,
        "HOME": str(home),
        "PORTWAY_API_PORT": "0",
        "QT_QPA_PLATFORM": "offscreen",
        "PYTHONPATH": paths,
    }
    command = [sys.executable, "-c", code]
    said = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert said.stdout, said.stderr
    return frozenset(json.loads(said.stdout))


@pytest.fixture(scope="module")
def at_the_icon(tmp_path_factory: pytest.TempPathFactory) -> frozenset[str]:
    return _loaded(_AT_THE_ICON + _TRAY, tmp_path_factory.mktemp("icon"))


@pytest.fixture(scope="module")
def at_rest(tmp_path_factory: pytest.TempPathFactory) -> frozenset[str]:
    return _loaded(_AT_REST + _TRAY, tmp_path_factory.mktemp("rest"))


@pytest.fixture(scope="module")
def headless_at_rest(tmp_path_factory: pytest.TempPathFactory) -> frozenset[str]:
    return _loaded(_AT_REST + _HEADLESS, tmp_path_factory.mktemp("headless"))


_RARE = (
    "asyncio",
    "click",
    "decimal",
    "email",
    "h11",
    "hashlib",
    "httptools",
    "html",
    "http.client",
    "jeepney",
    "keyring",
    "msgspec",
    "ngrok",
    "pickle",
    "plistlib",
    "psutil",
    "requests",
    "segno",
    "ssl",
    "tomlkit",
    "urllib.request",
    "xml",
    "portway.cli",
    "portway.relay",
    "portway.rest.api",
    "portway.rest.server.serving",
    "portway.gui.dialogs.question_box",
    "portway.gui.requests",
    "portway.gui.widgets.buttons",
    "portway.gui.window.main_window",
)


@pytest.mark.parametrize(
    "name",
    [
        *_RARE,
        "subprocess",
        "PySide6.QtDBus",
        "PySide6.QtHttpServer",
        "PySide6.QtNetwork",
        "portway.backends",
        "portway.desk",
        "portway.gui.desktop",
        "portway.gui.dependencies",
        "portway.program",
        "portway.rest",
        "portway.runtime.hub",
        "portway.system.services",
    ],
)
def test_the_tray_icon_does_not_wait_for(name: str, at_the_icon: frozenset[str]) -> None:
    assert "portway.gui.tray.icon" in at_the_icon
    assert name not in at_the_icon


@pytest.mark.parametrize("name", _RARE)
def test_an_idle_program_does_without(name: str, at_rest: frozenset[str]) -> None:
    assert {"portway.rest.server.server", "portway.gui.tray.menu", "PySide6.QtHttpServer", "collector"} <= at_rest
    assert name not in at_rest


# The namespace `Qt` alone has more than a hundred types, which all come with the first of them.
@pytest.mark.parametrize("name", [*_RARE, "PySide6.QtCore.Qt", "PySide6.QtGui", "PySide6.QtWidgets", "portway.gui"])
def test_an_idle_program_without_a_screen_does_without(name: str, headless_at_rest: frozenset[str]) -> None:
    there = {"portway.rest.server.server", "PySide6.QtCore.QTimer", "PySide6.QtHttpServer", "collector"}
    assert there <= headless_at_rest
    assert name not in headless_at_rest
