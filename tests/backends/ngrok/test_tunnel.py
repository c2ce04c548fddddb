"""One tunnel through the real SDK: its URL, what visitors get, how it ends, and what stays connected."""

from __future__ import annotations

import dataclasses
import hashlib
import threading
import time
from collections.abc import Callable, Iterator

import pytest
import requests

from portway.backends.ngrok.backend import NgrokBackend, NgrokExtras, NgrokOptions
from portway.backends.ngrok.declaration import sdk_version
from portway.core.backend import Context
from portway.core.cancel import CancelToken
from portway.core.codes import Code
from portway.core.errors import AuthNeeded, Cancelled, TunnelError
from portway.system.services import Services
from tests.backends.ngrok.conftest import DOMAIN, with_limits
from tests.fakes.backends.news import KnownSecrets, RecordedNews, wait_until
from tests.fakes.ngrok.edge import Kind, NgrokEdge
from tests.fakes.origins.busy import CONTENT, BusyServer, busy_server
from tests.fakes.origins.page import PAGE
from tests.limits import AT_ONCE, NEVER, SEEN

HELD_LIMIT = 30.0  # seconds: only bounds a hang


def visit(edge: NgrokEdge, url: str, *, stream: bool = False) -> requests.Response:
    return requests.get(url, proxies={"https": edge.proxy}, verify=str(edge.ca_file), timeout=SEEN, stream=stream)


def test_has_the_domain_that_was_asked_for(edge: NgrokEdge, backend: NgrokBackend, context: Context) -> None:
    session = backend.open(context)
    assert session.public_url == f"https://{DOMAIN}"
    assert visit(edge, session.public_url).content == PAGE
    session.close(context)
    assert edge.urls == []


def test_has_a_url_of_the_service_where_no_domain_is_named(
    edge: NgrokEdge, backend: NgrokBackend, context: Context
) -> None:
    session = backend.open(dataclasses.replace(context, options=NgrokOptions()))
    assert edge.urls == [session.public_url]
    session.close(context)


def test_reports_domain_and_sdk(backend: NgrokBackend, context: Context, news: RecordedNews) -> None:
    backend.open(context).close(context)
    up, rest = (extras for extras, _pid in news.reports)
    assert up == NgrokExtras(domain=DOMAIN, sdk_version=sdk_version())
    assert rest == NgrokExtras(sdk_version=sdk_version())


def test_names_itself_to_the_service(edge: NgrokEdge, backend: NgrokBackend, context: Context) -> None:
    session = backend.open(context)
    assert edge.last_request["UserAgent"].startswith("portway/")
    assert edge.last_request["StopUnsupportedError"] == ""  # a stop from the dashboard is obeyed
    session.close(context)


class TestTraffic:
    @pytest.fixture
    def busy(self) -> Iterator[BusyServer]:
        with busy_server() as server:
            yield server

    @pytest.fixture
    def url(self, backend: NgrokBackend, context: Context, busy: BusyServer) -> Iterator[str]:
        here = dataclasses.replace(context, target=busy.target, origin=busy.target)
        session = backend.open(here)
        yield session.public_url
        session.close(here)

    def test_large_answers_arrive_whole(self, edge: NgrokEdge, url: str) -> None:
        assert visit(edge, f"{url}/large").content == CONTENT

    def test_large_requests_arrive_whole(self, edge: NgrokEdge, url: str) -> None:
        answer = requests.post(url, CONTENT, proxies={"https": edge.proxy}, verify=str(edge.ca_file), timeout=SEEN)
        assert answer.text == hashlib.sha256(CONTENT).hexdigest()

    def test_events_arrive_one_by_one(self, edge: NgrokEdge, url: str, busy: BusyServer) -> None:
        with visit(edge, f"{url}/events", stream=True) as answer:
            lines = answer.iter_lines(chunk_size=1)
            assert next(lines) == b"data: first"
            busy.first_was_read.set()
            assert b"data: second" in list(lines)


@pytest.mark.parametrize("host_header", ["", "localhost:3000"])
def test_a_server_that_knows_only_its_own_name_is_served_under_it(
    edge: NgrokEdge, backend: NgrokBackend, context: Context, host_header: str
) -> None:
    refused = host_header == ""
    with busy_server() as busy:
        options = NgrokOptions(host_header=host_header)
        news = RecordedNews()
        here = dataclasses.replace(context, target=busy.target, origin=busy.target, options=options, listener=news)
        session = backend.open(here)
        extras = news.reports[-1][0]
        assert isinstance(extras, NgrokExtras)
        assert visit(edge, session.public_url).status_code == (403 if refused else 200)
        assert visit(edge, f"{session.public_url}/host").text == (host_header or extras.domain)
        session.close(here)


def test_is_off_at_once_and_stays_connected(edge: NgrokEdge, services: Services, context: Context) -> None:
    backend = NgrokBackend(with_limits(services, unbind=NEVER, hang_up=NEVER))
    session = backend.open(context)
    began = time.monotonic()
    session.close(context)
    assert time.monotonic() - began < AT_ONCE
    assert edge.urls == []
    backend.open(context).close(context)
    backend.shut_down()
    assert edge.count("connected") == 1  # so a second tunnel needs no second session of the account
    assert edge.count("unbind") == 2


def test_hangs_up_for_another_token(edge: NgrokEdge, backend: NgrokBackend, context: Context) -> None:
    backend.open(context).close(context)
    other = edge.account(sessions_allowed=1)
    for _ in range(2):
        session = backend.open(
            dataclasses.replace(context, options=NgrokOptions(), secrets=KnownSecrets({"auth_token": other.token}))
        )
        session.close(context)
    edge.wait_for("gone")
    assert edge.sessions == 1


def test_a_new_session_is_possible_after_hanging_up(edge: NgrokEdge, backend: NgrokBackend, context: Context) -> None:
    """One-session accounts answer 108 as long as the former connection stands."""
    account = edge.account(sessions_allowed=1)
    here = dataclasses.replace(context, options=NgrokOptions(), secrets=KnownSecrets({"auth_token": account.token}))
    for _ in range(2):
        backend.open(here).close(here)
        backend.shut_down()
        edge.wait_for("gone")
        wait_until(lambda: edge.sessions == 0)


def test_a_second_session_of_a_one_session_account_is_refused(
    edge: NgrokEdge, backend: NgrokBackend, context: Context, services: Services
) -> None:
    account = edge.account(sessions_allowed=1)
    here = dataclasses.replace(context, options=NgrokOptions(), secrets=KnownSecrets({"auth_token": account.token}))
    session = backend.open(here)
    second = NgrokBackend(services)
    with pytest.raises(TunnelError) as caught:
        second.open(here)
    assert caught.value.code is Code.TOO_MANY_SESSIONS
    second.shut_down()
    session.close(here)


@pytest.mark.parametrize("held", [Kind.AUTH, Kind.BIND])
def test_a_cancelled_start_leaves_nothing_online(
    edge: NgrokEdge, services: Services, context: Context, held: Kind
) -> None:
    edge.hold(held)
    cancel_when_held(edge, context.cancel)
    # On a busy machine it takes long until it is held: the start must not have given up by then.
    patient = NgrokBackend(with_limits(services, connect=HELD_LIMIT, bind=HELD_LIMIT))
    with pytest.raises(Cancelled):
        patient.open(context)
    edge.release(held)
    edge.wait_for("gone", seconds=HELD_LIMIT)
    assert edge.urls == []
    patient.shut_down()


def cancel_when_held(edge: NgrokEdge, cancel: CancelToken) -> None:
    def cancel_then() -> None:
        edge.wait_for("held", seconds=HELD_LIMIT)
        cancel.cancel()

    threading.Thread(target=cancel_then, daemon=True).start()


@pytest.mark.parametrize(
    "fall_silent",
    [NgrokEdge.be_mute, lambda edge: edge.hold(Kind.AUTH), lambda edge: edge.hold(Kind.BIND)],
    ids=["at once", "when asked to authenticate", "when asked for an endpoint"],
)
def test_a_start_that_nobody_answers_ends(
    edge: NgrokEdge, services: Services, context: Context, fall_silent: Callable[[NgrokEdge], None]
) -> None:
    fall_silent(edge)
    impatient = NgrokBackend(with_limits(services, connect=0.3, bind=0.3))
    with pytest.raises(TunnelError) as caught:
        impatient.open(context)
    assert caught.value.problem.key == "no_network.silent"
    assert edge.urls == []
    impatient.shut_down()


@pytest.fixture
def hasty(edge: NgrokEdge, services: Services) -> Iterator[NgrokBackend]:
    """Return a backend that does not wait long for the confirmation of an end."""
    backend = NgrokBackend(with_limits(services, unbind=0.3))
    yield backend
    backend.shut_down()


def test_an_end_that_nobody_confirms_ends_all_the_same(edge: NgrokEdge, hasty: NgrokBackend, context: Context) -> None:
    session = hasty.open(context)
    edge.hold(Kind.UNBIND)
    began = time.monotonic()
    session.close(context)
    assert time.monotonic() - began < AT_ONCE
    edge.release(Kind.UNBIND)
    edge.wait_for("gone")  # it was hung up, so no visitor gets in
    assert edge.urls == []


def test_an_unreachable_service_is_no_network(edge: NgrokEdge, backend: NgrokBackend, context: Context) -> None:
    edge.close_door()
    with pytest.raises(TunnelError) as caught:
        backend.open(context)
    assert caught.value.problem.key == "no_network.service"


def test_closes_within_its_limit_on_a_dead_path(edge: NgrokEdge, hasty: NgrokBackend, context: Context) -> None:
    session = hasty.open(context)
    edge.freeze()
    began = time.monotonic()
    session.close(context)
    assert time.monotonic() - began < AT_ONCE


def test_a_kept_session_that_died_is_replaced(edge: NgrokEdge, backend: NgrokBackend, context: Context) -> None:
    backend.open(context).close(context)
    edge.cut()
    edge.wait_for("gone")
    session = backend.open(context)
    assert visit(edge, session.public_url).content == PAGE
    assert edge.sessions == 1
    session.close(context)


@pytest.mark.parametrize(
    ("refused", "code"),
    [
        ((Kind.AUTH, 4018), Code.NEEDS_TOKEN),
        ((Kind.AUTH, 107), Code.TOKEN_REJECTED),
        ((Kind.AUTH, 108), Code.TOO_MANY_SESSIONS),
        ((Kind.BIND, 734), Code.RATE_LIMITED),
        ((Kind.BIND, 999), Code.REFUSED_BY_SERVICE),
    ],
)
def test_what_the_service_refuses_is_told(
    edge: NgrokEdge, backend: NgrokBackend, context: Context, refused: tuple[Kind, int], code: Code
) -> None:
    kind, number = refused
    edge.refuse(kind, f"ERR_NGROK_{number}")
    with pytest.raises(TunnelError) as caught:
        backend.open(context)
    assert caught.value.code is code
    assert isinstance(caught.value, AuthNeeded) == caught.value.problem.code.needs_auth
    backend.open(context).close(context)  # the next try is not spoiled by it
    assert edge.urls == []


@pytest.mark.parametrize(("domain", "code"), [("theirs.ngrok-free.app", 320), ("nobodys.ngrok-free.app", 319)])
def test_a_domain_of_others_is_not_yours(backend: NgrokBackend, context: Context, domain: str, code: int) -> None:
    with pytest.raises(TunnelError) as caught:
        backend.open(dataclasses.replace(context, options=NgrokOptions(domain=domain)))
    assert caught.value.code is Code.DOMAIN_NOT_YOURS
    assert domain in caught.value.problem.sentence
    assert caught.value.problem.parameters["number"] == str(code)


def test_an_online_domain_is_taken(
    edge: NgrokEdge, backend: NgrokBackend, context: Context, services: Services
) -> None:
    session = backend.open(context)
    second = NgrokBackend(services)
    with pytest.raises(TunnelError) as caught:
        second.open(context)
    assert caught.value.code is Code.URL_TAKEN
    second.shut_down()
    session.close(context)
