"""A tunnel that is open until the person logs out ends then, and nothing brings it back."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from portway.core.codes import Code
from portway.core.errors import Problem
from portway.core.guard.deadline import Ends, Until
from portway.core.hub import end_request
from portway.core.status import Phase
from tests.fakes.backends.toy import ToyWorld
from tests.fakes.origins.http import HttpOrigin, http_origin
from tests.relay.stand import rest
from tests.runtime.conftest import TOY, Build, House


@pytest.fixture
def site() -> Iterator[HttpOrigin]:
    with http_origin() as site:
        yield site


def _ends(house: House, ends: Ends | None) -> tuple[bool, bool]:
    """Choose another end; return whether it is that of the log-in, and whether it is a time."""
    house.hub.guard(TOY, end_request(ends), lambda _problem: None)
    return house.status.until_logout, house.status.expires_at is not None


@pytest.fixture
def house(build: Build) -> House:
    house = build()
    house.wait(lambda: house.status.installation.version)
    return house


def test_it_ends_when_the_person_logs_out_and_cuts_those_who_are_in(
    house: House, world: ToyWorld, site: HttpOrigin
) -> None:
    assert house.up(target=site.target, expires_in=Until.LOGOUT).until_logout
    address = world.opened[-1].origin
    with socket.create_connection((address.host, address.port), 10) as visitor:
        visitor.sendall(b"GET /events HTTP/1.1\r\nHost: a\r\n\r\n")
        assert visitor.recv(1)
        house.hub.log_out()
        house.wait_for(Phase.STOPPED)
        with pytest.raises(ConnectionResetError):
            rest(visitor)
    assert house.status.problem == Problem(Code.EXPIRED, "logout")
    assert not house.status.until_logout
    assert not house.status.wanted


def test_what_has_another_end_or_none_stays(house: House) -> None:
    house.up()
    house.hub.log_out()
    assert house.status.wanted
    house.hub.guard(TOY, end_request(3600.0), lambda _problem: None)
    house.hub.log_out()
    assert house.status.wanted
    assert house.status.phase is Phase.RUNNING


def test_one_that_waits_for_its_next_try_ends_as_well(house: House, world: ToyWorld) -> None:
    world.failures += [Problem(Code.NO_NETWORK)] * 50
    house.enable(expires_in=Until.LOGOUT)
    house.wait(lambda: house.status.retry_at is not None)
    house.hub.log_out()
    house.wait_for(Phase.STOPPED)
    assert house.status.code is Code.EXPIRED


@pytest.mark.parametrize("restore", [False, True], ids=["after a kill", "also where tunnels come back"])
def test_it_does_not_come_back_and_what_was_left_of_it_is_ended(
    build: Build, world: ToyWorld, *, restore: bool
) -> None:
    first = build()
    first.up(expires_in=Until.LOGOUT)
    assert not first.kept()
    world.leftover = "https://left.toy.example"
    second = build(restore=restore)  # the first was never closed
    second.wait(lambda: world.leftover is None)
    second.settle()
    assert second.status.phase is Phase.STOPPED
    assert len(world.opened) == 1


def test_it_is_chosen_and_taken_back_while_it_is_open(house: House) -> None:
    house.up()
    house.wait(house.kept)
    assert _ends(house, Until.LOGOUT) == (True, False)
    assert not house.kept()
    assert _ends(house, 900.0) == (False, True)
    assert _ends(house, Until.LOGOUT) == (True, False)
    assert _ends(house, None) == (False, False)
    house.wait(house.kept)


def test_more_time_takes_its_place(house: House) -> None:
    house.up(expires_in=Until.LOGOUT)
    house.hub.extend(TOY, 3600.0)
    assert house.status.expires_at is not None
    assert not house.status.until_logout


def test_what_would_stay_up_without_us_goes_through_the_relay_and_ends_with_the_program(
    build: Build, world: ToyWorld, site: HttpOrigin
) -> None:
    house = build(keep_up=True)
    house.up(target=site.target, expires_in=Until.LOGOUT)
    assert world.opened[-1].origin != site.target
    house.hub.close()
    assert world.left_up == []
