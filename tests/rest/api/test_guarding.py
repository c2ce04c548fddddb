"""Calls about who may open a tunnel, and until when."""

from __future__ import annotations

import pytest

from portway.core.codes import Code
from portway.core.errors import Problem, TunnelError
from portway.core.guard.rules import Guard
from portway.core.hub import EnableRequest, GuardRequest
from tests.fakes.runtime.hub import up
from tests.rest.wire import Rest, frames

_GUARD = "/api/tunnels/cloudflared/guard"
_LAN = "/api/tunnels/lan"
_OPEN = {
    "password": False,
    "basic": False,
    "allow": [],
    "deny": [],
    "readOnly": False,
    "open": [],
    "paths": [],
    "rateLimit": None,
    "notes": {},
}


def _asked(rest: Rest) -> GuardRequest:
    name, request = rest.hub.guarded[-1]
    assert name == "cloudflared"
    return request


class TestGuard:
    def test_the_answer_is_the_status_without_the_secret(self, rest: Rest) -> None:
        body = {"password": "correct horse", "allow": ["203.0.113.7"], "expiresIn": "1h"}
        answer = rest.call("PUT", _GUARD, body)
        assert answer.status == 200
        assert answer.json["guard"] == {**_OPEN, "password": True, "allow": ["203.0.113.7"]}
        assert "correct horse" not in str(answer)
        request = _asked(rest)
        assert request.change.secret is not None
        assert (request.change.secret.reveal(), request.change.own) == ("correct horse", False)
        assert (request.ends, request.expires_in) == (True, 3600.0)

    def test_what_is_noted_of_an_address_is_told_beside_it(self, rest: Rest) -> None:
        body = {"allow": ["198.51.100.0/24 # Office", "203.0.113.7"], "deny": ["192.0.2.44 # Crawler"]}
        told = {
            "allow": ["198.51.100.0/24", "203.0.113.7"],
            "deny": ["192.0.2.44"],
            "notes": {"198.51.100.0/24": "Office", "192.0.2.44": "Crawler"},
        }
        assert rest.call("PUT", _GUARD, body).json["guard"] == {**_OPEN, **told}
        again = rest.call("PUT", _GUARD, {"allow": [*told["allow"], "10.0.0.0/8"]})  # as a script does that adds one
        assert again.json["guard"]["notes"] == told["notes"]

    def test_what_is_not_named_is_as_it_was_and_null_takes_it_away(self, rest: Rest) -> None:
        rest.hub.show("cloudflared", guard=Guard(read_only=True, rate_limit=5))
        assert rest.call("PUT", _GUARD, {"rateLimit": None, "expiresIn": None}).json["guard"] == {
            **_OPEN,
            "readOnly": True,
        }
        assert (_asked(rest).ends, _asked(rest).expires_in) == (True, None)
        assert rest.call("PUT", _GUARD, {}).json["guard"]["readOnly"] is True
        assert not _asked(rest).ends

    @pytest.mark.parametrize(
        ("body", "field"),
        [
            ({"allow": ["everybody"]}, "allow"),
            ({"allow": "203.0.113.7"}, "allow"),
            ({"paths": ["no path"]}, "paths"),
            ({"open": ["/a/../b"]}, "open"),
            ({"password": "short"}, "password"),
            ({"rateLimit": 0}, "rateLimit"),
            ({"readOnly": "yes"}, "readOnly"),
            ({"expiresIn": "soon"}, "expiresIn"),
            ({"expiresIn": -1}, "expiresIn"),
        ],
    )
    def test_what_is_no_rule_is_refused_by_name_and_changes_nothing(
        self, rest: Rest, body: dict[str, object], field: str
    ) -> None:
        answer = rest.call("PUT", _GUARD, {"readOnly": True, **body})
        assert (answer.status, answer.json["code"]) == (400, "bad_request")
        assert answer.json["error"].startswith(f"{field}: ")
        assert rest.hub.guarded == []

    @pytest.mark.parametrize(
        ("problem", "status"),
        [(Problem(Code.NOT_FOUND, "guard_password"), 404), (Problem(Code.NO_SECURE_STORAGE), 409)],
    )
    def test_what_did_not_go_well_is_told_with_the_status(self, rest: Rest, problem: Problem, status: int) -> None:
        rest.hub.guard_problem = problem
        answer = rest.call("PUT", _GUARD, {"password": True})
        assert (answer.status, answer.json["code"], answer.json["status"]["id"]) == (
            status,
            problem.code,
            "cloudflared",
        )


class TestEnable:
    def test_it_may_bring_a_guard_of_its_own_and_an_end(self, rest: Rest) -> None:
        body = {"action": "enable", "guard": {"password": "correct horse", "readOnly": True}, "expiresIn": 900}
        answer = rest.call("POST", "/api/tunnels/cloudflared", body)
        assert answer.status == 200
        assert "correct horse" not in str(answer)
        request = rest.hub.enabled[-1][1]
        assert request.guard is not None
        assert request.guard.own
        assert dict(request.guard.rules) == {"password": True, "read_only": True}
        assert request.expires_in == 900.0

    def test_one_without_is_as_before(self, rest: Rest) -> None:
        rest.call("POST", "/api/tunnels/lan", {"action": "enable", "guard": None, "expiresIn": None})
        assert rest.hub.enabled[-1][1] == EnableRequest()

    def test_one_with_rules_that_are_none_opens_nothing(self, rest: Rest) -> None:
        answer = rest.call("POST", "/api/tunnels/lan", {"action": "enable", "guard": {"deny": ["?"]}})
        assert answer.status == 400
        assert rest.hub.enabled == []


class TestExtend:
    def test_it_names_how_much_longer(self, rest: Rest) -> None:
        answer = rest.call("POST", "/api/tunnels/lan/extend", {"expiresIn": "1h30m"})
        assert (answer.status, answer.json["id"]) == (200, "lan")
        assert rest.hub.extended == [("lan", 5400.0)]

    def test_what_is_off_has_no_end_to_put_off(self, rest: Rest) -> None:
        rest.hub.refusal = TunnelError(Code.NOT_RUNNING, what="Local network")
        answer = rest.call("POST", "/api/tunnels/lan/extend", {"expiresIn": 60})
        assert (answer.status, answer.json["code"]) == (409, "not_running")

    @pytest.mark.parametrize("body", [{}, {"expiresIn": None}, {"expiresIn": 0}])
    def test_it_has_to_say_so(self, rest: Rest, body: dict[str, object]) -> None:
        assert rest.call("POST", "/api/tunnels/lan/extend", body).status == 400


class TestVerify:
    def test_the_answer_is_the_status_with_what_was_found(self, rest: Rest) -> None:
        rest.hub.show("lan", wanted=True, **up("lan"))
        answer = rest.call("POST", "/api/tunnels/lan/verify")
        assert answer.json["verified"] == {"state": "ok", "at": None, "ms": 26, "reason": None}

    def test_what_is_off_cannot_be_looked_at(self, rest: Rest) -> None:
        assert rest.call("POST", "/api/tunnels/lan/verify").json["code"] == "not_running"

    def test_it_is_off_until_somebody_asks(self, rest: Rest) -> None:
        assert rest.call("GET", "/api/tunnels/lan").json["verified"]["state"] == "off"


class TestStreams:
    def test_each_part_is_a_check_and_then_it_is_done(self, rest: Rest) -> None:
        wire = rest.connect()
        wire.send(rest.head(f"POST {_LAN}/streams", "Content-Length: 0"))
        events = frames(wire.to_end())
        assert [one.event for one in events] == ["check"] * 4 + ["done"]
        assert events[0].data == {"test": "events", "state": "ok", "reason": "events come one by one", "ms": 26}
        assert events[-1].data == {"success": True}

    @pytest.mark.parametrize(("code", "status"), [(Code.NOT_RUNNING, 409), (Code.TOO_BUSY, 503)])
    def test_one_that_cannot_begin_is_refused(self, rest: Rest, code: Code, status: int) -> None:
        rest.hub.refusal = TunnelError(code, what="Local network")
        answer = rest.call("POST", f"{_LAN}/streams")
        assert (answer.status, answer.json["code"]) == (status, code)

    def test_a_client_that_goes_away_ends_it(self, rest: Rest) -> None:
        rest.hub.holds = True
        wire = rest.connect()
        wire.send(rest.head(f"POST {_LAN}/streams", "Content-Length: 0"))
        wire.wait_for(b"event: check")
        assert rest.hub.left_tests == []
        wire.close()
        wire.wait(lambda: rest.hub.left_tests == ["lan"])


def test_a_link_is_given_where_visitors_are_asked_for_a_password(rest: Rest) -> None:
    path = f"{_GUARD}/link"
    assert rest.call("POST", path).json["code"] == "not_found"
    rest.hub.link = "https://x.example/.portway/in?t=abc"
    assert rest.call("POST", path).json == {"url": "https://x.example/.portway/in?t=abc"}
