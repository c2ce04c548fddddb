"""Turning tunnels on and off: what is asked of the hub, when the answer comes, and that success is honest."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from portway.core.codes import Code
from portway.core.errors import Problem
from portway.core.hub import EnableRequest
from portway.core.secret import Secret
from portway.core.status import Phase
from portway.core.target import parse_target
from tests.fakes.backends.api import FUNNEL_OFF, FUNNEL_PAGE, LOGIN_PAGE, NEEDS_LOGIN, NEEDS_TOKEN, NO_NETWORK
from tests.fakes.runtime.hub import blocked
from tests.rest.wire import Rest

ENABLE, DISABLE = {"action": "enable"}, {"action": "disable"}
TOKEN = "2abcdefghijklmnopqrstuv_0123456789abcdefghij"
TUNNEL_TOKEN = base64.b64encode(
    json.dumps({"a": "0" * 32, "t": "0b9e2ba4-7ad3-4f5c-a5fb-2f7fd2a4ef11", "s": "AAAA"}).encode()
).decode()
STUCK = Problem(Code.NEEDS_PRIVILEGES, parameters={"command": "sudo tailscale funnel off"})


@pytest.mark.parametrize("backend", ["lan", "cloudflared", "ngrok", "tailscale", "ssh"])
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
        ("lan", {}, EnableRequest()),
        ("lan", {"target": "3000"}, EnableRequest(target=parse_target("3000"))),
        ("lan", {"target": " https://[::1]:8443/ "}, EnableRequest(target=parse_target("https://[::1]:8443"))),
        ("lan", {"port": 3000}, EnableRequest(target=parse_target("3000"))),
        ("lan", {"port": None, "target": None, "listenPort": None}, EnableRequest()),
        (
            "lan",
            {"address": "127.0.0.2", "listenPort": 8080},
            EnableRequest(options={"address": "127.0.0.2", "listen_port": 8080}),
        ),
        ("lan", {"lasting": False}, EnableRequest(lasting=False)),
        ("lan", {"inspect": True}, EnableRequest(inspect=True)),
        ("lan", {"inspect": False}, EnableRequest(inspect=False)),
        ("lan", {"lasting": True, "unknown": [1, {}], "by_person": True}, EnableRequest()),
        ("cloudflared", {"hostHeader": "localhost:3000"}, EnableRequest(options={"host_header": "localhost:3000"})),
        ("lan", {"remember": True, "authToken": "x"}, EnableRequest()),
        (
            "cloudflared",
            {"hostname": "App.example.com", "tunnelToken": TUNNEL_TOKEN},
            EnableRequest(options={"hostname": "App.example.com", "tunnel_token": Secret(TUNNEL_TOKEN)}),
        ),
        ("ngrok", {"authToken": TOKEN}, EnableRequest(options={"auth_token": Secret(TOKEN)})),
        (
            "ngrok",
            {"authToken": f" {TOKEN} ", "remember": True, "domain": "mine.ngrok-free.app"},
            EnableRequest(options={"auth_token": Secret(TOKEN), "domain": "mine.ngrok-free.app"}, remember=True),
        ),
        (
            "tailscale",
            {"hostname": "my-laptop", "sudoPassword": "pass word"},
            EnableRequest(options={"hostname": "my-laptop", "sudo_password": Secret("pass word")}),
        ),
    ],
)
def test_asks_the_hub_for_what_the_body_names(
    rest: Rest, backend: str, body: dict[str, Any], ask: EnableRequest
) -> None:
    assert rest.call("POST", f"/api/tunnels/{backend}", ENABLE | body).status == 200
    assert rest.hub.enabled == [(backend, ask)]


def test_an_alias_of_tailscale_asks_the_same(rest: Rest) -> None:
    body = {"sudoPassword": "secret", "port": 20128, "hostname": "box"}
    answer = rest.call("POST", "/api/tunnels/tailscale/enable", body)
    assert answer.status == 200
    assert answer.json["tunnelUrl"] == "https://tailscale.example"
    assert answer.json["action"] == "enable"
    options = {"sudo_password": Secret("secret"), "hostname": "box"}
    assert rest.hub.enabled == [("tailscale", EnableRequest(target=parse_target("20128"), options=options))]
    assert rest.call("POST", "/api/tunnels/tailscale/disable", {"sudoPassword": "x"}).json["success"]
    assert rest.hub.disabled == ["tailscale"]
    assert rest.hub.ways_down == [EnableRequest(options={"sudo_password": Secret("x")})]


def test_tailscale_tells_the_way_on_as_its_scripts_expect(rest: Rest) -> None:
    rest.hub.outcomes["tailscale"] = blocked(NEEDS_LOGIN)
    answer = rest.call("POST", "/api/tunnels/tailscale/enable")
    assert answer.status == 200
    assert answer.json.items() >= {"success": False, "needsLogin": True, "authUrl": LOGIN_PAGE}.items()
    rest.hub.outcomes["tailscale"] = blocked(FUNNEL_OFF)
    answer = rest.call("POST", "/api/tunnels/tailscale/enable")
    assert answer.status == 200
    assert answer.json.items() >= {"success": False, "funnelNotEnabled": True, "enableUrl": FUNNEL_PAGE}.items()


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
