"""Looks from outside that Portway begins by itself, where a person allows that: when, how often, never too early."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from datetime import timedelta

import pytest

from portway.core.foreign_text import PublicUrl
from portway.core.settings import General, Settings
from portway.core.status import Phase, Proof, Reach, TunnelStatus
from portway.core.timing import Timing
from portway.runtime.outside_looks import MOST_TRIES
from tests.fakes.backends.toy import EDGE_LOST, ToyBackend, ToyWorld
from tests.fakes.outside.world import World, outside_world
from tests.limits import NEVER
from tests.runtime.conftest import TOY, Build, House

_SOON = 0.01  # seconds


@pytest.fixture
def timing(timing: Timing) -> Timing:
    return dataclasses.replace(timing, look_retry=_SOON, look_again=NEVER, look_after_change=_SOON)


@pytest.fixture
def there() -> Iterator[World]:
    with outside_world("toy-1.example", "toy-2.example") as there:
        yield there


@pytest.fixture
def house(build: Build, there: World) -> House:
    """Return a hub whose person lets it look, at a world where nobody knows its name yet."""
    house = build(start=False)
    house.hub._outside = there.outside()
    _allow(house, verify=True)
    house.hub.start()
    house.wait(lambda: house.status.installation.version)
    return house


def _allow(house: House, *, verify: bool) -> None:
    general = dataclasses.replace(house.settings.now.general, verify=verify)
    house.settings.now = dataclasses.replace(house.settings.now, general=general)
    house.hub.reload()


def _up(house: House, there: World, world: ToyWorld) -> TunnelStatus:
    """Turn it on, where the edge leads to it."""
    before = len(world.opened)
    with world.held():
        house.enable()
        house.wait(lambda: len(world.opened) > before)
        there.leads_to = world.opened[-1].origin.port
    return house.wait_for(Phase.RUNNING)


def _comes_to(house: House, state: Proof) -> TunnelStatus:
    house.wait(lambda: house.status.verified.state is state and not house.hub._looks._under_way)
    return house.status


def _next_look(house: House) -> float:
    """Return in how many seconds the next one is; -1 while none is to come."""
    milliseconds = house.hub._looks._watches[TOY].timer.remainingTime()
    return milliseconds / 1000 if milliseconds >= 0 else -1.0


def test_it_is_off_until_a_person_allows_it() -> None:
    assert General().verify is False
    assert Settings().general.verify is False


def test_what_has_come_up_is_looked_at_once(house: House, there: World, world: ToyWorld) -> None:
    _up(house, there, world)
    status = _comes_to(house, Proof.OK)
    assert status.verified.at is not None
    assert status.verified.ms is not None
    assert (there.visited, set(there.asked)) == (["toy-1.example"], {"toy-1.example"})
    assert _next_look(house) == -1.0


def test_no_name_is_asked_for_before_it_has_settled(
    house: House, there: World, world: ToyWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ToyBackend, "name_settles", NEVER)
    _up(house, there, world)
    house.settle()
    assert NEVER / 2 < _next_look(house) <= NEVER
    house.hub.try_again()  # the computer woke up, or has another address
    _allow(house, verify=True)
    assert NEVER / 2 < _next_look(house) <= NEVER
    assert there.asked == []


@pytest.mark.parametrize("moved", [-86_400.0, 86_400.0], ids=("back", "forth"))
def test_the_date_makes_no_name_settle(
    house: House, there: World, world: ToyWorld, monkeypatch: pytest.MonkeyPatch, moved: float
) -> None:
    monkeypatch.setattr(ToyBackend, "name_settles", NEVER)
    _up(house, there, world)
    board = house.hub._tunnels[TOY].board
    assert house.status.since is not None
    since = house.status.since - timedelta(seconds=moved)
    board._status = dataclasses.replace(board._status, since=since)
    _allow(house, verify=True)
    assert NEVER / 2 < _next_look(house) <= NEVER
    assert there.asked == []


def test_the_time_of_sleep_counts_for_a_name_that_settles(
    house: House, there: World, world: ToyWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ToyBackend, "name_settles", NEVER)
    _up(house, there, world)
    board = house.hub._tunnels[TOY].board
    woke_up = board._clock() + NEVER
    monkeypatch.setattr(board, "_clock", lambda: woke_up)
    house.hub.try_again()
    _comes_to(house, Proof.OK)


def test_a_name_that_is_not_known_is_never_a_failure_and_asked_for_again(
    house: House, there: World, world: ToyWorld
) -> None:
    there.knows_name = False
    _up(house, there, world)
    house.wait(lambda: len(there.asked) >= 4)
    assert {status.verified.state for status in house.seen} <= {Proof.OFF, Proof.PENDING, Proof.UNKNOWN}
    there.knows_name = True
    _comes_to(house, Proof.OK)
    assert Proof.FAILED not in {status.verified.state for status in house.seen}


def test_it_gives_up_after_some_tries_until_the_network_changes(house: House, there: World, world: ToyWorld) -> None:
    there.knows_name = False
    _up(house, there, world)
    house.wait(lambda: house.hub._looks._watches[TOY].tries == MOST_TRIES)
    assert _next_look(house) == -1.0
    assert str(house.status.verified.reason) == "Toy's resolver does not know the name yet"
    there.knows_name = True
    house.hub.try_again()
    _comes_to(house, Proof.OK)


def test_what_the_edge_says_is_told_with_its_reason(house: House, there: World) -> None:
    house.up()
    status = _comes_to(house, Proof.FAILED)
    assert str(status.verified.reason) == "Cloudflare answers that the tunnel is not there"


def test_after_a_change_of_the_network_it_is_looked_at_again(
    house: House, there: World, world: ToyWorld, timing: Timing
) -> None:
    _up(house, there, world)
    _comes_to(house, Proof.OK)
    house.hub.try_again()
    assert timing.look_again / 2 < _next_look(house) <= timing.look_again  # but not so soon
    looks = house.hub._looks
    later = looks._clock() + timing.look_again
    looks._clock = lambda: later
    house.hub.try_again()
    house.wait(lambda: len(there.visited) == 2)
    _comes_to(house, Proof.OK)


def test_another_url_is_another_look(house: House, there: World, world: ToyWorld) -> None:
    _up(house, there, world)
    _comes_to(house, Proof.OK)
    house.disable()
    house.wait_for(Phase.STOPPED)
    assert house.status.verified.state is Proof.OFF
    _up(house, there, world)
    _comes_to(house, Proof.OK)
    assert there.visited == ["toy-1.example", "toy-2.example"]


def test_an_edge_that_came_back_is_not_looked_at_all_the_time(
    house: House, there: World, world: ToyWorld, timing: Timing
) -> None:
    _up(house, there, world)
    _comes_to(house, Proof.OK)
    listener = world.opened[-1].listener
    listener.recovering(EDGE_LOST)
    house.wait_for(Phase.STARTING)
    listener.recovered(PublicUrl("https://toy-1.example"))
    house.wait_for(Phase.RUNNING)
    house.settle()
    assert timing.look_again / 2 < _next_look(house) <= timing.look_again


def test_what_was_found_of_one_that_is_gone_is_not_said_of_the_next(
    house: House, there: World, world: ToyWorld
) -> None:
    _allow(house, verify=False)
    told: list[TunnelStatus] = []
    first = _up(house, there, world)
    there.lets_by.clear()
    house.hub.verify(TOY, told.append)
    house.wait(lambda: there.visited)
    house.disable()
    house.wait_for(Phase.STOPPED)
    second = _up(house, there, world)
    there.leads_to = None
    there.lets_by.set()
    house.wait(lambda: told)
    assert (first.public_url, second.public_url) == ("https://toy-1.example", "https://toy-2.example")
    assert house.status.verified.state is Proof.OFF


def test_two_who_ask_at_once_are_told_of_one_look(house: House, there: World, world: ToyWorld) -> None:
    _allow(house, verify=False)
    _up(house, there, world)
    told: list[TunnelStatus] = []
    for _ in range(2):
        house.hub.verify(TOY, told.append)
    house.wait(lambda: len(told) == 2)
    assert [status.verified.state for status in told] == [Proof.OK] * 2
    assert there.visited == ["toy-1.example"]


def test_who_takes_it_back_has_nobody_asked(
    house: House, there: World, world: ToyWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ToyBackend, "name_settles", NEVER)
    _up(house, there, world)
    _allow(house, verify=False)
    assert not house.hub._looks._watches
    monkeypatch.setattr(ToyBackend, "name_settles", 0.0)
    _allow(house, verify=True)
    _comes_to(house, Proof.OK)


@pytest.mark.parametrize("why", ["the local network", "no relay"])
def test_what_cannot_be_looked_at_is_left_alone(
    build: Build, there: World, monkeypatch: pytest.MonkeyPatch, why: str
) -> None:
    if why == "the local network":
        monkeypatch.setattr(ToyBackend, "reach", Reach.NETWORK)
    house = build(keep_up=why == "no relay")
    house.hub._outside = there.outside()
    _allow(house, verify=True)
    house.up()
    house.settle()
    assert not house.hub._looks._watches
    assert there.asked == []


def test_nothing_is_kept_of_what_is_off(house: House, there: World, world: ToyWorld) -> None:
    _up(house, there, world)
    _comes_to(house, Proof.OK)
    house.disable()
    house.wait_for(Phase.STOPPED)
    assert not house.hub._looks._watches
    assert not house.hub._looks._found
