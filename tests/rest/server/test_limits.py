"""Limits at their edges: sizes, time, connections, streams, and clients that do not read or do not end."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable

import pytest

from portway.core.timing import Timing
from portway.rest.http.policy import LARGEST_BODY, LARGEST_HEAD
from portway.rest.server.gate import MOST_CONNECTIONS, MOST_STREAMS
from tests.fakes.runtime.hub import up
from tests.limits import AT_ONCE, NEVER
from tests.rest.wire import Rest, Wire, parsed


@pytest.mark.parametrize(("length", "status"), [(LARGEST_HEAD, 200), (LARGEST_HEAD + 1, 431)])
@pytest.mark.parametrize("pieces", [1, 2])
def test_a_head_may_have_16_kib(rest: Rest, length: int, status: int, pieces: int) -> None:
    missing = length - len(rest.head("GET /api/tunnels", "X-Fill: "))
    data = rest.head("GET /api/tunnels", "X-Fill: " + "x" * missing)
    assert len(data) == length
    wire = rest.connect()
    for start in range(0, length, length // pieces + 1):
        wire.send(data[start : start + length // pieces + 1])
        wire.look()
    assert parsed(wire.to_end()).status == status


@pytest.mark.parametrize(("length", "status"), [(LARGEST_BODY, 200), (LARGEST_BODY + 1, 413)])
def test_a_body_may_have_64_kib(rest: Rest, length: int, status: int) -> None:
    body = b'{"action":"enable"}'
    assert rest.call("POST", "/api/tunnels/lan", body + b" " * (length - len(body))).status == status


QUICK = 1.0  # seconds


@pytest.fixture
def hasty(build: Callable[..., Rest], timing: Timing) -> Rest:
    return build(dataclasses.replace(timing, request_limit=QUICK, closing_limit=QUICK))


@pytest.mark.parametrize("begun", ["", "GET /api/tun", "head", "half a body"])
def test_a_request_that_is_not_whole_in_time_is_dropped_without_an_answer(hasty: Rest, begun: str) -> None:
    head = hasty.head("POST /api/tunnels/lan", "Content-Type: application/json", "Content-Length: 20")
    data = {"head": head, "half a body": head + b'{"action":'}.get(begun, begun.encode())
    began = time.monotonic()
    wire = hasty.connect()
    wire.send(data)
    assert wire.to_end() == b""
    assert time.monotonic() - began > QUICK / 2


def test_trickling_gains_no_time(hasty: Rest) -> None:
    wire = hasty.connect()
    began = time.monotonic()
    while not wire.ended:
        assert time.monotonic() - began < QUICK + AT_ONCE
        wire.send(b"GET /"[:1])
        until = time.monotonic() + QUICK / 10
        wire.wait(lambda: wire.ended or time.monotonic() > until)  # noqa: B023 - runs before the next turn
    assert not wire.received.startswith(b"HTTP/1.1 2")


def test_what_is_waited_for_is_not_dropped(hasty: Rest) -> None:
    hasty.hub.holds = True
    wire = hasty.connect()
    body = b'{"action":"enable"}'
    wire.send(hasty.head("POST /api/tunnels/lan", "Content-Type: application/json", "Content-Length: 19") + body)
    until = time.monotonic() + 3 * QUICK
    wire.wait(lambda: time.monotonic() > until)
    assert not wire.ended
    hasty.hub.show("lan", **up("lan"))
    assert parsed(wire.to_end()).json["success"]


def test_the_oldest_unfinished_connection_makes_room(rest: Rest) -> None:
    wires = [rest.connect() for _ in range(MOST_CONNECTIONS)]
    wires[0].send(b"GET /")
    wires[-1].wait(lambda: connections(rest) == MOST_CONNECTIONS)
    assert rest.call("GET", "/api/tunnels").status == 200
    wires[0].wait(lambda: wires[0].ended)
    wires[1].look()
    assert not wires[1].ended


def test_where_none_is_unfinished_the_newest_is_told_so(rest: Rest) -> None:
    rest.hub.holds = True
    body = b'{"action":"enable"}'
    data = rest.head("POST /api/tunnels/lan", "Content-Type: application/json", "Content-Length: 19") + body
    wires = [rest.connect() for _ in range(MOST_CONNECTIONS)]
    for wire in wires:
        wire.send(data)
    wires[0].wait(lambda: len(rest.hub.enabled) == MOST_CONNECTIONS)
    answer = rest.call("GET", "/api/tunnels")
    assert (answer.status, answer.json["code"], answer.header("Retry-After")) == (503, "too_busy", "1")
    rest.hub.show("lan", **up("lan"))
    assert {parsed(wire.to_end()).status for wire in wires} == {200}
    assert rest.call("GET", "/api/tunnels").status == 200


def test_50_streams_at_once_and_not_one_more(rest: Rest) -> None:
    wires = [opened(rest) for _ in range(MOST_STREAMS)]
    answer = rest.call("GET", "/api/events")
    assert (answer.status, answer.json["code"], answer.header("Retry-After")) == (503, "too_busy", "1")
    assert rest.call("GET", "/api/tunnels").status == 200
    wires[0].close()
    wires[1].wait(lambda: connections(rest) < MOST_STREAMS)
    assert not opened(rest).ended


def test_who_does_not_read_a_stream_is_dropped_and_the_others_are_not(rest: Rest) -> None:
    deaf, reader = opened(rest), opened(rest)
    turns = 0
    while connections(rest) == 2:
        rest.hub.show("lan", log_path="x" * 100_000 + str(turns))
        reader.look()
        turns += 1
        assert turns < 500
    assert not reader.ended
    assert not deaf.ended  # it has not looked yet
    reader.wait_for(f"x{turns - 1}".encode())


def test_who_sends_without_end_is_cut_off(rest: Rest) -> None:
    wire = rest.connect()
    wire.send(rest.head("GET /api/nothing") + b"x" * (8 << 20))
    assert wire.ended or wire.to_end() is not None
    assert rest.call("GET", "/api/tunnels").status == 200


def test_an_endless_body_is_refused_before_it_has_come(rest: Rest) -> None:
    wire = rest.connect()
    wire.send(rest.head("POST /api/tunnels/lan", "Content-Type: application/json", "Content-Length: 500000000"))
    wire.wait_for(b"\r\n\r\n")
    assert wire.received.startswith(b"HTTP/1.1 413 ")


def test_a_refusal_is_closed_at_once_where_the_request_is_whole(build: Callable[..., Rest], timing: Timing) -> None:
    rest = build(dataclasses.replace(timing, closing_limit=NEVER))
    began = time.monotonic()
    for _ in range(20):
        assert rest.call("POST", "/api/nothing", {"a": 1}).status == 404
    assert time.monotonic() - began < AT_ONCE


def test_many_at_once_are_all_answered(rest: Rest) -> None:
    wires = [rest.connect() for _ in range(MOST_CONNECTIONS - 1)]
    for wire in wires:
        wire.send(rest.head("GET /api/tunnels"))
    assert {parsed(wire.to_end()).status for wire in wires} == {200}


def opened(rest: Rest) -> Wire:
    """Return a stream that has begun."""
    wire = rest.connect()
    wire.send(rest.head("GET /api/events"))
    wire.wait_for(b'"backend":"tailscale"')
    return wire


def connections(rest: Rest) -> int:
    gate = rest.http._gate
    assert gate is not None
    return len(gate._connections)
