"""What a look from outside finds, and that it calls nothing a failure which it cannot know."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from portway.core.backend import ClientHeader, Which
from portway.core.guard.rules import Guard
from portway.core.hub import EnableRequest
from portway.core.status import Phase, Proof, TunnelStatus
from portway.relay.guard.gate import Gate
from portway.runtime.tunnel.proof import verify
from portway.system.network.outside import Outside, Resolver, query
from tests.fakes.origins.ports import kept_port
from tests.fakes.outside.world import ADDRESS, NAME, World, outside_world
from tests.relay.stand import Stand
from tests.runtime.conftest import TOY, Build, House

URL = f"https://{NAME}"


@pytest.fixture
def there() -> Iterator[World]:
    with outside_world() as there:
        yield there


@pytest.fixture
def gate() -> Gate:
    return Gate("toy", client_header=ClientHeader("x-edge", Which.ONLY))


@pytest.fixture
def stand(gate: Gate, there: World) -> Iterator[Stand]:
    from contextlib import ExitStack

    with ExitStack() as stack:
        stand = Stand(stack, gate=gate)
        there.leads_to = stand.relay.port
        yield stand


class TestFound:
    def test_a_tunnel_that_leads_here_is_ok_and_no_visitor_was_counted(
        self, there: World, gate: Gate, stand: Stand
    ) -> None:
        found = verify(URL, gate, there.outside(), {})
        assert (found.state, found.reason) == (Proof.OK, None)
        assert found.ms is not None
        assert there.visited == [NAME]
        assert there.dialled == [(ADDRESS, 443)]
        assert stand.kept.exchanges == []
        assert stand.news.traffic is None

    def test_a_guard_that_lets_nobody_in_does_not_stand_in_the_way(
        self, there: World, gate: Gate, stand: Stand
    ) -> None:
        gate.guard_by(Guard(password=True, allow=("203.0.113.7",)), None, None)
        assert verify(URL, gate, there.outside(), {}).state is Proof.OK
        assert stand.kept.exchanges == []

    def test_its_word_is_good_once(self, gate: Gate, stand: Stand) -> None:
        gate.guard_by(Guard(deny=("0.0.0.0/0",)), None, None)
        path, content = gate.expect_visit()
        browser = stand.browser()
        for status in (200, 403):
            browser.request("GET", path)
            answer = browser.getresponse()
            assert (answer.status, answer.read() == content) == (status, status == 200)

    @pytest.mark.parametrize(
        ("says", "reason"),
        [
            ((530, {}, b"error code: 1033"), "Cloudflare answers that the tunnel is not there"),
            ((404, {"ngrok-error-code": "ERR_NGROK_3200"}, b""), "ngrok answers ERR_NGROK_3200"),
            ((200, {}, b"a page of somebody else"), "somebody else answers there, with 200"),
        ],
    )
    def test_an_edge_that_knows_no_such_tunnel_is_a_failure(
        self, there: World, gate: Gate, says: tuple[int, dict[str, str], bytes], reason: str
    ) -> None:
        there.says = says
        found = verify(URL, gate, there.outside(), {})
        assert found.state is Proof.FAILED
        assert reason in str(found.reason)


class TestUnknown:
    def test_a_name_that_is_not_known_yet_is_asked_of_all_and_visited_by_none(self, there: World, gate: Gate) -> None:
        there.knows_name = False
        found = verify(URL, gate, there.outside(), {})
        assert (found.state, str(found.reason)) == (Proof.UNKNOWN, "Toy's resolver does not know the name yet")
        assert there.visited == []

    def test_without_a_resolver_nothing_is_known(self, there: World, gate: Gate) -> None:
        with kept_port() as port:
            found = verify(URL, gate, there.outside(Resolver("Gone", "127.0.0.1", port)), {})
        assert (found.state, str(found.reason)) == (Proof.UNKNOWN, "no resolver answers over HTTPS")

    def test_the_second_resolver_answers_for_the_first(self, there: World, gate: Gate, stand: Stand) -> None:
        mine = Resolver("Toy", "127.0.0.1", there.resolver_port)
        assert stand.relay.port == there.leads_to
        with kept_port() as port:
            gone = Resolver("Gone", "127.0.0.1", port)
            assert verify(URL, gate, there.outside(gone, mine), {}).state is Proof.OK

    def test_a_resolver_that_fails_knows_nothing(self, there: World, gate: Gate) -> None:
        there.resolver_status = 500
        assert verify(URL, gate, there.outside(), {}).state is Proof.UNKNOWN

    def test_who_is_intercepted_cannot_know(self, there: World, gate: Gate) -> None:
        there.genuine = False
        assert verify(URL, gate, there.outside(), {}).state is Proof.UNKNOWN

    @pytest.mark.parametrize("status", [429, 503])
    def test_an_edge_that_has_too_much_to_do_is_not_a_failure(self, there: World, gate: Gate, status: int) -> None:
        there.says = (status, {}, b"later")
        found = verify(URL, gate, there.outside(), {})
        assert (found.state, str(status) in str(found.reason)) == (Proof.UNKNOWN, True)

    def test_an_edge_that_is_not_reached_is_not_a_failure(self, there: World, gate: Gate) -> None:
        with kept_port() as there.edge_port:
            found = verify(URL, gate, there.outside(), {})
        assert (found.state, str(found.reason)) == (Proof.UNKNOWN, "no address of it answers")

    @pytest.mark.parametrize("variable", ["HTTPS_PROXY", "https_proxy", "ALL_PROXY"])
    def test_behind_a_proxy_nobody_is_asked(self, there: World, gate: Gate, variable: str) -> None:
        found = verify(URL, gate, there.outside(), {variable: "http://127.0.0.1:3128"})
        assert found.state is Proof.UNKNOWN
        assert there.asked == []

    def test_the_local_network_is_not_outside(self, there: World, gate: Gate) -> None:
        assert verify("http://192.168.1.23:3000", gate, there.outside(), {}).state is Proof.UNKNOWN
        assert there.asked == []


@pytest.mark.parametrize("name", ["", "a..b", "x" * 64, "ü.example"])
def test_what_is_no_name_is_not_asked_for(name: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        query(name, 1)


def test_the_status_says_what_was_found_until_the_tunnel_ends(build: Build, there: World) -> None:
    house = build()
    house.hub._outside = there.outside()
    assert _state(house) == "off"
    house.up()
    told: list[TunnelStatus] = []
    house.hub.verify(TOY, told.append)
    assert _state(house) == "pending"
    house.wait(lambda: told)
    assert _state(house) == told[0].verified.state == "unknown"
    house.hub.disable(TOY, EnableRequest())
    house.wait_for(Phase.STOPPED)
    assert _state(house) == "off"


def _state(house: House) -> str:
    return house.status.verified.state.value


def test_nothing_is_looked_at_unless_somebody_asks(build: Build) -> None:
    house = build()
    house.hub._outside = Outside(resolvers=())
    house.up()
    house.settle()
    assert house.status.verified.state is Proof.OFF
