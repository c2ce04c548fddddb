"""A tunnel that is up: what befalls it is told, and it ends when told to."""

from __future__ import annotations

import dataclasses
import os
import signal
import socket
import stat
import time
from urllib.parse import quote

import pytest

from portway.backends.cloudflared.backend import CloudflaredBackend
from portway.backends.cloudflared.declaration import CloudflaredTiming
from portway.core.backend import Context
from portway.core.cancel import CancelToken
from portway.core.codes import Code
from portway.core.errors import Cancelled, TunnelError
from portway.core.target import Target
from tests.backends.cloudflared.conftest import CloudflaredWorld, has_ended
from tests.contract import cancelled_after, make_context, nothing_left, opened
from tests.fakes.backends.news import RecordedNews, wait_until
from tests.fakes.origins.page import PAGE
from tests.limits import AT_ONCE, NEVER

pytestmark = pytest.mark.children


def test_a_lost_edge_keeps_the_url_and_comes_back(
    world: CloudflaredWorld, context: Context, news: RecordedNews
) -> None:
    session = world.backend.open(context)
    world.ask("/_fake/edge-down")
    news.wait_for(lambda heard: heard.recoverings)
    world.ask("/_fake/edge-up")
    news.wait_for(lambda heard: heard.recovered_urls == [session.public_url])
    assert news.losses == []
    session.close(context)


@pytest.mark.parametrize("lag", [0.0, 0.3])
def test_its_words_are_a_reason_to_look_at_once(
    world: CloudflaredWorld, context: Context, news: RecordedNews, lag: float
) -> None:
    world.plan(lag=lag)
    timing = dataclasses.replace(CloudflaredTiming.of(world.services.timing), edge_look=60.0, words_look=0.2)
    session = CloudflaredBackend(dataclasses.replace(world.services, timing=timing)).open(context)
    world.ask("/_fake/edge-down")
    news.wait_for(lambda heard: heard.recoverings)
    world.ask("/_fake/edge-up")
    news.wait_for(lambda heard: heard.recovered_urls == [session.public_url])
    world.say("Unable to reach the origin service")
    news.wait_for(lambda heard: heard.suspicions)
    session.close(context)


@pytest.mark.expected_logs
def test_its_death_is_told_at_once(world: CloudflaredWorld, context: Context, news: RecordedNews) -> None:
    timing = dataclasses.replace(CloudflaredTiming.of(world.services.timing), edge_look=NEVER)
    session = CloudflaredBackend(dataclasses.replace(world.services, timing=timing)).open(context)
    began = time.monotonic()
    os.kill(session.pid or 0, signal.SIGKILL)
    news.wait_for(lambda heard: heard.losses)
    assert time.monotonic() - began < AT_ONCE
    assert news.losses[0].code is Code.PROCESS_DIED
    session.close(context)


def test_a_visitor_who_meets_no_server_is_a_hint(world: CloudflaredWorld, context: Context, news: RecordedNews) -> None:
    session = world.backend.open(context)
    world.say("Unable to reach the origin service")
    news.wait_for(lambda heard: heard.suspicions)
    session.close(context)


def test_a_flood_of_words_fills_no_disk(world: CloudflaredWorld, context: Context) -> None:
    world.plan(flood=120_000)
    session = world.backend.open(context)
    output = world.services.folders.state / "cloudflared-output.log"
    wait_until(lambda: b"noise 119999" in output.read_bytes() or output.stat().st_size < 1 << 20)
    wait_until(lambda: output.stat().st_size <= 1 << 20)
    assert world.fetch(session.public_url) == PAGE
    assert stat.S_IMODE(output.stat().st_mode) == 0o600
    session.close(context)


@pytest.mark.parametrize("stop", ["slow", "never"])
def test_one_that_does_not_want_to_end_ends(world: CloudflaredWorld, context: Context, stop: str) -> None:
    world.plan(stop=stop)
    session = world.backend.open(context)
    session.close(context)
    assert has_ended(session.pid or 0)


def test_a_local_server_that_is_silent_delays_nothing(world: CloudflaredWorld, news: RecordedNews) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        context = make_context(world, Target("http", "127.0.0.1", silent.getsockname()[1]), news)
        world.services = dataclasses.replace(
            world.services, timing=dataclasses.replace(world.services.timing, origin_look=30.0)
        )
        session = CloudflaredBackend(world.services).open(context)  # which returns while that look still waits
        session.close(context)


MISBEHAVIOURS = ["trickle", "continue", "endless head"]


@pytest.mark.parametrize("how", MISBEHAVIOURS)
def test_it_ends_at_once_whatever_its_metrics_server_sends(world: CloudflaredWorld, context: Context, how: str) -> None:
    timing = dataclasses.replace(
        CloudflaredTiming.of(world.services.timing), edge_look=0.01, words_look=0.01, stop_grace=NEVER
    )
    session = CloudflaredBackend(dataclasses.replace(world.services, timing=timing)).open(context)
    world.ask(f"/_fake/metrics/{quote(how)}")
    world.say("Lost connection with the edge")
    began = time.monotonic()
    session.close(context)
    assert time.monotonic() - began < AT_ONCE
    assert has_ended(session.pid or 0)


@pytest.mark.parametrize("how", MISBEHAVIOURS)
def test_a_start_is_bounded_and_can_be_cancelled_whatever_its_metrics_server_sends(
    world: CloudflaredWorld, context: Context, how: str
) -> None:
    world.plan(metrics=how)
    began = time.monotonic()
    with nothing_left(), cancelled_after(context.cancel, 0.5), pytest.raises(Cancelled):
        world.backend.open(context)
    assert time.monotonic() - began < AT_ONCE
    timing = dataclasses.replace(world.services.timing, start_limit=1.0)
    again = dataclasses.replace(context, cancel=CancelToken())
    with nothing_left(), pytest.raises(TunnelError) as caught:
        CloudflaredBackend(dataclasses.replace(world.services, timing=timing)).open(again)
    assert caught.value.code is Code.START_TIMEOUT


def test_tunnels_ask_for_their_urls_one_after_the_other(world: CloudflaredWorld, context: Context) -> None:
    timing = dataclasses.replace(CloudflaredTiming.of(world.services.timing), between_starts=0.4)
    first = CloudflaredBackend(dataclasses.replace(world.services, timing=timing))
    began = time.monotonic()
    with opened(first, context), opened(first.another("shop"), context):
        assert time.monotonic() - began >= timing.between_starts
        cancelled = dataclasses.replace(context, cancel=CancelToken())
        cancelled.cancel.cancel()
        with pytest.raises(Cancelled):
            first.another("api").open(cancelled)
