"""A connection that broke while the computer slept: cloudflared takes it for a good one for minutes, people do not."""

from __future__ import annotations

import contextlib
import dataclasses
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator

import pytest
import trustme

from portway.backends.cloudflared.backend import CloudflaredBackend
from portway.backends.cloudflared.declaration import CloudflaredTiming
from portway.backends.cloudflared.resume_probe import visit
from portway.core.backend import Context, Session
from portway.core.cancel import CancelToken
from tests.backends.cloudflared.conftest import CloudflaredWorld
from tests.fakes.backends.news import RecordedNews, wait_until
from tests.limits import SEEN

pytestmark = pytest.mark.children

HOUR = 3600.0


class Night:
    """A clock that can jump, and a visitor from outside, who may find no network."""

    def __init__(self, world: CloudflaredWorld) -> None:
        self._world = world
        self.asleep = 0.0
        self.offline = False
        self.visits = 0
        self.looks = 0

    def clock(self) -> float:
        self.looks += 1
        return time.monotonic() + self.asleep

    def visit(self, public_url: str, _limit: float) -> bool:
        self.visits += 1
        if self.offline:
            return False
        with contextlib.suppress(OSError):
            self._world.fetch(public_url)
        return True

    def wait_for_visits(self, count: int) -> None:
        wait_until(lambda: self.visits >= count, what=f"{count} visits")


@pytest.fixture
def night(world: CloudflaredWorld) -> Night:
    made = Night(world)
    timing = dataclasses.replace(
        CloudflaredTiming.of(world.services.timing),
        edge_look=0.1,
        words_look=0.05,
        origin_watch_down=0.1,
        silent_loss=30.0,
    )
    world.services = dataclasses.replace(world.services, timing=timing)
    world.backend = CloudflaredBackend(world.services, clock=made.clock, visit=made.visit)
    return made


@pytest.fixture
def session(world: CloudflaredWorld, context: Context, night: Night) -> Iterator[Session]:
    opened = world.backend.open(context)
    yield opened
    opened.close(context)
    wait_until(no_doubt, what="the end of the doubt")


def no_doubt() -> bool:
    return all(thread.name != "look after sleep" for thread in threading.enumerate())


def test_a_tunnel_that_still_carries_is_visited_once_and_nothing_is_told(
    session: Session, night: Night, news: RecordedNews
) -> None:
    night.asleep = HOUR
    night.wait_for_visits(1)
    wait_until(no_doubt)
    assert night.visits == 1
    assert news.recoverings == []


def test_one_that_does_not_is_told_with_its_url_kept_until_cloudflared_itself_is_back(
    world: CloudflaredWorld, session: Session, night: Night, news: RecordedNews
) -> None:
    world.ask("/_fake/silence")
    night.asleep = HOUR
    news.wait_for(lambda heard: heard.recoverings)
    assert news.recoverings[0].key == "edge_unreachable.slept"
    night.wait_for_visits(3)
    night.asleep += HOUR
    night.wait_for_visits(6)
    assert news.recovered_urls == []  # although its /ready says 200 all the time
    world.ask("/_fake/edge-down")
    wait_until(no_doubt)
    world.ask("/_fake/edge-up")
    news.wait_for(lambda heard: heard.recovered_urls)
    assert news.recovered_urls == [session.public_url]
    assert len(news.recoverings) == 1
    assert world.service.names == 1


def test_a_visit_that_arrives_after_all_ends_the_doubt(
    world: CloudflaredWorld, session: Session, night: Night, news: RecordedNews
) -> None:
    world.ask("/_fake/silence")
    night.asleep = HOUR
    news.wait_for(lambda heard: heard.recoverings)
    world.ask("/_fake/edge-up")
    news.wait_for(lambda heard: heard.recovered_urls == [session.public_url])


def test_a_network_that_is_not_back_yet_proves_nothing(
    world: CloudflaredWorld, session: Session, night: Night, news: RecordedNews
) -> None:
    world.ask("/_fake/silence")
    night.offline = True
    night.asleep = HOUR
    night.wait_for_visits(3)
    assert news.recoverings == []
    night.offline = False
    news.wait_for(lambda heard: heard.recoverings)


def test_the_doubt_ends_where_cloudflared_must_know_by_itself(
    world: CloudflaredWorld, night: Night, context: Context, news: RecordedNews
) -> None:
    """Something between here and Cloudflare may answer for it."""
    timing = dataclasses.replace(CloudflaredTiming.of(world.services.timing), silent_loss=0.3)
    services = dataclasses.replace(world.services, timing=timing)
    session = CloudflaredBackend(services, clock=night.clock, visit=lambda _url, _limit: True).open(context)
    night.asleep = HOUR
    news.wait_for(lambda heard: heard.recoverings)
    news.wait_for(lambda heard: heard.recovered_urls == [session.public_url])
    session.close(context)


def test_a_short_pause_is_no_sleep(session: Session, night: Night) -> None:
    night.asleep = 15.0  # cloudflared gets over such a gap by itself
    looks = night.looks
    wait_until(lambda: night.looks >= looks + 3)
    assert night.visits == 0


def test_a_tunnel_that_is_closed_meanwhile_leaves_nobody_waiting(
    world: CloudflaredWorld, context: Context, night: Night
) -> None:
    session = world.backend.open(context)
    world.ask("/_fake/silence")
    night.asleep = HOUR
    night.wait_for_visits(1)
    session.close(context)
    wait_until(no_doubt)


Meet = Callable[[socket.socket], None]


def answers(client: socket.socket) -> None:
    client.recv(1 << 16)
    client.sendall(b"HTTP/1.1 530 \r\nContent-Length: 0\r\n\r\n")


def hangs(client: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while client.recv(1 << 16):
            pass


def hangs_up(_client: socket.socket) -> None:
    """Say nothing at all."""


def is_not_genuine(client: socket.socket) -> None:
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(tls)
    with contextlib.suppress(OSError):
        tls.wrap_socket(client, server_side=True).close()


@pytest.mark.parametrize(
    ("scheme", "meet", "reached"),
    [("http", answers, True), ("http", hangs, True), ("http", hangs_up, False), ("https", is_not_genuine, False)],
)
def test_who_counts_as_cloudflare(scheme: str, meet: Meet, *, reached: bool) -> None:
    def serve() -> None:
        client, _ = listening.accept()
        with client:
            client.settimeout(SEEN)
            meet(client)

    with socket.create_server(("127.0.0.1", 0)) as listening:
        serving = threading.Thread(target=serve)
        serving.start()
        limit = 0.3 if meet is hangs else SEEN
        assert visit(f"{scheme}://127.0.0.1:{listening.getsockname()[1]}", limit) is reached
        serving.join(SEEN)


def test_where_nobody_listens_nobody_is_reached() -> None:
    assert not visit("http://127.0.0.1:1", SEEN)


def test_visits_are_counted_by_the_program_itself(world: CloudflaredWorld, context: Context) -> None:
    from portway.backends.cloudflared.metrics import Metrics

    session = world.backend.open(context)
    metrics = Metrics(int(world.record["metricsPort"]), CancelToken())
    assert metrics.visits() == 0
    world.fetch(session.public_url)
    assert metrics.visits() == 1
    session.close(context)
    assert metrics.visits() is None
