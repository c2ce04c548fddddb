"""The real SDK against a stand-in for the service, in this process, which it must leave safely."""

from __future__ import annotations

import atexit
import dataclasses
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import coverage
import pytest

from portway.backends.ngrok.backend import NgrokBackend, NgrokOptions
from portway.backends.ngrok.declaration import NgrokTiming, sdk_version
from portway.core.backend import Context
from portway.core.cancel import CancelToken
from portway.core.target import Target
from portway.core.timing import Timing
from portway.system.services import Services
from tests.fakes.backends.news import KnownSecrets, RecordedNews
from tests.fakes.ngrok.edge import Account, NgrokEdge, ngrok_edge
from tests.limits import SEEN

DOMAIN = "mine.ngrok-free.app"
_STATUS = pytest.StashKey[int]()


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    session.config.stash[_STATUS] = int(exitstatus)


@pytest.hookimpl(trylast=True)
def pytest_unconfigure(config: pytest.Config) -> None:
    """Leave as Portway does: an interpreter that ends while a thread of the SDK wants Python may abort."""
    if "ngrok" in sys.modules and _STATUS in config.stash:
        measured = coverage.Coverage.current()  # before the exit functions, which stop it
        if measured is not None:
            measured.stop()
            measured.save()
        atexit._run_exitfuncs()
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(config.stash[_STATUS])


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip what needs the SDK where there is no wheel of it."""
    if sdk_version() is None:
        for item in items:
            if "edge" in getattr(item, "fixturenames", ()):
                item.add_marker(pytest.mark.skip(reason="there is no ngrok SDK for this system"))


@pytest.fixture
def timing(timing: Timing) -> Timing:
    """Return limits for the SDK: what only bounds a hang is generous, as in those that all tests have."""
    return dataclasses.replace(
        NgrokTiming.of(timing),
        connect=SEEN,
        bind=SEEN,
        unbind=SEEN,
        settle=0.3,
        reconnect_longest=0.4,
        forgotten_after=SEEN,
        public_look=0.3,
    )


def with_limits(services: Services, **limits: float) -> Services:
    """Return the same services with other limits."""
    return dataclasses.replace(services, timing=dataclasses.replace(NgrokTiming.of(services.timing), **limits))


@pytest.fixture
def edge(tmp_path: Path, environment: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Iterator[NgrokEdge]:
    with ngrok_edge(tmp_path) as edge:
        environment |= {"PORTWAY_NGROK_SERVER_ADDR": edge.address, "PORTWAY_NGROK_CA_FILE": str(edge.ca_file)}
        monkeypatch.setenv("HTTPS_PROXY", edge.proxy)  # the way to the public URLs
        yield edge


@pytest.fixture
def account(edge: NgrokEdge) -> Account:
    return edge.account(domains=frozenset({DOMAIN}))


@pytest.fixture
def backend(edge: NgrokEdge, services: Services) -> Iterator[NgrokBackend]:
    backend = NgrokBackend(services)
    yield backend
    backend.shut_down()


@pytest.fixture
def news() -> RecordedNews:
    return RecordedNews()


@pytest.fixture
def context(account: Account, origin: Target, news: RecordedNews) -> Context:
    return Context(
        target=origin,
        origin=origin,
        options=NgrokOptions(domain=DOMAIN),
        cancel=CancelToken(),
        secrets=KnownSecrets({"auth_token": account.token}),
        listener=news,
    )
