"""Administrator rights are used only where Tailscale refuses, once at most, and no password is kept unasked."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from portway.backends.tailscale.backend import TailscaleBackend
from portway.core.backend import Context
from portway.core.codes import Code
from portway.core.errors import TunnelError
from portway.core.secret import Secret
from portway.system.services import Services
from tests.backends.tailscale.runs import ALICE, run, run_refused
from tests.fakes.backends.news import KnownSecrets
from tests.fakes.rights.sudo import FakeSudo
from tests.fakes.tailscale.cli import LINK
from tests.fakes.tailscale.computer import NEVER_LOGGED_IN, PASSWORD, URL, FakeTailscale

pytestmark = pytest.mark.children


@pytest.fixture
def backend(sudo: FakeSudo, services: Services, socket_path: Path) -> TailscaleBackend:
    """Return the backend of somebody who is no administrator."""
    return TailscaleBackend(services, ALICE, socket_path)


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
    assert run_refused(backend, "operator", context).code is Code.NEEDS_PRIVILEGES
    assert run_refused(backend, "operator", context, sudo_password="wrong").code is Code.WRONG_SUDO_PASSWORD
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
    assert run_refused(backend, "operator", context).code is Code.WRONG_SUDO_PASSWORD
    assert services.secrets.get("tailscale", "sudo_password") is None
