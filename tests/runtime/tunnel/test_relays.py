"""The relay before a tunnel: where it listens, what it lets change, and what comes before it."""

from __future__ import annotations

import dataclasses
import http.client
import socket
from collections.abc import Iterator

import psutil
import pytest

from portway.core.codes import Code
from portway.core.errors import TunnelError
from portway.core.hub import EnableRequest
from portway.core.settings import General, Settings
from portway.core.status import Phase, Traffic
from portway.core.target import Target, port_target
from portway.relay.ports import HIGHEST, LOWEST
from portway.system.services import Services
from portway.system.storage.app_state import AppState
from tests.fakes.backends.toy import ToyWorld
from tests.fakes.origins.http import http_origin
from tests.fakes.origins.page import PAGE, origin_server
from tests.fakes.origins.ports import kept_port
from tests.runtime.conftest import TOY, Build, House


def _get(address: Target) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection(address.host, address.port, timeout=20)
    try:
        connection.request("GET", "/")
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def _listens(address: Target) -> bool:
    """Whether this process does; another run of these tests may have the port since."""
    here = psutil.Process().net_connections("tcp4")
    return any(one.status == psutil.CONN_LISTEN and one.laddr.port == address.port for one in here)


def test_stands_between_the_tunnel_and_the_local_server(house: House, world: ToyWorld) -> None:
    with http_origin() as site:
        status = house.up(target=site.target)
        address = world.opened[0].origin
        assert status.target_url == site.target.url
        assert address != site.target
        assert LOWEST <= address.port <= HIGHEST
        assert _get(address) == (200, PAGE)


def test_listens_at_the_same_port_every_time(house: House, world: ToyWorld, services: Services) -> None:
    for _ in range(3):
        house.up()
        house.disable()
        house.wait_for(Phase.STOPPED)
    ports = {context.origin.port for context in world.opened}
    assert ports == {AppState(services.app_state).relay_port(TOY)}
    assert not _listens(world.opened[0].origin)


def test_its_port_is_no_target_while_it_listens(house: House, world: ToyWorld) -> None:
    house.up()
    port = world.opened[0].origin.port
    assert port in house.hub.own_ports()
    with pytest.raises(TunnelError, match="Portway's own"):
        house.enable(target=port_target(port))
    house.disable()
    house.wait_for(Phase.STOPPED)
    assert port not in house.hub.own_ports()


def test_another_target_needs_no_new_url(house: House, world: ToyWorld) -> None:
    with http_origin() as first, origin_server() as second:
        house.up(target=first.target)
        house.enable(target=second)
        assert house.status.target_url == second.url
        assert house.status.running
        house.wait(lambda: house.kept()[TOY].target == second.url)
        house.wait(lambda: _peers(world, second))
    assert len(world.opened) == 1
    house.wait(lambda: house.status.code is Code.ORIGIN_DOWN)
    assert second.url in (house.status.last_error or "")


def _peers(world: ToyWorld, target: Target) -> bool:
    """Whether visitors get this target, which ends each connection after its answer."""
    connection = http.client.HTTPConnection("127.0.0.1", world.opened[0].origin.port, timeout=20)
    try:
        connection.request("GET", "/")
        return connection.getresponse().version == 10
    finally:
        connection.close()


def test_a_new_default_target_is_for_the_next_start(house: House, world: ToyWorld, origin: Target) -> None:
    house.up()
    with origin_server() as other:
        house.settings.now = Settings(general=dataclasses.replace(house.settings.now.general, target=other.url))
        house.hub.reload()
        house.enable()
        assert house.status.target_url == origin.url


def test_follows_a_local_server_to_the_other_loopback_address(house: House, world: ToyWorld) -> None:
    with kept_port("127.0.0.1", "::1") as port:
        with origin_server(port=port):
            house.up(target=port_target(port))
        with origin_server("::1", port):
            house.wait(lambda: _get(world.opened[0].origin) == (200, PAGE))
            house.wait(lambda: house.status.problem is None)
    assert len(world.opened) == 1


def test_counts_what_passes(house: House, world: ToyWorld) -> None:
    assert house.up().traffic == Traffic()
    for _ in range(3):
        _get(world.opened[0].origin)
    house.wait(lambda: house.status.traffic is not None and house.status.traffic.requests == 3)
    house.wait(lambda: house.status.traffic is not None and house.status.traffic.bytes_out == 3 * len(PAGE))
    assert house.status.traffic is not None
    assert house.status.traffic.failures == 0
    assert house.status.traffic.visitors == 1
    assert house.status.traffic.last_at is not None
    house.disable()
    assert house.wait_for(Phase.STOPPED).traffic is None


def test_one_that_could_not_be_closed_lets_nobody_in_but_keeps_its_port(house: House, world: ToyWorld) -> None:
    house.up()
    address = world.opened[0].origin
    world.will_not_close = True
    house.disable()
    house.wait(lambda: house.status.code is Code.NEEDS_PRIVILEGES)
    assert _listens(address)
    with pytest.raises((OSError, http.client.HTTPException)):
        _get(address)
    world.will_not_close = False
    house.disable()
    house.wait_for(Phase.STOPPED)
    assert not _listens(address)


def _left_up(world: ToyWorld) -> str | None:
    return world.leftover


class TestAPortThatAnotherProgramHas:
    @pytest.fixture
    def taken(self, services: Services) -> Iterator[int]:
        """Let an earlier run have had a relay at a port where somebody else listens now."""
        with socket.create_server(("127.0.0.1", 0)) as somebody:
            port: int = somebody.getsockname()[1]
            AppState(services.app_state).remember_relay_port(TOY, port)
            yield port

    def test_gives_a_restored_tunnel_a_new_url(self, build: Build, world: ToyWorld, taken: int) -> None:
        house = build(start=False)
        world.leftover = "https://left.example"
        tunnel = house.hub._tunnels[TOY]
        tunnel.restore(EnableRequest(), {}, only_adopt=False)
        house.wait(lambda: house.status.code is Code.RELAY_PORT_TAKEN)
        assert str(taken) in (house.status.last_error or "")
        assert _left_up(world) is None  # ended, not adopted
        house.wait_for(Phase.RUNNING)
        assert world.opened[-1].origin.port != taken
        assert house.status.public_url != "https://left.example"

    def test_is_no_trouble_for_a_new_one(self, build: Build, world: ToyWorld, taken: int) -> None:
        house = build(start=False)
        world.leftover = "https://left.example"
        house.up()
        assert _left_up(world) is None
        assert world.opened[-1].origin.port != taken


def test_a_tunnel_that_is_to_stay_up_goes_without(house: House, world: ToyWorld, origin: Target) -> None:
    general = dataclasses.replace(house.settings.now.general, keep_up=True)
    house.settings.now = Settings(general=general)
    house.hub.reload()
    status = house.up()
    assert world.opened[0].origin.port == origin.port
    assert status.traffic is None


def test_one_with_a_relay_is_closed_at_the_end_whatever_is_set_since(house: House, world: ToyWorld) -> None:
    house.up()
    house.settings.now = Settings(general=General(keep_up=True))
    house.hub.reload()
    house.hub.close()
    assert world.left_up == []
    assert len(world.closed) == 1
