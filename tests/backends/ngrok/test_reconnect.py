"""What becomes of a tunnel whose connection breaks, dies or is ended by others: the real SDK, our policy."""

from __future__ import annotations

import dataclasses
import threading
import time
from collections.abc import Iterator

import pytest

from portway.backends.ngrok.backend import NgrokBackend, NgrokOptions
from portway.backends.ngrok.endpoint_supervisor import NgrokSession
from portway.core.backend import Context, Session
from portway.core.codes import Code
from portway.system.services import Services
from tests.backends.ngrok.conftest import with_limits
from tests.backends.ngrok.test_tunnel import visit
from tests.fakes.backends.news import RecordedNews, wait_until
from tests.fakes.ngrok.edge import Account, Kind, NgrokEdge
from tests.fakes.origins.page import PAGE
from tests.limits import AT_ONCE


@pytest.fixture
def session(backend: NgrokBackend, context: Context) -> Iterator[Session]:
    session = backend.open(context)
    yield session
    session.close(context)


@pytest.fixture
def beating(edge: NgrokEdge, services: Services, context: Context) -> Iterator[Session]:
    """Return a session whose heart beats each second: less is not possible."""
    backend = NgrokBackend(with_limits(services, heartbeat=1.0))
    session = backend.open(context)
    yield session
    session.close(context)
    backend.shut_down()


@pytest.mark.parametrize("trouble", [NgrokEdge.cut, NgrokEdge.go_away])
def test_comes_back_after_a_cut(edge: NgrokEdge, session: Session, news: RecordedNews, trouble: object) -> None:
    url = session.public_url
    trouble(edge)  # type: ignore[operator]
    news.wait_for(lambda heard: heard.recoverings)
    assert news.recoverings[0].code is Code.NO_NETWORK
    news.wait_for(lambda heard: heard.recovered_urls == [url])
    assert visit(edge, url).content == PAGE


def test_keeps_a_url_that_was_given_by_chance(
    edge: NgrokEdge, backend: NgrokBackend, context: Context, news: RecordedNews
) -> None:
    session = backend.open(dataclasses.replace(context, options=NgrokOptions()))
    url = session.public_url
    edge.cut()
    news.wait_for(lambda heard: heard.recovered_urls == [url])
    assert visit(edge, url).content == PAGE
    session.close(context)


def test_comes_back_after_an_outage_that_the_sdk_gives_up_on(
    edge: NgrokEdge, session: Session, news: RecordedNews, expected_logs: pytest.LogCaptureFixture
) -> None:
    url = session.public_url
    edge.close_door()
    edge.cut()
    # The SDK's own tries are over after 2.6 s; its next one would come 2 minutes later.
    wait_until(lambda: "given up" in expected_logs.text)
    edge.open_door()
    news.wait_for(lambda heard: heard.recovered_urls == [url])
    assert visit(edge, url).content == PAGE
    assert edge.sessions == 1


def test_missed_heartbeats_are_a_loss(edge: NgrokEdge, beating: Session, news: RecordedNews) -> None:
    url = beating.public_url
    edge.freeze()
    news.wait_for(lambda heard: heard.recoverings)
    edge.wait_for("bind refused")  # the service still takes our dead session for somebody else's
    edge.cut()
    news.wait_for(lambda heard: heard.recovered_urls == [url])
    assert visit(edge, url).content == PAGE


def test_sleep_of_the_computer_makes_the_connection_anew(
    edge: NgrokEdge, services: Services, context: Context, news: RecordedNews
) -> None:
    asleep = 0.0
    backend = NgrokBackend(with_limits(services, heartbeat=1.0), clock=lambda: time.monotonic() + asleep)
    session = backend.open(context)
    edge.wait_for("beat", 2)
    asleep = 3600.0
    news.wait_for(lambda heard: heard.recovered_urls == [session.public_url])
    assert edge.count("bind") == 2
    session.close(context)
    backend.shut_down()


@pytest.mark.parametrize("code", ["ERR_NGROK_727", None])
def test_a_stop_by_the_service_is_seen(edge: NgrokEdge, session: Session, news: RecordedNews, code: str | None) -> None:
    edge.stop_endpoint(code)
    news.wait_for(lambda heard: heard.losses)
    assert news.losses[0].code is Code.REFUSED_BY_SERVICE
    assert ("727" in news.losses[0].sentence) == (code is not None)


def test_a_stop_is_seen_even_after_the_sdk_has_reconnected(
    edge: NgrokEdge, session: Session, news: RecordedNews
) -> None:
    edge.cut()
    news.wait_for(lambda heard: heard.recovered_urls)
    edge.stop_endpoint()
    news.wait_for(lambda heard: heard.losses)
    assert news.losses[0].key == "refused_by_service.ngrok_stopped"


def test_however_often_the_sdk_has_reconnected_one_look_at_a_time_is_enough(
    edge: NgrokEdge, session: NgrokSession, news: RecordedNews
) -> None:
    for times in (1, 2):  # the third one within ten seconds would be made by us
        edge.cut()
        news.wait_for(lambda heard, times=times: len(heard.recovered_urls) == times)  # type: ignore[misc]  # of a lambda's default nothing is known
    assert len(session._supervisor._watchers) <= 3  # for the end, for sleep, for a stop that the SDK overlooks


def test_a_stop_of_the_agent_from_the_dashboard_is_obeyed(
    edge: NgrokEdge, session: Session, news: RecordedNews, context: Context
) -> None:
    assert edge.command(Kind.STOP) == {}
    news.wait_for(lambda heard: heard.losses)
    session.close(context)
    wait_until(lambda: edge.urls == [])


def test_a_restart_from_the_dashboard_is_obeyed(edge: NgrokEdge, session: Session, news: RecordedNews) -> None:
    assert edge.command(Kind.RESTART) == {}
    news.wait_for(lambda heard: heard.recovered_urls == [session.public_url])
    assert edge.count("connected") == 2


def test_an_update_from_the_dashboard_is_declined(edge: NgrokEdge, session: Session) -> None:
    assert edge.command(Kind.UPDATE)["Error"]


def test_a_token_that_was_revoked_meanwhile_is_told(
    edge: NgrokEdge, session: Session, account: Account, news: RecordedNews
) -> None:
    account.revoked = True
    edge.cut()
    news.wait_for(lambda heard: heard.losses)
    assert news.losses[0].code is Code.TOKEN_REJECTED
    assert news.recovered_urls == []


def test_a_session_that_was_replaced_elsewhere_is_not_fought_for(
    edge: NgrokEdge, services: Services, context: Context, account: Account, news: RecordedNews
) -> None:
    backend = NgrokBackend(with_limits(services, forgotten_after=2.0))
    session = backend.open(context)
    account.sessions_allowed = 0  # somebody else has it
    edge.cut()
    news.wait_for(lambda heard: heard.losses)
    assert news.losses[0].code is Code.TOO_MANY_SESSIONS
    session.close(context)
    backend.shut_down()


def test_our_own_dead_session_that_still_counts_is_waited_for(
    edge: NgrokEdge, beating: Session, account: Account, news: RecordedNews
) -> None:
    account.sessions_allowed = 1
    edge.freeze()
    edge.wait_for("auth refused")  # the service takes our dead session for somebody else's
    edge.cut()
    news.wait_for(lambda heard: heard.recovered_urls == [beating.public_url])
    assert edge.sessions == 1


def test_our_own_dead_session_does_not_keep_the_next_tunnel_out(
    edge: NgrokEdge, services: Services, context: Context, account: Account
) -> None:
    account.sessions_allowed = 1
    backend = NgrokBackend(with_limits(services, unbind=0.3))
    session = backend.open(context)
    edge.freeze()
    session.close(context)  # nobody answers, so it is hung up

    def forget_once_refused() -> None:
        edge.wait_for("auth refused")
        edge.cut()

    thaw = threading.Thread(target=forget_once_refused)
    thaw.start()
    session = backend.open(context)
    thaw.join()
    assert edge.urls == [session.public_url]
    session.close(context)
    backend.shut_down()


def test_a_stop_from_the_dashboard_gives_the_place_in_the_account_back(
    edge: NgrokEdge, backend: NgrokBackend, context: Context, account: Account, news: RecordedNews
) -> None:
    account.sessions_allowed = 1
    session = backend.open(context)
    edge.command(Kind.STOP)
    news.wait_for(lambda heard: heard.losses)
    session.close(context)
    wait_until(lambda: edge.sessions == 0)
    again = backend.open(context)
    assert edge.count("auth refused") == 0
    again.close(context)


def test_can_be_closed_while_it_waits_for_the_service(
    edge: NgrokEdge, backend: NgrokBackend, context: Context, news: RecordedNews
) -> None:
    session = backend.open(context)
    edge.close_door()
    edge.cut()
    news.wait_for(lambda heard: heard.recoverings)
    began = time.monotonic()
    session.close(context)
    assert time.monotonic() - began < AT_ONCE
    assert news.losses == []
