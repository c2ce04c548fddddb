"""An open Funnel is looked at, brought back where nobody else took its place, and left or taken down honestly."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from portway.backends.tailscale.backend import TailscaleBackend, TailscaleExtras
from portway.backends.tailscale.daemon import client
from portway.core.backend import Context, StillUpError
from portway.core.cancel import CancelToken
from portway.core.codes import Code
from portway.core.errors import TunnelError
from portway.core.target import Target
from portway.system.services import Services
from tests.backends.tailscale.runs import Open
from tests.fakes.backends.news import RecordedNews, wait_until
from tests.fakes.origins.page import PAGE
from tests.fakes.tailscale.computer import HOST, RUNNING, URL, FakeTailscale
from tests.limits import SEEN

pytestmark = pytest.mark.children


def anew(context: Context, news: RecordedNews | None = None, *, wanted: bool = True) -> Context:
    return replace(context, cancel=CancelToken(), wanted=wanted, listener=news or RecordedNews())


def extras(news: RecordedNews) -> TailscaleExtras:
    found = news.reports[-1][0]
    assert isinstance(found, TailscaleExtras)
    return found


def test_tells_its_own_fields(
    tailscale: FakeTailscale, open_session: Open, context: Context, news: RecordedNews
) -> None:
    session = open_session()
    told = extras(news)
    assert (told.tunnel_url, told.enabled, told.hostname) == (URL, True, "desk1")
    assert (told.logged_in, told.daemon_running) == (True, True)
    session.close(context)
    assert (extras(news).tunnel_url, extras(news).enabled) == (None, False)
    assert tailscale.proxy_of(URL) is None


def test_comes_back_where_it_was_switched_off_elsewhere(
    tailscale: FakeTailscale, open_session: Open, news: RecordedNews
) -> None:
    open_session()
    tailscale.take_down(443)
    news.wait_for(lambda heard: heard.recovered_urls)
    assert news.recoverings[0].variant == "funnel_gone"
    assert news.recovered_urls == [URL]
    assert tailscale.fetch(URL) == PAGE


def test_gives_way_to_somebody_who_took_its_place(
    tailscale: FakeTailscale, open_session: Open, news: RecordedNews, context: Context
) -> None:
    session = open_session()
    tailscale.publish(443, "/", "http://127.0.0.1:7005")
    news.wait_for(lambda heard: heard.losses)
    assert news.losses[0].code is Code.PORT_CONFLICT
    session.close(context)
    assert tailscale.proxy_of(URL) == "http://127.0.0.1:7005"


@pytest.mark.parametrize(
    "trouble", [{"Self": {**RUNNING["Self"], "Online": False}}, {"BackendState": "NoState"}], ids=["offline", "NoState"]
)
def test_waits_for_a_connection_that_is_lost(
    tailscale: FakeTailscale, open_session: Open, news: RecordedNews, trouble: Mapping[str, Any]
) -> None:
    open_session()
    tailscale.node(**trouble)
    news.wait_for(lambda heard: heard.recoverings)
    assert news.recoverings[0].code is Code.EDGE_UNREACHABLE
    tailscale.become(RUNNING)
    news.wait_for(lambda heard: heard.recovered_urls)
    assert len(news.recoverings) == 1
    assert len(tailscale.calls_of("funnel")) == 1


def test_waits_for_a_daemon_that_was_stopped(tailscale: FakeTailscale, open_session: Open, news: RecordedNews) -> None:
    open_session()
    tailscale.behave(daemon_down=True)
    news.wait_for(lambda heard: heard.recoverings)
    assert news.recoverings[0].code is Code.DAEMON_NOT_RUNNING
    assert not extras(news).daemon_running
    tailscale.behave(daemon_down=None)
    news.wait_for(lambda heard: heard.recovered_urls)
    assert extras(news).daemon_running
    assert tailscale.fetch(URL) == PAGE


@pytest.mark.parametrize(
    ("state", "code"),
    [("Stopped", Code.TAILSCALE_STOPPED), ("NeedsLogin", Code.NEEDS_LOGIN), ("NeedsMachineAuth", Code.NEEDS_APPROVAL)],
)
def test_a_person_who_is_needed_is_told_and_then_it_goes_on(  # noqa: PLR0917 - fixtures
    tailscale: FakeTailscale, open_session: Open, news: RecordedNews, context: Context, state: str, code: Code
) -> None:
    session = open_session()
    tailscale.node(BackendState=state)
    news.wait_for(lambda heard: heard.losses)
    assert news.losses[0].code is code
    session.close(anew(context))  # the wish still stands, so what Tailscale remembers may stay
    tailscale.become(RUNNING)
    assert open_session(anew(context)).public_url == URL
    assert len(tailscale.calls_of("funnel")) == 1


def test_what_cannot_be_taken_down_is_not_hidden(
    tailscale: FakeTailscale, open_session: Open, context: Context
) -> None:
    session = open_session()
    tailscale.behave(daemon_down=True)
    with pytest.raises(TunnelError) as caught:
        session.close(anew(context, wanted=False))
    assert caught.value.code is Code.DAEMON_NOT_RUNNING
    tailscale.behave(daemon_down=None)
    session.close(anew(context, wanted=False))
    assert tailscale.proxy_of(URL) is None


def test_a_command_that_only_claims_to_switch_off_is_not_believed(
    tailscale: FakeTailscale, open_session: Open, context: Context
) -> None:
    session = open_session()
    tailscale.behave(will_not_end=True)
    with pytest.raises(TunnelError) as caught:
        session.close(context)
    assert caught.value.problem.variant == "still_on"
    tailscale.behave(will_not_end=None)


def test_a_new_name_is_a_new_url(tailscale: FakeTailscale, open_session: Open, news: RecordedNews) -> None:
    session = open_session()
    tailscale.self_(DNSName="shop.tailc0ffee.ts.net.")
    news.wait_for(lambda heard: heard.recovered_urls)
    assert news.recovered_urls == ["https://shop.tailc0ffee.ts.net"]
    assert session.public_url == "https://shop.tailc0ffee.ts.net"
    assert tailscale.fetch(session.public_url) == PAGE


def test_a_slow_answer_is_no_loss(
    tailscale: FakeTailscale, open_session: Open, news: RecordedNews, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_session()
    with monkeypatch.context() as patch:
        patch.setattr(client, "_DISTURBED", 0.5 / SEEN)
        tailscale.behave(hangs=["status"])
        before = len(tailscale.calls_of("status"))
        wait_until(lambda: len(tailscale.calls_of("status")) >= before + 2)
        tailscale.behave(hangs=None)
    assert (news.losses, news.recoverings) == ([], [])


def test_what_was_left_up_is_adopted(
    tailscale: FakeTailscale, backend: TailscaleBackend, services: Services, context: Context
) -> None:
    backend.open(context).leave()
    assert tailscale.fetch(URL) == PAGE
    later = TailscaleBackend(services)
    session = later.reclaim(anew(context))
    assert session is not None
    assert session.since is not None
    assert (session.public_url, len(tailscale.changes)) == (URL, 1)
    session.close(context)
    assert tailscale.proxy_of(URL) is None


@pytest.mark.parametrize("state", ["NoState", "Starting", "Stopped", "NeedsLogin"])
@pytest.mark.parametrize("target", ["the same target", "another target"])
def test_what_was_left_up_is_not_given_up_while_tailscale_is_asleep(  # noqa: PLR0917 - fixtures
    tailscale: FakeTailscale, backend: TailscaleBackend, services: Services, context: Context, state: str, target: str
) -> None:
    backend.open(context).leave()
    tailscale.node(BackendState=state)
    later, again = TailscaleBackend(services), anew(context)
    if target == "another target":
        other = Target("http", "127.0.0.1", 9)
        again = replace(again, target=other, origin=other)
    assert later.reclaim(again) is None  # as after a start of the computer; the opening waits for it
    tailscale.become(RUNNING)
    session = later.open(again)
    assert tailscale.proxy_of(URL) == again.origin.url
    assert len(tailscale.calls_of("funnel")) == (1 if target == "the same target" else 2)
    session.close(context)
    assert tailscale.proxy_of(URL) is None


@pytest.mark.parametrize("reason", ["not wanted", "another target", "another port"])
def test_what_was_left_up_otherwise_ends(
    tailscale: FakeTailscale, backend: TailscaleBackend, services: Services, context: Context, reason: str
) -> None:
    backend.open(context).leave()
    later = anew(context, wanted=reason != "not wanted")
    if reason == "another target":
        later = replace(later, target=Target("http", "127.0.0.1", 9), origin=Target("http", "127.0.0.1", 9))
    if reason == "another port":
        later = replace(later, options=replace(later.options, public_port="10000"))
    assert TailscaleBackend(services).reclaim(later) is None
    assert tailscale.proxy_of(URL) is None


def test_a_leftover_that_somebody_replaced_is_left_alone(
    tailscale: FakeTailscale, backend: TailscaleBackend, services: Services, context: Context
) -> None:
    backend.open(context).leave()
    tailscale.publish(443, "/", "http://127.0.0.1:7006")
    assert TailscaleBackend(services).reclaim(anew(context, wanted=False)) is None
    assert tailscale.proxy_of(URL) == "http://127.0.0.1:7006"


def test_a_leftover_that_will_not_end_is_shown(
    tailscale: FakeTailscale, backend: TailscaleBackend, services: Services, context: Context
) -> None:
    backend.open(context).leave()
    tailscale.behave(will_not_end=True)
    with pytest.raises(StillUpError) as caught:
        TailscaleBackend(services).reclaim(anew(context, wanted=False))
    assert caught.value.public_url == URL
    assert caught.value.since is not None


SHOP = "shop.tailc0ffee.ts.net"


def test_our_own_mount_under_a_former_name_keeps_nobody_out(
    tailscale: FakeTailscale, open_session: Open, backend: TailscaleBackend, context: Context, services: Services
) -> None:
    """There is no local API here, and the command does not reach the entries of a former name: it stays behind."""
    backend.open(context).leave()
    tailscale.self_(DNSName=f"{SHOP}.")
    later = TailscaleBackend(services)
    assert later.reclaim(anew(context, wanted=False)) is None
    assert tailscale.proxy_of(URL) is not None
    for _ in range(2):
        session = open_session(anew(context))
        assert session.public_url == f"https://{SHOP}"
        assert tailscale.fetch(session.public_url) == PAGE
        session.close(anew(context))
    assert tailscale.proxy_of(f"https://{SHOP}") is None


def test_a_mount_of_somebody_else_under_a_former_name_is_left_alone(
    tailscale: FakeTailscale, backend: TailscaleBackend, context: Context, services: Services
) -> None:
    backend.open(context).leave()
    tailscale.self_(DNSName=f"{SHOP}.")
    TailscaleBackend(services).reclaim(anew(context, wanted=False))
    tailscale.publish(443, "/", "http://127.0.0.1:7007")  # under the former name, in the place of ours
    with pytest.raises(TunnelError) as caught:
        backend.open(anew(context))
    assert caught.value.code is Code.PORT_CONFLICT
    assert tailscale.proxy_of(URL) == "http://127.0.0.1:7007"


@pytest.mark.parametrize(
    "content",
    ["", "[]", '{"port": "443"}', '{"host": 1, "port": 443, "proxy": "", "target": null}', '{"port": true}'],
)
def test_a_damaged_memory_is_no_memory(
    backend: TailscaleBackend,
    services: Services,
    context: Context,
    content: str,
    expected_logs: pytest.LogCaptureFixture,
) -> None:
    services.folders.state.mkdir(parents=True, mode=0o700)
    (services.folders.state / "tailscale-state.json").write_text(content)
    assert backend.reclaim(context) is None
    assert HOST not in expected_logs.text
