from __future__ import annotations

import base64
import dataclasses
import json
import os
import signal
import sys
import urllib.error
import urllib.request
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote

import psutil
import pytest

from portway.backends.cloudflared.backend import CloudflaredBackend, CloudflaredOptions
from portway.backends.cloudflared.declaration import CloudflaredTiming
from portway.backends.cloudflared.record import TunnelRecordFile
from portway.core.backend import Answer, Context, Session
from portway.core.codes import Code
from portway.core.target import Target
from portway.system.services import Services
from portway.system.storage.state_file import StateFile
from tests.contract import make_context
from tests.fakes.backends.news import RecordedNews
from tests.fakes.cloudflared.quick_service import QuickService, answer_with, quick_service
from tests.fakes.cloudflared.release_server import ReleaseServer, release_server
from tests.limits import SEEN

FAKE = Path(__file__).parent.parent.parent / "fakes" / "cloudflared" / "program.py"
ASSET = "cloudflared-linux-amd64"
FOREIGN_CONFIG = "ingress:\n  - service: http_status:404\n"
REFUSALS = [
    ((429, "error code: 1015"), Code.RATE_LIMITED),
    ((429, '{"success":false,"result":null,"errors":[{"code":1003,"message":"no"}]}'), Code.REFUSED_BY_SERVICE),
    ((200, '{"success":false,"result":null,"errors":[{"code":1003,"message":"no"}]}'), Code.REFUSED_BY_SERVICE),
    ((500, "error code: 1101"), Code.REFUSED_BY_SERVICE),
    ((500, "<html>"), Code.REFUSED_BY_SERVICE),
    ((200, ""), Code.REFUSED_BY_SERVICE),
    ((200, answer_with(hostname="x.trycloudflare.com")[:-20]), Code.REFUSED_BY_SERVICE),
    ((200, answer_with(id="ten-letter")), Code.REFUSED_BY_SERVICE),
    ((200, answer_with(secret="!")), Code.REFUSED_BY_SERVICE),
]
World = TypeVar("World", bound="CloudflaredWorld")
INSTALLED = ["cloudflared-2026.8.2", "release.json"]


class CloudflaredWorld:
    """A backend with a stand-in for the program and for the service; also a Stage of the contract tests."""

    def __init__(self, services: Services, service: QuickService, folder: Path) -> None:
        self.services = services
        self.service = service
        self.backend = CloudflaredBackend(services)
        self.tunnels: dict[str, Any] = {}  # the named ones of the account
        self._plan = folder / "plan.json"
        self.plan()

    @property
    def options(self) -> object:
        """With which it opens."""
        return CloudflaredOptions()

    @property
    def secrets(self) -> Mapping[str, str]:
        """A quick tunnel needs none."""
        return {}

    def plan(self, **changes: object) -> None:
        """Let the next program behave so."""
        self._plan.write_text(json.dumps(changes), encoding="utf-8")

    @property
    def record(self) -> dict[str, Any]:
        """What is remembered of the running program."""
        content: dict[str, Any] = json.loads((self.services.folders.state / "cloudflared-state.json").read_bytes())
        return content

    def ask(self, path: str) -> bytes:
        """Ask the running stand-in something; OSError where there is none."""
        return self._ask(self._port, path)

    @staticmethod
    def _ask(port: int, path: str) -> bytes:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=SEEN) as answer:
            content: bytes = answer.read()
            return content

    def _port_of(self, public_url: str) -> int:
        """Return where the stand-in that serves this URL listens; OSError where none does."""
        for path in self.services.folders.state.rglob("cloudflared-state.json"):
            record = json.loads(path.read_bytes())
            if record.get("publicUrl") == public_url:
                return int(record["metricsPort"])
        raise OSError("nothing is recorded under this URL")

    def say(self, words: str) -> None:
        """Let the stand-in write this as an error."""
        self.ask(f"/_fake/say/{quote(words)}")

    def fetch(self, public_url: str) -> bytes:
        try:
            return self._ask(self._port_of(public_url), "/_fake/visit")
        except urllib.error.HTTPError as error:
            return error.read()

    def visit(self, public_url: str, path: str, body: bytes | None = None) -> bytes:
        """Return what a visitor gets who asks for this path, or posts this there."""
        url = f"http://127.0.0.1:{self._port_of(public_url)}/_fake/visit{path}"
        with urllib.request.urlopen(urllib.request.Request(url, body), timeout=SEEN) as answer:
            content: bytes = answer.read()
            return content

    def end_orphan(self) -> None:
        """End what a failed test has left up without a parent."""
        left = TunnelRecordFile(StateFile(self.services.folders.state / "cloudflared-state.json")).read()
        if left is not None and left.identity.is_alive():
            os.kill(left.identity.pid, signal.SIGKILL)

    def named(self, hostname: str, **facts: object) -> str:
        """Let the account have a tunnel under this name, for the next program, and return its token."""
        tunnel_id = str(uuid.uuid5(uuid.NAMESPACE_DNS, hostname))
        secret = base64.b64encode(hostname.ljust(32).encode()).decode()
        self.tunnels[tunnel_id] = {"secret": secret, "routes": [hostname], **facts}
        self.plan(tunnels=self.tunnels)
        return token_of(tunnel_id, secret)

    def hold_start(self) -> None:
        self.service.free.clear()

    def fail_start(self) -> Code:
        self.service.refusal = (429, "error code: 1015")
        return Code.RATE_LIMITED

    def cut(self, session: Session) -> None:
        self.ask("/_fake/edge-down")

    @property
    def _port(self) -> int:
        return int(self.record["metricsPort"])


def token_of(tunnel_id: str, secret: str) -> str:
    """Return what the dashboard shows of such a tunnel."""
    return base64.b64encode(json.dumps({"a": "0" * 32, "t": tunnel_id, "s": secret}).encode()).decode()


@pytest.fixture
def program(tmp_path: Path) -> Path:
    """The stand-in as a program that may be run."""
    path = tmp_path / "cloudflared"
    path.write_text(f"#!{sys.executable} -IS\n{FAKE.read_text(encoding='utf-8')}", encoding="utf-8")
    path.chmod(0o700)
    return path


class NamedWorld(CloudflaredWorld):
    """The same with a named tunnel, for each context another one."""

    @property
    def options(self) -> object:
        self._token = self.named(f"app-{len(self.tunnels)}.example.test")
        return CloudflaredOptions(hostname=f"app-{len(self.tunnels) - 1}.example.test")

    @property
    def secrets(self) -> Mapping[str, str]:
        return {"tunnel_token": self._token}

    def hold_start(self) -> None:
        self.plan(tunnels=self.tunnels, registers=False)

    def fail_start(self) -> Code:
        self.plan()
        return Code.TOKEN_REJECTED


@pytest.fixture
def world(services: Services, tmp_path: Path, program: Path) -> Iterator[CloudflaredWorld]:
    with world_of(CloudflaredWorld, services, tmp_path, program) as made:
        yield made


@pytest.fixture
def named_world(services: Services, tmp_path: Path, program: Path) -> Iterator[NamedWorld]:
    with world_of(NamedWorld, services, tmp_path, program) as made:
        yield made


@contextmanager
def world_of(kind: type[World], services: Services, folder: Path, program: Path) -> Iterator[World]:
    """Serve a world in which this program is cloudflared."""
    with quick_service() as service:
        environment = {
            **services.environment,
            "CLOUDFLARED_BIN": str(program),
            "PORTWAY_CLOUDFLARED_ARGS": f"--quick-service {service.url} --plan {folder / 'plan.json'}",
        }
        timing = dataclasses.replace(
            CloudflaredTiming.of(services.timing), edge_look=0.1, between_starts=0.0, push_wait=0.1
        )
        changed = dataclasses.replace(services, environment=environment, timing=timing)
        made = kind(changed, service, folder)
        yield made
        made.end_orphan()


@pytest.fixture
def news() -> RecordedNews:
    return RecordedNews()


@pytest.fixture
def context(world: CloudflaredWorld, origin: Target, news: RecordedNews) -> Context:
    return make_context(world, origin, news)


@pytest.fixture
def releases(program: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ReleaseServer]:
    with release_server(ASSET) as server:
        server.content = program.read_bytes()
        monkeypatch.setattr("portway.backends.cloudflared.installer.asset_name", lambda *_: server.asset)
        yield server


@pytest.fixture
def bare(world: CloudflaredWorld, releases: ReleaseServer) -> CloudflaredWorld:
    """A computer without cloudflared, but with a release host."""
    environment = {**world.services.environment, "PORTWAY_CLOUDFLARED_RELEASES": releases.releases, "PATH": "/usr/bin"}
    del environment["CLOUDFLARED_BIN"]
    world.services = dataclasses.replace(world.services, environment=environment)
    give_up_downloads_after(SEEN, world)
    return world


def give_up_downloads_after(seconds: float, world: CloudflaredWorld) -> None:
    """Let downloads wait so long for a byte."""
    timing = dataclasses.replace(world.services.timing, stall_limit=seconds)
    world.services = dataclasses.replace(world.services, timing=timing)
    world.backend = CloudflaredBackend(world.services)


def install(world: CloudflaredWorld, context: Context, *, update: bool = False) -> Answer:
    (command,) = world.backend.commands
    assert command.run is not None
    return command.run(dataclasses.replace(context, options=command.options(update=update)))


def copies(world: CloudflaredWorld) -> list[str]:
    """Return the names of what lies in the folder of our copies."""
    folder = world.services.folders.data / "cloudflared"
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


def has_ended(pid: int) -> bool:
    """Whether it runs no more: an orphan may stay as a zombie where nobody reaps."""
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True
