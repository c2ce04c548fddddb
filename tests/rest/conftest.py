"""The REST server over a hub that a test controls."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent

from portway.core.timing import Timing
from portway.rest.auth.tokens import Tokens
from portway.rest.http.policy import Credential, FailedLogins, Policy
from portway.rest.server.server import RestServer
from portway.runtime.consents import Consents
from tests.fakes.backends.api import api_backends
from tests.fakes.runtime.hub import FakeHub, FakeVault
from tests.limits import NEVER
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
    qapp: QCoreApplication,
    hub: FakeHub,
    vault: FakeVault,
    tokens: Tokens,
    timing: Timing,
    documented: Documented,
    tmp_path: Path,
) -> Iterator[Callable[..., Rest]]:
    """Make servers, and end them after the test."""
    made: list[Rest] = []

    def make(limits: Timing = timing, *, display: bool = True, consent_limit: float = NEVER) -> Rest:
        raised: list[str] = []
        window = (lambda: raised.append("raised")) if display else None
        server = RestServer(hub, vault, tokens, version=VERSION, timing=limits, run_folder=tmp_path / "run")
        consents = Consents(consent_limit) if display else None
        port = server.listen(0, window, consents)
        assert port is not None
        rest = Rest(hub, vault, tokens, limits, server, raised, documented, port, consents)
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
