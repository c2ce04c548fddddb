"""What the network around a published address does to it, and to the wish for it. The kernel's part is played."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import IPv4Network

import pytest

from portway.backends.lan.backend import LanBackend
from portway.backends.lan.declaration import LanTiming
from portway.backends.lan.session import LanSession
from portway.core.codes import Code
from portway.core.timing import Timing
from portway.system.services import Services
from tests.backends.lan.conftest import Publish
from tests.backends.lan.stand.runs import run_of, skip_without_aliases
from tests.backends.lan.stand.visitors import PUBLISHED, get
from tests.backends.lan.stand.world import OTHER_ROUTER, ROUTER, World, settle, tell_of_change
from tests.fakes.backends.news import RecordedNews
from tests.fakes.origins.http import HttpOrigin
from tests.fakes.origins.page import PAGE


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def patience() -> float:
    """Return how long an address may be gone, in seconds."""
    return 30.0


@pytest.fixture
def timing(timing: Timing, patience: float) -> Timing:
    return replace(LanTiming.of(timing), address_return=patience)


@pytest.fixture
def backend(services: Services, world: World) -> LanBackend:
    return LanBackend(services, world)


@pytest.fixture
def session(publish: Publish, site: HttpOrigin) -> LanSession:
    return publish(site.target)


class TestNetwork:
    """What the kernel tells is told by the test; tests with real interfaces are in test_namespaces.py."""

    def test_a_short_loss_keeps_the_url(self, session: LanSession, world: World, news: RecordedNews) -> None:
        url = session.public_url
        world.there = False
        tell_of_change(session)
        news.wait_for(lambda heard: heard.recoverings)
        assert news.recoverings[0].code is Code.NO_NETWORK
        assert PUBLISHED in news.recoverings[0].sentence
        world.there = True
        tell_of_change(session)
        news.wait_for(lambda heard: heard.recovered_urls == [url])
        assert get(url) == PAGE
        assert news.losses == []

    @pytest.mark.parametrize(
        "elsewhere", [{"gateway": OTHER_ROUTER}, {"network": IPv4Network("127.0.0.0/16")}], ids=["router", "subnet"]
    )
    def test_the_same_address_on_another_network_is_taken_down(
        self, session: LanSession, world: World, news: RecordedNews, elsewhere: dict[str, object]
    ) -> None:
        vars(world).update(elsewhere)
        tell_of_change(session)
        news.wait_for(lambda heard: heard.losses)
        assert news.losses[0].code is Code.NETWORK_CHANGED

    def test_a_return_without_its_router_is_not_believed(
        self, session: LanSession, world: World, news: RecordedNews
    ) -> None:
        world.there = False
        tell_of_change(session)
        news.wait_for(lambda heard: heard.recoverings)
        world.there, world.gateway = True, None
        tell_of_change(session)
        settle(session)
        assert news.recovered_urls == []
        world.gateway = OTHER_ROUTER
        tell_of_change(session)
        news.wait_for(lambda heard: heard.losses)
        assert news.losses[0].code is Code.NETWORK_CHANGED

    def test_a_router_that_is_gone_for_a_while_is_no_loss(
        self, session: LanSession, world: World, news: RecordedNews
    ) -> None:
        world.gateway = None
        tell_of_change(session)
        settle(session)
        assert news.recoverings == []
        assert news.losses == []

    def test_a_loss_while_it_was_opened_is_noticed(
        self, publish: Publish, site: HttpOrigin, world: World, news: RecordedNews
    ) -> None:
        world.reads_until_lost = 2  # to choose the address, and to know one's own
        publish(site.target)
        news.wait_for(lambda heard: heard.recoverings)

    def test_where_no_kernel_tells_it_looks_by_itself(
        self, publish: Publish, site: HttpOrigin, world: World, news: RecordedNews, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("portway.backends.lan.presence.subscribe_to_changes", lambda _topics: None)
        session = publish(site.target)
        for _ in range(2):
            world.there = False
            news.wait_for(lambda heard: len(heard.recoverings) > len(heard.recovered_urls))
            world.there = True
            news.wait_for(lambda heard: len(heard.recoverings) == len(heard.recovered_urls))
        assert set(news.recovered_urls) == {session.public_url}

    def test_a_closed_one_tells_nothing_more(
        self, session: LanSession, site: HttpOrigin, world: World, news: RecordedNews
    ) -> None:
        session.close(run_of(site.target, news))
        world.there = False
        session._loop.call(session._on_network_changed)
        assert news.recoverings == []


class TestLossThatLasts:
    @pytest.fixture
    def patience(self) -> float:
        return 0.2

    def test_is_final_and_told_once(self, session: LanSession, world: World, news: RecordedNews) -> None:
        world.there = False
        for _ in range(3):
            tell_of_change(session)
        news.wait_for(lambda heard: heard.losses)
        world.there = True
        tell_of_change(session)
        settle(session)
        assert [problem.code for problem in news.losses] == [Code.NO_NETWORK]
        assert len(news.recoverings) == 1
        assert news.recovered_urls == []


def test_a_wish_is_bound_to_its_network(services: Services, world: World, site: HttpOrigin, news: RecordedNews) -> None:
    skip_without_aliases()
    backend = LanBackend(services, world)
    assert backend.wish_facts() == {}
    context = run_of(site.target, news)
    session = backend.open(context)
    facts = backend.wish_facts()
    session.close(context)
    assert facts == {"subnet": "127.0.0.0/8", "gateway": str(ROUTER), "address": PUBLISHED}
    later = LanBackend(services, world)
    assert later.fits(facts) is None


_FACTS = {"subnet": "127.0.0.0/8", "gateway": str(ROUTER), "address": PUBLISHED}


@pytest.mark.parametrize(
    ("changed", "facts", "code"),
    [
        ({}, _FACTS, None),
        ({"there": False}, _FACTS, None),  # there is none yet: `open` says so, and it is asked again
        ({"gateway": OTHER_ROUTER}, _FACTS, Code.NETWORK_CHANGED),
        ({"network": IPv4Network("127.0.0.0/16")}, _FACTS, Code.NETWORK_CHANGED),
        ({"gateway": None}, _FACTS, Code.NO_NETWORK),  # it may still come: that is waited for
        ({"gateway": None}, {**_FACTS, "gateway": ""}, None),
        ({}, {**_FACTS, "gateway": ""}, Code.NETWORK_CHANGED),
        ({}, {**_FACTS, "address": "damaged"}, Code.NETWORK_CHANGED),
    ],
)
def test_a_wish_comes_back_only_on_its_network(
    services: Services, world: World, changed: dict[str, object], facts: dict[str, str], code: Code | None
) -> None:
    vars(world).update(changed)
    problem = LanBackend(services, world).fits(facts)
    assert (None if problem is None else problem.code) is code
