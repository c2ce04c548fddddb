"""What tunnels cost while nobody visits, on stand-ins for their services, with the window of the real program hidden.

Goals: with one tunnel by each way, and with seven (two of Cloudflare, three of ngrok, two on the local network) at
most 2 wake-ups a second (voluntary context switches of all threads); seven use at most 0.2 % of one processor, and at
most 1.25 times the memory that one of ngrok does. A tunnel that is added has its URL as fast as one that was there: at
most 1.25 times as long after the call that enables it.
"""

from __future__ import annotations

import contextlib
import os
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from portway.core.target import Target
from portway.system.storage.folders import find_folders
from tests.benchmarks.desktop import desktop
from tests.benchmarks.desktop_parts.window import Ask, asked
from tests.benchmarks.measure import own_memory, report, wake_ups, worked
from tests.fakes.cloudflared.quick_service import quick_service
from tests.fakes.desktop.tray_host import TrayHost
from tests.fakes.ngrok.edge import Account, ngrok_edge
from tests.fakes.origins.page import origin_server
from tests.fakes.portway.program import LOOPBACK_ONLY, Program, started
from tests.fakes.tailscale.computer import FakeTailscale
from tests.fakes.tailscale.local_api import local_api

_FAKE = Path(__file__).parent.parent / "fakes" / "cloudflared" / "program.py"
_SETTLING = 20.0  # seconds: what is looked at once after a start is no idling
_WATCHED = 20.0  # seconds
_HIDDEN = "[window().close(), window().isVisible()][1]"
_MORE = {"cloudflared-b": "cloudflared", "ngrok-b": "ngrok", "ngrok-c": "ngrok", "lan-b": "lan"}
_ADDED = 9  # tunnels


class Idling(NamedTuple):
    """Who gave up the processor to wait how often, by the names of the threads; and the share of a processor used."""

    woken: Counter[str]
    processor: float


def run() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory(prefix="portway-bench-") as name, contextlib.ExitStack() as parts:
        folder = Path(name)
        shown, bus = parts.enter_context(desktop(folder))
        panel = TrayHost(bus)
        parts.callback(panel.end)
        origin = parts.enter_context(origin_server())
        services, account = parts.enter_context(_services(folder))
        socket = folder / "tailscaled.sock"
        command = [sys.executable, "-m", "tests.benchmarks.desktop_parts.driven", "--tailscale-socket", str(socket)]
        ask, process, _ = parts.enter_context(asked(command, {**shown, **services, **LOOPBACK_ONLY}))
        panel.wait_for_item()
        _measure_idling(Program(process, find_folders(shown), folder / "output"), ask, origin, account)
    _measure_adding()


def _measure_idling(program: Program, ask: Ask, origin: Target, account: Account) -> None:
    tokens: Mapping[str, Mapping[str, object]] = {"ngrok": {"authToken": account.token}}
    _enable(program, "ngrok", origin, tokens["ngrok"])
    _hide(ask)
    time.sleep(_SETTLING / 2)  # for its memory alone
    with_one = own_memory(program.process.pid)
    four = ("lan", "cloudflared", "ngrok", "tailscale")
    for backend in four:
        _enable(program, backend, origin, tokens.get(backend, {}))
    time.sleep(_SETTLING)
    idling = _watch(ask, program.process.pid)
    _check(program, four)
    _tell("four tunnels", idling)
    program.call("POST", "/api/tunnels/tailscale", {"action": "disable"})
    for tunnel, backend in _MORE.items():
        domain = {"domain": f"{tunnel}.ngrok-free.app"} if backend == "ngrok" else {}
        _add(program, tunnel, backend, origin, domain)
        _enable(program, tunnel, origin, tokens.get(backend, {}))
    time.sleep(_SETTLING)
    idling = _watch(ask, program.process.pid)
    _check(program, ("lan", "cloudflared", "ngrok", *_MORE))
    _tell("seven tunnels", idling)
    report("processor, seven tunnels up, window hidden", idling.processor, None, "≤ 0.2", " %")
    report("memory, seven tunnels up", own_memory(program.process.pid), with_one, "≤ 1.25", " MB")


def _measure_adding() -> None:
    """Compare a tunnel that was added with the built-in one, from the call that enables each to its URL."""
    with tempfile.TemporaryDirectory(prefix="portway-bench-") as folder, origin_server() as origin:
        environment = {**os.environ, **LOOPBACK_ONLY, "PORTWAY_HOME": folder, "PORTWAY_KEYRING": "memory"}
        with started(environment, Path(folder, "output")) as program:
            program.api()
            names = iter(f"added-{number}" for number in range(_ADDED + 1))

            def built_in() -> float:
                took = _enable(program, "lan", origin)
                program.call("POST", "/api/tunnels/lan", {"action": "disable"})
                return took

            def added() -> float:
                name = next(names)
                _add(program, name, "lan", origin)
                return _enable(program, name, origin)

            built_in()  # the first one imports what all need
            added()
            pairs = [(added(), built_in()) for _ in range(_ADDED)]  # by turns
    value, floor = (statistics.median(side) for side in zip(*pairs, strict=True))
    report("a tunnel that was added, from its enable to its URL", 1000 * value, 1000 * floor, "≤ 1.25", " ms")


@contextlib.contextmanager
def _services(folder: Path) -> Iterator[tuple[dict[str, str], Account]]:
    """Start what the tunnels need; return the environment that leads there, and an account of ngrok."""
    tailscale = FakeTailscale(folder / "bin")
    program = folder / "cloudflared"
    program.write_text(f"#!{sys.executable} -IS\n{_FAKE.read_text(encoding='utf-8')}", encoding="utf-8")
    program.chmod(0o700)
    plan = folder / "plan.json"
    plan.write_text("{}", encoding="utf-8")
    domains = frozenset(f"{tunnel}.ngrok-free.app" for tunnel, backend in _MORE.items() if backend == "ngrok")
    with quick_service() as service, ngrok_edge(folder) as edge, local_api(tailscale, folder / "tailscaled.sock"):
        environment = {
            "CLOUDFLARED_BIN": str(program),
            "PORTWAY_CLOUDFLARED_ARGS": f"--quick-service {service.url} --plan {plan}",
            "PORTWAY_NGROK_SERVER_ADDR": edge.address,
            "PORTWAY_NGROK_CA_FILE": str(edge.ca_file),
            "TAILSCALE_BIN": str(tailscale.program),
        }
        yield environment, edge.account(domains)


def _add(
    program: Program, tunnel: str, backend: str, origin: Target, options: Mapping[str, object] | None = None
) -> None:
    body = {"id": tunnel, "backend": backend, "target": origin.url, **(options or {})}
    status, answer = program.call("POST", "/api/tunnels", body)
    assert status == 201, answer


def _enable(program: Program, tunnel: str, origin: Target, more: Mapping[str, object] | None = None) -> float:
    """Return the seconds until the answer with its URL."""
    began = time.perf_counter()
    body = {"action": "enable", "target": origin.url, **(more or {})}
    _, answer = program.call("POST", f"/api/tunnels/{tunnel}", body)
    assert answer["success"], answer
    return time.perf_counter() - began


def _hide(ask: Ask) -> None:
    while ask("window() is not None and window().isVisible()") is not True:
        time.sleep(0.1)
    assert ask(_HIDDEN) is False


def _check(program: Program, tunnels: tuple[str, ...]) -> None:
    """Claim that what was watched is what the figure says."""
    statuses = program.call("GET", "/api/tunnels")[1]["tunnels"]
    running = {status["id"] for status in statuses if status["phase"] == "running"}
    assert running == set(tunnels), statuses


def _tell(state: str, idling: Idling) -> None:
    for thread, count in idling.woken.most_common():
        print(f"        {count / _WATCHED:.2f} a second: {thread}")
    report(f"wake-ups, {state} up, window hidden", idling.woken.total() / _WATCHED, None, "≤ 2", " a second")


def _watch(ask: Ask, pid: int) -> Idling:
    before, used = wake_ups(pid), worked(pid)
    time.sleep(_WATCHED)
    after, share = wake_ups(pid), (worked(pid) - used) / _WATCHED * 100
    names = ask("thread_names()")
    assert isinstance(names, dict), names
    woken: Counter[str] = Counter()
    for thread, count in after.items():
        woken[names.get(str(thread)) or _native_name(pid, thread)] += count - before.get(thread, 0)
    return Idling(+woken, share)


def _native_name(pid: int, thread: int) -> str:
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/task/{thread}/comm").read_text().strip()
    return "a thread that ended"
