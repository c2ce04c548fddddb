"""What Portway adds to the bare ngrok SDK, on the same stand-in for the service.

Goals: from enable to URL at most 60 ms more than the bare SDK; back within 5 s after an outage of 6 s (the SDK alone
takes minutes); off within 300 ms; resident memory after the first use at most 1.2 times that of a tray icon,
QHttpServer, SDK and keyring in one bare process, which has a tunnel up, a secret stored, and has answered no request
yet (the first one costs any QHttpServer 5 MiB); no gap of the event loop over 50 ms while the keyring hangs.
"""

from __future__ import annotations

import asyncio
import itertools
import os
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import psutil

from portway.backends.ngrok.backend import NgrokBackend, NgrokOptions
from portway.core.backend import Context
from portway.core.cancel import CancelToken
from portway.core.secret import Secret
from portway.core.target import Target
from portway.core.timing import Timing
from portway.system.secrets.store import SecretStore, open_secret_store
from portway.system.services import Services
from portway.system.storage.folders import find_folders
from portway.system.storage.state_file import StateFile
from tests.benchmarks.desktop import BARE_TRAY, HTTP_SERVER, screen
from tests.benchmarks.measure import REPEATS, median, report
from tests.fakes.backends.news import KnownSecrets, RecordedNews, wait_until
from tests.fakes.desktop.keyrings import HungKeyring
from tests.fakes.desktop.session_bus import session_bus
from tests.fakes.desktop.tray_host import TrayHost
from tests.fakes.ngrok.edge import Account, NgrokEdge, ngrok_edge
from tests.fakes.origins.page import origin_server
from tests.fakes.portway.program import TRAY, Program, started

DOMAIN = "mine.ngrok-free.app"
_OUTAGE = 6.0
BARE_TUNNEL = """
import asyncio, sys, threading
import ngrok
address, authority, token, target = sys.argv[1:]
async def tunnel():
    builder = ngrok.SessionBuilder().authtoken(token).server_addr(address)
    builder.ca_cert(bytearray(open(authority, "rb").read()))
    session = await builder.connect()
    endpoint = await session.http_endpoint().listen_and_forward(target)
    print("ready", flush=True)
    await asyncio.Event().wait()
threading.Thread(target=asyncio.run, args=(tunnel(),), daemon=True).start()
"""
_KEYRING = """
import keyring
keyring.set_password("bare", "user", "made-up-secret")
"""


def run() -> list[bool]:
    """Measure and print. The process is left at once: an interpreter may not end beside threads of the SDK."""
    with tempfile.TemporaryDirectory(prefix="portway-bench-", ignore_cleanup_errors=True) as folder:
        with ngrok_edge(Path(folder)) as edge, origin_server() as origin:
            account = edge.account(domains=frozenset({DOMAIN}), sessions_allowed=100)
            tunnels = _Tunnels(Path(folder), edge, account, origin)
            met = [*tunnels.added(), tunnels.back_after_outage(), _memory(Path(folder), edge, account, origin)]
        met.append(_gap(Path(folder)))
    sys.stdout.flush()
    os._exit(0 if met else 1)


class _Tunnels:
    """Opens tunnels in this process, with the limits that people have."""

    def __init__(self, folder: Path, edge: NgrokEdge, account: Account, origin: Target) -> None:
        environment = {
            "PORTWAY_HOME": str(folder / "here"),
            "PORTWAY_KEYRING": "memory",
            "PORTWAY_NGROK_SERVER_ADDR": edge.address,
            "PORTWAY_NGROK_CA_FILE": str(edge.ca_file),
        }
        self._edge, self._account, self._origin = edge, account, origin
        self._news = RecordedNews()
        self._backend = NgrokBackend(_services(environment))

    def added(self) -> list[bool]:
        """Measure a first enable and a disable, each with a connection of its own."""
        self._open_and_close()  # the import, which the bare SDK needs as well
        bare = median(lambda: asyncio.run(self._bare()))
        opened, closed = zip(*(self._open_and_close() for _ in range(REPEATS)), strict=True)
        ours, off = sorted(opened)[REPEATS // 2], sorted(closed)[REPEATS // 2]
        print(f"        the bare SDK takes {bare * 1000:.0f} ms, Portway {ours * 1000:.0f} ms")
        return [
            report("enable to URL, more than the SDK", (ours - bare) * 1000, None, "≤ 60", " ms"),
            report("disable", off * 1000, None, "≤ 300", " ms"),
        ]

    def back_after_outage(self) -> bool:
        """Measure from the return of the service to our own “recovered”."""
        context = self._context()
        session = self._backend.open(context)
        self._edge.close_door()
        self._edge.cut()
        time.sleep(_OUTAGE)
        self._edge.open_door()
        began = time.monotonic()
        self._news.wait_for(lambda heard: heard.recovered_urls, 60)
        back = time.monotonic() - began
        session.close(context)
        self._backend.shut_down()
        return report("back after an outage of 6 s", back, None, "≤ 5", " s")

    def _open_and_close(self) -> tuple[float, float]:
        context = self._context()
        began = time.perf_counter()
        session = self._backend.open(context)
        opened = time.perf_counter()
        session.close(context)
        closed = time.perf_counter()
        self._backend.shut_down()
        return opened - began, closed - opened

    async def _bare(self) -> float:
        import ngrok

        began = time.perf_counter()
        builder = ngrok.SessionBuilder().authtoken(self._account.token).server_addr(self._edge.address)
        builder.ca_cert(bytearray(self._edge.ca_file.read_bytes()))
        session = await builder.connect()
        endpoint = await session.http_endpoint().listen_and_forward(self._origin.url)
        took = time.perf_counter() - began
        await endpoint.close()
        self._edge.cut()
        return took

    def _context(self) -> Context:
        secrets = KnownSecrets({"auth_token": self._account.token})
        return Context(
            target=self._origin,
            origin=self._origin,
            options=NgrokOptions(domain=DOMAIN),
            cancel=CancelToken(),
            secrets=secrets,
            listener=self._news,
        )


def _services(environment: dict[str, str]) -> Services:
    folders = find_folders(environment)
    state = StateFile(folders.state / "app.json")
    secrets = open_secret_store(folders, environment, Timing(), state, may_prompt=False)
    return Services(folders=folders, environment=environment, timing=Timing(), app_state=state, secrets=secrets)


def _memory(folder: Path, edge: NgrokEdge, account: Account, origin: Target) -> bool:
    """Measure two trays that a panel shows, without a window: a bare one with all parts in use, and Portway."""
    with session_bus(folder / "user") as bus, screen() as shown:
        bus.unlock_keyring()
        environment = {
            **os.environ,
            **bus.environment,
            **shown,
            "PORTWAY_HOME": str(folder / "program"),
            "PORTWAY_API_PORT": "0",
            "PORTWAY_NGROK_SERVER_ADDR": edge.address,
            "PORTWAY_NGROK_CA_FILE": str(edge.ca_file),
        }
        code = BARE_TRAY.replace("SERVER", HTTP_SERVER + _KEYRING + BARE_TUNNEL)
        bare = (sys.executable, "-c", code, edge.address, str(edge.ca_file), account.token, origin.url)
        with _shown_in_panel(environment, folder / "bare", bare) as program:
            wait_until(lambda: "ready" in program.said)
            floor = _resident(program)
        with _shown_in_panel(environment, folder / "ours", (*TRAY, "--autostart")) as program:
            status, answer = program.call("PUT", "/api/tunnels/ngrok/token", {"authToken": account.token})
            assert status == 200, answer
            enable = {"action": "enable", "target": origin.url}
            assert program.call("POST", "/api/tunnels/ngrok", enable)[1]["success"]
            ours = _resident(program)
    return report("resident memory with a tunnel up", ours, floor, "≤ 1.2", " MiB")


@contextmanager
def _shown_in_panel(environment: dict[str, str], output: Path, command: Sequence[str]) -> Iterator[Program]:
    panel = TrayHost(environment["DBUS_SESSION_BUS_ADDRESS"])
    try:
        with started(environment, output, command) as program:
            panel.wait_for_item()
            yield program
    finally:
        panel.end()


def _resident(program: Program) -> float:
    time.sleep(1)
    return float(psutil.Process(program.process.pid).memory_info().rss) / 2**20


def _gap(folder: Path) -> bool:
    from PySide6.QtCore import QCoreApplication, QTimer

    from portway.runtime.vault import Vault

    application = QCoreApplication([])
    with _hung() as keyring:
        vault = Vault(SecretStore(keyring, StateFile(folder / "gap.json"), 1.0))
        turns = [time.perf_counter()]
        timer = QTimer()
        timer.timeout.connect(lambda: turns.append(time.perf_counter()))
        timer.start(1)
        vault.put("ngrok", "auth_token", Secret("made-up-secret"), lambda _problem: application.quit())
        application.exec()
    wait_until((folder / "gap.json").exists)  # the keyring that woke up is noted there
    longest = max(later - earlier for earlier, later in itertools.pairwise(turns))
    return report("longest gap while the keyring hangs", longest * 1000, None, "≤ 50", " ms")


@contextmanager
def _hung() -> Iterator[HungKeyring]:
    keyring = HungKeyring()
    try:
        yield keyring
    finally:
        keyring.wake()
