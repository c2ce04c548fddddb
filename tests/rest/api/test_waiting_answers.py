"""The answer of a switch comes when it is known what came of it, and waits no longer than was asked."""

from __future__ import annotations

import json

import pytest

from portway.core.codes import Code
from portway.core.errors import Problem
from portway.core.status import Phase
from portway.core.timing import Timing
from portway.rest.api.router import Api
from portway.rest.auth.tokens import Tokens
from portway.rest.http.answers import Later, Reply, Response, Stream
from portway.rest.http.policy import Call, Credential
from tests.fakes.runtime.hub import DOWN, FakeHub, FakeVault, blocked, up
from tests.rest.wire import Rest, Wire, parsed

ENABLE, DISABLE = {"action": "enable"}, {"action": "disable"}
STUCK = Problem(Code.NEEDS_PRIVILEGES, parameters={"command": "sudo tailscale funnel off"})
NO_KEYRING = Problem(Code.NO_SECURE_STORAGE)
TOKEN = "2abcdefghijklmnopqrstuv_0123456789abcdefghij"


def begun(rest: Rest, backend: str = "lan", body: str = '{"action":"enable"}', query: str = "") -> Wire:
    """Begin a call that the hub holds."""
    rest.hub.holds = rest.hub.keeps_up = True
    asked = len(rest.hub.enabled) + len(rest.hub.disabled)
    wire = rest.connect()
    lines = ("Content-Type: application/json", f"Content-Length: {len(body)}")
    wire.send(rest.head(f"POST /api/tunnels/{backend}{query}", *lines) + body.encode())
    wire.wait(lambda: len(rest.hub.enabled) + len(rest.hub.disabled) > asked)
    return wire


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


class TestRemember:
    """The hub keeps a token that has worked; the API asks for it, and tells what came of it."""

    BODY = ENABLE | {"authToken": TOKEN, "remember": True}

    @pytest.mark.parametrize("warning", [None, NO_KEYRING])
    def test_it_is_told_where_the_token_is_held(self, rest: Rest, warning: Problem | None) -> None:
        rest.hub.storing = warning
        answer = rest.call("POST", "/api/tunnels/ngrok", self.BODY)
        assert (answer.status, answer.json["success"]) == (200, True)
        assert answer.json.get("warning") == (None if warning is None else warning.sentence)

    def test_also_where_the_tunnel_was_up_before(self, rest: Rest) -> None:
        rest.call("POST", "/api/tunnels/ngrok", ENABLE)
        rest.hub.storing = NO_KEYRING
        assert rest.call("POST", "/api/tunnels/ngrok", self.BODY).json["warning"] == NO_KEYRING.sentence

    def test_it_is_stored_in_one_place_alone(self, rest: Rest) -> None:
        rest.call("POST", "/api/tunnels/ngrok", self.BODY)
        assert [ask.remember for _, ask in rest.hub.enabled] == [True]
        assert not rest.vault.secrets

    def test_the_answer_waits_until_it_is_stored(self, rest: Rest) -> None:
        wire = begun(rest, "ngrok", json.dumps(self.BODY))
        rest.hub.show("ngrok", **up("ngrok"))
        wire.look()
        assert not wire.received
        rest.hub.storing = NO_KEYRING
        rest.hub.store(rest.hub.enabled[-1][1])
        assert parsed(wire.to_end()).json["warning"] == NO_KEYRING.sentence

    def test_but_no_longer_than_was_asked(self, rest: Rest) -> None:
        wire = begun(rest, "ngrok", json.dumps(self.BODY), "?wait=1")
        rest.hub.show("ngrok", **up("ngrok"))
        answer = parsed(wire.to_end())
        assert (answer.status, answer.json["success"]) == (200, True)
        rest.hub.store(rest.hub.enabled[-1][1])  # too late, and harmless
        assert rest.call("GET", "/api/tunnels").status == 200

    @pytest.mark.parametrize("body", [ENABLE, ENABLE | {"remember": False}, DISABLE | {"remember": True}])
    def test_nothing_else_waits_for_it(self, rest: Rest, body: dict[str, object]) -> None:
        assert rest.call("POST", "/api/tunnels/ngrok", {"authToken": TOKEN, **body}).json["success"]
        asks = [*(ask for _, ask in rest.hub.enabled), *filter(None, rest.hub.ways_down)]
        assert [ask.on_stored for ask in asks] == [()]

    def test_one_that_does_not_work_is_not_waited_for(self, rest: Rest) -> None:
        rest.hub.outcomes["ngrok"] = blocked(Problem(Code.TOKEN_REJECTED, parameters={"service": "ngrok"}))
        answer = rest.call("POST", "/api/tunnels/ngrok", self.BODY)
        assert (answer.json["success"], answer.json["code"]) == (False, "token_rejected")
