"""Programs that say that they are: what they may call, whose leave they need, and what ends with them."""

from __future__ import annotations

import dataclasses
import logging
from collections.abc import Callable
from typing import Any

import pytest

from portway.core.guard.callers import ANYTHING, ASK, LOCAL, NEVER
from portway.core.settings import Settings
from portway.core.status import Phase
from portway.core.timing import Timing
from portway.runtime.consents import Consents
from tests.fakes.runtime.hub import FakeHub
from tests.rest.wire import Rest, Wire, frames, parsed

SESSION = "0123456789abcdef" * 2
AGENT = ("Portway-Client: mcp", "Portway-Program: Fine Agent")
TIED = (*AGENT, f"Portway-Session: {SESSION}")
FAR, NEAR = "/api/tunnels/cloudflared", "/api/tunnels/lan"
ENABLE: dict[str, Any] = {"action": "enable", "port": 3000, "lasting": False}
GUARDED = {**ENABLE, "guard": {"password": "a-long-one"}, "expiresIn": "1h"}


def _let(hub: FakeHub, word: str) -> None:
    general = dataclasses.replace(hub.settings.general, programs=word)
    hub.settings = dataclasses.replace(hub.settings, general=general)


@pytest.fixture
def consents(rest: Rest) -> Consents:
    """Return the one who asks: of a server with a screen."""
    assert isinstance(rest.consents, Consents)
    return rest.consents


def _asked(rest: Rest, path: str, body: dict[str, Any], *headers: str) -> Wire:
    """Return a call that is under way, once the person is asked."""
    return rest.begin("POST", path, body, *(headers or AGENT))


def test_a_person_and_a_script_are_asked_nothing(rest: Rest, consents: Consents) -> None:
    _let(rest.hub, NEVER)
    assert rest.call("POST", FAR, ENABLE).status == 200
    assert consents.waiting == ()


@pytest.mark.parametrize(
    ("setting", "path", "body", "variant"),
    [
        (NEVER, NEAR, ENABLE, "may not open tunnels on this computer"),
        (NEVER, FAR, GUARDED, "may not open tunnels on this computer"),
        (LOCAL, FAR, GUARDED, "to the local network only"),
        (LOCAL, NEAR, ENABLE, ""),
        (ANYTHING, FAR, ENABLE, ""),
    ],
)
def test_the_setting_decides(rest: Rest, setting: str, path: str, body: dict[str, Any], variant: str) -> None:
    _let(rest.hub, setting)
    answer = rest.call("POST", path, body, *AGENT)
    assert (answer.status, answer.json.get("code")) == ((403, "not_allowed") if variant else (200, None))
    assert variant in answer.json.get("error", "")
    assert bool(rest.hub.enabled) is not bool(variant)


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [(NEAR, ENABLE, 200), (FAR, ENABLE, 403), (FAR, {**ENABLE, "expiresIn": 60}, 403), (FAR, GUARDED, 200)],
)
def test_without_a_screen_what_is_public_has_to_be_guarded_and_to_end(
    build: Callable[..., Rest], path: str, body: dict[str, Any], status: int
) -> None:
    rest = build(display=False)
    _let(rest.hub, ASK)
    assert rest.call("POST", path, body, *AGENT).status == status
    assert bool(rest.hub.enabled) is (status == 200)


def test_the_person_is_told_all_that_matters_and_yes_opens_it(rest: Rest, consents: Consents) -> None:
    wire = _asked(rest, FAR, GUARDED)
    wire.wait(lambda: bool(consents.waiting))
    (question,) = consents.waiting
    opening = question.opening
    assert (opening.caller.name, opening.way, opening.seconds) == ("Fine Agent", "Cloudflare", 3600.0)
    assert (opening.target_url, opening.password, opening.lasting) == ("http://localhost:3000", True, False)
    assert not rest.hub.enabled
    consents.answer(question.number, allowed=True)
    answer = parsed(wire.to_end())
    assert (answer.status, answer.json["success"]) == (200, True)
    assert len(rest.hub.enabled) == 1


def test_no_opens_nothing(rest: Rest, consents: Consents) -> None:
    wire = _asked(rest, FAR, ENABLE)
    wire.wait(lambda: bool(consents.waiting))
    consents.answer(consents.waiting[0].number, allowed=False)
    answer = parsed(wire.to_end())
    assert (answer.status, answer.json["code"]) == (403, "not_allowed")
    assert answer.json["status"]["id"] == "cloudflared"
    assert not rest.hub.enabled


def test_nobody_answers(build: Callable[..., Rest]) -> None:
    rest = build(consent_limit=0.05)
    answer = rest.call("POST", FAR, ENABLE, *AGENT)
    assert (answer.status, answer.json["code"]) == (403, "not_allowed")
    assert "Fine Agent" in answer.json["error"]
    assert not rest.hub.enabled


def test_a_caller_that_goes_away_is_not_asked_about_any_more(rest: Rest, consents: Consents) -> None:
    wire = _asked(rest, FAR, ENABLE)
    wire.wait(lambda: bool(consents.waiting))
    wire.close()
    rest.wait(lambda: not consents.waiting)
    assert not rest.hub.enabled


def test_the_end_of_the_server_withdraws_the_question(rest: Rest, consents: Consents) -> None:
    wire = _asked(rest, FAR, ENABLE)
    wire.wait(lambda: bool(consents.waiting))
    rest.server.close()
    assert parsed(wire.to_end()).json["code"] == "cancelled"
    assert consents.waiting == ()


def test_who_does_not_wait_for_the_outcome_gets_an_answer_as_soon_as_the_person_gave_one(
    rest: Rest, consents: Consents
) -> None:
    rest.hub.holds = True
    wire = _asked(rest, f"{FAR}?wait=0", ENABLE)
    wire.wait(lambda: bool(consents.waiting))
    consents.answer(consents.waiting[0].number, allowed=True)
    assert parsed(wire.to_end()).status == 202


def test_what_is_refused_after_the_person_said_yes_is_told(rest: Rest, consents: Consents) -> None:
    rest.hub.ports = frozenset({3000})
    wire = _asked(rest, FAR, ENABLE)
    wire.wait(lambda: bool(consents.waiting))
    consents.answer(consents.waiting[0].number, allowed=True)
    assert parsed(wire.to_end()).json["code"] == "bad_request"


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", f"{FAR}/requests/1?secrets=true", None),
        ("GET", f"{FAR}/requests/1/curl?secrets=true", None),
        ("GET", f"{FAR}/requests.har?secrets=true", None),
        ("DELETE", f"{FAR}/requests", None),
        ("PUT", f"{FAR}/guard", {"password": None}),
        ("POST", f"{FAR}/extend", {"expiresIn": 60}),
        ("POST", f"{FAR}/guard/link", None),
        ("POST", "/api/token", None),
        ("POST", "/api/quit", None),
        ("POST", "/api/window", None),
        ("POST", "/api/tunnels", {"id": "shop", "backend": "lan"}),
        ("PATCH", FAR, {"name": "mine"}),
        ("DELETE", FAR, None),
        ("PUT", "/api/tunnels/ngrok/token", {"authToken": "2abcdefghijklmnopqrstuv_0123456789abcdefghij"}),
        ("POST", "/api/tunnels/tailscale/login", None),
    ],
)
def test_the_rest_takes_a_person(rest: Rest, method: str, path: str, body: dict[str, Any] | None) -> None:
    _let(rest.hub, ANYTHING)
    answer = rest.call(method, path, body, *AGENT)
    assert (answer.status, answer.json["code"]) == (403, "not_allowed")
    hub = rest.hub
    assert (hub.enabled, hub.saved, hub.quits, hub.commands, hub.guarded) == ([], {}, 0, [], [])


def test_what_it_opened_ends_with_the_last_stream_of_its_session(rest: Rest) -> None:
    _let(rest.hub, ANYTHING)
    with rest.stream("GET", "/api/events", *TIED), rest.stream("GET", "/api/events", *TIED) as second:
        second.wait(lambda: len(frames(second.received)) >= len(rest.hub.tunnels))
        rest.call("POST", FAR, ENABLE, *TIED)
        rest.call("POST", NEAR, {**ENABLE, "lasting": True}, *TIED)
        rest.call("POST", "/api/tunnels/ngrok", ENABLE, *AGENT)
        second.close()
        rest.call("GET", "/api/health")
        assert rest.hub.disabled == []
    rest.wait(lambda: rest.hub.disabled == ["cloudflared"])
    assert rest.hub.status(rest.hub.tunnels[0].id).wanted


def test_what_a_person_had_turned_on_does_not_end_with_it(rest: Rest) -> None:
    _let(rest.hub, ANYTHING)
    with rest.stream("GET", "/api/events", *TIED):
        rest.call("POST", FAR, {"action": "enable"})
        rest.call("POST", FAR, ENABLE, *TIED)
        rest.call("POST", NEAR, ENABLE, *TIED)
        rest.call("POST", NEAR, {"action": "disable"})
        rest.call("POST", NEAR, {"action": "enable"})
        before = list(rest.hub.disabled)
    _settled(rest)
    assert rest.hub.disabled == before
    assert rest.hub.status(rest.hub.tunnels[0].id).phase is Phase.RUNNING


def test_a_temporary_tunnel_goes_with_it_also_one_that_never_was_on(rest: Rest) -> None:
    _let(rest.hub, ANYTHING)
    temporary = {"backend": "cloudflared", "lasting": False}
    with rest.stream("GET", "/api/events", *TIED):
        first = rest.call("POST", "/api/tunnels", temporary, *TIED).json["id"]
        second = rest.call("POST", "/api/tunnels", temporary, *TIED).json["id"]
        third = rest.call("POST", "/api/tunnels", temporary, *TIED).json["id"]
        rest.call("POST", f"/api/tunnels/{second}", ENABLE, *TIED)
        assert rest.call("DELETE", f"/api/tunnels/{third}", None, *AGENT).status == 200
    rest.wait(lambda: rest.hub.disabled == [second])
    assert rest.hub.removed == [third, first]


def test_the_log_names_the_program(rest: Rest, consents: Consents, expected_logs: pytest.LogCaptureFixture) -> None:
    expected_logs.set_level(logging.INFO, "portway")
    _let(rest.hub, ANYTHING)
    rest.call("POST", FAR, ENABLE, *AGENT)
    rest.call("POST", FAR, {"action": "disable"}, *AGENT)
    _let(rest.hub, NEVER)
    rest.call("POST", FAR, ENABLE, "Portway-Client: mcp", "Portway-Program: bad\x85\tname")
    assert [record.getMessage() for record in expected_logs.records if "Agent" in record.message] == [
        "Fine Agent opens cloudflared for http://localhost:3000.",
        "Fine Agent turns cloudflared off.",
    ]
    assert not any("\t" in record.message or "\x85" in record.message for record in expected_logs.records)


def test_asking_is_the_default_and_a_person_has_a_minute() -> None:
    assert Settings().general.programs == ASK
    assert Timing().consent_limit == 60.0


def _settled(rest: Rest) -> None:
    """Let the server see that the stream is closed: a call that comes later is answered later."""
    for _ in range(3):
        rest.call("GET", "/api/health")
