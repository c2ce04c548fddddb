"""What Portway adds to a bare cloudflared, on a stand-in for the program, its service and its release host.

Goals: running at most 60 ms after the program's own /ready; a death told within 200 ms, of an adopted one too; off at
most 100 ms after the program's own end; a download of 40 MB at 0.7 times the speed of curl and sha256sum, with at most
8 MB of memory; nothing left after 100 starts and stops.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import psutil

from portway.backends.cloudflared.backend import CloudflaredBackend, CloudflaredOptions
from portway.backends.cloudflared.metrics import Metrics
from portway.backends.cloudflared.output import Reader
from portway.backends.cloudflared.starting import arguments
from portway.core.backend import Context
from portway.core.cancel import CancelToken
from portway.core.target import Target
from portway.core.timing import Timing
from portway.system.processes.child import Child
from portway.system.processes.output_file import OutputFile
from portway.system.secrets.store import open_secret_store
from portway.system.services import Services
from portway.system.storage.folders import find_folders
from portway.system.storage.state_file import StateFile
from tests.benchmarks.measure import left_out, median, report
from tests.fakes.backends.news import KnownSecrets, RecordedNews
from tests.fakes.backends.written import child_writing_to
from tests.fakes.cloudflared.quick_service import quick_service
from tests.fakes.origins.page import origin_server

_FAKE = Path(__file__).parent.parent / "fakes" / "cloudflared" / "program.py"
_CYCLES = 100
_Result = TypeVar("_Result")
_SIZE = 40_000_000
_SERVER = """
import sys
from tests.fakes.cloudflared.release_server import release_server
with release_server("file") as server:
    server.content = b"x" * int(sys.argv[1])
    print(server.url, flush=True)
    sys.stdin.read()
"""
_DOWNLOAD = """
import re, sys
from pathlib import Path
import requests
from portway.core.cancel import CancelToken
from portway.system.network.download import Download, download
from tests.fakes.backends.written import child_writing_to
def peak():  # in KiB; getrusage would tell that of the parent, where that was higher
    return int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1])
before = peak()
download(Download(url=sys.argv[1], largest=1 << 27), Path(sys.argv[2]), cancel=CancelToken(), stall=15.0)
print(peak() - before)
"""


def run() -> list[bool]:
    """Measure and print."""
    with (
        tempfile.TemporaryDirectory(prefix="portway-bench-") as name,
        quick_service() as service,
        origin_server() as origin,
    ):
        folder = Path(name)
        tunnels = _Tunnels(folder, service.url, origin)
        met = [tunnels.start(), tunnels.death(), tunnels.adopted_death(), tunnels.stop(), *tunnels.cycles()]
        return [*met, *_download(folder)]


class _Tunnels:
    """Opens tunnels in this process, with the limits that people have."""

    def __init__(self, folder: Path, service: str, origin: Target) -> None:
        program = folder / "cloudflared"
        program.write_text(f"#!{sys.executable} -IS\n{_FAKE.read_text(encoding='utf-8')}", encoding="utf-8")
        program.chmod(0o700)
        plan = folder / "plan.json"
        plan.write_text(json.dumps({}), encoding="utf-8")
        self._environment = {
            "PORTWAY_HOME": str(folder / "home"),
            "PORTWAY_KEYRING": "memory",
            "PATH": os.environ.get("PATH", os.defpath),
            "CLOUDFLARED_BIN": str(program),
            "PORTWAY_CLOUDFLARED_ARGS": f"--quick-service {service} --plan {plan}",
        }
        self._program, self._origin = program, origin
        self._services = _services(self._environment)
        self._backend = CloudflaredBackend(self._services)
        self._bare_output = OutputFile(folder / "bare" / "output.log")

    def start(self) -> bool:
        """Measure an enable against the bare program, whose /ready is asked all the time."""
        bare, ours = median(self._bare_start), median(self._timed_open)
        print(f"        the bare program takes {bare * 1000:.0f} ms, Portway {ours * 1000:.0f} ms")
        return report("enable to URL, more than the program", (ours - bare) * 1000, None, "≤ 60", " ms")

    def death(self) -> bool:
        """Measure from the death of our child to its news."""
        return report("its death is told", median(lambda: self._death(adopted=False)) * 1000, None, "≤ 200", " ms")

    def adopted_death(self) -> bool:
        """Measure the same of one that an earlier run left."""
        took = median(lambda: self._death(adopted=True)) * 1000
        return report("the death of an adopted one is told", took, None, "≤ 200", " ms")

    def stop(self) -> bool:
        """Measure a disable against the end of the bare program."""
        bare, ours = median(self._bare_stop), median(self._timed_close)
        return report("disable, more than the program", (ours - bare) * 1000, None, "≤ 100", " ms")

    def cycles(self) -> list[bool]:
        """Claim that nothing is left after many tunnels."""
        for _ in range(5):
            self._timed_close()
        before, memory = self._counts(), _resident()
        for _ in range(_CYCLES):
            self._timed_close()
        time.sleep(0.2)
        left = sum(max(now - then, 0) for now, then in zip(self._counts(), before, strict=True))
        grown = _resident() - memory
        return [
            report(f"files, threads, children left after {_CYCLES} tunnels", left, None, "≤ 0"),
            report(f"memory grown by {_CYCLES} tunnels", grown, None, "≤ 2", " MiB"),
        ]

    def _counts(self) -> tuple[int, ...]:
        ours = psutil.Process()
        files = sum(1 for path in Path(self._environment["PORTWAY_HOME"]).rglob("*") if path.is_file())
        return ours.num_fds(), threading.active_count(), len(ours.children()), files

    def _timed_open(self) -> float:
        context = self._context()
        took, session = _timed(lambda: self._backend.open(context))
        session.close(context)
        return took

    def _timed_close(self) -> float:
        context = self._context()
        session = self._backend.open(context)
        return _timed(lambda: session.close(context))[0]

    def _death(self, *, adopted: bool) -> float:
        news = RecordedNews()
        context = self._context(news)
        session = self._backend.open(context)
        if adopted:
            session.leave()
            again = CloudflaredBackend(self._services).reclaim(context)
            assert again is not None
            session = again
        began = time.perf_counter()
        os.kill(session.pid or 0, signal.SIGKILL)
        news.wait_for(lambda heard: heard.losses)
        took = time.perf_counter() - began
        session.close(context)
        return took

    def _bare_start(self) -> float:
        took, process = _timed(self._bare)
        process.stop(5.0)
        return took

    def _bare_stop(self) -> float:
        process = self._bare()
        return _timed(lambda: process.stop(5.0))[0]

    def _bare(self) -> Child:
        command = arguments(self._program, self._origin, CloudflaredOptions(), self._environment)
        process = child_writing_to(self._bare_output, command, self._environment)
        reader = Reader(self._bare_output)
        while reader.findings.metrics_port is None or not Metrics(reader.findings.metrics_port, CancelToken()).ready():
            reader.read()
            time.sleep(0.001)
        return process

    def _context(self, news: RecordedNews | None = None) -> Context:
        return Context(
            target=self._origin,
            origin=self._origin,
            options=CloudflaredOptions(),
            cancel=CancelToken(),
            secrets=KnownSecrets({}),
            listener=news or RecordedNews(),
        )


def _download(folder: Path) -> list[bool]:
    if shutil.which("curl") is None or shutil.which("sha256sum") is None:
        left_out("download and hash of 40 MB", "there are no curl and sha256sum to compare it with")
        return []
    file = folder / "downloaded"
    with _releases() as url:
        fetch = f"curl -sfo {file} {url}/file && sha256sum {file}"
        floor = median(lambda: _timed(lambda: subprocess.run(fetch, shell=True, check=True, capture_output=True))[0])  # noqa: S602 - our own words
        ours = median(lambda: _timed(lambda: _fetched(url, file))[0])
        command = [sys.executable, "-c", _DOWNLOAD, f"{url}/file", str(file)]
        grown = int(subprocess.run(command, check=True, capture_output=True).stdout) / 1024
    megabytes = _SIZE / 1e6
    return [
        report("download and hash of 40 MB", megabytes / ours, megabytes / floor, "≥ 0.7", " MB/s"),
        report("memory of a download", grown, None, "≤ 8", " MiB"),
    ]


def _fetched(url: str, file: Path) -> str:
    from portway.system.network.download import Download, download

    return download(Download(url=f"{url}/file", largest=1 << 27), file, cancel=CancelToken(), stall=15.0)


@contextmanager
def _releases() -> Iterator[str]:
    command = [sys.executable, "-c", _SERVER, str(_SIZE)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        yield server.stdout.readline().strip()
        server.communicate()


def _timed(work: Callable[[], _Result]) -> tuple[float, _Result]:
    began = time.perf_counter()
    result = work()
    return time.perf_counter() - began, result


def _resident() -> float:
    return float(psutil.Process().memory_info().rss) / 2**20


def _services(environment: dict[str, str]) -> Services:
    folders = find_folders(environment)
    state = StateFile(folders.state / "app.json")
    secrets = open_secret_store(folders, environment, Timing(), state, may_prompt=False)
    return Services(folders=folders, environment=environment, timing=Timing(), app_state=state, secrets=secrets)
