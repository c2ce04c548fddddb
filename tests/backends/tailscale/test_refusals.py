"""Whatever the command refuses has its own cause and its own way on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from portway.backends.tailscale.backend import TailscaleBackend, TailscaleExtras
from portway.core.backend import Context
from portway.core.codes import Code
from portway.core.target import Target
from portway.core.timing import Timing
from portway.system.services import Services
from tests.backends.tailscale.runs import ALICE, Open, open_refused
from tests.fakes.backends.news import RecordedNews
from tests.fakes.rights.sudo import FakeSudo
from tests.fakes.tailscale.cli import ADMIN, ENABLE
from tests.fakes.tailscale.computer import DECOY, HOST, RUNNING, URL, FakeTailscale

pytestmark = pytest.mark.children


@pytest.fixture
def timing(timing: Timing) -> Timing:
    return replace(timing, start_limit=0.3)


PAGES: Mapping[str, tuple[Code, str]] = {
    "wait": (Code.FUNNEL_NOT_ENABLED, ENABLE),
    "no_wait": (Code.FUNNEL_NOT_ENABLED, ENABLE),
    "https": (Code.HTTPS_NOT_ENABLED, ENABLE.replace("funnel?", "https?")),
    "admin": (Code.FUNNEL_NOT_ENABLED, ADMIN),  # the control server may name any page
}


@pytest.mark.parametrize("how", PAGES)
def test_the_page_that_allows_funnel_is_told_at_once(
    tailscale: FakeTailscale, backend: TailscaleBackend, context: Context, news: RecordedNews, how: str
) -> None:
    code, page = PAGES[how]
    tailscale.behave(funnel_off=how)
    error = open_refused(backend, context)
    assert (error.code, error.problem.action_url) == (code, page)
    extras = news.reports[-1][0]
    assert isinstance(extras, TailscaleExtras)
    assert (extras.funnel_not_enabled, extras.enable_url, extras.enabled) == (True, page, False)


def test_without_a_page_the_admin_console_is_told(
    tailscale: FakeTailscale, backend: TailscaleBackend, context: Context
) -> None:
    tailscale.behave(funnel_off="text")
    tailscale.self_(CapMap={"https": None})
    error = open_refused(backend, context)
    assert error.code is Code.FUNNEL_NOT_ENABLED
    assert error.problem.action_url == "https://login.tailscale.com/admin/settings/features"
    assert backend.still_blocked(error.code)
    tailscale.become(RUNNING)
    assert not backend.still_blocked(error.code)


def test_goes_on_once_the_person_has_allowed_it(
    tailscale: FakeTailscale, backend: TailscaleBackend, context: Context, open_session: Open
) -> None:
    tailscale.behave(funnel_off="wait")
    tailscale.self_(CapMap={"https": None})
    assert open_refused(backend, context).code is Code.FUNNEL_NOT_ENABLED
    tailscale.behave(funnel_off=None)
    tailscale.become(RUNNING)
    assert open_session().public_url == URL


WORDS = "sending serve config: updating config: "
REFUSALS: Mapping[str, tuple[str, Code]] = {
    "HTTPS is off": (
        "Funnel not available; HTTPS must be enabled. See https://tailscale.com/s/https.",
        Code.HTTPS_NOT_ENABLED,
    ),
    "the rules have no attribute": (
        'Funnel not available; "funnel" node attribute not set. See https://tailscale.com/s/no-funnel.',
        Code.FUNNEL_NOT_ENABLED,
    ),
    "the port, and others allowed": (
        "port 443 is not allowed for funnel; allowed ports are: 8443,10000",
        Code.FUNNEL_NOT_ENABLED,
    ),
    "the port": ("port 443 is not allowed for funnel", Code.FUNNEL_NOT_ENABLED),
    "shields up": (
        WORDS + "Unable to turn on Funnel while shields-up is enabled",
        Code.REFUSED_BY_SERVICE,
    ),
    "a foreground run": (WORDS + "foreground listener already exists for port 443", Code.PORT_CONFLICT),
    "a foreground run before 1.92": (WORDS + "foreground already exists under this port", Code.PORT_CONFLICT),
    "a background one": (WORDS + "listener already exists for port 443", Code.PORT_CONFLICT),
    "a background one before 1.92": (
        "background configuration already exists, use `tailscale funnel --https=443 off` to remove the existing one",
        Code.PORT_CONFLICT,
    ),
    "another type": (
        "error: failed to apply TCP serve: cannot serve TCP; already serving web on 443 for host",
        Code.PORT_CONFLICT,
    ),
    "another type before 1.92": (
        'error: failed apply web serve: want to serve "tcp", but port 443 is already serving "https"',
        Code.PORT_CONFLICT,
    ),
    "another type before 1.86": (
        'error: failed apply web serve: want to serve "tcp" but port is already serving "https" for "machine"',
        Code.PORT_CONFLICT,
    ),
    "logged out": ("Logged out.", Code.NEEDS_LOGIN),
    "switched off": ("Tailscale is stopped.", Code.TAILSCALE_STOPPED),
    "not approved": ("Machine is not yet approved by tailnet admin.", Code.NEEDS_APPROVAL),
    "no state yet": ("unexpected state: NoState", Code.EDGE_UNREACHABLE),
    "a daemon that ended just now": (
        "getting client status: failed to connect to local tailscaled; it doesn't appear to be running",
        Code.DAEMON_NOT_RUNNING,
    ),
    "somebody who changes something all the time": (
        "Another client is changing the serve config; please try again.\nPreconditions failed: etag mismatch",
        Code.REFUSED_BY_SERVICE,
    ),
    "another account of Windows": (
        'Tailscale already in use ("DESK\\eve"); connection from "DESK\\alice" not allowed',
        Code.REFUSED_BY_SERVICE,
    ),
    "unknown": ("error: something with /home/alice/secret and tskey-auth-abc in it", Code.REFUSED_BY_SERVICE),
}


@pytest.mark.parametrize("refusal", REFUSALS)
def test_each_refusal_has_its_own_cause(
    tailscale: FakeTailscale, backend: TailscaleBackend, context: Context, refusal: str
) -> None:
    text, code = REFUSALS[refusal]
    tailscale.behave(refusal=text)
    error = open_refused(backend, context)
    assert error.code is code
    assert "alice" not in error.problem.sentence
    assert "tskey" not in error.problem.sentence


def test_a_public_port_that_the_relays_do_not_serve_is_not_tried(
    tailscale: FakeTailscale, backend: TailscaleBackend, context: Context
) -> None:
    tailscale.self_(
        CapMap={"https": None, "funnel": None, "https://tailscale.com/cap/funnel-ports?ports=8443,9000-9009": None}
    )
    error = open_refused(backend, context)
    assert error.code is Code.FUNNEL_NOT_ENABLED
    assert "8443, 9000-9009" in error.problem.sentence
    assert tailscale.changes == []
    assert backend.still_blocked(error.code)


DENIED = "sending serve config: Access denied: serve config denied"
DENIALS: Mapping[str, str] = {
    "since 1.84": (
        f"{DENIED}\n\nUse 'sudo tailscale funnel --bg'.\n"
        "To not require root, use 'sudo tailscale set --operator=$USER' once."
    ),
    "before 1.84": (
        f"{DENIED}\nUse 'sudo tailscale funnel --bg' or 'tailscale up --operator=$USER' to not require root."
    ),
    "Windows": DENIED,
    "a path or a socket": (
        "sending serve config: 401 Unauthorized: must be root, or be an operator and able to run 'sudo tailscale' "
        "to serve a path or Unix socket"
    ),
}


@pytest.mark.parametrize("words", DENIALS)
def test_each_denial_leads_to_the_operator(  # noqa: PLR0917 - fixtures
    tailscale: FakeTailscale, sudo: FakeSudo, services: Services, socket_path: Path, context: Context, words: str
) -> None:
    tailscale.behave(refusal=DENIALS[words])
    error = open_refused(TailscaleBackend(services, ALICE, socket_path), context)
    assert error.code is Code.NEEDS_PRIVILEGES
    assert f"sudo {tailscale.program} set --operator=alice" in error.problem.sentence
    assert len(sudo.calls) == 1


NOT_RUNNING: Mapping[str, str] = {
    "Linux": (
        "failed to connect to local tailscaled; it doesn't appear to be running (sudo systemctl start tailscaled ?)"
    ),
    "Linux without systemd": "failed to connect to local tailscaled; it doesn't appear to be running",
    "macOS": "failed to connect to local Tailscale service; is Tailscale running?",
    "Windows": "failed to connect to local tailscaled process; is the Tailscale service running?",
    "a process without a socket": (
        "failed to connect to local tailscaled (which appears to be running as tailscaled, pid 7). Got error: "
        "Failed to connect to local Tailscale daemon for /localapi/v0/status; not running? Error: dial unix /x: refused"
    ),
    "the raw form": (
        "getting serve config: Failed to connect to local Tailscale daemon for /localapi/v0/serve-config; not running? "
        "Error: dial unix /var/run/tailscale/tailscaled.sock: connect: no such file or directory"
    ),
}


@pytest.mark.parametrize("words", NOT_RUNNING)
def test_each_way_to_say_that_no_daemon_runs_is_known(
    tailscale: FakeTailscale, backend: TailscaleBackend, context: Context, words: str
) -> None:
    tailscale.behave(daemon_down=NOT_RUNNING[words])
    error = open_refused(backend, context)
    assert error.code is Code.DAEMON_NOT_RUNNING
    assert "/" not in error.problem.sentence
    assert not backend.findings().extras.daemon_running


def test_tries_again_where_somebody_changed_something_at_the_same_moment(
    tailscale: FakeTailscale, open_session: Open
) -> None:
    tailscale.behave(races=2)
    open_session()
    assert len(tailscale.calls_of("funnel")) == 3


def test_whoever_was_quicker_is_not_overwritten(
    tailscale: FakeTailscale, backend: TailscaleBackend, context: Context
) -> None:
    tailscale.behave(races=1, racer=["443", "http://127.0.0.1:7008"])
    assert open_refused(backend, context).code is Code.PORT_CONFLICT
    assert len(tailscale.calls_of("funnel")) == 1
    handlers = tailscale.world["config"]["Web"][f"{HOST}:443"]["Handlers"]
    assert handlers == {"/": {"Proxy": "http://127.0.0.1:7008"}}
    tailscale.take_down(443)


def test_one_of_ours_that_was_left_is_gone_before_another_is_tried(
    tailscale: FakeTailscale, backend: TailscaleBackend, context: Context
) -> None:
    backend.open(context).leave()
    tailscale.behave(refusal=WORDS + "something")
    later = replace(context, target=Target("http", "127.0.0.1", 9), origin=Target("http", "127.0.0.1", 9))
    assert open_refused(backend, later).code is Code.REFUSED_BY_SERVICE
    assert tailscale.world["config"] == DECOY
