"""What a headless Portway costs while nothing happens, and how fast it starts and ends.

Goals: resident memory at most 1.4 times that of a bare QCoreApplication with QHttpServer; at most 0.1 % of one
processor and 2 wake-ups a second (voluntary context switches of all threads) over 20 s, idle and with `lan` up; an end
within 2 s of being asked by a signal.
"""

from __future__ import annotations

import os
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from tests.benchmarks.measure import median, report, wake_ups_a_second
from tests.fakes.origins.page import origin_server
from tests.fakes.portway.program import Program, started

_WATCHED = 20.0  # seconds
_SETTLING = 5.0  # seconds after the start: what is imported and looked at once is no idling
_BARE = """
import sys
from PySide6.QtCore import QCoreApplication
from PySide6.QtHttpServer import QHttpServer
from PySide6.QtNetwork import QHostAddress, QTcpServer
application = QCoreApplication([])
server, listening = QHttpServer(), QTcpServer()
listening.listen(QHostAddress("127.0.0.1"), 0)
server.bind(listening)
print("ready", flush=True)
application.exec()
"""


def run() -> list[bool]:
    """Measure and print."""
    return [*_memory(), *_idling(), _ending()]


@contextmanager
def _portway() -> Iterator[Program]:
    with tempfile.TemporaryDirectory(prefix="portway-bench-") as folder:
        environment = {
            **os.environ,
            "PORTWAY_HOME": str(Path(folder, "home")),
            "PORTWAY_KEYRING": "memory",
            "PORTWAY_API_PORT": "0",
            "PORTWAY_LAN_ADDRESS": "127.0.0.2",
        }
        with started(environment, Path(folder, "output")) as program:
            program.api()
            yield program


@contextmanager
def _bare() -> Iterator[psutil.Process]:
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder, "output")
        command = [sys.executable, "-c", _BARE]
        with started({**os.environ, "PORTWAY_HOME": folder}, output, command) as program:
            while "ready" not in program.said:
                time.sleep(0.02)
            yield psutil.Process(program.process.pid)


def _memory() -> list[bool]:
    def bare() -> float:
        with _bare() as process:
            time.sleep(0.5)
            return process.memory_info().rss / 2**20

    def ours() -> float:
        with _portway() as program:
            time.sleep(0.5)
            return psutil.Process(program.process.pid).memory_info().rss / 2**20

    return [report("resident memory, idle headless", median(ours), median(bare), "≤ 1.4", " MB")]


def _idling() -> list[bool]:
    with _portway() as program, origin_server() as origin:
        time.sleep(_SETTLING)
        idle = _watch(psutil.Process(program.process.pid), "idle")
        program.call("POST", "/api/tunnels/lan", {"action": "enable", "target": origin.url})
        time.sleep(_SETTLING)
        return [*idle, *_watch(psutil.Process(program.process.pid), "with lan up")]


def _watch(process: psutil.Process, state: str) -> list[bool]:
    used_before = sum(process.cpu_times()[:2])
    switches = wake_ups_a_second(process.pid, _WATCHED)
    used = (sum(process.cpu_times()[:2]) - used_before) / _WATCHED * 100
    return [
        report(f"processor, {state}", used, None, "≤ 0.1", " %"),
        report(f"wake-ups a second, {state}", switches, None, "≤ 2"),
    ]


def _ending() -> bool:
    def ending() -> float:
        with _portway() as program, origin_server() as origin:
            program.call("POST", "/api/tunnels/lan", {"action": "enable", "target": origin.url})
            began = time.monotonic()
            program.process.send_signal(signal.SIGTERM)
            program.ended()
            return time.monotonic() - began

    return report("end after SIGTERM with lan up", median(ending), None, "≤ 2", " s")
