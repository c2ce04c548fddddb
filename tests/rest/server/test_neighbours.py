"""Two clients on different loopback addresses may share a port number: each gets its own answer, never the other's."""

from __future__ import annotations

import socket
import sys
from collections.abc import Callable

import pytest

from portway.rest.server.gate import MOST_CONNECTIONS
from tests.fakes.runtime.hub import up
from tests.rest.wire import Answer, Rest, Wire, parsed

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="other systems have one loopback address only")

NEIGHBOUR = "127.0.0.9"
ENABLE = b'{"action":"enable"}'
JSON = ("Content-Type: application/json", f"Content-Length: {len(ENABLE)}")


def neighbour_of(wire: Wire, rest: Rest) -> Wire:
    """Connect from the same port of another address."""
    return rest.connect((NEIGHBOUR, wire.connection.getsockname()[1]))


def answer(wire: Wire) -> Answer:
    return parsed(wire.to_end())


def test_a_call_without_a_token_never_gets_the_answer_of_one_with_a_token(rest: Rest) -> None:
    for _ in range(50):
        known = rest.connect()
        stranger = neighbour_of(known, rest)
        known.send(rest.head("POST /api/token"))
        stranger.send(rest.head("GET /api/health", token=None))
        assert set(answer(stranger).json) == {"ok", "version"}
        assert set(answer(known).json) == {"token"}


@pytest.mark.parametrize("known_first", [True, False])
@pytest.mark.parametrize("turns", [0, 1, 3])
def test_whoever_comes_first_and_whenever_the_other_does(rest: Rest, *, known_first: bool, turns: int) -> None:
    first = rest.connect()
    second = neighbour_of(first, rest)
    known, stranger = (first, second) if known_first else (second, first)
    requests = {known: rest.head("POST /api/token"), stranger: rest.head("POST /api/token", token=None)}
    first.send(requests[first])
    for _ in range(turns):
        second.look()
    second.send(requests[second])
    assert answer(stranger).status == 401
    assert answer(known).status == 200


def test_a_call_that_waits_keeps_its_answer_while_a_neighbour_comes_and_goes(rest: Rest) -> None:
    rest.hub.holds = True
    waiting = rest.connect()
    waiting.send(rest.head("POST /api/tunnels/lan", *JSON) + ENABLE)
    waiting.wait(lambda: bool(rest.hub.enabled))
    for _ in range(3):
        stranger = neighbour_of(waiting, rest)
        stranger.send(rest.head("GET /api/tunnels/lan", token=None))
        assert answer(stranger).status == 401
        stranger.close()
    rest.hub.show("lan", **up("lan"))
    assert answer(waiting).json["success"]


def test_many_addresses_share_one_limit(rest: Rest, port_for_all: Callable[[], int]) -> None:
    port = port_for_all()
    wires = [rest.connect((f"127.0.1.{last + 1}", port)) for last in range(MOST_CONNECTIONS)]
    one_more = rest.connect()
    one_more.send(rest.head("GET /api/health", token=None))
    assert answer(one_more).status == 200
    wires[0].wait(lambda: wires[0].ended)
    assert not any(wire.ended for wire in wires[1:])


@pytest.fixture
def port_for_all() -> Callable[[], int]:
    """Return a port that is free on every loopback address."""

    def find() -> int:
        with socket.create_server(("0.0.0.0", 0)) as listener:
            port = listener.getsockname()[1]
        assert isinstance(port, int)
        return port

    return find
