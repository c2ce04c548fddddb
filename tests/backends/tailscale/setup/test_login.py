"""A computer is logged in by a page for a person or by a key, and never loses who it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from portway.backends.tailscale.backend import TailscaleBackend
from portway.backends.tailscale.declaration import LoginOptions
from portway.core.backend import Context
from portway.core.codes import Code
from portway.core.errors import AuthNeeded
from portway.system.services import Services
from tests.backends.tailscale.runs import ALICE, run, run_refused
from tests.fakes.rights.sudo import FakeSudo
from tests.fakes.tailscale.cli import LINK
from tests.fakes.tailscale.computer import AUTH_KEY, NEVER_LOGGED_IN, RUNNING, FakeTailscale
from tests.limits import SEEN

pytestmark = pytest.mark.children


@pytest.fixture
def backend(sudo: FakeSudo, services: Services, socket_path: Path) -> TailscaleBackend:
    """Return the backend of somebody who is no administrator."""
    return TailscaleBackend(services, ALICE, socket_path)


@pytest.mark.parametrize("hostname", ["", "shop"])
def test_a_log_in_tells_its_page_at_once(
    tailscale: FakeTailscale, backend: TailscaleBackend, context: Context, hostname: str
) -> None:
    tailscale.become(NEVER_LOGGED_IN)
    assert run(backend, "login", context, LoginOptions(hostname=hostname)) == {"auth_url": LINK}
    name = [f"--hostname={hostname}"] if hostname else []
    assert tailscale.changes == [["up", "--json", f"--timeout={SEEN:g}s", *name, "--operator=alice"]]
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
    error = run_refused(backend, "login", context)
    assert (error.code, error.problem.action_url) == (Code.NEEDS_LOGIN, None)
    assert "tailscale up" in error.problem.sentence


def test_flags_that_have_to_be_repeated_are_left_to_the_person(
    tailscale: FakeTailscale, backend: TailscaleBackend, context: Context
) -> None:
    tailscale.become(NEVER_LOGGED_IN)
    tailscale.behave(flags_missing=True)
    assert "Run: tailscale up --json --accept-dns=false" in run_refused(backend, "login", context).problem.sentence


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
    assert run_refused(backend, "login", context, auth_key=AUTH_KEY).problem.variant == "key_rejected"
    assert list(services.folders.run.iterdir()) == []
