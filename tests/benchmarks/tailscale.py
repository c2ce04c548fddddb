"""What Portway adds to the tailscale command.

Goals: a check takes at most 20 ms more than the bare `status` and `serve status`, an enable at most 100 ms more than
the bare commands it consists of; both against a stand-in for the command, whose own time is the floor. A status comes
within 5 ms (the 99th of 100), also while a command hangs, a log-in waits or an installation runs; and the main
thread, which answers it, is never held for more than 20 ms, also while each command waits for a daemon that is down.
"""

from __future__ import annotations

import contextlib
import http.client
import os
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from portway.backends.tailscale.backend import TailscaleBackend, TailscaleOptions
from portway.core.backend import Context
from portway.core.cancel import CancelToken
from portway.core.target import Target
from portway.core.timing import Timing
from portway.system.secrets.store import open_secret_store
from portway.system.services import Services
from portway.system.storage.folders import find_folders
from portway.system.storage.state_file import StateFile
from tests.benchmarks.measure import median, report
from tests.fakes.backends.news import KnownSecrets, RecordedNews, wait_until
from tests.fakes.portway.program import Program, started
from tests.fakes.tailscale.computer import NEVER_LOGGED_IN, FakeTailscale
from tests.fakes.tailscale.script_page import Page, served

_ROOT = Path(__file__).parents[2]
_REPEATS = 15
_STATUSES = 300
_WARM = 50
_DOWN = 2.0  # seconds that a real command takes to say that there is no daemon
_TUNNEL = "/api/tunnels/tailscale"
_STATUS = ("status", "--json", "--peers=false")
_CONFIG = ("serve", "status", "--json")
_TARGET = Target("http", "127.0.0.1", 20128)
_ON = ("funnel", "--bg", "--yes", "--https=443", _TARGET.url)
_OFF = ("serve", "--yes", "--https=443", "--set-path=/", "off")


def run() -> list[bool]:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        tailscale = FakeTailscale(Path(folder, "bin"))
        backend = TailscaleBackend(_services(Path(folder), tailscale))
        figures = [_check(backend, tailscale), _enable(backend, tailscale)]
    slow = Page()
    slow.body = b"#!/bin/sh\nsleep 60\n"
    with served(slow) as page:
        return figures + [_answers(name, page) for name in _BUSY] + [_main_thread(page)]


def _check(backend: TailscaleBackend, tailscale: FakeTailscale) -> bool:
    backend.findings()  # the version of the command is asked for once
    session = backend.open(_context())  # so that there is something of ours to look for
    floor = median(lambda: _bare(tailscale, _STATUS, _CONFIG), _REPEATS)
    value = median(lambda: _duration(backend.findings), _REPEATS)
    session.close(_context())
    return report("a check, more than the bare commands", 1000 * (value - floor), None, "≤ 20", " ms")


def _enable(backend: TailscaleBackend, tailscale: FakeTailscale) -> bool:
    def bare() -> float:
        seconds = _bare(tailscale, _STATUS, _CONFIG, _ON, _CONFIG)
        _bare(tailscale, _OFF)
        return seconds

    def ours() -> float:
        context = _context()
        began = time.perf_counter()
        session = backend.open(context)
        seconds = time.perf_counter() - began
        session.close(context)
        return seconds

    value, floor = median(ours, _REPEATS), median(bare, _REPEATS)
    return report("an enable, more than the bare commands", 1000 * (value - floor), None, "≤ 100", " ms")


def _hanging_command(tailscale: FakeTailscale, portway: Program) -> Callable[[], object]:
    tailscale.behave(hangs=["funnel"])
    portway.call("POST", f"{_TUNNEL}/enable?wait=0", {})
    return lambda: tailscale.calls_of("funnel")


def _waiting_log_in(tailscale: FakeTailscale, portway: Program) -> Callable[[], object]:
    tailscale.become(NEVER_LOGGED_IN)
    tailscale.behave(hangs=["up"])
    portway.call("POST", f"{_TUNNEL}/enable?wait=0", {})
    return lambda: tailscale.calls_of("up")


def _installation(_tailscale: FakeTailscale, portway: Program) -> Callable[[], object]:
    api = portway.api()
    connection = http.client.HTTPConnection("127.0.0.1", api["port"], timeout=10)
    connection.request("POST", f"{_TUNNEL}/install", headers={"Authorization": f"Bearer {api['token']}"})
    with contextlib.closing(connection):  # a client that goes away does not stop it
        answer = connection.getresponse()
        if answer.status != http.HTTPStatus.OK:
            raise RuntimeError(answer.read())
    return lambda: portway.status("tailscale")["progress"]


_BUSY: Mapping[str, Callable[[FakeTailscale, Program], Callable[[], object]] | None] = {
    "at rest": None,
    "while a command hangs": _hanging_command,
    "while a log-in waits": _waiting_log_in,
    "while an installation runs": _installation,
}


def _answers(name: str, page: str) -> bool:
    begin = _BUSY[name]
    with _program(page) as (tailscale, portway):
        if begin is not None:
            wait_until(begin(tailscale, portway))
        slowest = statistics.quantiles(_status_times(portway), n=100)[-1]
    return report(f"p99 of a status {name}", 1000 * slowest, None, "≤ 5", " ms")


def _main_thread(page: str) -> bool:
    """The main thread answers each status, so that the slowest of many is longer than whatever held it meanwhile."""
    with _program(page) as (tailscale, portway):
        tailscale.behave(daemon_down=True, slow=_DOWN)
        portway.call("POST", f"{_TUNNEL}/enable?wait=0", {})
        slowest = max(_status_times(portway, seconds=2 * _DOWN))
    return report("the slowest status while the daemon is down", 1000 * slowest, None, "≤ 20", " ms")


def _status_times(portway: Program, seconds: float = 0.0) -> list[float]:
    api = portway.api()
    headers = {"Authorization": f"Bearer {api['token']}"}

    def ask() -> None:
        with contextlib.closing(http.client.HTTPConnection("127.0.0.1", api["port"], timeout=10)) as connection:
            connection.request("GET", _TUNNEL, headers=headers)
            connection.getresponse().read()

    for _ in range(_WARM):
        ask()
    times: list[float] = []
    end = time.perf_counter() + seconds
    while len(times) < _STATUSES or time.perf_counter() < end:
        times.append(_duration(ask))
        time.sleep(0.002)  # as for a script that looks often; without a pause it would measure itself
    return times


@contextlib.contextmanager
def _program(page: str) -> Iterator[tuple[FakeTailscale, Program]]:
    with tempfile.TemporaryDirectory() as folder:
        tailscale = FakeTailscale(Path(folder, "bin"))
        environment = {
            **_environment(Path(folder), tailscale),
            "PORTWAY_API_PORT": "0",
            "PORTWAY_TAILSCALE_INSTALLER": page,
            "PYTHONPATH": f"{_ROOT / 'app'}{os.pathsep}{_ROOT}",
            "QT_QPA_PLATFORM": "offscreen",
        }
        with started(environment, Path(folder, "said")) as portway:
            wait_until(lambda: tailscale.calls_of("status"), 20.0)
            yield tailscale, portway
            portway.process.terminate()
            portway.ended()


def _bare(tailscale: FakeTailscale, *calls: Sequence[str]) -> float:
    def call_all() -> None:
        for call in calls:
            command = [str(tailscale.program), *call]
            surroundings = {"PATH": os.environ["PATH"], "LC_ALL": "C", "USER": "root"}
            subprocess.run(command, env=surroundings, capture_output=True, stdin=subprocess.DEVNULL, check=True)

    return _duration(call_all)


def _duration(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _context() -> Context:
    return Context(
        target=_TARGET,
        origin=_TARGET,
        options=TailscaleOptions(),
        cancel=CancelToken(),
        secrets=KnownSecrets({}),
        listener=RecordedNews(),
    )


def _services(folder: Path, tailscale: FakeTailscale) -> Services:
    environment = _environment(folder, tailscale)
    folders = find_folders(environment)
    app_state, timing = StateFile(folders.state / "app.json"), Timing()
    return Services(
        folders=folders,
        environment=environment,
        timing=timing,
        app_state=app_state,
        secrets=open_secret_store(folders, environment, timing, app_state, may_prompt=False),
    )


def _environment(folder: Path, tailscale: FakeTailscale) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "PORTWAY_HOME": str(folder / "home"),
        "PORTWAY_KEYRING": "memory",
        "TAILSCALE_BIN": str(tailscale.program),
    }
