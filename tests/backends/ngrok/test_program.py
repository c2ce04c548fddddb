"""ngrok in the whole program, over REST: tokens that are missing, wrong and right, and an end that is clean."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from portway.core.target import Target
from tests.backends.ngrok.conftest import DOMAIN
from tests.backends.ngrok.test_tunnel import visit
from tests.fakes.backends.news import wait_until
from tests.fakes.ngrok.edge import Account, NgrokEdge
from tests.fakes.origins.page import PAGE
from tests.fakes.portway.program import Program, started

pytestmark = pytest.mark.children

PATH = "/api/tunnels/ngrok"
WRONG = "2abcdefghijKLMNOPQRSTuvw" + "_" + "5xYz0123456789abcdefg"  # made up, in ngrok's form


@pytest.fixture
def program(edge: NgrokEdge, environment: dict[str, str], tmp_path: Path) -> Iterator[Program]:
    with started({**environment, "PORTWAY_API_PORT": "0"}, tmp_path / "output") as program:
        yield program


def test_needs_a_token_refuses_a_wrong_one_and_takes_the_right_one(
    program: Program, edge: NgrokEdge, account: Account, origin: Target
) -> None:
    rest = program.wait_for_phase("needs_auth", "ngrok")
    assert (rest["code"], rest["installed"], rest["installSource"]) == ("needs_token", True, "sdk")
    assert rest["actionUrl"].startswith("https://dashboard.ngrok.com/")
    enable = {"action": "enable", "target": origin.url, "domain": DOMAIN}
    status, answer = program.call("POST", PATH, enable)
    assert (status, answer["success"], answer["status"]["code"]) == (200, False, "needs_token")
    status, answer = program.call("POST", PATH, {**enable, "authToken": WRONG})
    assert (status, answer["success"], answer["status"]["code"]) == (200, False, "token_rejected")
    assert program.status("ngrok")["lastError"] == answer["status"]["lastError"]  # still there at the next look
    status, answer = program.call("POST", PATH, {**enable, "authToken": account.token})
    assert (status, answer["success"]) == (200, True)
    assert answer["status"]["publicUrl"] == f"https://{DOMAIN}"
    assert (answer["status"]["domain"], bool(answer["status"]["sdkVersion"])) == (DOMAIN, True)
    assert visit(edge, f"https://{DOMAIN}").content == PAGE
    status, answer = program.call("POST", PATH, {"action": "disable"})
    assert (status, answer["success"], edge.urls) == (200, True, [])


def test_a_malformed_domain_or_token_is_a_bad_request(program: Program, edge: NgrokEdge) -> None:
    for body in ({"domain": "not a domain"}, {"authToken": "not a token"}, {"hostHeader": "a b"}):
        status, answer = program.call("POST", PATH, {"action": "enable", **body})
        assert (status, answer["code"]) == (400, "bad_request")
        assert next(iter(body)) in answer["error"]
    assert edge.count("connected") == 0


def test_a_foreign_domain_answers_with_its_status(program: Program, account: Account, origin: Target) -> None:
    body = {"action": "enable", "target": origin.url, "authToken": account.token, "domain": "theirs.ngrok-free.app"}
    status, answer = program.call("POST", PATH, body)
    assert (status, answer["success"], answer["code"]) == (409, False, "domain_not_yours")
    assert "theirs.ngrok-free.app" in answer["error"]


def test_a_quit_hangs_up_and_ends_cleanly(program: Program, edge: NgrokEdge, account: Account, origin: Target) -> None:
    body = {"action": "enable", "target": origin.url, "authToken": account.token}
    assert program.call("POST", PATH, body)[1]["success"]
    program.process.send_signal(signal.SIGTERM)
    assert program.ended() == 0, program.said
    edge.wait_for("gone")
    wait_until(lambda: edge.sessions == 0)
    assert "Fatal" not in program.said
