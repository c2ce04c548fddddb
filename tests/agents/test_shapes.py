"""What tools take and return is what the REST API takes and returns."""

from __future__ import annotations

from typing import Any

import pytest
from jsonschema import Draft202012Validator

from portway.agents import shapes
from portway.agents.tools import build_tools
from portway.cli.doctor.finding import Finding, Grade
from portway.cli.invocation import Invocation
from portway.core.codes import Code
from tests.fakes.portway.rest_double import row_of, status_of

BODY = {"text": "a", "size": 1, "kept": True, "encoding": None}
WHOLE = row_of(1, "toy") | {"requestHeaders": [], "requestBody": BODY, "responseHeaders": [], "responseBody": BODY}
RUNNING = status_of(
    "toy",
    phase="running",
    publicUrl="https://a.example",
    progress={"step": "x", "message": "y", "received": 1, "total": None},
    code="origin_down",
)


@pytest.mark.parametrize(
    ("schema", "value"),
    [
        (shapes.status_shape(), shapes.brief(RUNNING)),
        (shapes.statuses_shape(), {"tunnels": [shapes.brief(status_of("lan", reach="network"))]}),
        (shapes.requests_shape(), {"requests": [row_of(1, "toy")], "dropped": 0, "capturing": True}),
        (shapes.request_shape(), WHOLE),
        (shapes.replayed_shape(), {"request": row_of(2, "toy", replayOf=1)}),
        (shapes.awaited_shape(), {"request": None}),
        (shapes.awaited_shape(), {"request": WHOLE}),
        (
            shapes.findings_shape(),
            {"healthy": False, "findings": [Finding("a", Grade.BAD, "b", "c", stops_a_wish=True).as_record()]},
        ),
    ],
)
def test_what_the_api_answers_fits_and_what_lacks_something_does_not(
    schema: dict[str, Any], value: dict[str, Any]
) -> None:
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema)
    assert validator.is_valid(value)
    assert not validator.is_valid({})


def test_a_status_names_every_code_and_keeps_no_definition_that_is_not_used() -> None:
    definitions = shapes.status_shape()["$defs"]
    assert set(definitions["Code"]["enum"]) == set(Code)
    assert "VerifiedMessage" not in definitions


@pytest.mark.parametrize(
    ("tool", "good", "bad"),
    [
        ("expose", {"target": "3000"}, {"target": "3000", "port": 1}),
        ("expose", {"target": 3000, "via": "toy"}, {"target": 0}),
        ("expose", {"target": "localhost:3000", "expiresIn": "1h"}, {"target": "ftp://localhost"}),
        ("expose", {"target": "3000", "guard": {"password": "long enough"}}, {"target": "3000", "via": "nothing"}),
        ("expose", {"target": "3000", "lasting": True}, {"target": "3000", "guard": {"password": "short"}}),
        ("list_requests", {"tunnel": "toy", "limit": 5, "status": "4xx"}, {"tunnel": "../quit"}),
        ("list_requests", {"tunnel": "toy", "limit": "5"}, {"tunnel": "toy", "status": "9xx"}),
        ("read_request", {"tunnel": "toy", "request": 1}, {"tunnel": "toy", "request": "1"}),
        ("replay_request", {"tunnel": "toy", "request": 1, "method": "PUT"}, {"tunnel": "toy"}),
        ("wait_for_request", {"tunnel": "toy", "after": 0}, {"tunnel": "toy", "seconds": 0}),
        ("stop", {"tunnel": "toy"}, {}),
        ("doctor", {}, {"fast": True}),
    ],
)
def test_a_tool_takes_what_the_api_takes(
    invocation: Invocation, tool: str, good: dict[str, Any], bad: dict[str, Any]
) -> None:
    schema = build_tools(invocation)[tool].takes
    Draft202012Validator.check_schema(schema)
    assert Draft202012Validator(schema).is_valid(good)
    assert not Draft202012Validator(schema).is_valid(bad)
