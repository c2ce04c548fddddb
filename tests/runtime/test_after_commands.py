"""After a command: what it did is seen before its end is told, and the end of a log-in that it began is noticed."""

from __future__ import annotations

from portway.core.hub import EnableRequest, JobDone, JobEvent
from portway.core.status import Phase, Progress
from tests.fakes.backends.toy import NEEDS_LOGIN, ToyWorld
from tests.runtime.conftest import TOY, House


def test_after_a_command_that_may_begin_a_log_in_its_end_is_seen(house: House, world: ToyWorld) -> None:
    world.missing = world.blocked_by = NEEDS_LOGIN
    house.hub.reload()
    house.wait_for(Phase.NEEDS_AUTH)
    house.hub.command(TOY, "paint", EnableRequest())
    house.wait(lambda: world.looks)
    assert house.status.phase is Phase.NEEDS_AUTH
    world.missing = world.blocked_by = None
    house.wait_for(Phase.STOPPED)
    assert world.opened == []


def test_its_end_is_told_once_the_status_shows_what_it_did(house: House, world: ToyWorld) -> None:
    world.missing = NEEDS_LOGIN
    house.hub.reload()
    house.wait_for(Phase.NEEDS_AUTH)
    world.brush.clear()
    job = house.hub.command(TOY, "paint", EnableRequest())
    told: list[tuple[JobEvent, Phase]] = []
    job.subscribe(lambda news: told.append((news, house.status.phase)))
    house.wait(lambda: told)
    world.missing = None
    world.brush.set()
    house.wait(lambda: not isinstance(told[-1][0], Progress))
    assert told[-1] == (JobDone({"painted": 1}), Phase.STOPPED)
    assert house.hub.job(TOY, "paint") is None


def test_nobody_looks_where_no_command_was_given(house: House, world: ToyWorld) -> None:
    world.missing = world.blocked_by = NEEDS_LOGIN
    house.hub.reload()
    house.wait_for(Phase.NEEDS_AUTH)
    house.qtbot.wait(200)  # four looks would come meanwhile
    assert world.looks == 0


def test_a_wish_that_comes_meanwhile_is_fulfilled_once_it_is_done(house: House, world: ToyWorld) -> None:
    world.missing = world.blocked_by = NEEDS_LOGIN
    house.hub.reload()
    house.wait_for(Phase.NEEDS_AUTH)
    house.hub.command(TOY, "paint", EnableRequest())
    house.wait(lambda: world.looks)
    house.enable()
    house.wait(lambda: house.status.wanted and house.status.phase is Phase.NEEDS_AUTH)
    world.missing = world.blocked_by = None
    house.wait_for(Phase.RUNNING)
