"""Turning tunnels on and off: what is asked of the hub, when the answer comes, and that success is honest."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from portway.core.codes import Code
from portway.core.errors import Problem
from portway.core.hub import Ask
from portway.core.secret import Secret
from portway.core.status import Phase
from portway.core.target import parse_target
from portway.core.timing import Timing
from portway.rest.answers import Later, Reply, Response, Stream
from portway.rest.api import Api
from portway.rest.policy import Call, Credential
from portway.rest.tokens import Tokens
from tests.fakes.fake_hub import (
    DOWN,
    FUNNEL_OFF,
    FUNNEL_PAGE,
    LOGIN_PAGE,
    NEEDS_LOGIN,
    NEEDS_TOKEN,
    NO_NETWORK,
    FakeHub,
    FakeVault,
    blocked,
    up,
)
from tests.rest.wire import Rest, Wire, parsed

ENABLE, DISABLE = {"action": "enable"}, {"action": "disable"}
TOKEN = "2abcdefghijklmnopqrstuv_0123456789abcdefghij"
STUCK = Problem(Code.NEEDS_PRIVILEGES, parameters={"command": "sudo tailscale funnel off"})


def begun(rest: Rest, backend: str = "lan", body: str = '{"action":"enable"}', query: str = "") -> Wire:
    """Begin a call that the hub holds."""
    rest.hub.holds = True
    asked = len(rest.hub.enabled) + len(rest.hub.disabled)
    wire = rest.connect()
    lines = ("Content-Type: application/json", f"Content-Length: {len(body)}")
    wire.send(rest.head(f"POST /api/tunnels/{backend}{query}", *lines) + body.encode())
    wire.wait(lambda: len(rest.hub.enabled) + len(rest.hub.disabled) > asked)
    return wire


@pytest.mark.parametrize("backend", ["lan", "cloudflared", "ngrok", "tailscale"])
def test_enables_and_disables_each_backend_in_one_form(rest: Rest, backend: str) -> None:
    on = rest.call("POST", f"/api/tunnels/{backend}", ENABLE)
    assert (on.status, on.json["success"], on.json["action"]) == (200, True, "enable")
    assert on.json["status"]["publicUrl"] == f"https://{backend}.example"
    assert on.json["status"]["apiUrl"] == f"https://{backend}.example/v1"
    off = rest.call("POST", f"/api/tunnels/{backend}", DISABLE)
    assert (off.status, off.json["success"], off.json["action"]) == (200, True, "disable")
    assert off.json["status"]["publicUrl"] is None


@pytest.mark.parametrize(
    ("backend", "body", "ask"),
    [
        ("lan", {}, Ask()),
        ("lan", {"target": "3000"}, Ask(target=parse_target("3000"))),
        ("lan", {"target": " https://[::1]:8443/ "}, Ask(target=parse_target("https://[::1]:8443"))),
        ("lan", {"port": 3000}, Ask(target=parse_target("3000"))),
        ("lan", {"port": None, "target": None, "listenPort": None}, Ask()),
        ("lan", {"address": "127.0.0.2", "listenPort": 8080},
         Ask(options={"address": "127.0.0.2", "listen_port": 8080})),
        ("lan", {"lasting": False}, Ask(lasting=False)),
        ("lan", {"lasting": True, "unknown": [1, {}], "by_person": True}, Ask()),
        ("cloudflared", {"hostHeader": "localhost:3000"}, Ask(options={"host_header": "localhost:3000"})),
        ("cloudflared", {"remember": True, "authToken": "x"}, Ask()),
        ("ngrok", {"authToken": TOKEN}, Ask(options={"auth_token": Secret(TOKEN)})),
        ("ngrok", {"authToken": f" {TOKEN} ", "remember": True, "domain": "mine.ngrok-free.app"},
         Ask(options={"auth_token": Secret(TOKEN), "domain": "mine.ngrok-free.app"}, remember=True)),
        ("tailscale", {"hostname": "my-laptop", "sudoPassword": "pass word"},
         Ask(options={"hostname": "my-laptop", "sudo_password": Secret("pass word")})),
    ],
)  # fmt: skip
def test_asks_the_hub_for_what_the_body_names(rest: Rest, backend: str, body: dict[str, Any], ask: Ask) -> None:
    assert rest.call("POST", f"/api/tunnels/{backend}", ENABLE | body).status == 200
    assert rest.hub.enabled == [(backend, ask)]


def test_an_alias_of_tailscale_asks_the_same(rest: Rest) -> None:
    body = {"sudoPassword": "secret", "port": 20128, "hostname": "box"}
    answer = rest.call("POST", "/api/tunnels/tailscale/enable", body)
    assert answer.status == 200
    assert answer.json["tunnelUrl"] == "https://tailscale.example"
    assert answer.json["action"] == "enable"
    options = {"sudo_password": Secret("secret"), "hostname": "box"}
    assert rest.hub.enabled == [("tailscale", Ask(target=parse_target("20128"), options=options))]
    assert rest.call("POST", "/api/tunnels/tailscale/disable", {"sudoPassword": "x"}).json["success"]
    assert rest.hub.disabled == [("tailscale", Ask(options={"sudo_password": Secret("x")}))]


def test_tailscale_tells_the_way_on_as_its_scripts_expect(rest: Rest) -> None:
    rest.hub.outcomes["tailscale"] = blocked(NEEDS_LOGIN)
    answer = rest.call("POST", "/api/tunnels/tailscale/enable")
    assert answer.status == 200
    assert answer.json.items() >= {"success": False, "needsLogin": True, "authUrl": LOGIN_PAGE}.items()
    rest.hub.outcomes["tailscale"] = blocked(FUNNEL_OFF)
    answer = rest.call("POST", "/api/tunnels/tailscale/enable")
    assert answer.status == 200
    assert answer.json.items() >= {"success": False, "funnelNotEnabled": True, "enableUrl": FUNNEL_PAGE}.items()


@pytest.mark.parametrize("warning", [None, Problem(Code.NO_SECURE_STORAGE)])
def test_a_token_to_remember_is_told_where_it_is_held(rest: Rest, warning: Problem | None) -> None:
    rest.vault.problem = warning
    answer = rest.call("POST", "/api/tunnels/ngrok", ENABLE | {"authToken": TOKEN, "remember": True})
    assert (answer.status, answer.json["success"]) == (200, True)
    assert answer.json.get("warning") == (None if warning is None else warning.sentence)
    assert rest.vault.held == {("ngrok", "auth_token"): Secret(TOKEN)}


@pytest.mark.parametrize(
    "body",
    [
        ENABLE | {"authToken": TOKEN}, ENABLE | {"authToken": TOKEN, "remember": False}, ENABLE | {"remember": True},
        ENABLE | {"authToken": "", "remember": True}, DISABLE | {"authToken": TOKEN, "remember": True},
    ],
)  # fmt: skip
def test_no_other_token_is_stored(rest: Rest, body: dict[str, Any]) -> None:
    assert rest.call("POST", "/api/tunnels/ngrok", body).json["success"]
    assert not rest.vault.held


def test_a_token_that_does_not_work_is_not_stored(rest: Rest) -> None:
    rest.hub.outcomes["ngrok"] = blocked(Problem(Code.TOKEN_REJECTED, parameters={"service": "ngrok"}))
    answer = rest.call("POST", "/api/tunnels/ngrok", ENABLE | {"authToken": TOKEN, "remember": True})
    assert (answer.json["success"], answer.json["code"]) == (False, "token_rejected")
    assert not rest.vault.held


def test_a_missing_token_is_no_error_but_no_success(rest: Rest) -> None:
    rest.hub.outcomes["ngrok"] = blocked(NEEDS_TOKEN)
    answer = rest.call("POST", "/api/tunnels/ngrok", ENABLE)
    assert (answer.status, answer.json["success"], answer.json["code"]) == (200, False, "needs_token")
    assert answer.json["actionUrl"] == NEEDS_TOKEN.action_url
    assert answer.json["status"]["phase"] == "needs_auth"


FAILED = {"phase": Phase.ERROR, "public_url": None}


@pytest.mark.parametrize(
    ("problem", "status"),
    [
        (Problem(Code.NOT_INSTALLED, parameters={"program": "cloudflared"}), 409),
        (Problem(Code.CHECKSUM_MISMATCH, parameters={"program": "cloudflared"}), 502),
        (Problem(Code.PORT_CONFLICT, parameters={"port": "443"}), 409),
        (Problem(Code.START_TIMEOUT, parameters={"program": "cloudflared", "seconds": "30"}), 504),
        (Problem(Code.STORAGE_FAILED, parameters={"path": "/x", "reason": "the disk is full"}), 507),
        (STUCK, 403),
        (Problem(Code.INTERNAL), 500),
    ],
)
def test_an_error_answers_with_the_status_of_its_code(rest: Rest, problem: Problem, status: int) -> None:
    rest.hub.outcomes["cloudflared"] = FAILED | {"problem": problem}
    answer = rest.call("POST", "/api/tunnels/cloudflared", ENABLE)
    assert answer.status == status
    assert answer.json.items() >= {"success": False, "error": problem.sentence, "code": problem.code}.items()
    assert answer.json["status"]["lastError"] == problem.sentence


def test_a_first_try_that_failed_answers_though_another_one_will_come(rest: Rest) -> None:
    due = datetime.now(UTC) + timedelta(seconds=30)
    rest.hub.outcomes["cloudflared"] = {"problem": NO_NETWORK, "retry_at": due}
    answer = rest.call("POST", "/api/tunnels/cloudflared", ENABLE)
    assert (answer.status, answer.json["success"], answer.json["code"]) == (502, False, "no_network")
    assert (answer.json["status"]["phase"], answer.json["status"]["wanted"]) == ("starting", True)
    assert answer.json["status"]["retryAt"]


def test_a_limit_of_the_service_says_when_to_come_again(rest: Rest) -> None:
    due = datetime.now(UTC) + timedelta(seconds=120)
    limited = Problem(Code.RATE_LIMITED, parameters={"service": "Cloudflare"})
    rest.hub.outcomes["cloudflared"] = {"problem": limited, "retry_at": due}
    answer = rest.call("POST", "/api/tunnels/cloudflared", ENABLE)
    assert answer.status == 503
    assert 118 <= int(answer.header("Retry-After") or 0) <= 120


def test_enable_on_a_running_tunnel_answers_with_the_same_url(rest: Rest) -> None:
    first = rest.call("POST", "/api/tunnels/lan", ENABLE)
    assert rest.call("POST", "/api/tunnels/lan", ENABLE).json == first.json


def test_disable_on_a_stopped_tunnel_succeeds(rest: Rest) -> None:
    for _ in range(2):
        assert rest.call("POST", "/api/tunnels/lan", DISABLE).json["success"]


def test_the_answer_waits_for_the_outcome_and_others_are_answered_meanwhile(rest: Rest) -> None:
    wire = begun(rest)
    assert rest.call("GET", "/api/tunnels/lan").json["phase"] == "starting"
    assert not wire.received
    rest.hub.show("lan", **up("lan"))
    assert parsed(wire.to_end()).json["success"]


def test_all_who_wait_for_one_tunnel_are_answered(rest: Rest) -> None:
    wires = [begun(rest) for _ in range(5)]
    rest.hub.show("lan", **up("lan"))
    assert [parsed(wire.to_end()).status for wire in wires] == [200] * 5


def test_news_of_another_tunnel_is_no_answer(rest: Rest) -> None:
    wire = begun(rest)
    rest.hub.show("ngrok", phase=Phase.STARTING, wanted=True)
    rest.hub.show("ngrok", **up("ngrok"))
    wire.look()
    assert not wire.received


@pytest.mark.parametrize("backend", ["lan", "tailscale"])
def test_after_the_wait_the_answer_is_that_it_goes_on(rest: Rest, backend: str) -> None:
    wire = begun(rest, backend, query="?wait=0")
    answer = parsed(wire.to_end())
    assert answer.status == 202
    assert answer.json.items() >= {"success": False, "pending": True, "action": "enable"}.items()
    assert answer.json["status"]["phase"] == "starting"


def test_a_wait_of_nothing_answers_what_is_known(rest: Rest) -> None:
    assert rest.call("POST", "/api/tunnels/lan", ENABLE, wait="?wait=0").status == 200


def test_a_wish_that_is_taken_back_meanwhile_is_cancelled(rest: Rest) -> None:
    wire = begun(rest)
    assert rest.call("POST", "/api/tunnels/lan", DISABLE, wait="?wait=0").status == 202
    answer = parsed(wire.to_end())
    assert (answer.status, answer.json["success"], answer.json["code"]) == (409, False, "cancelled")


def test_disable_waits_until_it_is_down(rest: Rest) -> None:
    rest.call("POST", "/api/tunnels/lan", ENABLE)
    wire = begun(rest, body='{"action":"disable"}')
    wire.look()
    assert not wire.received
    rest.hub.show("lan", **DOWN)
    assert parsed(wire.to_end()).json["success"]


def test_disable_that_fails_says_why_and_that_it_is_still_up(rest: Rest) -> None:
    rest.call("POST", "/api/tunnels/tailscale", ENABLE)
    wire = begun(rest, "tailscale", body='{"action":"disable"}')
    rest.hub.show("tailscale", problem=STUCK)
    answer = parsed(wire.to_end())
    assert (answer.status, answer.json["success"], answer.json["code"]) == (403, False, "needs_privileges")
    assert answer.json["status"]["running"]


def test_disable_that_an_enable_overtakes_is_cancelled(rest: Rest) -> None:
    rest.call("POST", "/api/tunnels/lan", ENABLE)
    wire = begun(rest, body='{"action":"disable"}')
    begun(rest, body='{"action":"enable","port":3000}')
    assert parsed(wire.to_end()).json["code"] == "cancelled"


def test_who_leaves_cancels_nothing(rest: Rest) -> None:
    wire = begun(rest)
    wire.close()
    assert rest.call("GET", "/api/tunnels/lan").json["wanted"]
    rest.hub.show("lan", **up("lan"))
    assert rest.call("GET", "/api/tunnels/lan").json["running"]
    assert not rest.hub.disabled


def test_who_waits_gets_a_last_word_when_the_server_closes(rest: Rest) -> None:
    wire = begun(rest)
    rest.server.close()
    answer = parsed(wire.to_end())
    assert (answer.status, answer.json["pending"]) == (202, True)


@pytest.fixture
def api(hub: FakeHub, vault: FakeVault, tokens: Tokens, timing: Timing) -> Api:
    return Api(hub, vault, tokens, "1", timing)


@pytest.mark.parametrize(("wait", "limit"), [(None, 60), (0, 0), (300, 300)])
def test_an_answer_waits_60_seconds_or_as_long_as_asked(api: Api, wait: int | None, limit: float) -> None:
    reply: Reply = api.handle(Call("POST", "/api/tunnels/lan", wait, Credential.RUN), b'{"action":"enable"}')
    assert isinstance(reply, Later)
    assert reply.limit == limit


def test_nobody_is_left_listening_once_all_is_answered(api: Api, hub: FakeHub) -> None:
    hub.holds = True
    reply = api.handle(Call("POST", "/api/tunnels/lan", None, Credential.RUN), b'{"action":"enable"}')
    assert isinstance(reply, Later)
    got: list[Response] = []
    leave = reply.wait(got.append)
    leave()
    hub.show("lan", **up("lan"))
    assert got == []


def test_the_events_are_a_stream(api: Api) -> None:
    assert isinstance(api.handle(Call("GET", "/api/events", None, Credential.RUN), b""), Stream)
