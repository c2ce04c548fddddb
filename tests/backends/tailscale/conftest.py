"""What the tests of Tailscale share: a computer with Tailscale, on which other people publish things, too."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from portway.backends.tailscale.backend import TailscaleBackend, TailscaleOptions
from portway.backends.tailscale.funnel.session import FunnelSession
from portway.core.backend import Context
from portway.core.cancel import CancelToken
from portway.core.target import Target
from portway.core.timing import Timing
from portway.system.services import Services
from tests.backends.tailscale.runs import Open
from tests.fakes.backends.news import KnownSecrets, RecordedNews
from tests.fakes.rights.sudo import FakeSudo
from tests.fakes.tailscale.computer import PASSWORD, FakeTailscale
from tests.fakes.tailscale.local_api import FakeLocalApi, local_api
from tests.fakes.tailscale.script_page import Page, served
from tests.limits import SEEN


@pytest.fixture
def tailscale(tmp_path: Path) -> FakeTailscale:
    return FakeTailscale(tmp_path / "bin")


@pytest.fixture
def sudo(tailscale: FakeTailscale, environment: dict[str, str]) -> FakeSudo:
    environment["PATH"] = f"{tailscale.folder}{os.pathsep}{environment['PATH']}"
    return FakeSudo(tailscale.folder, PASSWORD)


@pytest.fixture
def environment(environment: dict[str, str], tailscale: FakeTailscale) -> dict[str, str]:
    return {**environment, "TAILSCALE_BIN": str(tailscale.program)}


@pytest.fixture
def page(environment: dict[str, str]) -> Iterator[Page]:
    """Return what the host of the install script answers."""
    page = Page()
    with served(page) as url:
        environment["PORTWAY_TAILSCALE_INSTALLER"] = url
        yield page


@pytest.fixture
def timing(timing: Timing) -> Timing:
    return replace(timing, poll=0.1, command_limit=SEEN, password_limit=SEEN)


@pytest.fixture
def socket_path() -> Iterator[Path]:
    """Where the daemon has its own interface; nothing is there unless a test asks for `api`."""
    with tempfile.TemporaryDirectory() as folder:  # shorter than tmp_path: a socket's path ends at 107 bytes
        yield Path(folder, "tailscaled.sock")


@pytest.fixture
def api(tailscale: FakeTailscale, socket_path: Path) -> Iterator[FakeLocalApi]:
    with local_api(tailscale, socket_path) as fake:
        yield fake


@pytest.fixture
def backend(services: Services, socket_path: Path) -> TailscaleBackend:
    return TailscaleBackend(services, socket=socket_path)


@pytest.fixture
def news() -> RecordedNews:
    return RecordedNews()


@pytest.fixture
def context(origin: Target, news: RecordedNews) -> Context:
    """Return what the runtime gives to a run that asks for nothing special."""
    return Context(
        target=origin,
        origin=origin,
        options=TailscaleOptions(),
        cancel=CancelToken(),
        secrets=KnownSecrets({}),
        listener=news,
    )


@pytest.fixture
def open_session(backend: TailscaleBackend, context: Context) -> Iterator[Open]:
    """Return what opens a session; all are closed at the end, if they still can be."""
    opened: list[FunnelSession] = []

    def open_one(context: Context = context) -> FunnelSession:
        session = backend.open(context)
        opened.append(session)
        return session

    yield open_one
    for session in opened:
        session.close(replace(context, cancel=CancelToken()))
