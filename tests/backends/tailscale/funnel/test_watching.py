"""What happens to a Funnel from outside is seen when it happens, where the daemon can be listened to."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from portway.backends.tailscale.backend import TailscaleBackend
from portway.backends.tailscale.declaration import TailscaleTiming
from portway.core.backend import Context
from portway.core.codes import Code
from portway.core.timing import Timing
from portway.system.services import Services
from tests.backends.tailscale.runs import Open
from tests.fakes.backends.news import RecordedNews, wait_until
from tests.fakes.origins.page import PAGE
from tests.fakes.tailscale.computer import HOST, NEVER_LOGGED_IN, RUNNING, URL, FakeTailscale
from tests.fakes.tailscale.local_api import FakeLocalApi, local_api
from tests.limits import AT_ONCE

pytestmark = pytest.mark.children

NEVER = 600.0  # no test takes so long


@pytest.fixture
def timing(timing: Timing) -> Timing:
    """Nothing is looked for: what is seen within the time of a test was told."""
    return replace(TailscaleTiming.of(timing), poll=NEVER, daemon_look=NEVER)


@pytest.fixture
def looking(services: Services, socket_path: Path) -> TailscaleBackend:
    """Return a backend that looks at the daemon often, and asks the command hardly ever."""
    return TailscaleBackend(
        replace(services, timing=replace(TailscaleTiming.of(services.timing), daemon_look=0.05)), socket=socket_path
    )


@pytest.fixture
def open_looking(looking: TailscaleBackend, context: Context) -> Iterator[Open]:
    with ExitStack() as opened:

        def open_one() -> Any:  # noqa: ANN401 - a session
            session = looking.open(context)
            opened.callback(session.close, context)
            return session

        yield open_one


def has_settled(api: FakeLocalApi, calls: int = 3) -> None:
    """Return once it was looked at a few times more."""
    before = api.calls.count("serve-config")
    wait_until(lambda: api.calls.count("serve-config") >= before + calls)


EVENTS: Mapping[str, tuple[Mapping[str, Any], Code]] = {
    "switched off": ({**RUNNING, "BackendState": "Stopped"}, Code.TAILSCALE_STOPPED),
    "logged out": (NEVER_LOGGED_IN, Code.NEEDS_LOGIN),
    "key expired": (
        {**RUNNING, "BackendState": "NeedsLogin", "Self": {**RUNNING["Self"], "KeyExpiry": "2026-01-01T00:00:00Z"}},
        Code.NEEDS_LOGIN,
    ),
    "approval withdrawn": ({**RUNNING, "BackendState": "NeedsMachineAuth"}, Code.NEEDS_APPROVAL),
    "another account": ({**RUNNING, "BackendState": "InUseOtherUser"}, Code.REFUSED_BY_SERVICE),
}


@pytest.mark.parametrize("event", EVENTS)
def test_what_the_daemon_tells_is_seen_at_once(  # noqa: PLR0917 - fixtures
    tailscale: FakeTailscale, api: FakeLocalApi, open_session: Open, news: RecordedNews, context: Context, event: str
) -> None:
    session = open_session()
    wait_until(lambda: api.listeners)
    node, code = EVENTS[event]
    tailscale.become(node)
    news.wait_for(lambda heard: heard.losses)
    assert news.losses[0].code is code
    session.close(replace(context, wanted=True))
    tailscale.become(RUNNING)
    tailscale.take_down(443)


@pytest.mark.parametrize("size", ["what changed", "the whole map", "the map of a large tailnet"])
def test_a_new_name_is_seen_at_once(
    tailscale: FakeTailscale, api: FakeLocalApi, open_session: Open, news: RecordedNews, size: str
) -> None:
    api.old = size != "what changed"
    api.ways = {"huge"} if size == "the map of a large tailnet" else set()
    session = open_session()
    wait_until(lambda: api.listeners)
    tailscale.self_(DNSName="shop.tailc0ffee.ts.net.")
    news.wait_for(lambda heard: heard.recovered_urls)
    assert session.public_url == news.recovered_urls[0] == "https://shop.tailc0ffee.ts.net"
    assert tailscale.fetch(session.public_url) == PAGE
    assert news.losses == []


def test_a_daemon_that_ends_and_comes_back_is_seen(
    tailscale: FakeTailscale, looking: TailscaleBackend, socket_path: Path, context: Context, news: RecordedNews
) -> None:
    with local_api(tailscale, socket_path) as api:
        session = looking.open(context)
        wait_until(lambda: api.listeners)
        tailscale.behave(daemon_down=True)
    news.wait_for(lambda heard: heard.recoverings)
    assert news.recoverings[0].code is Code.DAEMON_NOT_RUNNING
    tailscale.behave(daemon_down=None)
    with local_api(tailscale, socket_path):
        news.wait_for(lambda heard: heard.recovered_urls)
        assert news.recovered_urls == [URL]
        session.close(context)


def test_that_a_daemon_ended_is_known_without_the_command_that_would_wait_for_it(
    tailscale: FakeTailscale, looking: TailscaleBackend, socket_path: Path, context: Context, news: RecordedNews
) -> None:
    with local_api(tailscale, socket_path) as api:
        session = looking.open(context)
        wait_until(lambda: api.listeners)
        has_settled(api)
        tailscale.behave(hangs=["status"])
    news.wait_for(lambda heard: heard.recoverings, AT_ONCE)
    assert news.recoverings[0].code is Code.DAEMON_NOT_RUNNING
    tailscale.behave(hangs=None)
    session.close(context)


def test_one_that_was_switched_off_elsewhere_comes_back(
    tailscale: FakeTailscale, api: FakeLocalApi, open_looking: Open, news: RecordedNews
) -> None:
    open_looking()
    wait_until(lambda: api.listeners)
    tailscale.take_down(443)
    news.wait_for(lambda heard: heard.recovered_urls)
    assert news.recoverings[0].variant == "funnel_gone"
    assert tailscale.fetch(URL) == PAGE


def test_there_is_no_contest_with_a_program_that_switches_it_off(
    tailscale: FakeTailscale, api: FakeLocalApi, open_looking: Open, news: RecordedNews
) -> None:
    open_looking()
    wait_until(lambda: api.listeners)
    tailscale.take_down(443)
    news.wait_for(lambda heard: heard.recovered_urls)
    tailscale.take_down(443)
    news.wait_for(lambda heard: len(heard.recoverings) == 2)
    has_settled(api)
    assert len(tailscale.calls_of("funnel")) == 2
    assert (news.losses, len(news.recoverings)) == ([], 2)


TAKERS: Mapping[str, Mapping[str, Any]] = {
    "another Funnel": {"mount": "/"},
    "a private server": {"mount": "/", "public": False},
    "a private path, which takes the Funnel away": {"mount": "/private", "public": False},
}


@pytest.mark.parametrize("taker", TAKERS)
def test_it_gives_way_to_whoever_took_its_place(  # noqa: PLR0917 - fixtures
    tailscale: FakeTailscale, api: FakeLocalApi, open_looking: Open, news: RecordedNews, context: Context, taker: str
) -> None:
    session = open_looking()
    wait_until(lambda: api.listeners)
    how = TAKERS[taker]

    def take(world: dict[str, Any]) -> None:
        config, host_port = world["config"], f"{HOST}:443"
        config["Web"][host_port]["Handlers"][how["mount"]] = {"Proxy": "http://127.0.0.1:7005"}
        if not how.get("public", True):
            del config["AllowFunnel"][host_port]

    tailscale.change(take)
    news.wait_for(lambda heard: heard.losses)
    assert news.losses[0].code is Code.PORT_CONFLICT
    assert len(tailscale.calls_of("funnel")) == 1
    session.close(context)
    handlers = tailscale.world["config"]["Web"][f"{HOST}:443"]["Handlers"]
    assert handlers == {how["mount"]: {"Proxy": "http://127.0.0.1:7005"}}
    tailscale.take_down(443)


def test_while_all_is_well_no_command_runs(
    tailscale: FakeTailscale, api: FakeLocalApi, open_looking: Open, news: RecordedNews
) -> None:
    open_looking()
    wait_until(lambda: api.listeners)
    has_settled(api)
    commands = len(tailscale.calls)
    has_settled(api, 5)
    assert len(tailscale.calls) == commands
    assert (news.losses, news.recoverings, news.recovered_urls) == ([], [], [])


def test_while_nothing_is_told_nobody_wakes_up(tailscale: FakeTailscale, api: FakeLocalApi, open_session: Open) -> None:
    open_session()
    wait_until(
        lambda: "watch-ipn-bus" in api.calls and api.calls[-1] == "serve-config"
    )  # the look that the first message leads to
    before = len(api.calls), len(tailscale.calls)
    time.sleep(0.3)  # only time can tell that nothing happens
    assert (len(api.calls), len(tailscale.calls)) == before
