"""Three public ports for all Funnels of ours: each has one of its own, and none is taken from somebody else."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from portway.backends.tailscale.backend import TailscaleBackend
from portway.core.backend import Context, Session
from portway.core.codes import Code
from portway.system.services import Services
from tests.backends.tailscale.runs import open_refused
from tests.contract import opened
from tests.fakes.origins.page import PAGE
from tests.fakes.tailscale.computer import URL, FakeTailscale

pytestmark = pytest.mark.children

Up = Callable[[TailscaleBackend], Session]


@pytest.fixture
def up(context: Context) -> Iterator[Up]:
    """Open a Funnel that is taken down at the end."""
    with ExitStack() as stack:
        yield lambda backend: stack.enter_context(opened(backend, context))


def test_each_tunnel_has_a_public_port_of_its_own_and_a_third_is_told_who_has_them(
    tailscale: FakeTailscale, backend: TailscaleBackend, up: Up, context: Context
) -> None:
    urls = [up(one).public_url for one in (backend, backend.another("shop"))]
    assert urls == [URL, f"{URL}:10000"]  # 8443 is somebody else's
    assert [tailscale.fetch(url) for url in urls] == [PAGE] * 2
    changes = tailscale.changes
    error = open_refused(backend.another("late"), context)
    assert error.code is Code.PORT_CONFLICT
    assert "443: tailscale, 8443: another program, 10000: shop" in error.problem.sentence
    assert tailscale.changes == changes


def test_the_url_stays_when_the_one_that_had_the_port_is_gone(
    backend: TailscaleBackend, context: Context, up: Up
) -> None:
    shop = backend.another("shop")
    with opened(backend, context), opened(shop, context) as session:
        assert session.public_url == f"{URL}:10000"
    assert up(shop).public_url == f"{URL}:10000"
    assert up(backend).public_url == URL


def test_a_later_start_adopts_each_under_its_url(
    tailscale: FakeTailscale, backend: TailscaleBackend, services: Services, context: Context
) -> None:
    sessions = [one.open(context) for one in (backend, backend.another("shop"))]
    for session in sessions:
        session.leave()
    again = TailscaleBackend(services)
    adopted = [one.reclaim(context) for one in (again, again.another("shop"))]
    assert [session and session.public_url for session in adopted] == [URL, f"{URL}:10000"]
    for found in adopted:
        assert found is not None
        found.close(context)
    assert [tailscale.proxy_of(url) for url in (URL, f"{URL}:10000")] == [None, None]
