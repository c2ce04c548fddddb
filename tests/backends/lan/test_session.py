"""What a published address tells while it is up: who came, what may keep others out, and how the target is."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta

import pytest

from portway.backends.lan.backend import LanBackend
from portway.backends.lan.firewall import Firewall
from portway.backends.lan.visitors import Proof
from portway.core.codes import Code
from portway.core.errors import TunnelError
from portway.core.target import Target
from portway.relay.capture.recorder import Recorder
from portway.relay.capture.store import ExchangeStore
from portway.system.services import Services
from portway.system.storage.state_file import StateFile
from tests.backends.lan.conftest import Publish
from tests.backends.lan.stand.runs import extras_of, run_of, skip_without_aliases
from tests.backends.lan.stand.visitors import PUBLISHED, VISITOR, get, is_turned_away
from tests.backends.lan.stand.world import settle
from tests.fakes.backends.news import RecordedNews, wait_until
from tests.fakes.origins.http import HttpOrigin, http_origin
from tests.fakes.origins.page import PAGE
from tests.fakes.origins.ports import kept_port, nobody


class TestVisitors:
    def test_this_computer_itself_is_no_visitor(self, public_url: str, news: RecordedNews) -> None:
        for source in ("127.0.0.1", PUBLISHED):
            assert get(public_url, source=source) == PAGE
        assert extras_of(news).last_visitor_at is None

    def test_the_first_one_is_told_with_the_time(self, public_url: str, news: RecordedNews) -> None:
        assert get(public_url, source=VISITOR) == PAGE
        news.wait_for(lambda heard: extras_of(heard).last_visitor_at)
        at = extras_of(news).last_visitor_at
        assert at is not None
        assert timedelta() <= datetime.now(UTC) - at < timedelta(seconds=30)

    def test_a_crowd_is_not_told_one_by_one(self, public_url: str, news: RecordedNews) -> None:
        told = len(news.reports)
        for number in range(20):
            get(public_url, source=f"127.0.0.{3 + number}")
        assert len(news.reports) == told + 1

    def test_is_told_of_even_where_the_target_is_down(self, publish: Publish, news: RecordedNews) -> None:
        with nobody() as gone:
            url = publish(gone).public_url
            assert is_turned_away(url)
            news.wait_for(lambda heard: extras_of(heard).last_visitor_at)


def test_tells_a_recorder_of_each_visit(backend: LanBackend, site: HttpOrigin, news: RecordedNews) -> None:
    store = ExchangeStore()
    store.record("lan", on=True)
    context = dataclasses.replace(run_of(site.target, news), recorder=Recorder(store, "lan"))
    session = backend.open(context)
    try:
        assert get(session.public_url, source=VISITOR) == PAGE
        wait_until(lambda: [row.client for row in store.rows("lan")] == [VISITOR])
    finally:
        session.close(context)


class TestFirewall:
    @pytest.fixture
    def backend(self, services: Services) -> LanBackend:
        backend = LanBackend(services)
        backend._firewall = Firewall.UFW  # as found by an earlier look
        return backend

    @pytest.mark.usefixtures("public_url")
    def test_may_be_why_nobody_came(self, news: RecordedNews) -> None:
        news.wait_for(lambda heard: extras_of(heard).may_be_blocked)
        assert len(news.reports) == 2  # it was not said at once
        extras = extras_of(news)
        assert extras.firewall_command == f"sudo ufw allow from 127.0.0.0/8 to any port {extras.listen_port} proto tcp"

    def test_is_no_longer_suspected_once_somebody_comes(self, public_url: str, news: RecordedNews) -> None:
        news.wait_for(lambda heard: extras_of(heard).may_be_blocked)
        get(public_url)
        news.wait_for(lambda heard: not extras_of(heard).may_be_blocked)

    def test_is_not_suspected_where_somebody_came(self, publish: Publish, site: HttpOrigin, news: RecordedNews) -> None:
        session = publish(site.target)
        get(session.public_url)
        session._visitors.nobody_came()
        assert not extras_of(news).may_be_blocked


@pytest.mark.parametrize("firewall", [Firewall.OFF, Firewall.UNKNOWN])
def test_a_firewall_that_is_not_known_to_be_on_is_not_blamed(
    backend: LanBackend, publish: Publish, site: HttpOrigin, news: RecordedNews, firewall: Firewall
) -> None:
    backend._firewall = firewall
    publish(site.target)._visitors.nobody_came()
    assert extras_of(news).firewall is firewall
    assert not extras_of(news).may_be_blocked
    assert extras_of(news).firewall_command is None


class TestLocalServer:
    @pytest.fixture
    def servers(self) -> Iterator[tuple[HttpOrigin, HttpOrigin]]:
        """Serve at both addresses of localhost, on one port."""
        with ExitStack() as stack:
            try:
                port = stack.enter_context(kept_port("127.0.0.1", "::1"))
            except OSError:
                pytest.skip("this computer has no IPv6")
            yield stack.enter_context(http_origin("127.0.0.1", port)), stack.enter_context(http_origin("::1", port))

    def test_visitors_are_served_from_where_it_answers_now(
        self, publish: Publish, servers: tuple[HttpOrigin, HttpOrigin]
    ) -> None:
        four, six = servers
        localhost = Target("http", "localhost", four.target.port)
        session = publish(localhost)
        assert get(session.public_url) == PAGE
        session.retarget(localhost.at("::1"))
        settle(session)
        assert get(session.public_url) == PAGE
        assert (len(four.peers), len(six.peers)) == (1, 1)

    def test_another_one_takes_over_without_a_new_url(
        self, publish: Publish, site: HttpOrigin, news: RecordedNews
    ) -> None:
        session = publish(site.target)
        with http_origin("0.0.0.0") as other:
            there = Target("http", "127.0.0.1", other.target.port)
            assert session.lead(there, there, "own.example")
            settle(session)
            assert get(session.public_url, "/host") == b"own.example"
            assert (len(site.peers), len(other.peers)) == (0, 1)
            assert extras_of(news).reachable_directly

    def test_another_one_has_the_same_port_at_a_later_start(
        self, publish: Publish, services: Services, site: HttpOrigin, news: RecordedNews
    ) -> None:
        session = publish(site.target)
        with http_origin() as other:
            assert session.lead(other.target, other.target, "")
            context = run_of(other.target, news)
            session.close(context)
            later = LanBackend(dataclasses.replace(services, app_state=StateFile(services.app_state.path))).open(
                context
            )
            try:
                assert later.port == session.port
                assert get(later.public_url) == PAGE
            finally:
                later.close(context)

    def test_another_scheme_would_be_another_url(self, publish: Publish, site: HttpOrigin) -> None:
        session = publish(site.target)
        other = Target("https", "127.0.0.1", site.target.port + 1)
        assert not session.lead(other, other, "")
        assert get(session.public_url) == PAGE

    def test_one_that_listens_everywhere_is_reachable_without_us(self, publish: Publish, news: RecordedNews) -> None:
        with http_origin("0.0.0.0") as wide:
            publish(Target("http", "127.0.0.1", wide.target.port))
            assert extras_of(news).reachable_directly

    @pytest.mark.usefixtures("public_url")
    def test_one_that_listens_on_loopback_is_not(self, news: RecordedNews) -> None:
        assert not extras_of(news).reachable_directly
        assert not extras_of(news).seen_as_local


def test_the_status_says_where_it_is_published(public_url: str, news: RecordedNews) -> None:
    extras = extras_of(news)
    assert public_url == f"http://{PUBLISHED}:{extras.listen_port}"
    assert extras.address == PUBLISHED
    assert extras.interface is not None
    assert extras.name_url is None


def test_an_https_target_stays_https(publish: Publish, site: HttpOrigin) -> None:
    target = Target("https", "127.0.0.1", site.target.port)
    assert publish(target).public_url.startswith(f"https://{PUBLISHED}:")


def test_its_port_is_owned_while_it_listens(
    backend: LanBackend, publish: Publish, site: HttpOrigin, news: RecordedNews
) -> None:
    assert backend.own_ports() == frozenset()
    session = publish(site.target)
    assert backend.own_ports() == {session.port}
    session.close(run_of(site.target, news))
    assert backend.own_ports() == frozenset()
    assert extras_of(news).listen_port is None


def test_the_port_is_the_same_the_next_time(publish: Publish, site: HttpOrigin, news: RecordedNews) -> None:
    first = publish(site.target)
    first.close(run_of(site.target, news))
    assert publish(site.target).public_url == first.public_url


def test_an_address_that_does_not_lead_to_us_is_not_published(
    backend: LanBackend, site: HttpOrigin, news: RecordedNews, monkeypatch: pytest.MonkeyPatch
) -> None:
    skip_without_aliases()
    monkeypatch.setattr("portway.backends.lan.session.prove", lambda *_: Proof(given=False, visitors=()))
    with pytest.raises(TunnelError) as caught:
        backend.open(run_of(site.target, news))
    assert caught.value.code is Code.NO_NETWORK
    assert backend.own_ports() == frozenset()
