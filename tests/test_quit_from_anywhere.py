"""However the program is busy: one signal ends it within two seconds, in order, with all that it started.

A start of the program costs more than all else here, so each one is busy in several ways at once.
"""

from __future__ import annotations

import contextlib
import functools
import http.client
import json
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from urllib.parse import urlsplit

import psutil
import pytest

from portway.backends.ngrok.declaration import sdk_version
from portway.core.target import Target
from tests.fakes.backends.news import wait_until
from tests.fakes.cloudflared.quick_service import QuickService, quick_service
from tests.fakes.cloudflared.release_server import FILE, LIST, ReleaseServer, release_server
from tests.fakes.ngrok.edge import Kind, NgrokEdge, ngrok_edge
from tests.fakes.portway.program import LOOPBACK_ONLY, Program, Start, Stopwatch, left_of, starter
from tests.fakes.rights.sudo import FakeSudo
from tests.fakes.tailscale.computer import NEVER_LOGGED_IN, PASSWORD, FakeTailscale
from tests.fakes.tailscale.script_page import Page, served
from tests.limits import NEVER, SEEN

pytestmark = [
    pytest.mark.children,
    pytest.mark.skipif(sys.platform == "win32", reason="Windows sends no signals to other processes"),
]

FAKE = Path(__file__).parent / "fakes" / "cloudflared" / "program.py"
QUIT_LIMIT = 2.0  # seconds, as promised
BUSY = 2.5  # a test shares the machine with others
SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
HAS_NGROK = sdk_version() is not None


@dataclass
class World:
    """What surrounds one program, and the program itself."""

    folder: Path
    origin: Target
    service: QuickService
    releases: ReleaseServer
    tailscale: FakeTailscale
    script: Page
    edge: NgrokEdge
    program: Program
    stack: contextlib.ExitStack

    def plan(self, **changes: object) -> None:
        """Let the next cloudflared behave so."""
        (self.folder / "plan.json").write_text(json.dumps(changes), encoding="utf-8")

    def ask(self, backend: str, **body: object) -> None:
        """Enable a backend, and do not wait for what comes of it."""
        self.post(f"/api/tunnels/{backend}", {"action": "enable", "target": self.origin.url, **body})

    def post(self, path: str, body: Mapping[str, object]) -> None:
        """Ask for something whose answer may never come."""

        def ask() -> None:
            with contextlib.suppress(OSError, ValueError, http.client.HTTPException):
                self.program.call("POST", path, body)

        threading.Thread(target=ask, daemon=True).start()

    def up(self, backend: str) -> None:
        self.ask(backend)
        self.program.wait_for_phase("running", backend)

    def wait_for_child(self, *words: str) -> None:
        """Wait until a child of the program has these words in its command line."""
        wait_until(lambda: any(set(words) <= set(line) for line in self.command_lines()), NEVER, f"a child {words}")

    def command_lines(self) -> Iterator[list[str]]:
        for child in psutil.Process(self.program.process.pid).children(recursive=True):
            with contextlib.suppress(psutil.Error):
                yield [Path(word).name for word in child.cmdline()]


State = Callable[[World], None]


@pytest.fixture
def environment(environment: dict[str, str]) -> dict[str, str]:
    return {**environment, **LOOPBACK_ONLY}


@pytest.fixture
def world(environment: dict[str, str], tmp_path: Path, origin: Target) -> Iterator[World]:
    program = tmp_path / "cloudflared"
    program.write_text(f"#!{sys.executable} -IS\n{FAKE.read_text(encoding='utf-8')}", encoding="utf-8")
    program.chmod(0o700)
    tailscale = FakeTailscale(tmp_path / "tailscale")
    FakeSudo(tailscale.folder, PASSWORD)
    script = Page()
    with (
        contextlib.ExitStack() as stack,
        quick_service() as service,
        release_server("cloudflared-linux-amd64") as releases,
        served(script) as script_url,
        ngrok_edge(tmp_path) as edge,
    ):
        more = {
            "PATH": f"{tailscale.folder}{os.pathsep}{environment['PATH']}",
            "CLOUDFLARED_BIN": str(program),
            "PORTWAY_CLOUDFLARED_ARGS": f"--quick-service {service.url} --plan {tmp_path / 'plan.json'}",
            "PORTWAY_CLOUDFLARED_RELEASES": releases.releases,
            "TAILSCALE_BIN": str(tailscale.program),
            "PORTWAY_TAILSCALE_INSTALLER": script_url,
            "PORTWAY_NGROK_SERVER_ADDR": edge.address,
            "PORTWAY_NGROK_CA_FILE": str(edge.ca_file),
            "NGROK_AUTHTOKEN": edge.account().token,
        }
        start: Start = starter({**environment, **more}, tmp_path)
        nobody: Program = None  # type: ignore[assignment]  # just below
        made = World(tmp_path, origin, service, releases, tailscale, script, edge, nobody, stack)
        made.plan()
        with start() as made.program:
            made.program.api()
            yield made
        service.free.set()


def ends_well(world: World, *numbers: int, pause: float = 0.0) -> None:
    """Claim that these signals end it in time and in order, and that nothing of it is left."""
    process = psutil.Process(world.program.process.pid)
    watch = Stopwatch(world.program.process)
    family = process.children(recursive=True)
    for number in numbers:
        with contextlib.suppress(psutil.NoSuchProcess):
            family += process.children(recursive=True)
            process.send_signal(number)
        time.sleep(pause)
    took = watch.at_its_end()
    assert world.program.ended() == 0, world.program.said
    assert took < QUIT_LIMIT * BUSY
    assert left_of(family) == []
    assert "Traceback" not in world.program.said
    assert list(world.program.folders.run.iterdir()) == []
    wishes = world.program.folders.state / "wishes.json"
    assert not wishes.exists() or json.loads(wishes.read_text())["clean"] is True


def cloudflared_asks(world: World) -> None:
    world.service.free.clear()
    world.ask("cloudflared")
    world.wait_for_child("cloudflared")


def cloudflared_connects(world: World) -> None:
    world.plan(registers=False)
    cloudflared_is_named(world)


def cloudflared_is_named(world: World) -> None:
    world.ask("cloudflared")
    wait_until(lambda: world.service.names, NEVER, "a name")


def cloudflared_is_up(world: World) -> None:
    world.up("cloudflared")


def cloudflared_reconnects(world: World) -> None:
    cloudflared_is_up(world)
    record = json.loads((world.program.folders.state / "cloudflared-state.json").read_text())
    with socket.create_connection(("127.0.0.1", record["metricsPort"])) as connection:
        connection.sendall(b"GET /_fake/edge-down HTTP/1.0\r\n\r\n")
        connection.recv(1000)
    wait_until(lambda: world.program.status("cloudflared")["phase"] == "starting", NEVER, "its loss")


def cloudflared_is_stubborn(world: World) -> None:
    world.plan(stop="never")
    world.up("cloudflared")


def cloudflared_trickles(world: World) -> None:
    world.plan(metrics="trickle")
    cloudflared_is_named(world)


def cloudflared_waits_for_its_next_try(world: World) -> None:
    world.service.refusal = (429, "error code: 1015")
    world.ask("cloudflared")
    wait_until(lambda: world.program.status("cloudflared")["retryAt"], NEVER, "a retry")


def _installs(world: World, path: str) -> None:
    begun = threading.Event()

    def hang(server: ReleaseServer, _request: BaseHTTPRequestHandler) -> None:
        begun.set()
        server.over.wait(60)

    world.releases.faults[path] = hang
    world.post("/api/tunnels/cloudflared/install", {"update": True})
    assert begun.wait(NEVER)


def cloudflared_asks_for_a_release(world: World) -> None:
    _installs(world, LIST)


def cloudflared_downloads(world: World) -> None:
    _installs(world, FILE)


def lan_is_up(world: World) -> None:
    world.up("lan")


@contextlib.contextmanager
def server_of_web_sockets() -> Iterator[int]:
    """Switch protocols for everybody, and then say nothing. Yields the port."""
    with contextlib.ExitStack() as visitors, socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            with contextlib.suppress(OSError):  # the listener was shut down
                while True:
                    visitor = visitors.enter_context(listener.accept()[0])
                    visitor.settimeout(SEEN)
                    with contextlib.suppress(OSError):
                        visitor.recv(1 << 16)
                        visitor.sendall(
                            b"HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n"
                        )

        serving = threading.Thread(target=serve)
        serving.start()
        try:
            yield listener.getsockname()[1]
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            serving.join()


def lan_carries_forty_web_sockets(world: World) -> None:
    port = world.stack.enter_context(server_of_web_sockets())
    world.ask("lan", target=f"http://127.0.0.1:{port}")
    url = urlsplit(world.program.wait_for_phase("running")["publicUrl"])
    for number in range(40):
        source = (f"127.0.0.{3 + number % 4}", 0)  # one address has only so many places
        place = (str(url.hostname), int(url.port or 80))
        visitor = world.stack.enter_context(socket.create_connection(place, source_address=source))
        visitor.sendall(
            f"GET / HTTP/1.1\r\nHost: {url.netloc}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
            "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n".encode()
        )
        assert b" 101 " in visitor.recv(1 << 16)


def tailscale_is_up(world: World) -> None:
    world.up("tailscale")


def tailscale_hangs(verb: str) -> State:
    def state(world: World) -> None:
        before = len(world.tailscale.calls_of(verb))
        world.tailscale.behave(hangs=[verb])
        world.ask("tailscale")

        def is_there() -> bool:
            """Whether it was asked; a version that is known by now is not asked for again."""
            asked = len(world.tailscale.calls_of(verb)) > before
            return asked or world.program.status("tailscale")["phase"] == "running"

        wait_until(is_there, NEVER, f"a call of {verb}")

    state.__name__ = f"tailscale_hangs_at_{verb}"
    return state


def tailscale_hangs_once_up(world: World) -> None:
    world.up("tailscale")
    world.tailscale.behave(hangs=["status", "serve", "funnel"])


def tailscale_waits_for_a_person(world: World) -> None:
    world.tailscale.node(BackendState="NeedsLogin")
    world.ask("tailscale")
    wait_until(lambda: world.program.status("tailscale")["phase"] == "needs_auth", NEVER, "its need")


def tailscale_logs_in(world: World) -> None:
    world.tailscale.become(NEVER_LOGGED_IN)
    world.tailscale.behave(hangs=["up"])
    world.post("/api/tunnels/tailscale/login", {})
    world.wait_for_child("tailscale", "up")


def tailscale_fetches_its_script(world: World) -> None:
    world.script.gate.clear()
    world.post("/api/tunnels/tailscale/install", {})
    assert world.script.asked.wait(NEVER)


def tailscale_is_installed(world: World) -> None:
    world.script.body = b"#!/bin/sh\nsleep 62\n"
    world.post("/api/tunnels/tailscale/install", {"sudoPassword": PASSWORD})
    world.wait_for_child("sleep", "62")


def needs_ngrok(state: State) -> State:
    """Leave this out where there is no SDK; what the program is busy with besides stays."""

    @functools.wraps(state)
    def where_it_is(world: World) -> None:
        if HAS_NGROK:
            state(world)

    return where_it_is


@needs_ngrok
def ngrok_logs_in(world: World) -> None:
    world.edge.hold(Kind.AUTH)
    world.ask("ngrok")
    world.edge.wait_for("held", seconds=NEVER)


@needs_ngrok
def ngrok_asks_for_an_endpoint(world: World) -> None:
    world.edge.hold(Kind.BIND)
    world.ask("ngrok")
    world.edge.wait_for("held", seconds=NEVER)


@needs_ngrok
def ngrok_is_answered_nothing(world: World) -> None:
    world.edge.be_mute()
    world.ask("ngrok")
    world.edge.wait_for("connected", seconds=NEVER)


@needs_ngrok
def ngrok_is_up(world: World) -> None:
    world.up("ngrok")


@needs_ngrok
def ngrok_reconnects(world: World) -> None:
    world.up("ngrok")
    world.edge.close_door()
    world.edge.cut()
    world.program.wait_for_phase("starting", "ngrok")


@needs_ngrok
def ngrok_has_a_dead_connection(world: World) -> None:
    world.up("ngrok")
    world.edge.freeze()


def a_hook_hangs(world: World) -> None:
    settings = world.program.folders.config / "settings.toml"
    settings.parent.mkdir(parents=True, exist_ok=True)
    settings.write_text('[general]\nhookCommand = "sleep 61"\n', encoding="utf-8")
    settings.chmod(0o600)
    assert world.program.call("POST", "/api/reload")[0] == 200
    world.ask("lan")
    world.wait_for_child("sleep", "61")


STATES: tuple[tuple[State, ...], ...] = (
    (),  # it has just started
    (cloudflared_asks, tailscale_hangs("version"), ngrok_logs_in),
    (cloudflared_connects, tailscale_hangs("status"), ngrok_asks_for_an_endpoint),
    (cloudflared_is_named, tailscale_hangs("serve"), ngrok_is_answered_nothing),
    (cloudflared_is_up, tailscale_is_up, ngrok_is_up, lan_is_up),
    (cloudflared_reconnects, tailscale_hangs_once_up, ngrok_reconnects),
    (cloudflared_is_stubborn, tailscale_hangs("funnel"), lan_carries_forty_web_sockets),
    (cloudflared_trickles, tailscale_waits_for_a_person, ngrok_has_a_dead_connection),
    (cloudflared_waits_for_its_next_try, tailscale_logs_in, a_hook_hangs),
    (cloudflared_asks_for_a_release, tailscale_fetches_its_script),
    (cloudflared_downloads, tailscale_is_installed),
)


def named(states: tuple[State, ...]) -> str:
    return " and ".join(state.__name__ for state in states) or "nothing"


@pytest.mark.parametrize("states", STATES, ids=named)
def test_one_signal_ends_it(world: World, states: tuple[State, ...]) -> None:
    for state in states:
        state(world)
    ends_well(world, signal.SIGTERM)


def test_a_second_one_changes_nothing(world: World) -> None:
    """Neither another one, nor the same again: six come, each kind of them after another kind."""
    cloudflared_is_stubborn(world)
    ends_well(world, *SIGNALS, *SIGNALS, pause=0.1)


@pytest.mark.parametrize("state", [cloudflared_asks, cloudflared_is_up], ids=lambda state: state.__name__)
def test_eight_of_them_change_nothing(world: World, state: State) -> None:
    state(world)
    tailscale_hangs_once_up(world)
    ends_well(world, *[signal.SIGTERM] * 8, pause=0.03)


@pytest.mark.parametrize("after", [0.0, 0.2, 0.35, 0.5, 0.7, 0.9])
def test_one_that_comes_during_the_start_ends_it_too(environment: dict[str, str], tmp_path: Path, after: float) -> None:
    with starter(environment, tmp_path)() as program:
        logs = program.folders.log
        wait_until(logs.exists, NEVER, "its first step")
        time.sleep(after)
        os.kill(program.process.pid, signal.SIGTERM)
        assert program.ended() == 0, program.said
        assert "Traceback" not in program.said
        assert not program.folders.run.exists() or list(program.folders.run.iterdir()) == []
