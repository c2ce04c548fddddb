"""Several tunnels when something comes in between: removed or renamed at the wrong moment, one server for two."""

from __future__ import annotations

import contextlib
import dataclasses
import socket

from portway.core.codes import Code
from portway.core.errors import Problem
from portway.core.hub import EnableRequest
from portway.core.settings import SavedTunnel
from portway.core.status import Phase
from portway.core.target import Target
from tests.fakes.origins.http import HALF, http_origin
from tests.fakes.origins.page import PAGE
from tests.limits import SEEN
from tests.runtime.conftest import TOY, Build, House
from tests.runtime.test_saved_tunnels import added, threads, up
from tests.runtime.tunnel.test_relays import _get, _listens

NOT_INSTALLED = Problem(Code.NOT_INSTALLED, parameters={"program": "toy"})


def names(house: House) -> list[str]:
    return [one.id for one in house.hub.tunnels]


def test_one_that_is_removed_while_it_starts_never_comes_up(house: House) -> None:
    other = added(house)
    with other.held():
        house.hub.enable("shop", EnableRequest())
        house.wait(lambda: other.opened)
        house.hub.remove("shop")
        house.wait(lambda: names(house) == [TOY])
    house.wait(lambda: len(threads(house)) == 1)  # from its thread nothing can come any more
    assert not [status for status in house.seen if status.id == "shop" and status.running]
    assert other.closed == []  # nothing was open
    assert not _listens(other.opened[0].origin)
    assert house.kept() == {}


def test_one_that_is_removed_while_it_waits_for_its_next_try_tries_no_more(house: House) -> None:
    other = added(house)
    other.failures = [Problem(Code.NO_NETWORK, "service", {"service": "Toy"})]
    house.hub.enable("shop", EnableRequest())
    house.wait(lambda: house.hub.status("shop").retry_at is not None)
    house.hub.remove("shop")
    house.wait(lambda: names(house) == [TOY])
    house.wait(lambda: len(threads(house)) == 1)  # from its thread nothing can come any more
    assert len(other.opened) == 1


def test_a_download_ends_with_the_tunnel_that_is_removed_and_those_of_others_go_on(house: House) -> None:
    with http_origin() as site:
        other = added(house, SavedTunnel(id="shop", backend=TOY, target=site.target.url))
        up(house)
        up(house, TOY, target=site.target)
        gone, stays = (visitor(world.opened[0].origin) for world in (other, house.world))
        with gone, stays:
            house.hub.remove("shop")
            house.wait(lambda: names(house) == [TOY])
            assert rest_of(gone) == b""  # it was cut: half of it was announced, and is not there
            site.release()
            assert rest_of(stays) == HALF
    assert not _listens(other.opened[0].origin)


def test_one_that_is_renamed_while_it_runs_goes_on_and_keeps_its_word(build: Build) -> None:
    house = build()
    other = added(house)
    up(house)
    before = house.hub.status("shop")
    house.hub.change(dataclasses.replace(house.settings.now.tunnels["shop"], name="Market"))
    after = house.hub.status("shop")
    assert (after.id, after.name, after.running) == ("shop", "Market", True)
    assert (after.public_url, after.since) == (before.public_url, before.since)
    assert (len(other.opened), other.closed) == (1, [])
    house.wait(lambda: "shop" in house.kept())
    second = build(kept=house.settings.now)  # after a crash
    second.wait(lambda: second.hub.status("shop").running)
    assert second.hub.status("shop").name == "Market"


def test_two_lead_to_one_server_each_by_itself(house: House, origin: Target) -> None:
    other = added(house, SavedTunnel(id="shop", backend=TOY, target=origin.url))
    up(house, TOY, target=origin)
    up(house)
    first, second = house.world.opened[0].origin, other.opened[0].origin
    assert first != second
    assert [_get(one) for one in (first, second)] == [(200, PAGE)] * 2
    house.hub.disable("shop")
    house.wait(lambda: house.hub.status("shop").phase is Phase.STOPPED)
    assert _get(first) == (200, PAGE)
    assert house.status.running


def test_one_whose_program_is_not_installed_says_so_and_stands_in_nobodys_way(house: House) -> None:
    other = added(house)
    other.failures = [NOT_INSTALLED] * 2
    house.hub.enable("shop", EnableRequest())
    house.wait(lambda: house.hub.status("shop").phase is Phase.ERROR)
    assert house.hub.status("shop").code is Code.NOT_INSTALLED
    up(house, TOY)
    house.hub.change(dataclasses.replace(house.settings.now.tunnels["shop"], name="Market"))
    house.hub.disable("shop")
    house.hub.remove("shop")
    house.wait(lambda: names(house) == [TOY])
    assert house.status.running


def visitor(address: Target) -> socket.socket:
    """Ask for a long answer, and return once half of it is there."""
    connection = socket.create_connection((address.host, address.port), timeout=SEEN)
    connection.sendall(b"GET /slow HTTP/1.1\r\nHost: toy.example\r\n\r\n")
    received = b""
    while not received.endswith(HALF):
        part = connection.recv(4096)
        assert part, received
        received += part
    return connection


def rest_of(connection: socket.socket) -> bytes:
    """Return what still comes of the answer; nothing where it is cut."""
    received = b""
    with contextlib.suppress(ConnectionError):
        while len(received) < len(HALF) and (part := connection.recv(4096)):
            received += part
    return received
