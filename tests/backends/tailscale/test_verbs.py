"""The verbs besides a Funnel: check, log in, operator. Each says what is true, and asks for rights only if refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from portway.backends.tailscale import causes
from portway.backends.tailscale.backend import TailscaleBackend, TailscaleExtras
from portway.backends.tailscale.declaration import enable_answer
from portway.core.backend import Backend, Context
from portway.core.codes import Code
from portway.core.errors import Problem, TunnelError, problem_of
from portway.core.status import BackendId, Phase, Reach, TunnelStatus
from portway.rest.api.backend_messages import Messages
from portway.rest.api.routes import build_routes
from portway.system.services import Services
from tests.backends.tailscale.runs import ALICE, run, run_refused
from tests.example_backend.backend import ExampleBackend
from tests.fakes.rights.sudo import FakeSudo
from tests.fakes.tailscale.cli import LINK
from tests.fakes.tailscale.computer import NEVER_LOGGED_IN, RUNNING, URL, FakeTailscale


@pytest.fixture
def backend(sudo: FakeSudo, services: Services, socket_path: Path) -> TailscaleBackend:
    """Return the backend of somebody who is no administrator."""
    return TailscaleBackend(services, ALICE, socket_path)


@pytest.mark.children
def test_check_tells_what_is_so_now(tailscale: FakeTailscale, backend: TailscaleBackend, context: Context) -> None:
    found = run(backend, "check", context)
    assert found["binary_path"] == str(tailscale.program)
    assert [found[name] for name in ("installed", "daemon_running", "logged_in", "online")] == [True] * 4
    assert [found[name] for name in ("version", "backend_state", "hostname")] == ["1.102.3", "Running", "desk1"]
    assert (found["enabled"], found["tunnel_url"]) == (False, None)
    assert tailscale.changes == []


@pytest.mark.children
def test_check_knows_our_own_funnel(services: Services, context: Context) -> None:
    root = TailscaleBackend(services)
    session = root.open(context)
    found = run(root, "check", context)
    assert (found["enabled"], found["tunnel_url"]) == (True, URL)
    session.close(context)


@pytest.mark.children
@pytest.mark.parametrize(
    ("ways", "node", "expected"),
    [
        ({"daemon_down": True}, RUNNING, (True, False, False)),
        ({"gui_failed": True}, RUNNING, (True, False, False)),
        ({}, NEVER_LOGGED_IN, (True, True, False)),
        ({}, {**RUNNING, "BackendState": "Stopped"}, (True, True, True)),
    ],
    ids=["daemon down", "unusable", "never logged in", "stopped"],
)
def test_check_never_fails(  # noqa: PLR0917 - fixtures
    tailscale: FakeTailscale,
    backend: TailscaleBackend,
    context: Context,
    ways: Mapping[str, Any],
    node: Mapping[str, Any],
    expected: tuple[bool, ...],
) -> None:
    tailscale.become(node)
    tailscale.behave(**ways)
    found = run(backend, "check", context)
    assert tuple(found[name] for name in ("installed", "daemon_running", "logged_in")) == expected
    installation = backend.inspect()
    assert installation.installed
    assert (installation.missing is not None) == (node is NEVER_LOGGED_IN)


def test_a_program_that_is_named_and_unusable_is_never_ignored(
    services: Services, context: Context, environment: dict[str, str]
) -> None:
    environment["TAILSCALE_BIN"] = "/nowhere/tailscale"
    backend = TailscaleBackend(services)
    assert not backend.inspect().installed
    with pytest.raises(TunnelError) as caught:
        backend.open(context)
    assert caught.value.code is Code.BINARY_UNUSABLE
    assert "TAILSCALE_BIN" in caught.value.problem.sentence
    assert "TAILSCALE_BIN" in run_refused(backend, "check", context).problem.sentence


def test_where_there_is_none_it_is_not_installed(
    services: Services, context: Context, environment: dict[str, str]
) -> None:
    environment |= {"TAILSCALE_BIN": "", "PATH": "/nowhere"}
    backend = TailscaleBackend(services)
    if backend.inspect().installed:
        pytest.skip("Tailscale is installed on this computer")
    with pytest.raises(TunnelError) as caught:
        backend.open(context)
    assert caught.value.code is Code.NOT_INSTALLED


SHAPES: Mapping[str, tuple[Mapping[str, Any], Mapping[str, object]]] = {
    "up": (
        {"phase": Phase.RUNNING, "public_url": URL},
        {"tunnel_url": URL, "public_url": URL, "api_url": f"{URL}/v1"},
    ),
    "log-in": (
        {"phase": Phase.NEEDS_AUTH, "problem": Problem(Code.NEEDS_LOGIN, "", {"service": "x"}, LINK)},
        {"needs_login": True, "auth_url": LINK},
    ),
    "Funnel off": (
        {"phase": Phase.NEEDS_AUTH, "problem": problem_of(causes.FUNNEL_OFF, action_url=LINK)},
        {"funnel_not_enabled": True, "enable_url": LINK},
    ),
    "HTTPS off": (
        {"phase": Phase.NEEDS_AUTH, "problem": problem_of(causes.HTTPS_OFF, action_url=LINK)},
        {"funnel_not_enabled": True, "enable_url": LINK},
    ),
    "stopped": ({"phase": Phase.STOPPED}, {}),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_an_enable_answers_with_the_url_or_the_way_on(backend: TailscaleBackend, shape: str) -> None:
    facts, expected = SHAPES[shape]
    status = TunnelStatus(
        backend=BackendId("tailscale"), reach=Reach.INTERNET, target_url="http://x", extras=TailscaleExtras(), **facts
    )
    assert enable_answer(status) == expected
    message = Messages([backend]).of(backend.kind).switched(status, "enable", None, success=False)
    assert message.status.backend == "tailscale"


def routes_of(backend: Backend) -> set[tuple[str, str]]:
    """Return the routes of one backend, as from its place on."""
    place = f"/api/tunnels/{backend.id}"
    return {(one.method, one.path.removeprefix(place)) for one in build_routes([backend]) if place in one.path}


def test_its_routes_are_those_of_the_contract(backend: TailscaleBackend, services: Services) -> None:
    verbs = ("install", "start-daemon", "operator", "login", "enable", "disable")
    expected = {("GET", "/check"), ("DELETE", "/install"), *(("POST", f"/{name}") for name in verbs)}
    of_every_tunnel = routes_of(ExampleBackend(services))
    assert routes_of(backend) - of_every_tunnel == expected


def test_each_verb_is_offered_where_it_helps(backend: TailscaleBackend) -> None:
    status = TunnelStatus(
        backend=BackendId("tailscale"), reach=Reach.INTERNET, target_url="http://x", extras=TailscaleExtras()
    )
    offered = {command.name for command in backend.commands if command.run and command.offered(status)}
    assert offered == {"start-daemon"}
    running = replace(status, extras=TailscaleExtras(daemon_running=True))
    assert {one.name for one in backend.commands if one.run and one.offered(running)} == {"operator"}
