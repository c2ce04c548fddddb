"""The verbs besides a Funnel: check, log in, operator. Each says what is true, and asks for rights only if refused."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from portway.backends.tailscale import TailscaleBackend, TailscaleExtras, TailscaleOptions
from portway.backends.tailscale.declaration import LoginOptions, PasswordOptions, enable_answer
from portway.core.backend import Answer, Command, Context
from portway.core.codes import Code
from portway.core.errors import AuthNeeded, Problem, TunnelError
from portway.core.option_values import check_value
from portway.core.options import declared
from portway.core.secret import Secret
from portway.core.status import BackendId, Phase, Reach, TunnelStatus
from portway.rest.messages import Messages
from portway.rest.routes import build_routes
from portway.system.privileges import Account
from portway.system.services import Services
from tests.fakes.news import KnownSecrets
from tests.fakes.sudo import FakeSudo
from tests.fakes.tailscale import AUTH_KEY, NEVER_LOGGED_IN, PASSWORD, RUNNING, URL, FakeTailscale
from tests.fakes.tailscale_cli import LINK

ALICE = Account(12345, "alice")


@pytest.fixture
def sudo(tailscale: FakeTailscale, environment: dict[str, str]) -> FakeSudo:
    environment["PATH"] = f"{tailscale.folder}{os.pathsep}{environment['PATH']}"
    return FakeSudo(tailscale.folder, PASSWORD)


@pytest.fixture
def backend(sudo: FakeSudo, services: Services) -> TailscaleBackend:
    """Return the backend of somebody who is no administrator."""
    return TailscaleBackend(services, ALICE)


def verb(backend: TailscaleBackend, name: str) -> Command:
    return next(command for command in backend.commands if command.name == name)


def run(backend: TailscaleBackend, name: str, context: Context, options: object = None, **secrets: str) -> Answer:
    command = verb(backend, name)
    assert command.run is not None
    return command.run(replace(context, options=options or command.options(), secrets=KnownSecrets(secrets)))


def refused(backend: TailscaleBackend, name: str, context: Context, **secrets: str) -> TunnelError:
    with pytest.raises(TunnelError) as caught:
        run(backend, name, context, **secrets)
    return caught.value


def test_check_tells_what_is_so_now(tailscale: FakeTailscale, backend: TailscaleBackend, context: Context) -> None:
    found = run(backend, "check", context)
    assert found["binary_path"] == str(tailscale.program)
    assert [found[name] for name in ("installed", "daemon_running", "logged_in", "online")] == [True] * 4
    assert [found[name] for name in ("version", "backend_state", "hostname")] == ["1.102.3", "Running", "desk1"]
    assert (found["enabled"], found["tunnel_url"]) == (False, None)
    assert tailscale.changes == []


def test_check_knows_our_own_funnel(services: Services, context: Context) -> None:
    root = TailscaleBackend(services)
    session = root.open(context)
    found = run(root, "check", context)
    assert (found["enabled"], found["tunnel_url"]) == (True, URL)
    session.close(context)


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
    tailscale: FakeTailscale, backend: TailscaleBackend, context: Context, ways: Mapping[str, Any],
    node: Mapping[str, Any], expected: tuple[bool, ...],
) -> None:  # fmt: skip
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
    assert "TAILSCALE_BIN" in refused(backend, "check", context).problem.sentence


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


@pytest.mark.parametrize("hostname", ["", "shop"])
def test_a_log_in_tells_its_page_at_once(
    tailscale: FakeTailscale, backend: TailscaleBackend, context: Context, hostname: str
) -> None:
    tailscale.become(NEVER_LOGGED_IN)
    assert run(backend, "login", context, LoginOptions(hostname=hostname)) == {"auth_url": LINK}
    name = [f"--hostname={hostname}"] if hostname else []
    assert tailscale.changes == [["up", "--json", "--timeout=5s", *name, "--operator=alice"]]
    assert {call["environment"]["USER"] for call in tailscale.calls} == {"alice"}


def test_a_second_log_in_joins_the_first(tailscale: FakeTailscale, backend: TailscaleBackend, context: Context) -> None:
    tailscale.become(NEVER_LOGGED_IN)
    for _ in range(2):
        assert run(backend, "login", context) == {"auth_url": LINK}
    assert len(tailscale.changes) == 1


def test_turning_on_logs_in_as_well(tailscale: FakeTailscale, backend: TailscaleBackend, context: Context) -> None:
    tailscale.become(NEVER_LOGGED_IN)
    with pytest.raises(AuthNeeded) as caught:
        backend.open(context)
    assert (caught.value.code, caught.value.problem.action_url) == (Code.NEEDS_LOGIN, LINK)


@pytest.mark.parametrize("link", ["http://login.tailscale.com/a/1", "https://evil.example/a/1"])
def test_a_page_of_somebody_else_is_not_shown(
    tailscale: FakeTailscale, backend: TailscaleBackend, context: Context, link: str
) -> None:
    tailscale.become(NEVER_LOGGED_IN)
    tailscale.behave(login_link=link)
    error = refused(backend, "login", context)
    assert (error.code, error.problem.action_url) == (Code.NEEDS_LOGIN, None)
    assert "tailscale up" in error.problem.sentence


def test_flags_that_have_to_be_repeated_are_left_to_the_person(
    tailscale: FakeTailscale, backend: TailscaleBackend, context: Context
) -> None:
    tailscale.become(NEVER_LOGGED_IN)
    tailscale.behave(flags_missing=True)
    assert "Run: tailscale up --json --accept-dns=false" in refused(backend, "login", context).problem.sentence


def test_who_is_logged_in_is_told_so(tailscale: FakeTailscale, backend: TailscaleBackend, context: Context) -> None:
    assert run(backend, "login", context) == {"already_logged_in": True}
    assert tailscale.changes == []


def test_one_that_is_switched_off_is_switched_on_without_a_flag(
    tailscale: FakeTailscale, backend: TailscaleBackend, context: Context
) -> None:
    tailscale.node(BackendState="Stopped")
    assert run(backend, "login", context) == {"already_logged_in": True}
    assert tailscale.changes == [["up"]]


def test_a_key_goes_by_a_file_that_is_gone_afterwards(
    tailscale: FakeTailscale, backend: TailscaleBackend, context: Context, services: Services
) -> None:
    tailscale.become(NEVER_LOGGED_IN)
    tailscale.behave(good_key=AUTH_KEY, logged_in=RUNNING)
    assert run(backend, "login", context, auth_key=AUTH_KEY) == {"already_logged_in": True}
    assert tailscale.world["ways"]["key_file_mode"] == "0o600"
    assert list(services.folders.run.iterdir()) == []


def test_a_key_that_is_rejected_is_told(
    tailscale: FakeTailscale, backend: TailscaleBackend, context: Context, services: Services
) -> None:
    tailscale.become(NEVER_LOGGED_IN)
    assert refused(backend, "login", context, auth_key=AUTH_KEY).problem.variant == "key_rejected"
    assert list(services.folders.run.iterdir()) == []


def test_on_a_fresh_computer_the_account_becomes_operator_first(
    tailscale: FakeTailscale, sudo: FakeSudo, backend: TailscaleBackend, context: Context
) -> None:
    tailscale.become(NEVER_LOGGED_IN)
    tailscale.behave(denied=True)
    assert run(backend, "login", context, sudo_password=PASSWORD) == {"auth_url": LINK}
    assert [argv[0] for argv in tailscale.changes] == ["up", "set", "up"]
    assert tailscale.calls_of("set") == [["set", "--operator=alice"]]
    assert PASSWORD not in json.dumps(sudo.calls)


def test_the_operator_is_set_once(
    tailscale: FakeTailscale, sudo: FakeSudo, backend: TailscaleBackend, context: Context
) -> None:
    tailscale.behave(denied=True)
    assert refused(backend, "operator", context).code is Code.NEEDS_PRIVILEGES
    assert refused(backend, "operator", context, sudo_password="wrong").code is Code.WRONG_SUDO_PASSWORD
    assert run(backend, "operator", context, sudo_password=PASSWORD) == {}
    assert tailscale.world["ways"]["operator"] == "alice"
    calls = len(sudo.calls)
    session = backend.open(context)
    session.close(context)
    assert len(sudo.calls) == calls


def test_without_rights_the_command_for_the_operator_is_told(
    tailscale: FakeTailscale, backend: TailscaleBackend, context: Context
) -> None:
    tailscale.behave(denied=True)
    with pytest.raises(TunnelError) as caught:
        backend.open(context)
    assert caught.value.code is Code.NEEDS_PRIVILEGES
    assert f"sudo {tailscale.program} set --operator=alice" in caught.value.problem.sentence


def test_a_password_that_came_with_it_opens_and_closes(
    tailscale: FakeTailscale, backend: TailscaleBackend, context: Context
) -> None:
    tailscale.behave(denied=True)
    with_password = replace(context, secrets=KnownSecrets({"sudo_password": PASSWORD}))
    session = backend.open(with_password)
    with pytest.raises(TunnelError) as caught:
        session.close(context)
    assert caught.value.code is Code.NEEDS_PRIVILEGES
    session.close(with_password)
    assert tailscale.proxy_of(URL) is None


def test_a_kept_password_is_used_and_dropped_when_it_is_rejected(
    tailscale: FakeTailscale, backend: TailscaleBackend, services: Services, context: Context
) -> None:
    tailscale.behave(denied=True)
    services.secrets.put("tailscale", "sudo_password", Secret(PASSWORD))
    backend.open(context).close(context)
    services.secrets.put("tailscale", "sudo_password", Secret("stale"))
    assert refused(backend, "operator", context).code is Code.WRONG_SUDO_PASSWORD
    assert services.secrets.get("tailscale", "sudo_password") is None


BAD_NAMES = ("-desk", "desk-", "a.b", "a" * 64, "$(id)", "a b", "dësk", "a_b", "--operator=eve")


@pytest.mark.parametrize("name", BAD_NAMES)
@pytest.mark.parametrize("options", [TailscaleOptions, LoginOptions])
def test_a_host_name_is_checked_before_anything_runs(options: type, name: str) -> None:
    with pytest.raises(TunnelError) as caught:
        check_value(declared(options)["hostname"], name)
    assert caught.value.code is Code.BAD_REQUEST
    assert caught.value.problem.sentence.startswith("hostname: ")


@pytest.mark.parametrize("name", ["a", "Desk-1", "a" * 63])
def test_a_good_host_name_passes(name: str) -> None:
    assert check_value(declared(TailscaleOptions)["hostname"], name) == name


@pytest.mark.parametrize("password", ["a\nb", "a\x00b", "x" * 20_000, 1, True, None])
def test_a_password_that_no_sudo_could_read_is_refused_and_not_repeated(password: object) -> None:
    with pytest.raises(TunnelError) as caught:
        check_value(declared(PasswordOptions)["sudo_password"], password)
    assert caught.value.problem.sentence.startswith("sudoPassword: ")
    assert not isinstance(password, str) or password not in caught.value.problem.sentence


@pytest.mark.parametrize("port", ["80", "0", "443,8443", "", True, 443])
def test_other_public_ports_are_refused(port: object) -> None:
    with pytest.raises(TunnelError):
        check_value(declared(TailscaleOptions)["public_port"], port)


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
        {"phase": Phase.NEEDS_AUTH, "problem": Problem(Code.FUNNEL_NOT_ENABLED, action_url=LINK)},
        {"funnel_not_enabled": True, "enable_url": LINK},
    ),
    "HTTPS off": (
        {"phase": Phase.NEEDS_AUTH, "problem": Problem(Code.HTTPS_NOT_ENABLED, action_url=LINK)},
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
    message = Messages([backend]).of(backend.id).switched(status, "enable", None, success=False)
    assert message.status.backend == "tailscale"


def test_its_routes_are_those_of_the_contract(backend: TailscaleBackend) -> None:
    routes = {(route.method, route.path.removeprefix("/api/tunnels/tailscale")) for route in build_routes([backend])}
    verbs = ("install", "start-daemon", "operator", "login", "enable", "disable")
    expected = {("GET", ""), ("POST", ""), ("GET", "/check"), ("DELETE", "/install")} | {
        ("POST", f"/{name}") for name in verbs
    }
    assert {route for route in routes if not route[1].startswith("/api/")} == expected


def test_each_verb_is_offered_where_it_helps(backend: TailscaleBackend) -> None:
    status = TunnelStatus(
        backend=BackendId("tailscale"), reach=Reach.INTERNET, target_url="http://x", extras=TailscaleExtras()
    )
    offered = {command.name for command in backend.commands if command.run and command.offered(status)}
    assert offered == {"start-daemon"}
    running = replace(status, extras=TailscaleExtras(daemon_running=True))
    assert {one.name for one in backend.commands if one.run and one.offered(running)} == {"operator"}
