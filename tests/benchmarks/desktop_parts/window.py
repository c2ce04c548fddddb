"""Figures of the window of the real program: its memory, its pages, and how long the main thread is ever busy."""

from __future__ import annotations

import contextlib
import json
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from tests.benchmarks.measure import report, wake_ups_a_second
from tests.fakes.desktop.session_bus import SessionBus, session_bus

_ROOT = Path(__file__).parents[3]
_PAGES = (
    "tunnels",
    "log",
    "general",
    "lan",
    "cloudflared",
    "ngrok",
    "tailscale",
    "api",
    "notifications",
    "hooks",
    "advanced",
    "about",
    "first_run",
)
_SETTINGS = _PAGES[2:-2]
_DRIVEN = "tests.benchmarks.desktop_parts.driven"
_WATCHED = 3.0  # seconds
_LIMIT = 20.0
_STORED = "sorted(window().shown_page().dependencies.services.secrets.stored())"
_LOOK = "time_of(window().tunnels._dependencies.listening_ports)"
_GAP = "≤ 50"
_LINE = "2026-11-25T14:02:11.123Z INFO    portway.backends.lan: a visitor asked for /index.html, number {}\n"
_ENTER = "(lambda row: [row.enter.click(), row.field.setText('2abcdefghijklmnop_hangs'), row.save.click()])"

Ask = Callable[[str], object]


def run(environment: Mapping[str, str], folder: Path) -> None:
    """Measure and print."""
    with _driven({**environment, "PORTWAY_HOME": str(folder / "pages")}) as (ask, process):
        slowest = max(_number(ask(f"time_of_page({page!r})")) for page in _SETTINGS)
        report("settings page open, the slowest", slowest, None, "≤ 100", " ms")
        looks = [_number(ask(_LOOK)) for _ in range(5)]
        report("looking for local servers, beside the main thread", statistics.median(looks), None, "≤ 100", " ms")
        for page in _PAGES:
            ask(f"time_of_page({page!r})")
        report("memory after every page was used", _resident(process.pid), None, "≤ 100", " MB")
        log = folder / "pages" / "log" / "lan.log"
        longest = _gap(ask, "log", lambda: _flood(log))
        shown = _number(ask("window().shown_page().model.rowCount()"))
        assert shown > _WATCHED * 900, f"only {shown} lines were shown"
        report("longest gap, 1,000 log lines a second", longest, None, _GAP, " ms")
    with session_bus(folder / "home") as bus:
        bus.unlock_keyring()
        report("longest gap, a keyring that hangs", _gap_at_keyring(environment, folder, bus), None, _GAP, " ms")
    _with_fake_hub({**environment, "PORTWAY_HOME": str(folder / "fake")})


def _gap_at_keyring(environment: Mapping[str, str], folder: Path, bus: SessionBus) -> float:
    own = {**environment, **bus.environment, "PORTWAY_HOME": str(folder / "keyring"), "PORTWAY_KEYRING": "os"}
    with _driven(own) as (ask, _process):
        ask("time_of_page('ngrok')")
        bus.hang_keyring()
        try:
            longest = _gap(ask, "ngrok", lambda: ask(f"{_ENTER}(window().shown_page().token)"))
            assert ask(_STORED) == [], "the keyring did not hang"
            return longest
        finally:
            bus.wake_keyring()


def _with_fake_hub(environment: Mapping[str, str]) -> None:
    """Measure what the window does with news that the benchmark makes up: an install, a log-in, four tunnels."""
    command = [sys.executable, "-m", "tests.fakes.portway.subject"]
    with asked(command, environment) as (ask, process, _first):
        ask("subject.time_of_opening()")
        for name in ("install", "login"):
            ask(f"subject.start_work({name!r})")
            time.sleep(_WATCHED)
            report(f"longest gap, {name}", _number(ask(f"subject.end_work({name!r})")), None, _GAP, " ms")
        ask("subject.four_up()")
        ask("desktop._windows._made().go_to('tunnels')")
        for state, expression in (("window open", "None"), ("window hidden", "desktop._windows.hide()")):
            ask(expression)
            time.sleep(1)
            wake_ups = wake_ups_a_second(process.pid, _WATCHED * 2)
            report(f"wake-ups of the desktop part, four tunnels, {state}", wake_ups, None, "≤ 2", " a second")


def _gap(ask: Ask, page: str, meanwhile: Callable[[], object]) -> float:
    ask(f"time_of_page({page!r})")
    time.sleep(0.5)
    ask("gaps.begin()")
    meanwhile()
    time.sleep(_WATCHED)
    return _number(ask("gaps.end()"))


def _flood(log: Path) -> None:
    """Write 1,000 lines a second for as long as is watched, in the steps in which programs write."""

    def write() -> None:
        begin = time.monotonic()
        with log.open("a") as file:
            for number in range(int(_WATCHED * 1000)):
                file.write(_LINE.format(number))
                if number % 20 == 0:
                    file.flush()
                    time.sleep(max(0.0, begin + number / 1000 - time.monotonic()))

    threading.Thread(target=write).start()


@contextlib.contextmanager
def _driven(environment: Mapping[str, str]) -> Iterator[tuple[Ask, subprocess.Popen[bytes]]]:
    """Start the program, its window open; yield what asks it."""
    with asked([sys.executable, "-m", _DRIVEN], environment) as (ask, process, _):
        ends = time.monotonic() + _LIMIT
        while ask("window() is not None and window().isVisible()") is not True:
            assert time.monotonic() < ends, "no window"
            time.sleep(0.1)
        yield ask, process


@contextlib.contextmanager
def asked(command: list[str], environment: Mapping[str, str]) -> Iterator[tuple[Ask, subprocess.Popen[bytes], bytes]]:
    """Start what answers expressions; yield what asks it, its process, and its first line unless it is `driven`."""
    pipe = subprocess.PIPE
    process = subprocess.Popen(command, env=dict(environment), cwd=_ROOT, stdin=pipe, stdout=pipe)
    assert process.stdin is not None
    assert process.stdout is not None
    told, said = process.stdin, process.stdout

    def ask(expression: str) -> object:
        told.write(expression.encode() + b"\n")
        told.flush()
        return json.loads(said.readline())

    try:
        yield ask, process, b"" if _DRIVEN in command else said.readline()
    finally:
        process.terminate()
        process.wait(_LIMIT)
        told.close()
        said.close()


def _number(value: object) -> float:
    assert isinstance(value, (int, float)), value
    return float(value)


def _resident(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    return int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1]) / 1024
