"""What the tests of Tailscale share: a computer with Tailscale, on which other people publish things, too."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from portway.backends.tailscale import TailscaleBackend, TailscaleOptions
from portway.backends.tailscale.session import FunnelSession
from portway.core.backend import Context
from portway.core.cancel import CancelToken
from portway.core.target import Target
from portway.core.timing import Timing
from portway.system.services import Services
from tests.backends.tailscale.runs import Open
from tests.fakes.news import KnownSecrets, RecordedNews
from tests.fakes.tailscale import AUTH_KEY, PASSWORD, FakeTailscale


@pytest.fixture
def tailscale(tmp_path: Path) -> Iterator[FakeTailscale]:
    """Whatever a test does: what belongs to others survives it, and no secret gets into a call."""
    fake = FakeTailscale(tmp_path / "bin")
    yield fake
    fake.check_decoy()
    fake.check_calls(PASSWORD, AUTH_KEY)


@pytest.fixture
def environment(environment: dict[str, str], tailscale: FakeTailscale) -> dict[str, str]:
    return {**environment, "TAILSCALE_BIN": str(tailscale.program)}


@pytest.fixture
def timing(timing: Timing) -> Timing:
    return replace(timing, poll=0.1, command_limit=5.0, password_limit=3.0)


@pytest.fixture
def backend(services: Services) -> TailscaleBackend:
    return TailscaleBackend(services)


@pytest.fixture
def news() -> RecordedNews:
    return RecordedNews()


@pytest.fixture
def context(origin: Target, news: RecordedNews) -> Context:
    """Return what the runtime gives to a run that asks for nothing special."""
    return Context(
        target=origin, origin=origin, options=TailscaleOptions(), cancel=CancelToken(), secrets=KnownSecrets({}),
        listener=news,
    )  # fmt: skip


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
