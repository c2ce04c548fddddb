"""The small values: problems, secrets, cancel tokens, options, limits."""

from __future__ import annotations

import copy
import pickle
import threading
from dataclasses import replace
from string import Formatter
from typing import Any

import pytest

from portway.core.cancel import CancelToken
from portway.core.codes import Code
from portway.core.errors import AuthNeeded, Cancelled, Problem, TunnelError, problem_of
from portway.core.options import Kind, camel, declared, option
from portway.core.secret import Secret
from portway.core.sentences import Cause
from portway.core.settings import General
from portway.core.status import BackendId, Phase, Reach, TunnelStatus
from portway.core.timing import Timing
from tests.declared_causes import all_causes

TEXT = "hunter2-is-not-a-password"


def test_a_problem_tells_its_sentence_with_its_parameters() -> None:
    cause = Cause(code=Code.PORT_CONFLICT, variant="toy", text="Port {port} on {address} is used by another program.")
    told = problem_of(cause, port=13000, address="192.0.2.7")
    assert told.sentence == "Port 13000 on 192.0.2.7 is used by another program."
    assert told.key == "port_conflict.toy"
    assert told.code.http_status == 409


def test_the_refusal_of_a_value_cannot_hold_what_was_given() -> None:
    with pytest.raises(ValueError, match="more than the field"):
        Problem(Code.BAD_REQUEST, "target_port", {"field": "target", "text": TEXT})
    fields = {
        name
        for cause in all_causes()
        if cause.code is Code.BAD_REQUEST
        for _, name, _, _ in Formatter().parse(cause.text)
        if name is not None
    }
    assert fields == {"field", "problem", "expected", "choices", "lowest", "limit", "shortest", "port"}


def test_a_problem_without_a_parameter_of_its_sentence_cannot_be_made() -> None:
    with pytest.raises(KeyError, match="program"):
        Problem(Code.NOT_INSTALLED)


def test_an_error_is_its_sentence() -> None:
    error = AuthNeeded(Code.NEEDS_TOKEN, service="Toy", action_url="https://example.com/token")
    assert str(error) == error.problem.sentence
    assert error.problem.action_url == "https://example.com/token"
    assert isinstance(error, TunnelError)


@pytest.mark.parametrize("show", [repr, str, "{}".format, "{!r}".format, lambda secret: f"{[secret]}"])
def test_a_secret_shows_nothing(show: object) -> None:
    assert callable(show)
    assert TEXT not in show(Secret(TEXT))


@pytest.mark.parametrize("take_along", [pickle.dumps, copy.copy, copy.deepcopy])
def test_a_secret_is_not_serialised(take_along: object) -> None:
    assert callable(take_along)
    with pytest.raises(TypeError, match="never serialised"):
        take_along(Secret(TEXT))


def test_a_secret_can_be_compared_and_revealed() -> None:
    assert Secret(TEXT) == Secret(TEXT)
    assert Secret(TEXT) != Secret("another")
    assert Secret(TEXT) != TEXT
    assert len({Secret(TEXT), Secret(TEXT)}) == 1
    assert Secret(TEXT).reveal() == TEXT
    assert not Secret("")


def test_a_cancelled_token_ends_waiting_at_once() -> None:
    token = CancelToken()
    threading.Timer(0.01, token.cancel).start()
    with pytest.raises(Cancelled):
        token.wait(30)
    with pytest.raises(Cancelled):
        token.check()


def test_a_token_that_is_not_cancelled_lets_work_go_on() -> None:
    token = CancelToken()
    token.check()
    token.wait(0)
    assert not token.cancelled


def test_a_callback_is_called_once_and_only_within_its_block() -> None:
    token, calls = CancelToken(), list[str]()
    with token.calling(lambda: calls.append("before")):
        pass
    with token.calling(lambda: calls.append("within")):
        token.cancel()
        token.cancel()
    with token.calling(lambda: calls.append("late")):
        pass
    assert calls == ["within", "late"]


@pytest.mark.parametrize(("name", "spelling"), [("listen_port", "listenPort"), ("domain", "domain")])
def test_json_names_are_camel_case(name: str, spelling: str) -> None:
    assert camel(name) == spelling


def test_general_settings_are_declared_options() -> None:
    options = declared(General)
    assert options["target"].environment == ("PORTWAY_TARGET",)
    assert options["keep_up"].kind is Kind.FLAG
    assert General().keep_up is False


def test_an_option_that_does_not_say_what_it_is_cannot_be_declared() -> None:
    with pytest.raises(TypeError, match="label"):
        option(None, kind=Kind.TEXT, body="domain", help="")


def test_limits_scale_together() -> None:
    scaled = Timing().scaled(0.01)
    assert scaled.start_limit == pytest.approx(0.3)
    assert scaled.retry_longest == pytest.approx(0.6)


BASE = TunnelStatus(backend=BackendId("toy"), reach=Reach.INTERNET, target_url="http://127.0.0.1:1")


@pytest.mark.parametrize(
    "broken",
    [
        {"phase": Phase.STOPPED, "public_url": "https://x.example"},
        {"phase": Phase.RUNNING},
        {"phase": Phase.ERROR},
        {"phase": Phase.NEEDS_AUTH},
    ],
)
def test_a_status_that_lies_cannot_be_made(broken: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"while|without"):
        replace(BASE, **broken)


@pytest.mark.parametrize("url", ["https://x.example", "https://x.example/"])
def test_the_api_url_is_the_public_url_and_v1(url: str) -> None:
    status = replace(BASE, phase=Phase.RUNNING, public_url=url)
    assert status.api_url == "https://x.example/v1"
    assert BASE.api_url is None
