"""The local network on real interfaces: another device, another network, a cable that is pulled."""

from __future__ import annotations

import socket
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from ipaddress import IPv4Address

import pytest

from portway.backends.lan.backend import LanBackend
from portway.backends.lan.declaration import LanTiming
from portway.backends.lan.session import LanSession
from portway.core.backend import Context
from portway.core.codes import Code
from portway.core.errors import TunnelError
from portway.relay.engine.forwarder import Limits
from portway.system.services import Services
from tests.backends.lan.stand.namespaces import (
    CARD,
    HOST,
    OTHER,
    PHONE,
    PHONE_CARD,
    ROUTER,
    SECOND_ROUTER,
    SUBNET,
    Neighbourhood,
    NoNamespacesError,
    neighbourhood,
)
from tests.backends.lan.stand.responder import responder
from tests.backends.lan.stand.runs import extras_of, run_of
from tests.backends.lan.stand.visitors import connect, exactly, get, is_turned_away
from tests.fakes.backends.news import RecordedNews, wait_until
from tests.fakes.origins.http import HttpOrigin, http_origin
from tests.fakes.origins.page import PAGE
from tests.limits import SEEN

pytestmark = [
    pytest.mark.children,
    pytest.mark.network_namespace,
    pytest.mark.skipif(sys.platform != "linux", reason="network namespaces are Linux's"),
]


@pytest.fixture
def there() -> Iterator[Neighbourhood]:
    try:
        with neighbourhood() as there:
            yield there
    except NoNamespacesError as error:
        pytest.skip(f"no network namespaces: {error}")


@pytest.fixture
def site(there: Neighbourhood) -> Iterator[HttpOrigin]:
    """Serve on 127.0.0.1 of the host."""
    with http_origin() as origin:
        yield origin


@pytest.fixture
def patience() -> float:
    """Return how long an address may be gone, in seconds: the kernel itself tells of a carrier up to 1 s late."""
    return SEEN


@pytest.fixture
def name_answer() -> float:
    """Return how long answers about the name of this computer are waited for, in seconds."""
    return 0.3


@pytest.fixture
def backend(services: Services, limits: Limits, patience: float, name_answer: float) -> LanBackend:
    timing = replace(LanTiming.of(services.timing), address_return=patience, name_answer=name_answer)
    return LanBackend(replace(services, timing=timing), limits=limits)


@pytest.fixture
def context(site: HttpOrigin, news: RecordedNews) -> Context:
    return run_of(site.target, news, address="")  # the address is chosen, not given


@pytest.fixture
def session(backend: LanBackend, context: Context) -> Iterator[LanSession]:
    session = backend.open(context)
    yield session
    session.close(context)


def test_the_address_of_the_network_is_chosen(session: LanSession, news: RecordedNews) -> None:
    assert session.public_url == f"http://{HOST}:{session.port}"
    assert (extras_of(news).address, extras_of(news).interface) == (HOST, CARD)


def test_another_device_gets_in_and_is_told_of(there: Neighbourhood, session: LanSession, news: RecordedNews) -> None:
    assert extras_of(news).last_visitor_at is None
    assert there.at("phone", lambda: get(session.public_url, source=PHONE)) == PAGE
    news.wait_for(lambda heard: extras_of(heard).last_visitor_at)


def test_this_computer_gets_in_by_any_address_and_is_no_visitor(session: LanSession, news: RecordedNews) -> None:
    for source in (HOST, "10.99.0.10"):
        assert get(session.public_url, source=source) == PAGE
    assert extras_of(news).last_visitor_at is None


def test_the_target_sees_the_published_address(there: Neighbourhood, session: LanSession, news: RecordedNews) -> None:
    assert there.at("phone", lambda: get(session.public_url, "/peer", PHONE)).decode() == HOST
    assert not extras_of(news).seen_as_local


def test_another_network_is_kept_out(there: Neighbourhood, session: LanSession, news: RecordedNews) -> None:
    assert there.at("other", lambda: is_turned_away(session.public_url, OTHER))
    assert extras_of(news).last_visitor_at is None


def test_a_pulled_cable_is_noticed_and_a_quick_return_keeps_the_url(
    there: Neighbourhood, session: LanSession, news: RecordedNews
) -> None:
    url = session.public_url
    there.unplug()
    news.wait_for(lambda heard: heard.recoverings)
    assert news.recoverings[0].code is Code.NO_NETWORK
    there.plug_in()
    news.wait_for(lambda heard: heard.recovered_urls == [url])
    assert there.at("phone", lambda: get(url, source=PHONE)) == PAGE
    assert news.losses == []


def test_a_stream_survives_a_quick_return(
    there: Neighbourhood, site: HttpOrigin, session: LanSession, news: RecordedNews
) -> None:
    with there.at("phone", lambda: connect(session.public_url, PHONE)) as stream:
        stream.sendall(b"GET /events HTTP/1.1\r\nHost: x\r\n\r\n")
        wait_until(lambda: site.streams)
        there.unplug()
        news.wait_for(lambda heard: heard.recoverings)
        there.plug_in()
        news.wait_for(lambda heard: heard.recovered_urls)
        site.publish("still there")
        received = b""
        while b"data: still there\n\n" not in received:
            received += exactly(stream, 1)


def test_an_interface_that_is_switched_off_and_on_is_believed_with_its_router(
    there: Neighbourhood, session: LanSession, news: RecordedNews
) -> None:
    there.ip("host", f"link set {CARD} down")  # takes the routes with it
    news.wait_for(lambda heard: heard.recoverings)
    there.ip("host", f"link set {CARD} up")
    there.ip("host", f"route add default via {ROUTER} dev {CARD}")
    news.wait_for(lambda heard: heard.recovered_urls == [session.public_url])


def test_an_address_that_is_removed_and_comes_back_keeps_the_url(
    there: Neighbourhood, session: LanSession, news: RecordedNews
) -> None:
    there.ip("host", f"address delete {HOST}/24 dev {CARD}")
    news.wait_for(lambda heard: heard.recoverings)
    there.ip("host", f"address add {HOST}/24 dev {CARD}")
    there.ip("host", f"route replace default via {ROUTER} dev {CARD}")
    news.wait_for(lambda heard: heard.recovered_urls == [session.public_url])


def test_another_network_with_the_same_address_takes_it_down(
    there: Neighbourhood, backend: LanBackend, session: LanSession, news: RecordedNews
) -> None:
    facts = backend.wish_facts()
    assert facts == {"subnet": SUBNET, "gateway": ROUTER, "address": ""}
    there.ip("host", f"route replace default via {SECOND_ROUTER} dev {CARD}")
    news.wait_for(lambda heard: heard.losses)
    assert news.losses[0].code is Code.NETWORK_CHANGED
    misfit = backend.fits(facts)
    assert misfit is not None
    assert misfit.code is Code.NETWORK_CHANGED


def test_without_a_network_there_is_nothing_to_publish(
    there: Neighbourhood, backend: LanBackend, context: Context
) -> None:
    there.ip("host", f"link set {CARD} down")
    with pytest.raises(TunnelError) as caught:
        backend.open(context)
    assert caught.value.code is Code.NO_NETWORK


class TestLossThatLasts:
    @pytest.fixture
    def patience(self) -> float:
        return 0.2

    def test_a_cable_that_stays_pulled_ends_it(
        self, there: Neighbourhood, session: LanSession, news: RecordedNews
    ) -> None:
        there.unplug()
        news.wait_for(lambda heard: heard.losses)
        assert news.losses[0].code is Code.NO_NETWORK

    def test_another_address_takes_another_session(
        self, there: Neighbourhood, backend: LanBackend, context: Context, session: LanSession, news: RecordedNews
    ) -> None:
        there.ip("host", f"address delete {HOST}/24 dev {CARD}")
        there.ip("host", f"address add 192.168.77.11/24 dev {CARD}")
        there.ip("host", f"route replace default via {ROUTER} dev {CARD}")
        news.wait_for(lambda heard: heard.losses)
        facts = backend.wish_facts()
        session.close(context)
        assert backend.fits(facts) is None  # it is the same network
        with closing(_Closing(backend.open(context), context)) as later:
            assert later.session.public_url == f"http://192.168.77.11:{session.port}"
            assert there.at("phone", lambda: get(later.session.public_url, source=PHONE)) == PAGE


class TestVanishedVisitor:
    @pytest.fixture
    def limits(self) -> Limits:
        return Limits(silent_after=1, asked_every=1, asked_times=1, unacknowledged=1)

    def test_is_given_up(self, there: Neighbourhood, site: HttpOrigin, session: LanSession) -> None:
        with there.at("phone", lambda: connect(session.public_url, PHONE)) as stream:
            stream.sendall(b"GET /events HTTP/1.1\r\nHost: x\r\n\r\n")
            wait_until(lambda: site.streams)
            assert session._forwarder.connections == 1
            there.ip("phone", f"address delete {PHONE}/24 dev {PHONE_CARD}")  # it goes without a word
            wait_until(lambda: session._forwarder.connections == 0)


class TestName:
    @pytest.fixture
    def name_answer(self) -> float:
        return 3.0

    @pytest.fixture(autouse=True)
    def host_name(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(socket, "gethostname", lambda: "desk")

    @pytest.mark.parametrize("owners", [[HOST], [PHONE], [HOST, PHONE]], ids=["ours", "another's", "both's"])
    @pytest.mark.usefixtures("there")
    def test_is_shown_only_if_it_is_ours_alone(
        self,
        owners: list[str],
        backend: LanBackend,
        context: Context,
        news: RecordedNews,
    ) -> None:
        place = responder("desk.local", *map(IPv4Address, owners), at=IPv4Address(HOST))
        with place, closing(_Closing(backend.open(context), context)) as opened:
            session = opened.session
            wait_until(lambda: session._query is None)
            assert extras_of(news).name_url == (f"http://desk.local:{session.port}" if owners == [HOST] else None)
            assert session.public_url == f"http://{HOST}:{session.port}"  # the name is only added

    def test_is_not_shown_where_nobody_answers(self, session: LanSession, news: RecordedNews) -> None:
        wait_until(lambda: session._query is None)
        assert extras_of(news).name_url is None


class _Closing:
    """Closes a session by the name that `closing` knows."""

    def __init__(self, session: LanSession, context: Context) -> None:
        self.session = session
        self._context = context

    def close(self) -> None:
        self.session.close(self._context)
