"""What a test of streams finds out of a way, and that it is a matter of the relay alone."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager

import pytest

from portway.core.backend import ClientHeader, Which
from portway.core.guard.rules import Guard
from portway.core.status import Passage, StreamCheck, StreamTest
from portway.relay.guard.gate import Gate
from portway.relay.http.stage import Pace
from portway.relay.streaming import Way, check, find_way
from portway.system.network.outside import NotKnownError, Outside
from tests.fakes.outside.edge import Kind, absent, buffering, edge, giving_up, passing, refusing_sockets
from tests.fakes.outside.world import NAME, World, outside_world
from tests.relay.stand import Stand, rest

URL = f"https://{NAME}"
PACE = Pace(gap=1.0, pause=3.0, wait=0.5)  # longer than a busy computer holds anything up
OK, HELD, REFUSED, UNKNOWN = Passage.OK, Passage.HELD, Passage.REFUSED, Passage.UNKNOWN
EVENTS, WEBSOCKET, UPLOAD, WAIT = StreamTest


@pytest.fixture
def there() -> Iterator[World]:
    with outside_world() as there:
        yield there


@pytest.fixture
def gate() -> Gate:
    return Gate("toy", client_header=ClientHeader("x-edge", Which.ONLY))


@pytest.fixture
def stand(gate: Gate) -> Iterator[Stand]:
    with ExitStack() as stack:
        yield Stand(stack, gate=gate)


@contextmanager
def way_through(kind: Kind, there: World, gate: Gate, stand: Stand) -> Iterator[tuple[Way, Outside]]:
    with edge(kind, there.server_context(NAME), stand.relay.port) as there.edge_port:
        outside = there.outside()
        yield find_way(URL, gate, outside, {}, PACE), outside


def found(kind: Kind, there: World, gate: Gate, stand: Stand) -> dict[StreamTest, StreamCheck]:
    """Run a whole test, all parts at once."""
    with way_through(kind, there, gate, stand) as (way, outside), ThreadPoolExecutor(len(StreamTest)) as pool:
        return {one.test: one for one in pool.map(lambda test: check(test, way, outside), StreamTest)}


@pytest.mark.parametrize(
    ("kind", "otherwise"),
    [
        (passing, {}),
        (
            buffering,
            {
                EVENTS: (HELD, "events come all at once, when the stream ends"),
                UPLOAD: (HELD, "it gets here whole, once all of it was sent"),
            },
        ),
        (refusing_sockets, {WEBSOCKET: (REFUSED, "it is answered with 403 on the way")}),
        (giving_up, {WAIT: (REFUSED, "it is answered with 524 on the way")}),
    ],
)
def test_each_edge_is_told_for_what_it_does(
    there: World,
    gate: Gate,
    stand: Stand,
    kind: Kind,
    otherwise: dict[StreamTest, tuple[Passage, str]],
) -> None:
    came = found(kind, there, gate, stand)
    passes = {
        EVENTS: (OK, "events come one by one"),
        WEBSOCKET: (OK, "messages pass both ways"),
        UPLOAD: (OK, "it gets here while it is being sent"),
        WAIT: (OK, "an answer may take 0 s"),
    }
    for test, (state, reason) in (passes | otherwise).items():
        assert came[test].state is state, came
        assert reason in str(came[test].reason)


def test_an_edge_that_closes_before_anything_gets_here_tells_nothing(there: World, gate: Gate, stand: Stand) -> None:
    came = found(absent, there, gate, stand)
    assert {one.state for one in came.values()} == {UNKNOWN}


def test_it_passes_a_guard_that_lets_nobody_in_and_no_visitor_was_there(there: World, gate: Gate, stand: Stand) -> None:
    gate.guard_by(Guard(password=True, allow=("203.0.113.7",), read_only=True), None, None)
    came = found(passing, there, gate, stand)
    assert {one.state for one in came.values()} == {OK}, came
    assert stand.kept.exchanges == []
    assert stand.news.traffic is None


class TestPath:
    def test_it_is_good_once(self, gate: Gate, stand: Stand) -> None:
        gate.guard_by(Guard(deny=("0.0.0.0/0",)), None, None)
        path = gate.open_stage(PACE).path(WAIT)
        for status in (200, 403):
            browser = stand.browser()
            browser.request("GET", path)
            assert browser.getresponse().status == status

    def test_it_is_good_no_longer_than_the_test(self, gate: Gate, stand: Stand) -> None:
        gate.guard_by(Guard(deny=("0.0.0.0/0",)), None, None)
        path = gate.open_stage(PACE).path(WAIT)
        gate.end_stage()
        browser = stand.browser()
        browser.request("GET", path)
        assert browser.getresponse().status == 403

    @pytest.mark.parametrize("end", ["end_stage", "expire"])
    def test_its_end_cuts_what_is_under_way(self, gate: Gate, stand: Stand, end: str) -> None:
        stage = gate.open_stage(Pace(wait=600.0))
        visitor = stand.visitor()
        visitor.sendall(f"GET {stage.path(EVENTS)} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        assert visitor.recv(1 << 16).startswith(b"HTTP/1.1 200")
        getattr(gate, end)()
        with pytest.raises(ConnectionResetError):
            rest(visitor)

    def test_other_rules_meanwhile_do_not(self, gate: Gate, stand: Stand) -> None:
        stage = gate.open_stage(PACE)
        browser = stand.browser()
        browser.request("GET", stage.path(WAIT))
        gate.guard_by(Guard(deny=("0.0.0.0/0",)), None, None)
        assert browser.getresponse().read() == stage.content

    def test_an_upload_without_end_is_cut_short(self, gate: Gate, stand: Stand) -> None:
        browser = stand.browser()
        browser.request("POST", gate.open_stage(PACE).path(UPLOAD), (bytes(1 << 16) for _ in range(10)))
        assert browser.getresponse().status == 413


def test_what_cannot_be_seen_from_here_is_not_tried(there: World, gate: Gate) -> None:
    there.knows_name = False
    for url, environment in ((URL, {}), ("http://192.168.1.23:3000", {}), (URL, {"HTTPS_PROXY": "http://x"})):
        with pytest.raises(NotKnownError):
            find_way(url, gate, there.outside(), environment)
