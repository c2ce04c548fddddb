"""Each state of this computer's Tailscale has its own way on, and nothing is touched meanwhile."""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from portway.backends.tailscale.backend import TailscaleBackend
from portway.backends.tailscale.parse.node import parse_node
from portway.core.backend import Context
from portway.core.codes import Code
from portway.core.errors import AuthNeeded
from portway.core.timing import Timing
from portway.system.services import Services
from tests.backends.tailscale.runs import open_refused
from tests.fakes.backends.news import wait_until
from tests.fakes.tailscale.computer import FUNNEL_PORTS, HOST, NEVER_LOGGED_IN, RUNNING, URL, FakeTailscale
from tests.limits import SEEN

pytestmark = pytest.mark.children

STATES: Mapping[str, tuple[Mapping[str, Any], Code, str | None]] = {
    "key expired": ({"BackendState": "NeedsLogin"}, Code.NEEDS_LOGIN, None),
    "a log-in waits": (
        {**NEVER_LOGGED_IN, "AuthURL": "https://login.tailscale.com/a/1"},
        Code.NEEDS_LOGIN,
        "https://login.tailscale.com/a/1",
    ),
    "a page of somebody else": (
        {**NEVER_LOGGED_IN, "AuthURL": "https://login.tailscale.com.evil.example/a/1"},
        Code.NEEDS_LOGIN,
        None,
    ),
    "waits for an admin": (
        {"BackendState": "NeedsMachineAuth"},
        Code.NEEDS_APPROVAL,
        "https://login.tailscale.com/admin/machines",
    ),
    "switched off": ({"BackendState": "Stopped"}, Code.TAILSCALE_STOPPED, None),
    "another account": ({"BackendState": "InUseOtherUser"}, Code.REFUSED_BY_SERVICE, None),
    "no control server": (
        {"BackendState": "NoState", "Health": ["You are logged out. The last login error was: refused"]},
        Code.EDGE_UNREACHABLE,
        None,
    ),
    "starting": ({"BackendState": "Starting"}, Code.EDGE_UNREACHABLE, None),
    "offline": ({"Self": {**RUNNING["Self"], "Online": False}}, Code.EDGE_UNREACHABLE, None),
}


@pytest.fixture
def timing(timing: Timing) -> Timing:
    return replace(timing, start_limit=0.3)


@pytest.mark.parametrize("state", STATES)
def test_each_state_has_its_own_way_on(
    tailscale: FakeTailscale, backend: TailscaleBackend, context: Context, state: str
) -> None:
    changes, code, page = STATES[state]
    tailscale.node(**changes)
    error = open_refused(backend, context)
    assert (error.code, error.problem.action_url) == (code, page)
    assert error.problem.sentence
    assert tailscale.changes == []
    if error.problem.code.needs_auth:
        assert isinstance(error, AuthNeeded)
        assert backend.still_blocked(code)
        tailscale.become(RUNNING)
        assert not backend.still_blocked(code)


@pytest.mark.parametrize("state", ["Starting", "NoState"])
def test_one_that_is_on_its_way_is_waited_for(
    tailscale: FakeTailscale, services: Services, context: Context, state: str
) -> None:
    tailscale.node(BackendState=state)
    patient = TailscaleBackend(replace(services, timing=replace(services.timing, start_limit=SEEN)))

    def arrive() -> None:
        wait_until(lambda: tailscale.calls_of("status"))
        tailscale.become(RUNNING)

    threading.Thread(target=arrive).start()
    session = patient.open(context)
    assert session.public_url == URL
    session.close(context)


EXPIRED = {**RUNNING, "BackendState": "NeedsLogin", "Self": {**RUNNING["Self"], "KeyExpiry": "2026-01-01T00:00:00Z"}}
PENDING = {**NEVER_LOGGED_IN, "AuthURL": "https://login.tailscale.com/a/1"}
UNREACHABLE = {
    **RUNNING,
    "BackendState": "NoState",
    "Health": ["You are logged out. The last login error was: fetch control key: connection refused"],
}
WAITING = {**RUNNING, "BackendState": "NeedsMachineAuth", "Health": ["Tailscale is starting. Please wait."]}
OLDER: dict[str, Any] = {  # before 1.64 and 1.66
    **{key: value for key, value in RUNNING.items() if key != "HaveNodeKey"},
    "Self": {**RUNNING["Self"], "CapMap": None, "Capabilities": ["https", "funnel", FUNNEL_PORTS]},
}
RENAMED = {**RUNNING, "Self": {**RUNNING["Self"], "DNSName": "shop.tailc0ffee.ts.net."}}  # CertDomains follow later

# Daemon running, logged in, its state, its name, whether a person is needed at rest; as `status --json` was measured.
ROWS: Mapping[str, tuple[Mapping[str, Any], bool, str, str | None, Code | None]] = {
    "never logged in": (NEVER_LOGGED_IN, False, "NeedsLogin", None, Code.NEEDS_LOGIN),
    "a log-in was interrupted": (PENDING, False, "NeedsLogin", None, Code.NEEDS_LOGIN),
    "the control server cannot be reached": (UNREACHABLE, True, "NoState", HOST, None),
    "the key expired": (EXPIRED, False, "NeedsLogin", HOST, Code.NEEDS_LOGIN),
    "an admin has to approve": (WAITING, True, "NeedsMachineAuth", HOST, Code.NEEDS_APPROVAL),
    "switched off": ({**RUNNING, "BackendState": "Stopped"}, True, "Stopped", HOST, None),
    "starting": ({**RUNNING, "BackendState": "Starting"}, True, "Starting", HOST, None),
    "running": (RUNNING, True, "Running", HOST, None),
    "running, an older one": (OLDER, True, "Running", HOST, None),
    "renamed just now": (RENAMED, True, "Running", "shop.tailc0ffee.ts.net", None),
    "another account's": ({**RUNNING, "BackendState": "InUseOtherUser"}, False, "InUseOtherUser", HOST, None),
}


@pytest.mark.parametrize("row", ROWS)
def test_each_situation_is_told_as_it_is_and_nothing_is_touched(
    tailscale: FakeTailscale, backend: TailscaleBackend, row: str
) -> None:
    document, logged_in, state, name, missing = ROWS[row]
    tailscale.become(document)
    found = backend.findings()
    assert found.answer.daemon_running
    assert (found.answer.logged_in, found.answer.backend_state, found.answer.dns_name) == (logged_in, state, name)
    installation = backend.inspect()
    assert (installation.missing and installation.missing.code) == missing
    assert (installation.missing and installation.missing.action_url) == (document["AuthURL"] or None) or (
        missing is Code.NEEDS_APPROVAL
    )
    assert tailscale.changes == []


def test_why_the_control_server_cannot_be_reached_is_told(
    tailscale: FakeTailscale, backend: TailscaleBackend, context: Context
) -> None:
    tailscale.become(UNREACHABLE)
    assert "connection refused" in open_refused(backend, context).problem.sentence


def test_an_expired_key_is_renewed_by_the_command_that_keeps_who_it_is(
    tailscale: FakeTailscale, backend: TailscaleBackend, context: Context
) -> None:
    tailscale.become(EXPIRED)
    assert "Run: tailscale up --force-reauth" in open_refused(backend, context).problem.sentence


CAPABILITIES: Mapping[str, tuple[Mapping[str, Any], tuple[bool, bool], list[bool]]] = {
    "keys of the map": ({}, (True, True), [True, True, False]),
    "ranges": (
        {"Self": {"CapMap": {"funnel": None, "https://tailscale.com/cap/funnel-ports?ports=443,8000-9000": None}}},
        (True, True),
        [True, True, False],
    ),
    "no ports are named": ({"Self": {"CapMap": {"funnel": None, "https": None}}}, (True, True), [True, True, True]),
    "HTTPS is known by its domains": ({"Self": {"CapMap": {"funnel": None}}}, (True, True), [True, True, True]),
    "HTTPS is off": ({"Self": {"CapMap": {"funnel": None}}, "CertDomains": None}, (False, True), [True, True, True]),
    "none": ({"Self": {"CapMap": {}}, "CertDomains": None}, (False, False), [True, True, True]),
    "a list with a notice, before the map": (
        {
            "Self": {
                "Capabilities": ["HTTPS://TAILSCALE.COM/s/DEPRECATED-NODE-CAPS#see-issues/11508", "funnel", 3],
            },
            "CertDomains": None,
        },
        (False, True),
        [True, True, True],
    ),
}


@pytest.mark.parametrize("shape", CAPABILITIES)
def test_what_the_tailnet_allows_is_read_in_each_shape(shape: str) -> None:
    changes, allowed, ports = CAPABILITIES[shape]
    node = parse_node(json.dumps({**RUNNING, "User": None, **changes}))
    assert (node.has_https, node.has_funnel) == allowed
    assert [node.may_funnel(port) for port in (443, 8443, 444)] == ports
