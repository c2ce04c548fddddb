"""A desktop for the tests: a screen, a message bus, a panel, and other programs beside ours, all started here."""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import re
import select
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

import pytest

from tests.fakes.desktop.tray_host import TrayHost
from tests.limits import AT_ONCE, NEVER, SEEN

T = TypeVar("T")
ROOT = Path(__file__).parents[2]
LIMIT = NEVER  # seconds for anything here to happen, on a busy machine
_PR_SET_PDEATHSIG = 1
_BROKEN = "broken"  # in an answer: the expression raised this


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test of this folder: it runs on a screen, beside other programs, all started here."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.children)


def needs(*programs: str) -> None:
    """Skip, with their names, where programs are missing."""
    missing = [program for program in programs if shutil.which(program) is None]
    if missing:
        pytest.skip(f"{', '.join(missing)} not found")


def start(command: Sequence[str], environment: Mapping[str, str], **more: Any) -> subprocess.Popen[bytes]:  # noqa: ANN401 - as Popen takes them
    """Start a program that ends with the test run, whatever becomes of that."""
    return subprocess.Popen(command, env=dict(environment), preexec_fn=_die_with_parent, **more)  # noqa: PLW1509


def end(process: subprocess.Popen[bytes]) -> None:
    """End a program that was started here."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(SEEN)
        except subprocess.TimeoutExpired:
            process.kill()
    process.wait(SEEN)
    for pipe in (process.stdin, process.stdout, process.stderr):
        if pipe is not None:
            pipe.close()


def wait_for(claim: Callable[[], T | None], what: str = "it", limit: float = LIMIT) -> T:
    """Return the first true value of `claim()`, within `limit` seconds."""
    end_of_patience = time.monotonic() + limit
    while True:
        value = claim()
        if value:
            return value
        assert time.monotonic() < end_of_patience, f"{what} did not happen; the last value was {value!r}"
        time.sleep(0.02)


def _die_with_parent() -> None:
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


class Subject:
    """The program under test, and what can be asked of it. `greets`: its first line is "ready"."""

    def __init__(self, process: subprocess.Popen[bytes], *, greets: bool = True) -> None:
        self.process = process
        assert not greets or self._line() == "ready"

    def ask(self, expression: str) -> Any:  # noqa: ANN401 - JSON
        """Evaluate it over there. Fails where it raises."""
        value = self._value(expression)
        assert not _is_broken(value), f"{expression}: {value[_BROKEN]}"
        return value

    def wait(self, expression: str) -> Any:  # noqa: ANN401 - JSON
        """Return the first true value of it; while it raises, it has none yet."""
        broken: list[str] = []

        def look() -> Any:  # noqa: ANN401 - JSON
            value = self._value(expression)
            broken[:] = [value[_BROKEN]] if _is_broken(value) else []
            return None if broken else value

        try:
            return wait_for(look, expression)
        except AssertionError as error:
            raise AssertionError(*error.args, *broken) from None

    def ended(self) -> int:
        """Wait for its end, and return its exit code."""
        return self.process.wait(LIMIT)

    def _value(self, expression: str) -> Any:  # noqa: ANN401 - JSON
        assert self.process.stdin is not None
        self.process.stdin.write(expression.encode() + b"\n")
        self.process.stdin.flush()
        return json.loads(self._line())

    def _line(self) -> str:
        assert self.process.stdout is not None
        ready, _, _ = select.select([self.process.stdout], [], [], LIMIT)
        assert ready, "the program under test says nothing"
        line = self.process.stdout.readline()
        assert line, f"the program under test ended with {self.ended()}"
        return line.decode().strip()


def _is_broken(value: object) -> bool:
    return isinstance(value, dict) and set(value) == {_BROKEN}


@pytest.fixture(scope="session")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """Return an environment without any desktop, and with folders of its own."""
    home = tmp_path_factory.mktemp("home")
    run = Path("/tmp", f"pwd{os.getpid()}")  # noqa: S108 - short: a socket's path ends at 108 bytes
    run.mkdir(mode=0o700)
    left_out = ("DISPLAY", "WAYLAND_DISPLAY", "DBUS_SESSION_BUS_ADDRESS", "XAUTHORITY", "XDG_", "QT_", "PORTWAY_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(left_out)}
    try:
        yield {
            **kept,
            "HOME": str(home),
            "XDG_CONFIG_HOME": str(home / "config"),
            "XDG_DATA_HOME": str(home / "data"),
            "XDG_CACHE_HOME": str(home / "cache"),
            "XDG_RUNTIME_DIR": str(run),
            "PYTHONPATH": f"{ROOT / 'app'}{os.pathsep}{ROOT}",
            "PORTWAY_KEYRING": "memory",
            "PORTWAY_PAGE_TITLES": "off",
            "LC_ALL": "C.UTF-8",
        }
    finally:
        shutil.rmtree(run, ignore_errors=True)


@pytest.fixture(scope="module")
def screen(bare: dict[str, str]) -> Iterator[dict[str, str]]:
    """Start an X screen; return the environment that leads to it.

    It is there in a tenth of a second, and each look of the tests after it whether a program is left costs less
    while there is none.
    """
    with start_screen(bare, "1280x800x24") as environment:
        yield environment


@contextlib.contextmanager
def start_screen(bare: dict[str, str], size: str) -> Iterator[dict[str, str]]:
    """Run an X screen of this size; give the environment that leads to it.

    It stays as it is when its last client leaves: one that begins anew refuses whoever comes at that moment.
    """
    needs("Xvfb")
    reading, writing = os.pipe()
    command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", size, "-nolisten", "tcp", "-noreset"]
    server = start(command, bare, pass_fds=(writing,), stderr=subprocess.DEVNULL)
    os.close(writing)
    with os.fdopen(reading) as told:
        number = told.readline().strip()
    try:
        yield {**bare, "DISPLAY": f":{number}", "QT_QPA_PLATFORM": "xcb"}
    finally:
        end(server)


@pytest.fixture
def bus_daemon(bare: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """Start a session bus."""
    needs("dbus-daemon")
    command = ["dbus-daemon", "--session", "--nofork", "--nopidfile", "--print-address=1"]
    daemon = start(command, bare, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    try:
        yield daemon
    finally:
        end(daemon)


@pytest.fixture
def bus(bus_daemon: subprocess.Popen[bytes]) -> str:
    """Return the address of the session bus."""
    assert bus_daemon.stdout is not None
    return bus_daemon.stdout.readline().decode().strip()


@pytest.fixture
def desktop(screen: dict[str, str], bus: str, tmp_path: Path) -> dict[str, str]:
    """Return the environment of an X desktop with a bus, and a profile for one test."""
    return {**screen, "DBUS_SESSION_BUS_ADDRESS": bus, "PORTWAY_HOME": str(tmp_path / "profile")}


@pytest.fixture
def host(bus: str) -> Iterator[TrayHost]:
    """Start a panel that shows tray icons."""
    panel = TrayHost(bus)
    try:
        yield panel
    finally:
        panel.end()


def start_trayer(screen: dict[str, str]) -> subprocess.Popen[bytes]:
    """Start a panel of the old kind, which needs no bus: Qt draws the menu itself."""
    needs("trayer")
    where = ["--edge", "top", "--align", "left", "--SetDockType", "false", "--width", "10", "--height", "24"]
    return start(["trayer", *where], screen, stderr=subprocess.DEVNULL)


@pytest.fixture
def trayer(screen: dict[str, str]) -> Iterator[None]:
    """Run a panel of the old kind."""
    panel = start_trayer(screen)
    yield
    end(panel)


def click_at(screen: Mapping[str, str], place: Sequence[int], *, button: int) -> None:
    """Click with the mouse of this screen."""
    needs("xdotool")
    command = ["xdotool", "mousemove", str(place[0]), str(place[1]), "click", str(button)]
    subprocess.run(command, env=dict(screen), check=True, timeout=LIMIT)


def answer(screen: Mapping[str, str], title: str, *keys: str, is_over: Callable[[], bool]) -> None:
    """Wait for the question with exactly this title, and press these keys in it until it is gone.

    No window manager gives it the focus here, and another window may take it back, so that keys may be lost.
    """
    needs("xdotool")
    for _ in range(5):
        window = wait_for(lambda: _window_of(screen, title) or is_over(), title)
        if not isinstance(window, str):
            return
        # By two programs: one that loses the window between the two leaves a key pressed for ever.
        if _xdotool(screen, "windowfocus", "--sync", window).returncode == 0:
            _xdotool(screen, "key", *keys)
        with contextlib.suppress(AssertionError):
            wait_for(lambda: not _window_of(screen, title), limit=AT_ONCE)
    assert is_over(), f"{title} stays"


def _window_of(screen: Mapping[str, str], title: str) -> str:
    return _xdotool(screen, "search", "--onlyvisible", "--name", f"^{re.escape(title)}$").stdout.decode().strip()


def _xdotool(screen: Mapping[str, str], *words: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(["xdotool", *words], env=dict(screen), capture_output=True, timeout=LIMIT, check=False)


@pytest.fixture
def run() -> Iterator[Callable[..., Subject]]:
    """Start the program under test, as often as the test likes."""
    started: list[subprocess.Popen[bytes]] = []

    def run_it(environment: Mapping[str, str], *arguments: str, prefix: Sequence[str] = ()) -> Subject:
        command = [*prefix, sys.executable, "-m", "tests.fakes.portway.subject", *arguments]
        process = start(command, environment, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        started.append(process)
        return Subject(process)

    yield run_it
    for process in started:
        if process.stdin is not None:
            with contextlib.suppress(BrokenPipeError):
                process.stdin.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(SEEN)
        end(process)


@pytest.fixture
def pasted(screen: dict[str, str]) -> Iterator[Callable[[], str]]:
    """Return a function by which another program reads the clipboard."""
    reader = start([sys.executable, "-c", _PASTE], screen, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert reader.stdin is not None
    assert reader.stdout is not None
    told, asked = reader.stdout, reader.stdin

    def paste() -> str:
        asked.write(b"\n")
        asked.flush()
        return str(json.loads(told.readline()))

    yield paste
    end(reader)


_PASTE = """
import json, os, sys
from PySide6.QtCore import QSocketNotifier
from PySide6.QtGui import QGuiApplication

application = QGuiApplication([])
def answer():
    if not os.read(0, 1):
        application.quit()
    print(json.dumps(application.clipboard().text()), flush=True)
asked = QSocketNotifier(0, QSocketNotifier.Type.Read)
asked.activated.connect(answer)
application.exec()
"""
