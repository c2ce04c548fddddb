"""One tunnel and its local server: which one it leads to, and whether that answers."""

from __future__ import annotations

import pytest

from portway.core.codes import Code
from portway.core.errors import TunnelError
from portway.core.settings import General, Settings
from portway.core.status import Phase
from portway.core.target import Target, port_target
from tests.fakes.backends.toy import (
    ToyWorld,
)
from tests.fakes.origins.page import origin_server
from tests.fakes.origins.ports import kept_port, nobody
from tests.runtime.conftest import House


@pytest.fixture
def staying(house: House) -> House:
    """Tunnels stay up when the program ends, and so lead to the local server without a relay."""
    house.settings.now = Settings(general=General(target=house.settings.now.general.target, keep_up=True))
    house.hub.reload()
    return house


def test_an_enable_with_another_target_starts_anew_where_the_tunnel_leads_to_it_itself(
    staying: House, world: ToyWorld
) -> None:
    staying.up()
    with origin_server() as other:
        staying.enable(target=other)
        staying.wait(lambda: staying.status.running and staying.status.target_url == other.url)
    assert len(world.opened) == 2


@pytest.mark.parametrize("leads", [True, False], ids=["leads on", "starts anew"])
def test_one_that_listens_for_visitors_itself_is_asked_to_lead_to_another_target(
    house: House, world: ToyWorld, monkeypatch: pytest.MonkeyPatch, *, leads: bool
) -> None:
    monkeypatch.setattr(house.backend, "own_ports", frozenset, raising=False)
    world.leads = leads
    url = house.up().public_url
    with origin_server() as other:
        house.enable(target=other)
        house.wait(lambda: world.led == [(other, other, "")])
        house.wait(lambda: house.status.running and house.status.target_url == other.url)
        house.wait(lambda: len(world.opened) == (1 if leads else 2))
        assert (house.status.public_url == url) is leads


def test_a_tunnel_knows_whether_its_target_is_its_own(house: House, origin: Target) -> None:
    house.settle()  # a look at the machine may still be under way, and its news would be about no target yet
    owned: list[bool] = []
    house.hub.subscribe(lambda status: owned.append(status.own_target))
    with origin_server() as other:
        house.up(target=other)
        house.enable()
        assert set(owned) == {True}
        house.enable(target=origin, follows_default=True)
        house.wait(lambda: house.status.running and house.status.target_url == origin.url)
        assert owned[-1] is False
        house.enable(target=origin)
        assert owned[-1:] == [True]
        house.enable(target=other)
        house.disable()
        house.wait_for(Phase.STOPPED)
        assert owned[-1] is False


def test_a_new_default_target_holds_only_from_the_next_enable(house: House, origin: Target) -> None:
    house.up()
    general = house.settings.now.general
    with origin_server() as other:
        house.settings.now = type(house.settings.now)(general=type(general)(target=other.url))
        house.hub.reload()
        assert house.status.target_url == origin.url
        house.disable()
        house.wait_for(Phase.STOPPED)
        assert house.status.target_url == other.url


@pytest.mark.parametrize("retargets", [True, False], ids=["switches", "starts-anew"])
def test_follows_a_local_server_that_moves_to_the_other_loopback_address(
    staying: House, world: ToyWorld, *, retargets: bool
) -> None:
    house = staying
    world.retargets = retargets
    with kept_port("127.0.0.1", "::1") as port:
        with origin_server(port=port):
            house.up(target=port_target(port))
            assert world.opened[-1].origin.host == "127.0.0.1"
        with origin_server("::1", port):
            if retargets:
                house.wait(lambda: world.origins == [port_target(port).at("::1")])
                house.wait(lambda: house.status.problem is None)
                assert len(world.opened) == 1
            else:
                house.wait(lambda: world.opened[-1].origin.host == "::1")
                house.wait(lambda: house.status.running and house.status.problem is None)


def test_says_at_once_that_the_local_server_does_not_answer(house: House) -> None:
    with nobody() as gone:
        status = house.up(target=gone)
        assert status.code is Code.ORIGIN_DOWN
        assert gone.url in (status.last_error or "")
        with origin_server(port=gone.port):
            house.wait(lambda: house.status.problem is None)
        house.wait(lambda: house.status.code is Code.ORIGIN_DOWN)
        assert house.status.running


def test_a_visitor_who_met_no_server_makes_it_look_at_once(house: House, world: ToyWorld) -> None:
    with nobody() as target:
        with origin_server(port=target.port):
            house.up(target=target)
        world.opened[-1].listener.origin_suspect()
        house.wait(lambda: house.status.code is Code.ORIGIN_DOWN)


def test_our_own_ports_are_refused_as_target(house: House) -> None:
    house.hub.claim_port(20129)
    with pytest.raises(TunnelError) as caught:
        house.enable(target=port_target(20129))
    assert caught.value.problem.key == "bad_request.target_own_port"
    assert house.status.phase is Phase.STOPPED
