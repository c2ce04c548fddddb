"""What the tests of the local network share: a small world of loopback addresses in which `lan` is published.

127.0.0.2 is published, 127.0.0.3 and above are visitors: all of 127.0.0.0/8 leads to this computer, but only
127.0.0.1 and the published address count as its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from portway.backends.lan.backend import LanBackend
from portway.backends.lan.declaration import LanTiming
from portway.backends.lan.session import LanSession
from portway.core.backend import Context
from portway.core.target import Target
from portway.core.timing import Timing
from portway.relay.engine.forwarder import Limits
from portway.system.services import Services
from tests.backends.lan.stand.runs import run_of, skip_without_aliases
from tests.fakes.backends.news import RecordedNews
from tests.fakes.origins.http import HttpOrigin, http_origin

Publish = Callable[[Target], LanSession]


@pytest.fixture
def news() -> RecordedNews:
    return RecordedNews()


@pytest.fixture
def site() -> Iterator[HttpOrigin]:
    """Serve pages, streams and uploads on 127.0.0.1."""
    with http_origin() as origin:
        yield origin


@pytest.fixture
def timing(timing: Timing) -> Timing:
    return replace(LanTiming.of(timing), address_return=0.5, firewall_hint=0.3)


@pytest.fixture
def limits() -> Limits:
    """Return the limits under which targets are published; a test may override them."""
    return Limits()


@pytest.fixture
def backend(services: Services, limits: Limits) -> LanBackend:
    return LanBackend(services, limits=limits)


@pytest.fixture
def publish(backend: LanBackend, news: RecordedNews) -> Iterator[Publish]:
    """Return what publishes a target at 127.0.0.2; all is closed at the end."""
    skip_without_aliases()
    opened: list[tuple[LanSession, Context]] = []

    def open_session(target: Target) -> LanSession:
        context = run_of(target, news)
        session = backend.open(context)
        opened.append((session, context))
        return session

    yield open_session
    for session, context in opened:
        session.close(context)


@pytest.fixture
def public_url(publish: Publish, site: HttpOrigin) -> str:
    """Return the URL at which the site is published."""
    return publish(site.target).public_url
