"""The REST server over a hub that a test controls."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent

from portway.core.timing import Timing
from portway.rest.policy import Credential, FailedLogins, Policy
from portway.rest.server import RestServer
from portway.rest.tokens import Tokens
from tests.fakes.api_backends import api_backends
from tests.fakes.hub import FakeHub, FakeVault
from tests.rest.heads import PORT, RULES, TOKEN, Clock
from tests.rest.wire import VERSION, Rest
from tests.watched.documented import Documented


@pytest.fixture
def timing(timing: Timing) -> Timing:
    """Return limits by which a client that never closes is let go soon."""
    return dataclasses.replace(timing, closing_limit=0.05)


@pytest.fixture
def hub() -> FakeHub:
    return FakeHub(api_backends(), holds=False)


@pytest.fixture
def vault() -> FakeVault:
    return FakeVault()


@pytest.fixture
def tokens(tmp_path: Path) -> Tokens:
    return Tokens.load(tmp_path / "data", {})


@pytest.fixture(scope="session")
def documented() -> Documented:
    return Documented.of(api_backends(), VERSION)


@pytest.fixture
def build(  # noqa: PLR0917 - pytest names the parameters
    qapp: QCoreApplication, hub: FakeHub, vault: FakeVault, tokens: Tokens, timing: Timing, documented: Documented
) -> Iterator[Callable[..., Rest]]:
    """Make servers, and end them after the test."""
    made: list[Rest] = []

    def make(limits: Timing = timing, *, display: bool = True) -> Rest:
        raised: list[str] = []
        window = (lambda: raised.append("raised")) if display else None
        server = RestServer(hub, vault, tokens, VERSION, limits, window=window)
        rest = Rest(hub, vault, tokens, limits, server, raised, documented, server.listen(0))
        made.append(rest)
        return rest

    yield make
    for rest in made:
        rest.end()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    QCoreApplication.processEvents()


@pytest.fixture
def rest(build: Callable[..., Rest]) -> Rest:
    return build()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def policy(clock: Clock) -> Policy:
    policy = Policy(
        RULES, frozenset({"/open"}), lambda token: Credential.RUN if token == TOKEN else None, FailedLogins(clock)
    )
    policy.listen_on(PORT)
    return policy
