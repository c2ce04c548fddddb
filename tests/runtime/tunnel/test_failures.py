"""One tunnel that fails or is lost: what is tried again, what is not, and what is told meanwhile."""

from __future__ import annotations

import pytest

from portway.core.codes import Code
from portway.core.errors import Problem
from portway.core.foreign_text import PublicUrl
from portway.core.status import Phase
from tests.fakes.backends.toy import (
    EDGE_LOST,
    ToyWorld,
)
from tests.runtime.conftest import DIED, TOY, House

REFUSED = Problem(Code.URL_TAKEN, parameters={"url": "https://toy.example"})


@pytest.mark.parametrize("problem", [EDGE_LOST, DIED], ids=["edge", "process"])
def test_a_failed_start_is_tried_again_while_wanted(house: House, world: ToyWorld, problem: Problem) -> None:
    world.failures = [problem, problem]
    status = house.up()
    assert status.problem is None
    waiting = [one for one in house.seen if one.retry_at is not None]
    assert [one.code for one in waiting] == [problem.code] * 2
    assert all(one.phase is Phase.STARTING and one.last_error for one in waiting)
    assert [one.attempt for one in house.seen if one.phase is Phase.STARTING][-1] == 3


def test_what_is_no_passing_trouble_ends_in_error(house: House, world: ToyWorld) -> None:
    world.failures = [REFUSED]
    house.enable()
    status = house.wait_for(Phase.ERROR)
    assert (status.code, status.wanted, status.retry_at) == (Code.URL_TAKEN, True, None)
    assert len(world.opened) == 1


def test_gives_up_after_five_crashes(house: House, world: ToyWorld) -> None:
    world.failures = [DIED] * 9
    house.enable()
    assert house.wait_for(Phase.ERROR).code is Code.PROCESS_DIED
    assert len(world.opened) == 5


@pytest.mark.expected_logs
def test_a_bug_in_a_backend_is_an_error_of_ours(house: House, world: ToyWorld) -> None:
    world.bug = True
    house.enable()
    assert house.wait_for(Phase.ERROR).code is Code.INTERNAL


def test_disable_ends_the_waiting_for_the_next_try(house: House, world: ToyWorld) -> None:
    world.failures = [EDGE_LOST] * 99
    house.enable()
    house.wait(lambda: house.status.retry_at is not None)
    house.disable()
    house.wait_for(Phase.STOPPED)
    tries = len(world.opened)
    house.qtbot.wait(300)  # a try that was put off would come meanwhile
    assert len(world.opened) == tries


def test_an_enable_between_two_tries_tries_at_once(house: House, world: ToyWorld) -> None:
    world.failures = [Problem(Code.RATE_LIMITED, parameters={"service": "Toy"}, retry_after=3600)]
    house.enable()
    house.wait(lambda: house.status.retry_at is not None)
    assert house.up().attempt == 1


def test_a_change_of_the_world_tries_at_once(house: House, world: ToyWorld) -> None:
    world.failures = [Problem(Code.RATE_LIMITED, parameters={"service": "Toy"}, retry_after=3600)]
    house.enable()
    house.wait(lambda: house.status.retry_at is not None)
    house.hub.try_again()
    house.wait_for(Phase.RUNNING)


def test_a_lost_tunnel_is_closed_and_started_again(house: House, world: ToyWorld) -> None:
    house.up()
    world.opened[-1].listener.lost(DIED)
    house.wait(lambda: len(world.opened) == 2)
    assert house.wait_for(Phase.RUNNING).public_url == "https://toy-2.example"
    assert len(world.closed) == 1
    lost = next(one for one in house.seen if one.code is Code.PROCESS_DIED)
    assert (lost.phase, lost.public_url) == (Phase.STARTING, None)


def test_a_lost_edge_keeps_the_url_that_will_come_back(house: House, world: ToyWorld) -> None:
    url = house.up().public_url
    world.opened[-1].listener.recovering(EDGE_LOST)
    status = house.wait_for(Phase.STARTING)
    assert (status.public_url, status.code) == (url, Code.NO_NETWORK)
    world.opened[-1].listener.recovered(PublicUrl("https://other.example"))
    assert house.wait_for(Phase.RUNNING).public_url == "https://other.example"


def test_a_network_that_is_another_one_takes_the_wish_back(house: House, world: ToyWorld) -> None:
    house.up()
    world.opened[-1].listener.lost(Problem(Code.NETWORK_CHANGED))
    status = house.wait_for(Phase.STOPPED)
    assert (status.wanted, status.code) == (False, Code.NETWORK_CHANGED)
    house.settle()
    assert house.status.code is Code.NETWORK_CHANGED  # and the look at rest leaves the cause
    assert TOY not in house.kept()


def test_a_lost_tunnel_does_not_come_back_in_other_surroundings(house: House, world: ToyWorld) -> None:
    world.facts = {"subnet": "192.168.1.0/24"}
    house.up()
    world.misfit = Problem(Code.NETWORK_CHANGED)
    world.opened[-1].listener.lost(EDGE_LOST)
    assert house.wait_for(Phase.STOPPED).code is Code.NETWORK_CHANGED
    world.misfit = None
    house.up()


def test_a_steady_tunnel_has_earned_a_fresh_back_off(house: House, world: ToyWorld) -> None:
    world.failures = [DIED] * 4
    house.up()
    house.qtbot.wait(300)  # longer than steady_after
    world.failures = [DIED] * 3
    world.opened[-1].listener.lost(DIED)
    house.wait(lambda: len(world.opened) == 9)
    house.wait_for(Phase.RUNNING)
