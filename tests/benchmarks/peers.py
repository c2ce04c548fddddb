"""What other programs need on this machine for what Portway does, too: `python3 installer/dev.py bench -- --peers`.

Each is measured where it is there, and named with what brings it where it is not:

- Syncthing Tray, and Chromium, of which every Electron application has one: `apt-get install syncthingtray chromium`.
- The least tray application of Electron: `npm install electron` in any folder, and PORTWAY_ELECTRON names its
  `node_modules/electron/dist/electron`.
- mitmdump: `pipx install mitmproxy`, or PORTWAY_MITMDUMP names it.
- The real cloudflared: CLOUDFLARED_BIN names it. It meets a stand-in of the service on loopback.
- The bare SDK of ngrok, and a bare tray of Qt: parts of Portway.

Memory is the proportional set size of a program and all its children, in which what several share counts once.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import psutil

from portway.backends.cloudflared.backend import CloudflaredOptions
from portway.backends.cloudflared.starting import arguments
from tests.benchmarks import relay
from tests.benchmarks.desktop import BARE_TRAY, PORTWAY_TRAY, desktop
from tests.benchmarks.measure import beside, left_out, median
from tests.benchmarks.ngrok import BARE_TUNNEL
from tests.benchmarks.relay_parts.crowd import crowd
from tests.fakes.cloudflared.quick_service import quick_service
from tests.fakes.desktop.tray_host import TrayHost
from tests.fakes.ngrok.edge import ngrok_edge
from tests.fakes.origins.page import origin_server
from tests.fakes.portway.program import LOOPBACK_ONLY, started

_ELECTRON_TRAY = Path(__file__).parent / "peers_parts" / "electron_tray"
_START, _MEMORY, _PROCESSES, _RATE = "start", "memory at rest", "processes", "requests a second"
_REPEATS = 3
_SETTLING = 8.0  # seconds
_CROWDED = 2.0  # seconds
_LIMIT = 20.0

Environment = Mapping[str, str]


def run() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory(prefix="portway-bench-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        with desktop(folder) as (environment, bus):
            _trays({**environment, "HOME": name, "XDG_CONFIG_HOME": f"{name}/config"}, bus)
        _headless(folder)
        _ngrok_alone(folder)
        _cloudflared_alone(folder)
    _forwarders()


def _trays(environment: Environment, bus: str) -> None:
    _tray("Portway, tray and REST", PORTWAY_TRAY, environment, bus)
    _tray("bare tray of Qt for Python", [sys.executable, "-c", BARE_TRAY.replace("SERVER", "")], environment, bus)
    syncthing, electron = shutil.which("syncthingtray"), os.environ.get("PORTWAY_ELECTRON")
    if syncthing is None:
        left_out("Syncthing Tray", "`apt-get install syncthingtray` brings it")
    else:
        _tray("Syncthing Tray", [syncthing], environment, bus)
    if electron is None:
        left_out("the least tray of Electron", "PORTWAY_ELECTRON names none, which `npm install electron` brings")
    else:
        command = [electron, "--no-sandbox", str(_ELECTRON_TRAY)]
        _tray("the least tray of Electron", command, environment, bus)
    _chromium(environment)


def _tray(program: str, command: Sequence[str], environment: Environment, bus: str) -> None:
    def start() -> float:
        with _shown(command, environment, bus) as (took, _process):
            return took

    try:
        beside(program, _START, 1000 * median(start, _REPEATS), " ms")
    except AssertionError:
        left_out(f"the start of {program}", "no icon of it was seen in the panel of the benchmark")
    with _running(command, environment) as process:
        _at_rest(program, process)


@contextmanager
def _shown(command: Sequence[str], environment: Environment, bus: str) -> Iterator[tuple[float, psutil.Process]]:
    """Start it; yield once a panel has its icon, with the seconds that took."""
    panel = TrayHost(bus)
    try:
        began = time.perf_counter()
        with _running(command, environment) as process:
            panel.properties(panel.wait_for_item())
            yield time.perf_counter() - began, process
    finally:
        panel.end()


def _chromium(environment: Environment) -> None:
    program = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if program is None:
        left_out("Chromium with one empty window", "`apt-get install chromium` brings it")
        return
    options = ["--no-sandbox", "--no-first-run", "--user-data-dir=" + environment["HOME"], "--app=about:blank"]
    with _running([program, *options], environment) as process:
        _at_rest("Chromium with one empty window", process)


def _headless(folder: Path) -> None:
    environment = {**os.environ, **LOOPBACK_ONLY, "PORTWAY_HOME": str(folder / "headless"), "PORTWAY_KEYRING": "memory"}
    with origin_server() as origin, started(environment, folder / "output") as program:
        program.enable(origin)
        _at_rest("Portway without a screen, one tunnel up", psutil.Process(program.process.pid))


def _ngrok_alone(folder: Path) -> None:
    with ngrok_edge(folder) as edge, origin_server() as origin:
        account = edge.account(sessions_allowed=100)
        code = f"{BARE_TUNNEL}\nthreading.Event().wait()"
        command = [sys.executable, "-c", code, edge.address, str(edge.ca_file), account.token, origin.url]
        with _running(command, os.environ) as process:
            edge.wait_for("bind")
            _at_rest("bare SDK of ngrok in Python, one tunnel up", process)


def _cloudflared_alone(folder: Path) -> None:
    named = os.environ.get("CLOUDFLARED_BIN")
    if named is None:
        left_out("the real cloudflared", "CLOUDFLARED_BIN names none")
        return
    with quick_service() as service, origin_server() as origin:
        more = {"PORTWAY_CLOUDFLARED_ARGS": f"--quick-service {service.url} --edge 127.0.0.1:1 --edge 127.0.0.1:2"}
        command = arguments(Path(named), origin, CloudflaredOptions(), more)
        began, said = time.perf_counter(), folder / "cloudflared.log"
        with said.open("wb") as log, _running(command, {**os.environ, "TUNNEL_NO_PRECHECKS": "true"}, log) as process:
            _wait_until(lambda: b".trycloudflare.com" in said.read_bytes())
            beside("cloudflared alone, no edge in reach", _START, 1000 * (time.perf_counter() - began), " ms")
            _at_rest("cloudflared alone, no edge in reach", process)


def _forwarders() -> None:
    """Measure what forwards and records, with as many visitors at once as the relay is measured with."""
    with relay.answering() as target, relay.whole(recording=True)(target) as (_, port):
        beside("Portway's relay, which records", _RATE, crowd(port, _CROWDED).rate, "/s")
    with relay.answering() as target:
        beside("the local server itself", _RATE, crowd(target.port, _CROWDED).rate, "/s")
    mitmdump = relay.find_mitmdump()
    if mitmdump is None:
        left_out("mitmdump", "`pipx install mitmproxy` brings it, or PORTWAY_MITMDUMP names it")
        return
    with relay.answering() as target, relay.mitmdump(mitmdump, target) as (port, process):
        beside("mitmdump", _RATE, crowd(port, _CROWDED).rate, "/s")
        _at_rest("mitmdump", process)


@contextmanager
def _running(
    command: Sequence[str], environment: Environment, says: IO[bytes] | int = subprocess.DEVNULL
) -> Iterator[psutil.Process]:
    """Start it, and end all of it with the block."""
    with subprocess.Popen(command, env=dict(environment), stdin=subprocess.DEVNULL, stdout=says, stderr=says) as child:
        process = psutil.Process(child.pid)
        try:
            yield process
        finally:
            family = [*process.children(recursive=True), process]
            child.terminate()
            _, left = psutil.wait_procs(family, _LIMIT / 4)
            for one in left:
                with contextlib.suppress(psutil.NoSuchProcess):
                    one.kill()


def _at_rest(program: str, process: psutil.Process) -> None:
    time.sleep(_SETTLING)
    family = [process, *process.children(recursive=True)]
    memory = sum(_proportional(one) for one in family)
    beside(program, _MEMORY, memory / 2**20, " MB")
    beside(program, _PROCESSES, len(family))


def _proportional(process: psutil.Process) -> int:
    with contextlib.suppress(psutil.NoSuchProcess):
        return int(process.memory_full_info().pss)
    return 0


def _wait_until(holds: Callable[[], bool]) -> None:
    ends = time.monotonic() + _LIMIT
    while not holds():
        assert time.monotonic() < ends, "not in time"
        time.sleep(0.005)
