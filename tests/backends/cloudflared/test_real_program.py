"""The real cloudflared, where CLOUDFLARED_BIN names one: it understands our words, and we understand its own.

It talks to the stand-in of the service and to ports of loopback on which nobody listens; nothing leaves the computer.
"""

from __future__ import annotations

import dataclasses
import os

import pytest

from portway.backends.cloudflared import CloudflaredBackend, CloudflaredOptions
from portway.core.backend import Context
from portway.core.codes import Code
from portway.core.errors import TunnelError
from portway.core.target import Target
from tests.backends.cloudflared.conftest import CloudflaredWorld
from tests.contract import make_context
from tests.fakes.news import RecordedNews

pytestmark = pytest.mark.skipif("CLOUDFLARED_BIN" not in os.environ, reason="CLOUDFLARED_BIN names no real cloudflared")


@pytest.fixture
def context(world: CloudflaredWorld, origin: Target) -> Context:
    environment = {
        **world.services.environment,
        "CLOUDFLARED_BIN": os.environ["CLOUDFLARED_BIN"],
        # Two addresses: with a single one it never pauses.
        "PORTWAY_CLOUDFLARED_ARGS": f"--quick-service {world.service.url} --edge 127.0.0.1:1 --edge 127.0.0.1:2",
    }
    timing = dataclasses.replace(world.services.timing, start_limit=5.0)
    world.backend = CloudflaredBackend(dataclasses.replace(world.services, environment=environment, timing=timing))
    return make_context(world, origin, RecordedNews())


def test_it_tells_its_version(world: CloudflaredWorld, context: Context) -> None:
    assert world.backend.inspect().version


@pytest.mark.parametrize("options", [CloudflaredOptions(), CloudflaredOptions(host_header="localhost:3000")])
def test_an_edge_that_is_not_there_is_told(
    world: CloudflaredWorld, context: Context, options: CloudflaredOptions
) -> None:
    with pytest.raises(TunnelError) as caught:
        world.backend.open(dataclasses.replace(context, options=options))
    assert caught.value.code is Code.EDGE_UNREACHABLE
    assert world.service.names == 1


@pytest.mark.parametrize(
    ("refusal", "code"),
    [
        ((429, "error code: 1015"), Code.RATE_LIMITED),
        ((500, "error code: 1101"), Code.REFUSED_BY_SERVICE),
        ((500, "<html>"), Code.REFUSED_BY_SERVICE),
        ((200, '{"success":false,"result":null}'), Code.REFUSED_BY_SERVICE),
        ((200, ""), Code.REFUSED_BY_SERVICE),
    ],
)
def test_a_refusal_is_told_with_its_cause(
    world: CloudflaredWorld, context: Context, refusal: tuple[int, str], code: Code
) -> None:
    world.service.refusal = refusal
    with pytest.raises(TunnelError) as caught:
        world.backend.open(context)
    assert caught.value.code is code


def test_a_service_that_hangs_up_is_no_network(world: CloudflaredWorld, context: Context) -> None:
    world.service.closes = True
    with pytest.raises(TunnelError) as caught:
        world.backend.open(context)
    assert caught.value.code is Code.NO_NETWORK
