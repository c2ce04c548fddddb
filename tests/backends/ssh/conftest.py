from __future__ import annotations

import contextlib
import dataclasses
import os
import signal
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from portway.backends.ssh.backend import SshBackend, SshOptions
from portway.backends.ssh.declaration import SshTiming
from portway.backends.ssh.record import TunnelRecord, TunnelRecordFile
from portway.core.backend import Context, Session
from portway.core.codes import Code
from portway.core.target import Target
from portway.system.services import Services
from portway.system.storage.state_file import StateFile
from tests.contract import make_context
from tests.fakes.backends.news import RecordedNews
from tests.fakes.ssh.server import SshServer, ssh_server
from tests.limits import AT_ONCE, NEVER, SEEN


class SshWorld:
    """A backend, a real sshd, and a person's configuration that leads there; also a Stage of the contract tests."""

    def __init__(self, services: Services, server: SshServer, folder: Path) -> None:
        self.server = server
        self.secrets: Mapping[str, str] = {}
        self.known_hosts = folder / "persons known_hosts"
        self.config = folder / "ssh config"
        self.configure()
        environment = {**services.environment, "PORTWAY_SSH_ARGS": f"-F '{self.config}'"}
        timing = dataclasses.replace(
            SshTiming.of(services.timing),
            visit_again=0.05,
            words_look=0.05,
            # What only bounds a hang.
            start_limit=SEEN,
            probe_limit=SEEN,
            visit_limit=AT_ONCE,
            proof_limit=NEVER,  # several visits: one of them may be lost
            release_limit=SEEN,
        )
        self.services = dataclasses.replace(services, environment=environment, timing=timing)
        self.backend = SshBackend(self.services)
        self.know()

    @property
    def options(self) -> SshOptions:
        """Options that lead to the server by its address, and to a port that it chooses."""
        return SshOptions(server=self.server.address, server_port=self.server.port)

    @property
    def record(self) -> TunnelRecord | None:
        """What is remembered of the running program."""
        return TunnelRecordFile(StateFile(self.services.folders.state / "ssh-state.json")).read()

    def configure(self, *lines: str) -> None:
        """Let the person's configuration be that of somebody who can log in, with these lines before it."""
        own = (
            f"IdentityFile {self.server.key}",
            "IdentitiesOnly yes",
            "IdentityAgent none",
            f'UserKnownHostsFile "{self.known_hosts}"',
            "GlobalKnownHostsFile none",
        )
        self.config.write_text("\n".join((*lines, "Host *", *own)) + "\n")
        self.config.chmod(0o600)

    def know(self) -> None:
        """Let the person have logged in before."""
        self.known_hosts.write_text(self.server.known_line)

    def change(self, **limits: float) -> None:
        """Let some things take another time."""
        self.services = dataclasses.replace(
            self.services, timing=dataclasses.replace(SshTiming.of(self.services.timing), **limits)
        )
        self.backend = SshBackend(self.services)

    def fetch(self, public_url: str) -> bytes:
        return self.visit(public_url, "/")

    def visit(self, public_url: str, path: str, body: bytes | None = None) -> bytes:
        with urllib.request.urlopen(urllib.request.Request(f"{public_url}{path}", body), timeout=SEEN) as answer:
            content: bytes = answer.read()
            return content

    def hold_start(self) -> None:
        self.server.freeze()

    def fail_start(self) -> Code:
        self.server.stop()
        return Code.EDGE_UNREACHABLE

    def cut(self, session: Session) -> None:
        self.server.kill_connections()

    def end_orphan(self) -> None:
        """End what a failed test has left up without a parent."""
        left = self.record
        if left is not None and left.identity.is_alive():
            with contextlib.suppress(ProcessLookupError):
                os.kill(left.identity.pid, signal.SIGKILL)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[SshServer]:
    with ssh_server(tmp_path / "server") as running:
        yield running


@pytest.fixture
def world(services: Services, server: SshServer, tmp_path: Path) -> Iterator[SshWorld]:
    made = SshWorld(services, server, tmp_path)
    yield made
    made.end_orphan()


@pytest.fixture
def news() -> RecordedNews:
    return RecordedNews()


@pytest.fixture
def context(world: SshWorld, origin: Target, news: RecordedNews) -> Context:
    return make_context(world, origin, news)
