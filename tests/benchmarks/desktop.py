"""Figures of the desktop part, on an X screen and a message bus of its own, against a bare PySide6 tray.

Goals: the icon is shown at most 1.3 times as late, with 40 tunnels saved, too; an idle Portway holds at most 1.4 times
the memory of a bare tray with QHttpServer, and 100 MB once every page of its window was used; the window is painted
within 150 ms, also with 12 tunnels up, and a settings page within 100 ms; nothing holds the main thread for more than
50 ms; at most 2 wake-ups a second. Most of the memory is Python's: of an idle Portway about 16 MB are code and values,
a fifth of them for what came after these goals were set (a relay, a guard, tunnels of one's own, callers).
"""

from __future__ import annotations

import contextlib
import os
import select
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from portway.system.storage.folders import find_folders
from portway.system.storage.settings_file import FILE_NAME
from tests.benchmarks.desktop_parts import window
from tests.benchmarks.measure import median, report, wake_ups_a_second
from tests.fakes.desktop.tray_host import TrayHost

_ROOT = Path(__file__).parents[2]
_REPEATS = 7
_SETTLING = 15.0  # seconds: ten after its start it looks once more whether a tray is there, which is no idling
_IDLE = 5.0  # seconds of watching it do nothing
_LIMIT = 20.0
_SAVED, _CARDS = 40, 12
_SUBJECT = [sys.executable, "-m", "tests.fakes.portway.subject", "--autostart"]

PORTWAY_TRAY = [sys.executable, "-c", "from portway.__main__ import tray; tray()", "--autostart"]
BARE_TRAY = """
import sys
from PySide6.QtGui import QIcon, QPixmap
from PySide6.QtWidgets import QApplication, QMenu, QSystemTrayIcon
application = QApplication([])
application.setQuitOnLastWindowClosed(False)
menu = QMenu()
menu.addAction("Quit")
pixmap = QPixmap(22, 22)
pixmap.fill("red")
icon = QSystemTrayIcon(QIcon(pixmap))
icon.setContextMenu(menu)
icon.show()
SERVER
application.exec()
"""
HTTP_SERVER = """
from PySide6.QtHttpServer import QHttpServer
from PySide6.QtNetwork import QTcpServer, QHostAddress
listening = QTcpServer()
listening.listen(QHostAddress.SpecialAddress.LocalHost, 0)
server = QHttpServer()
server.bind(listening)
"""


def run() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder, desktop(Path(folder)) as (environment, address):
        bare = [sys.executable, "-c", BARE_TRAY.replace("SERVER", "")]
        served = [sys.executable, "-c", BARE_TRAY.replace("SERVER", HTTP_SERVER)]
        floor = median(lambda: _start_time(bare, environment, address), _REPEATS)
        ours = median(lambda: _start_time(PORTWAY_TRAY, environment, address), _REPEATS)
        report("start to tray shown", ours * 1000, floor * 1000, "≤ 1.3", " ms")
        _save_tunnels(find_folders({"PORTWAY_HOME": str(Path(folder) / "many")}).config / FILE_NAME)
        many = {**environment, "PORTWAY_HOME": str(Path(folder) / "many")}
        floor = median(lambda: _start_time(bare, environment, address), _REPEATS)
        ours = median(lambda: _start_time(PORTWAY_TRAY, many, address), _REPEATS)
        report(f"start to tray shown, {_SAVED} saved tunnels", ours * 1000, floor * 1000, "≤ 1.3", " ms")
        floor_memory, _ = _at_rest(served, environment, address)
        memory, wake_ups = _at_rest(PORTWAY_TRAY, environment, address)
        report("idle memory, tray and REST", memory, floor_memory, "≤ 1.4", " MB")
        report("wake-ups while idle", wake_ups, None, "≤ 2", " a second")
        _inside(environment)
        _many_cards(environment)
        window.run(environment, Path(folder))


def _save_tunnels(file: Path) -> None:
    """Let a profile have many tunnels of its own."""
    file.parent.mkdir(parents=True)
    sections = [
        f'[tunnel.server-{number}]\nbackend = "lan"\ntarget = "{3000 + number}"\nname = "Server {number}"\n'
        for number in range(_SAVED)
    ]
    file.write_text("\n".join(sections), encoding="utf-8")


def _inside(environment: Mapping[str, str]) -> None:
    """Measure what only the process itself can."""
    with window.asked(_SUBJECT, environment) as (ask, _process, _first):
        update = _number(ask("subject.time_of_updates()"))
        report("menu update", update * 1000, None, "≤ 5", " ms")
        opened = _number(ask("subject.time_of_opening()"))
        report("window open, the first time", opened * 1000, None, "≤ 150", " ms")


def _many_cards(environment: Mapping[str, str]) -> None:
    """Measure a window with many tunnels up, which each have a card."""

    def opening() -> float:
        with window.asked(_SUBJECT, environment) as (ask, _process, _first):
            assert ask(f"subject.many_up({_CARDS})") == _CARDS
            return _number(ask("subject.time_of_opening()"))

    name = f"window open, the first time, {_CARDS} tunnels up"
    report(name, median(opening) * 1000, None, "≤ 150", " ms")


def _number(value: object) -> float:
    assert isinstance(value, (int, float)), value
    return float(value)


def _start_time(command: list[str], environment: Mapping[str, str], address: str) -> float:
    """Return the seconds until the panel can show icon and menu."""
    panel = TrayHost(address)
    begin = time.perf_counter()
    process = subprocess.Popen(command, env=dict(environment), cwd=_ROOT, stderr=subprocess.DEVNULL)
    try:
        panel.properties(panel.wait_for_item())
        return time.perf_counter() - begin
    finally:
        process.terminate()
        process.wait(_LIMIT)
        panel.end()


def _at_rest(command: list[str], environment: Mapping[str, str], address: str) -> tuple[float, float]:
    """Return resident megabytes, and wake-ups of all threads a second."""
    panel = TrayHost(address)
    process = subprocess.Popen(command, env=dict(environment), cwd=_ROOT, stderr=subprocess.DEVNULL)
    try:
        panel.wait_for_item()
        time.sleep(_SETTLING)
        wake_ups = wake_ups_a_second(process.pid, _IDLE)
        status = Path(f"/proc/{process.pid}/status").read_text()
        resident = next(line for line in status.splitlines() if line.startswith("VmRSS"))
        return int(resident.split()[1]) / 1024, wake_ups
    finally:
        process.terminate()
        process.wait(_LIMIT)
        panel.end()


@contextlib.contextmanager
def screen() -> Iterator[dict[str, str]]:
    """Start an X screen; return what a program needs in its environment to be on it."""
    reading, writing = os.pipe()
    with (
        os.fdopen(reading) as told,
        subprocess.Popen(
            ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1280x800x24", "-nolisten", "tcp"],
            pass_fds=(writing,),
            stderr=subprocess.DEVNULL,
        ) as process,
    ):
        os.close(writing)
        try:
            assert select.select([told], [], [], _LIMIT)[0], "no screen"
            yield {"DISPLAY": f":{told.readline().strip()}", "QT_QPA_PLATFORM": "xcb", "WAYLAND_DISPLAY": ""}
        finally:
            process.terminate()


@contextlib.contextmanager
def desktop(folder: Path) -> Iterator[tuple[dict[str, str], str]]:
    """Start an X screen and a bus; return the environment that leads there, and the address of the bus."""
    command = ["dbus-daemon", "--session", "--nofork", "--nopidfile", "--print-address=1"]
    with screen() as shown, subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as bus:
        try:
            assert bus.stdout is not None
            address = bus.stdout.readline().decode().strip()
            environment = {
                **os.environ,
                **shown,
                "DBUS_SESSION_BUS_ADDRESS": address,
                "PORTWAY_HOME": str(folder / "profile"),
                "PORTWAY_KEYRING": "memory",
                "PORTWAY_API_PORT": "0",
                "PYTHONPATH": f"{_ROOT / 'app'}{os.pathsep}{_ROOT}",
            }
            yield environment, address
        finally:
            bus.terminate()
