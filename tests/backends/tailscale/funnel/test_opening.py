"""Everything is looked at before anything is touched, and nothing is believed but what Tailscale says it serves."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from portway.backends.tailscale.backend import TailscaleBackend
from portway.core.backend import Context
from portway.core.codes import Code
from portway.core.target import Target, parse_target
from portway.core.timing import Timing
from portway.system.services import Services
from tests.backends.tailscale.runs import Open, open_refused
from tests.fakes.backends.news import wait_until
from tests.fakes.origins.page import PAGE
from tests.fakes.tailscale.computer import HOST, URL, FakeTailscale
from tests.limits import AT_ONCE

pytestmark = pytest.mark.children


def with_options(context: Context, **options: str) -> Context:
    return replace(context, options=replace(context.options, **options))


def test_uses_one_command_that_neither_asks_nor_waits(tailscale: FakeTailscale, open_session: Open) -> None:
    session = open_session()
    proxy = tailscale.proxy_of(URL)
    assert session.public_url == URL
    assert tailscale.changes == [["funnel", "--bg", "--yes", "--https=443", proxy]]
    assert tailscale.fetch(URL) == PAGE


def test_switches_off_its_own_mount_and_nothing_else(
    tailscale: FakeTailscale, open_session: Open, context: Context
) -> None:
    session = open_session()
    tailscale.publish(443, "/mine", "http://127.0.0.1:7002")
    session.close(context)
    assert tailscale.changes[-1] == ["serve", "--yes", "--https=443", "--set-path=/", "off"]
    assert tailscale.world["config"]["Web"][f"{HOST}:443"]["Handlers"] == {"/mine": {"Proxy": "http://127.0.0.1:7002"}}
    assert tailscale.world["config"]["AllowFunnel"][f"{HOST}:443"] is True
    tailscale.take_down(443)


def test_takes_the_public_port_that_is_set(tailscale: FakeTailscale, open_session: Open, context: Context) -> None:
    session = open_session(with_options(context, public_port="10000"))
    assert session.public_url == f"{URL}:10000"
    assert tailscale.fetch(session.public_url) == PAGE


@pytest.mark.parametrize("host", ["::1", "127.0.0.2"])
def test_older_commands_forward_to_one_address_only(
    tailscale: FakeTailscale, backend: TailscaleBackend, context: Context, host: str
) -> None:
    tailscale.behave(version="1.90.9")
    error = open_refused(backend, replace(context, origin=Target("http", host, 3000)))
    assert (error.code, error.problem.variant) == (Code.VERSION_TOO_OLD, "address")
    assert tailscale.changes == []


def test_a_local_server_with_a_certificate_of_its_own_is_taken(
    tailscale: FakeTailscale, open_session: Open, context: Context
) -> None:
    target = parse_target("https://127.0.0.1:3443")
    open_session(replace(context, target=target, origin=target))
    assert tailscale.proxy_of(URL) == "https+insecure://127.0.0.1:3443"


@pytest.fixture
def timing(timing: Timing) -> Timing:
    return replace(timing, start_limit=0.3)


OTHERS: Mapping[str, Mapping[str, Any]] = {
    "a Funnel": {"mount": "/"},
    "a private root": {"mount": "/", "public": False},
    "a private path": {"mount": "/private", "public": False},
    "under an old name": {"mount": "/", "host": "old-name.tailc0ffee.ts.net"},
}


@pytest.mark.parametrize("other", OTHERS)
def test_a_port_of_somebody_else_is_left_alone(
    tailscale: FakeTailscale, backend: TailscaleBackend, context: Context, other: str
) -> None:
    tailscale.publish(443, proxy="http://127.0.0.1:7003", **OTHERS[other])
    before = tailscale.world["config"]
    error = open_refused(backend, context)
    assert error.code is Code.PORT_CONFLICT
    assert error.problem.parameters["free"] == "10000"  # 8443 is taken as well
    assert "7003" in error.problem.sentence
    assert tailscale.changes == []
    assert tailscale.world["config"] == before


def test_the_very_same_funnel_of_somebody_else_is_not_taken_over(
    tailscale: FakeTailscale, backend: TailscaleBackend, context: Context
) -> None:
    tailscale.publish(443, "/", context.origin.url)
    assert open_refused(backend, context).code is Code.PORT_CONFLICT
    assert tailscale.proxy_of(URL) == context.origin.url


def test_a_claim_is_no_proof(tailscale: FakeTailscale, services: Services, context: Context) -> None:
    tailscale.behave(only_claims=True)
    quick = TailscaleBackend(replace(services, timing=replace(services.timing, probe_limit=AT_ONCE / 2)))
    error = open_refused(quick, context)
    assert (error.code, error.problem.variant) == (Code.REFUSED_BY_SERVICE, "not_confirmed")


@pytest.mark.parametrize("version", ["1.50.1", "1.51.0"])
def test_a_command_that_is_too_old_is_told(
    tailscale: FakeTailscale, backend: TailscaleBackend, context: Context, version: str
) -> None:
    tailscale.behave(version=version)
    error = open_refused(backend, context)
    assert error.code is Code.VERSION_TOO_OLD
    assert version in error.problem.sentence


@pytest.mark.parametrize("version", ["1.52.1", "1.90.9", "1.102.3"])
def test_every_command_since_1_52_will_do(
    tailscale: FakeTailscale, open_session: Open, context: Context, version: str
) -> None:
    tailscale.behave(version=version, old_server=True)
    open_session().close(context)
    assert tailscale.proxy_of(URL) is None


@pytest.mark.expected_logs
def test_a_command_that_hangs_is_given_up(tailscale: FakeTailscale, services: Services, context: Context) -> None:
    tailscale.behave(hangs=["funnel"])
    quick = replace(services, timing=replace(services.timing, command_limit=0.5))
    assert open_refused(TailscaleBackend(quick), context).code is Code.START_TIMEOUT


def test_a_state_that_hangs_is_given_up(tailscale: FakeTailscale, services: Services, context: Context) -> None:
    tailscale.behave(hangs=["status"])
    quick = replace(services, timing=replace(services.timing, probe_limit=0.4))
    assert open_refused(TailscaleBackend(quick), context).code is Code.START_TIMEOUT


def test_an_app_that_fails_to_start_is_told(
    tailscale: FakeTailscale, backend: TailscaleBackend, context: Context
) -> None:
    tailscale.behave(gui_failed=True)
    error = open_refused(backend, context)
    assert error.code is Code.BINARY_UNUSABLE
    assert str(tailscale.program) in error.problem.sentence


def test_a_cancel_leaves_neither_a_waiting_command_nor_a_funnel(
    tailscale: FakeTailscale, backend: TailscaleBackend, context: Context
) -> None:
    tailscale.behave(hangs=["funnel"])

    def cancel_once_it_waits() -> None:
        wait_until(lambda: tailscale.calls_of("funnel"))
        context.cancel.cancel()

    threading.Thread(target=cancel_once_it_waits).start()
    assert open_refused(backend, context).code is Code.CANCELLED
    assert tailscale.proxy_of(URL) is None


def test_a_name_is_changed_only_where_one_is_asked_for(
    tailscale: FakeTailscale, open_session: Open, context: Context
) -> None:
    session = open_session(with_options(context, hostname="shop"))
    assert session.public_url == "https://shop.tailc0ffee.ts.net"
    assert tailscale.calls_of("set") == [["set", "--hostname=shop"]]


def test_a_name_that_is_the_present_one_is_not_set_again(
    tailscale: FakeTailscale, open_session: Open, context: Context
) -> None:
    open_session(with_options(context, hostname="Desk1"))
    assert tailscale.calls_of("set") == []


def test_a_name_that_is_not_taken_is_told(
    tailscale: FakeTailscale, backend: TailscaleBackend, context: Context
) -> None:
    tailscale.behave(keeps_name=True)
    assert open_refused(backend, with_options(context, hostname="shop")).problem.variant == "not_renamed"
