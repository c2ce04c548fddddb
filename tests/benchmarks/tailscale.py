"""What Portway adds to the tailscale command.

Goals: a check takes at most 20 ms more than the bare `status` and `serve status`, an enable at most 100 ms more than
the bare commands it consists of; both against a stand-in for the command, whose own time is the floor.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from portway.backends.tailscale import TailscaleBackend, TailscaleOptions
from portway.core.backend import Context
from portway.core.cancel import CancelToken
from portway.core.target import Target
from portway.core.timing import Timing
from portway.system.folders import find_folders
from portway.system.secret_store import open_secret_store
from portway.system.services import Services
from portway.system.state_file import StateFile
from tests.benchmarks.measure import median, report
from tests.fakes.news import KnownSecrets, RecordedNews
from tests.fakes.tailscale import FakeTailscale

_REPEATS = 15
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
        return [_check(backend, tailscale), _enable(backend, tailscale)]


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
        target=_TARGET, origin=_TARGET, options=TailscaleOptions(), cancel=CancelToken(), secrets=KnownSecrets({}),
        listener=RecordedNews(),
    )  # fmt: skip


def _services(folder: Path, tailscale: FakeTailscale) -> Services:
    environment = {
        "PATH": os.environ["PATH"], "PORTWAY_HOME": str(folder / "home"), "PORTWAY_KEYRING": "memory",
        "TAILSCALE_BIN": str(tailscale.program),
    }  # fmt: skip
    folders = find_folders(environment)
    app_state, timing = StateFile(folders.state / "app.json"), Timing()
    return Services(
        folders=folders,
        environment=environment,
        timing=timing,
        app_state=app_state,
        secrets=open_secret_store(folders, environment, timing, app_state, may_prompt=False),
    )
