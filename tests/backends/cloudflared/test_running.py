"""A tunnel that is up: what befalls it is told, and it ends when told to."""

from __future__ import annotations

import dataclasses
import os
import signal
import socket
import stat
import time

import pytest

from portway.backends.cloudflared import CloudflaredBackend
from portway.core.backend import Context
from portway.core.codes import Code
from portway.core.target import Target
from tests.backends.cloudflared.conftest import CloudflaredWorld, has_ended
from tests.contract import make_context
from tests.fakes.news import RecordedNews, wait_until
from tests.fakes.origin import PAGE


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
    timing = dataclasses.replace(world.services.timing, edge_look=60.0, words_look=0.2)
    session = CloudflaredBackend(dataclasses.replace(world.services, timing=timing)).open(context)
    world.ask("/_fake/edge-down")
    news.wait_for(lambda heard: heard.recoverings)
    world.ask("/_fake/edge-up")
    news.wait_for(lambda heard: heard.recovered_urls == [session.public_url])
    world.say("Unable to reach the origin service")
    news.wait_for(lambda heard: heard.suspicions)
    session.close(context)


@pytest.mark.expected_logs
def test_its_death_is_told_within_a_moment(world: CloudflaredWorld, context: Context, news: RecordedNews) -> None:
    session = world.backend.open(context)
    began = time.monotonic()
    os.kill(session.pid or 0, signal.SIGKILL)
    news.wait_for(lambda heard: heard.losses)
    assert time.monotonic() - began < 1.0
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


def test_a_server_that_refuses_the_public_name_is_told(world: CloudflaredWorld, news: RecordedNews) -> None:
    from tests.fakes.origin import picky_server

    with picky_server() as origin:
        context = make_context(world, origin, news)
        session = world.backend.open(context)
        news.wait_for(lambda heard: heard.reports[-1][0] == dataclasses.replace(session.extras, host_refused=True))
        session.close(context)


def test_a_local_server_that_is_silent_delays_nothing(world: CloudflaredWorld, news: RecordedNews) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        context = make_context(world, Target("http", "127.0.0.1", silent.getsockname()[1]), news)
        world.services = dataclasses.replace(
            world.services, timing=dataclasses.replace(world.services.timing, origin_look=30.0)
        )
        session = CloudflaredBackend(world.services).open(context)  # which returns while that look still waits
        session.close(context)
