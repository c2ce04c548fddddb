"""Whatever is given, wherever it is given, no refusal repeats it: it may be a secret in the wrong place."""

from __future__ import annotations

import json
import logging
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portway.core.timing import Timing
from portway.rest.api.router import Api
from portway.rest.api.routes import Route, build_routes
from portway.rest.auth.tokens import Tokens
from portway.rest.http.answers import Later, Response
from portway.rest.http.policy import Call, Credential
from tests.fakes.backends.api import api_backends
from tests.fakes.runtime.hub import FakeHub, FakeVault

CANARY = "Zq7canary9X"
ROUTES = [route for route in build_routes(api_backends()) if route.body is not None]
KEYS = sorted({option.body for route in ROUTES if route.body is not None for option in route.body.keys.values()})
# What a person may paste in place of a value, the canary somewhere in it.
GIVEN = st.tuples(st.text(max_size=12), st.text(max_size=12)).map(CANARY.join)
VALUES = st.one_of(GIVEN, st.lists(GIVEN, max_size=2), st.dictionaries(GIVEN, GIVEN, max_size=2))
BODIES = st.dictionaries(st.sampled_from(KEYS), st.one_of(VALUES, st.sampled_from(["enable", "disable", 3000, True])))


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Api:
    hub, folder = FakeHub(api_backends(), holds=False), tmp_path_factory.mktemp("data")
    return Api(hub, FakeVault(), Tokens.load(Path(folder), {}), "1", Timing())


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.method} {route.path}")
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=BODIES, tail=st.sampled_from(["", ", ", "}", CANARY]))
def test_no_answer_and_no_log_repeats_what_was_refused(
    api: Api, caplog: pytest.LogCaptureFixture, route: Route, body: dict[str, object], tail: str
) -> None:
    caplog.set_level(logging.DEBUG)
    caplog.clear()
    reply = api.handle(Call(route.method, route.path, None, Credential.RUN), json.dumps(body).encode() + tail.encode())
    if isinstance(reply, Later):
        reply.wait(lambda _response: None)()
    if isinstance(reply, Response) and reply.status != 200:
        assert CANARY.encode() not in reply.body
    assert CANARY not in caplog.text
