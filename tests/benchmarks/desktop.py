"""Figures of the desktop part, on an X screen and a message bus of its own, against a bare PySide6 tray."""

from __future__ import annotations

import contextlib
import json
import os
import select
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from tests.benchmarks import desktop_window
from tests.benchmarks.measure import median, report, wake_ups_a_second
from tests.fakes.tray_host import TrayHost

_ROOT = Path(__file__).parents[2]
_REPEATS = 7
_SETTLING = 12.0  # seconds: after ten it looks once more whether a tray is there, which is no idling
_IDLE = 5.0  # seconds of watching it do nothing
_LIMIT = 20.0

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
        program = [sys.executable, "-c", "from portway.__main__ import tray; tray()", "--autostart"]
        bare = [sys.executable, "-c", BARE_TRAY.replace("SERVER", "")]
        served = [sys.executable, "-c", BARE_TRAY.replace("SERVER", HTTP_SERVER)]
        floor = median(lambda: _start_time(bare, environment, address), _REPEATS)
        ours = median(lambda: _start_time(program, environment, address), _REPEATS)
        report("start to tray shown", ours * 1000, floor * 1000, "≤ 1.3", " ms")
        floor_memory, _ = _at_rest(served, environment, address)
        memory, wake_ups = _at_rest(program, environment, address)
        report("idle memory, tray and REST", memory, floor_memory, "≤ 1.4", " MB")
        report("wake-ups while idle", wake_ups, None, "≤ 2", " a second")
        _inside(environment)
        desktop_window.run(environment, Path(folder))


def _inside(environment: Mapping[str, str]) -> None:
    """Measure what only the process itself can."""
    command = [sys.executable, "-m", "tests.desktop.subject", "--autostart"]
    process = subprocess.Popen(command, env=dict(environment), cwd=_ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    with process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdout.readline()

        def ask(expression: str) -> float:
            assert process.stdin is not None
            assert process.stdout is not None
            process.stdin.write(expression.encode() + b"\n")
            process.stdin.flush()
            return float(json.loads(process.stdout.readline()))

        update = ask("subject.time_of_updates()")
        report("menu update", update * 1000, None, "≤ 5", " ms")
        opened = ask("subject.time_of_opening()")
        report("window open, the first time", opened * 1000, None, "≤ 150", " ms")
        process.stdin.close()


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
    with os.fdopen(reading) as told, subprocess.Popen(
        ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1280x800x24", "-nolisten", "tcp"],
        pass_fds=(writing,), stderr=subprocess.DEVNULL,
    ) as process:  # fmt: skip
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
                **os.environ, **shown, "DBUS_SESSION_BUS_ADDRESS": address,
                "PORTWAY_HOME": str(folder / "profile"), "PORTWAY_KEYRING": "memory", "PORTWAY_API_PORT": "0",
                "PYTHONPATH": f"{_ROOT / 'app'}{os.pathsep}{_ROOT}",
            }  # fmt: skip
            yield environment, address
        finally:
            bus.terminate()
