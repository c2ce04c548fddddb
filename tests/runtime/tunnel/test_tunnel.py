"""One tunnel: switched on and off, and what is told of it."""

from __future__ import annotations

from portway.core.codes import Code
from portway.core.hub import EnableRequest
from portway.core.status import Installation, Phase
from portway.core.target import Target
from tests.fakes.backends.toy import EDGE_LOST, WOULD_NOT_CLOSE, ToyExtras, ToyWorld
from tests.runtime.conftest import DIED, Build, House


def test_is_stopped_and_knows_what_is_installed_at_rest(house: House) -> None:
    assert house.status.phase is Phase.STOPPED
    assert house.status.installation.version == "1.2"
    assert house.status.extras == ToyExtras(spins=0)


def test_is_starting_as_soon_as_it_is_asked_for(house: House, world: ToyWorld, origin: Target) -> None:
    with world.held():
        house.enable()
        assert (house.status.phase, house.status.wanted, house.status.attempt) == (Phase.STARTING, True, 1)
        assert house.status.target_url == origin.url


def test_runs_with_its_url_process_and_own_fields(house: House) -> None:
    status = house.up()
    assert status.public_url == "https://toy-1.example"
    assert status.pid == 4711
    assert status.extras == ToyExtras(spins=1)
    assert status.problem is None


def test_what_a_start_has_installed_is_known_while_it_is_up(house: House, world: ToyWorld) -> None:
    house.up()
    installed = Installation(version="2026.8.2", source="managed", managed=True, binary_path="/data/toy")
    world.opened[0].listener.inspected(installed)
    house.wait(lambda: house.status.installation == installed)
    assert (house.status.running, house.status.extras) == (True, ToyExtras(spins=1))


def test_never_claims_to_run_before_open_has_returned(house: House, world: ToyWorld) -> None:
    with world.held():
        house.enable()
        house.wait(lambda: world.opened)
        assert house.status.phase is Phase.STARTING
    house.wait_for(Phase.RUNNING)


def test_opens_on_the_thread_of_its_backend_and_looks_on_the_probe_thread(house: House, world: ToyWorld) -> None:
    assert world.threads == {"probes", "toy"}  # it looked what an earlier program left
    world.threads.clear()
    house.up()
    assert world.threads == {"toy"}


def test_disable_closes_and_ends_at_rest(house: House, world: ToyWorld) -> None:
    house.up()
    house.disable()
    assert not house.status.wanted
    house.wait_for(Phase.STOPPED)
    assert len(world.closed) == 1
    assert house.status.public_url is None


def test_disable_of_a_stopped_one_is_fine(house: House) -> None:
    house.disable()
    assert house.status.phase is Phase.STOPPED


def test_can_be_disabled_while_starting(house: House, world: ToyWorld) -> None:
    with world.held():
        house.enable()
        house.wait(lambda: world.opened)
        house.disable()
        assert (house.status.phase, house.status.wanted) == (Phase.STARTING, False)
        house.wait_for(Phase.STOPPED)
    assert all(status.phase is not Phase.RUNNING for status in house.seen)


def test_an_enable_that_changes_nothing_keeps_the_tunnel(house: House, world: ToyWorld) -> None:
    url = house.up(options={"name": "ada"}).public_url
    house.enable()
    house.enable(options={"name": "ada"})
    assert (house.status.phase, house.status.public_url) == (Phase.RUNNING, url)
    assert len(world.opened) == 1


def test_an_enable_with_another_option_starts_anew(house: House, world: ToyWorld) -> None:
    house.up(options={"name": "ada"})
    house.enable(options={"name": "grace"})
    assert (house.status.phase, house.status.public_url) == (Phase.STARTING, None)
    house.wait_for(Phase.RUNNING)
    assert [context.options.name for context in world.opened] == ["ada", "grace"]
    assert len(world.closed) == 1


def test_an_option_that_does_not_restart_leaves_the_tunnel_up(house: House, world: ToyWorld) -> None:
    house.up()
    house.enable(options={"colour": "blue"})
    assert house.status.running
    assert len(world.opened) == 1


def test_off_and_on_again_ends_up_running(house: House, world: ToyWorld) -> None:
    house.up()
    for _ in range(5):
        house.disable()
        house.enable()
    status = house.wait_for(Phase.RUNNING)
    house.settle()  # a late WentDown of an older attempt must not count
    assert house.status == status
    assert len(world.opened) - len(world.closed) <= 1 + sum(one.cancel.cancelled for one in world.opened)


def test_news_of_an_older_run_are_dropped(house: House, world: ToyWorld) -> None:
    house.up()
    old = world.opened[-1].listener
    house.enable(options={"name": "new"})
    status = house.wait_for(Phase.RUNNING)
    old.lost(DIED)
    old.recovering(EDGE_LOST)
    house.settle()
    assert house.status == status


def test_what_cannot_be_switched_off_stays_visible(house: House, world: ToyWorld) -> None:
    url = house.up().public_url
    world.will_not_close = True
    house.disable()
    house.wait(lambda: house.status.code is Code.NEEDS_PRIVILEGES)
    assert (house.status.phase, house.status.wanted, house.status.public_url) == (Phase.RUNNING, False, url)
    world.will_not_close = False
    house.disable()
    house.wait_for(Phase.STOPPED)


def test_one_that_could_not_be_switched_off_can_be_wanted_again(house: House, world: ToyWorld) -> None:
    house.up()
    world.will_not_close = True
    house.disable()
    house.wait(lambda: house.status.code is Code.NEEDS_PRIVILEGES)
    world.will_not_close = False
    house.enable()
    house.wait(lambda: house.status.running and house.status.wanted)
    assert len(world.closed) == 1


def test_one_that_could_not_be_switched_off_and_ends_by_itself_is_stopped(house: House, world: ToyWorld) -> None:
    house.up()
    world.will_not_close = True
    house.disable()
    house.wait(lambda: house.status.code is Code.NEEDS_PRIVILEGES)
    world.will_not_close = False
    world.opened[-1].listener.lost(DIED)
    house.wait_for(Phase.STOPPED)


def test_who_clicked_is_told_once(house: House, world: ToyWorld) -> None:
    asks: list[EnableRequest] = []
    house.hub.came_up.connect(lambda _status, ask: asks.append(ask))
    house.up(by_person=True)
    world.opened[-1].listener.lost(DIED)
    house.wait(lambda: len(asks) == 2)
    assert [ask.by_person for ask in asks] == [True, False]


def test_a_leftover_that_cannot_be_ended_is_shown(build: Build, world: ToyWorld) -> None:
    world.leftover, world.leftover_stays = "https://old.example", True
    house = build()
    status = house.wait_for(Phase.RUNNING)
    assert (status.wanted, status.public_url, status.problem) == (False, "https://old.example", WOULD_NOT_CLOSE)
    world.leftover_stays = False
    house.disable()
    house.wait_for(Phase.STOPPED)
    assert len(world.closed) == 1


def test_a_leftover_that_nobody_wants_is_ended(build: Build, world: ToyWorld) -> None:
    world.leftover = "https://old.example"
    house = build()
    house.wait(lambda: world.closed)
    assert house.status.phase is Phase.STOPPED
    assert all(one.public_url is None for one in house.seen)
