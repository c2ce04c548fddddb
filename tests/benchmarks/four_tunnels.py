"""Who wakes the real program while all four tunnels are up, on stand-ins for their services, and its window is hidden.

Goal: at most 2 wake-ups a second (voluntary context switches of all threads) over 30 s.
"""

from __future__ import annotations

import contextlib
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

from portway.core.target import Target
from portway.system.folders import find_folders
from tests.benchmarks.desktop import desktop
from tests.benchmarks.desktop_window import Ask, asked
from tests.benchmarks.measure import report, wake_ups
from tests.fakes.local_api import local_api
from tests.fakes.ngrok_edge import Account, ngrok_edge
from tests.fakes.origin import origin_server
from tests.fakes.program import LOOPBACK_ONLY, Program
from tests.fakes.quick_service import quick_service
from tests.fakes.tailscale import FakeTailscale
from tests.fakes.tray_host import TrayHost

_FAKE = Path(__file__).parent.parent / "fakes" / "cloudflared.py"
_SETTLING = 25.0  # seconds: what is looked at once after a start is no idling
_WATCHED = 30.0  # seconds
_HIDDEN = "[window().close(), window().isVisible()][1]"


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
        command = [sys.executable, "-m", "tests.benchmarks.driven", "--tailscale-socket", str(socket)]
        ask, process, _ = parts.enter_context(asked(command, {**shown, **services, **LOOPBACK_ONLY}))
        panel.wait_for_item()
        program = Program(process, find_folders(shown), folder / "output")
        _enable_all(program, origin, account)
        _hide(ask)
        time.sleep(_SETTLING)
        woken = _watch(ask, process.pid)
        for backend in ("lan", "cloudflared", "ngrok", "tailscale"):
            assert program.status(backend)["phase"] == "running", program.status(backend)
    for thread, count in woken.most_common():
        print(f"        {count / _WATCHED:.2f} a second: {thread}")
    report("wake-ups with four tunnels up, window hidden", woken.total() / _WATCHED, None, "≤ 2", " a second")


@contextlib.contextmanager
def _services(folder: Path) -> Iterator[tuple[dict[str, str], Account]]:
    """Start what the tunnels need; return the environment that leads there, and an account of ngrok."""
    tailscale = FakeTailscale(folder / "bin")
    program = folder / "cloudflared"
    program.write_text(f"#!{sys.executable} -IS\n{_FAKE.read_text(encoding='utf-8')}", encoding="utf-8")
    program.chmod(0o700)
    plan = folder / "plan.json"
    plan.write_text("{}", encoding="utf-8")
    with quick_service() as service, ngrok_edge(folder) as edge, local_api(tailscale, folder / "tailscaled.sock"):
        environment = {
            "CLOUDFLARED_BIN": str(program),
            "PORTWAY_CLOUDFLARED_ARGS": f"--quick-service {service.url} --plan {plan}",
            "PORTWAY_NGROK_SERVER_ADDR": edge.address,
            "PORTWAY_NGROK_CA_FILE": str(edge.ca_file),
            "TAILSCALE_BIN": str(tailscale.program),
        }
        yield environment, edge.account()


def _enable_all(program: Program, origin: Target, account: Account) -> None:
    more: Mapping[str, Mapping[str, object]] = {"ngrok": {"authToken": account.token}}
    for backend in ("lan", "cloudflared", "ngrok", "tailscale"):
        body = {"action": "enable", "target": origin.url, **more.get(backend, {})}
        _, answer = program.call("POST", f"/api/tunnels/{backend}", body)
        assert answer["success"], answer


def _hide(ask: Ask) -> None:
    while ask("window() is not None and window().isVisible()") is not True:
        time.sleep(0.1)
    assert ask(_HIDDEN) is False


def _watch(ask: Ask, pid: int) -> Counter[str]:
    """Return who gave up the processor to wait how often, by the names of the threads."""
    before = wake_ups(pid)
    time.sleep(_WATCHED)
    after = wake_ups(pid)
    names = ask("thread_names()")
    assert isinstance(names, dict), names
    woken: Counter[str] = Counter()
    for thread, count in after.items():
        woken[names.get(str(thread)) or _native_name(pid, thread)] += count - before.get(thread, 0)
    return +woken


def _native_name(pid: int, thread: int) -> str:
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/task/{thread}/comm").read_text().strip()
    return "a thread that ended"
