"""One tunnel: wishes, runs, failures, and what is told of them."""

from __future__ import annotations

import pytest

from portway.core.codes import Code
from portway.core.errors import Problem, TunnelError
from portway.core.hub import Ask
from portway.core.secret import Secret
from portway.core.status import Phase
from portway.core.target import Target, port_target
from tests.fakes.origin import origin_server
from tests.fakes.toy_backend import (
    EDGE_LOST,
    LOGIN_PAGE,
    NEEDS_LOGIN,
    WOULD_NOT_CLOSE,
    ToyExtras,
    ToyWorld,
)
from tests.runtime.conftest import TOY, House

REFUSED = Problem(Code.URL_TAKEN, parameters={"url": "https://toy.example"})
DIED = Problem(Code.PROCESS_DIED, parameters={"program": "toy", "reason": "it fell"})


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


def test_never_claims_to_run_before_open_has_returned(house: House, world: ToyWorld) -> None:
    with world.held():
        house.enable()
        house.wait(lambda: world.opened)
        assert house.status.phase is Phase.STARTING
    house.wait_for(Phase.RUNNING)


def test_opens_on_the_thread_of_its_backend_and_looks_on_the_lane(house: House, world: ToyWorld) -> None:
    assert world.threads == {"lane", "toy"}  # it looked what an earlier program left
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


def test_an_enable_with_another_target_starts_anew(house: House) -> None:
    house.up()
    with origin_server() as other:
        house.enable(target=other)
        house.wait(lambda: house.status.running and house.status.target_url == other.url)


def test_a_new_default_target_holds_only_from_the_next_enable(house: House, origin: Target) -> None:
    house.up()
    general = house.settings[0].general
    with origin_server() as other:
        house.settings[0] = type(house.settings[0])(general=type(general)(target=other.url))
        house.hub.reload()
        assert house.status.target_url == origin.url
        house.disable()
        house.wait_for(Phase.STOPPED)
        assert house.status.target_url == other.url


def test_off_and_on_again_ends_up_running(house: House, world: ToyWorld) -> None:
    house.up()
    for _ in range(5):
        house.disable()
        house.enable()
    status = house.wait_for(Phase.RUNNING)
    house.qtbot.wait(50)  # a late WentDown of an older run must not count
    assert house.status == status
    assert len(world.opened) - len(world.closed) <= 1 + sum(one.cancel.cancelled for one in world.opened)


def test_news_of_an_older_run_are_dropped(house: House, world: ToyWorld) -> None:
    house.up()
    old = world.opened[-1].listener
    house.enable(options={"name": "new"})
    status = house.wait_for(Phase.RUNNING)
    old.lost(DIED)
    old.recovering(EDGE_LOST)
    house.qtbot.wait(50)
    assert house.status == status


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
    house.qtbot.wait(300)
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
    world.opened[-1].listener.recovered("https://other.example")
    assert house.wait_for(Phase.RUNNING).public_url == "https://other.example"


def test_what_needs_a_person_waits_and_goes_on_by_itself(house: House, world: ToyWorld) -> None:
    world.blocked_by = NEEDS_LOGIN
    house.enable()
    status = house.wait_for(Phase.NEEDS_AUTH)
    assert (status.code, status.action_url, status.wanted) == (Code.NEEDS_LOGIN, LOGIN_PAGE, True)
    house.wait(lambda: world.looks >= 2)
    assert house.status == status  # nothing is told while the cause stands
    world.blocked_by = None
    house.wait_for(Phase.RUNNING)


def test_the_watch_for_a_person_ends_and_a_change_of_the_world_looks_again(house: House, world: ToyWorld) -> None:
    world.blocked_by = NEEDS_LOGIN
    house.enable()
    house.wait_for(Phase.NEEDS_AUTH)
    house.qtbot.wait(500)  # longer than auth_watch_for
    looks = world.looks
    house.qtbot.wait(150)
    assert world.looks == looks
    world.blocked_by = None
    house.hub.try_again()
    house.wait_for(Phase.RUNNING)


def test_disable_ends_the_watch_for_a_person(house: House, world: ToyWorld) -> None:
    world.blocked_by = NEEDS_LOGIN
    house.enable()
    house.wait_for(Phase.NEEDS_AUTH)
    house.disable()
    assert house.wait_for(Phase.STOPPED).wanted is False
    world.blocked_by = None
    house.qtbot.wait(200)
    assert house.status.phase is Phase.STOPPED


def test_a_token_of_the_request_is_used_and_only_stored_once_it_works(house: House, world: ToyWorld) -> None:
    world.needs_token = "right-token"
    house.enable(options={"auth_token": Secret("wrong-token")}, remember=True)
    assert house.wait_for(Phase.NEEDS_AUTH).code is Code.TOKEN_REJECTED
    assert not house.vault.held
    house.up(options={"auth_token": Secret("right-token")}, remember=True)
    assert house.vault.held == {("toy", "auth_token"): Secret("right-token")}


def test_a_token_that_already_works_is_stored_when_asked(house: House, world: ToyWorld) -> None:
    world.needs_token = "right-token"
    house.up(options={"auth_token": Secret("right-token")})
    assert not house.vault.held
    house.enable(options={"auth_token": Secret("right-token")}, remember=True)
    assert house.status.running
    assert house.vault.held


def test_a_rejected_token_is_not_tried_again(house: House, world: ToyWorld) -> None:
    world.needs_token = "right-token"
    house.enable(options={"auth_token": Secret("wrong-token")})
    house.wait_for(Phase.NEEDS_AUTH)
    house.wait(lambda: house.status.code is Code.NEEDS_TOKEN)  # the next try has no token at all


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


def test_a_network_that_is_another_one_takes_the_wish_back(house: House, world: ToyWorld) -> None:
    house.up()
    world.opened[-1].listener.lost(Problem(Code.NETWORK_CHANGED))
    status = house.wait_for(Phase.STOPPED)
    assert (status.wanted, status.code) == (False, Code.NETWORK_CHANGED)
    house.qtbot.wait(100)
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


def test_a_missing_login_shows_at_rest(house: House, world: ToyWorld) -> None:
    world.missing = NEEDS_LOGIN
    house.hub.reload()
    assert house.wait_for(Phase.NEEDS_AUTH).wanted is False


def test_a_token_that_was_stored_ends_needs_auth_at_rest(house: House, world: ToyWorld) -> None:
    world.missing = NEEDS_LOGIN
    house.hub.reload()
    house.wait_for(Phase.NEEDS_AUTH)
    world.missing = None
    house.hub.reload()
    house.wait_for(Phase.STOPPED)


def test_a_steady_tunnel_has_earned_a_fresh_back_off(house: House, world: ToyWorld) -> None:
    world.failures = [DIED] * 4
    house.up()
    house.qtbot.wait(300)  # longer than steady_after
    world.failures = [DIED] * 3
    world.opened[-1].listener.lost(DIED)
    house.wait(lambda: len(world.opened) == 9)
    house.wait_for(Phase.RUNNING)


@pytest.mark.parametrize("retargets", [True, False], ids=["switches", "starts-anew"])
def test_follows_a_local_server_that_moves_to_the_other_loopback_address(
    house: House, world: ToyWorld, *, retargets: bool
) -> None:
    world.retargets = retargets
    with origin_server() as first:
        port = first.port
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
    with origin_server() as gone:
        pass
    status = house.up(target=gone)
    assert status.code is Code.ORIGIN_DOWN
    assert gone.url in (status.last_error or "")
    with origin_server(port=gone.port):
        house.wait(lambda: house.status.problem is None)
    house.wait(lambda: house.status.code is Code.ORIGIN_DOWN)
    assert house.status.running


def test_a_visitor_who_met_no_server_makes_it_look_at_once(house: House, world: ToyWorld) -> None:
    with origin_server() as target:
        house.up(target=target)
    world.opened[-1].listener.origin_suspect()
    house.wait(lambda: house.status.code is Code.ORIGIN_DOWN)


def test_our_own_ports_are_refused_as_target(house: House) -> None:
    house.hub.claim_port(20129)
    with pytest.raises(TunnelError) as caught:
        house.enable(target=port_target(20129))
    assert caught.value.problem.key == "bad_request.target_own_port"
    assert house.status.phase is Phase.STOPPED


def test_who_clicked_is_told_once(house: House, world: ToyWorld) -> None:
    asks: list[Ask] = []
    house.hub.came_up.connect(lambda _status, ask: asks.append(ask))
    house.up(by_person=True)
    world.opened[-1].listener.lost(DIED)
    house.wait(lambda: len(asks) == 2)
    assert [ask.by_person for ask in asks] == [True, False]


def test_a_leftover_that_cannot_be_ended_is_shown(build: object, world: ToyWorld) -> None:
    world.leftover, world.leftover_stays = "https://old.example", True
    house: House = build()  # type: ignore[operator]
    status = house.wait_for(Phase.RUNNING)
    assert (status.wanted, status.public_url, status.problem) == (False, "https://old.example", WOULD_NOT_CLOSE)
    world.leftover_stays = False
    house.disable()
    house.wait_for(Phase.STOPPED)
    assert len(world.closed) == 1


def test_a_leftover_that_nobody_wants_is_ended(build: object, world: ToyWorld) -> None:
    world.leftover = "https://old.example"
    house: House = build()  # type: ignore[operator]
    house.wait(lambda: world.closed)
    assert house.status.phase is Phase.STOPPED
    assert all(one.public_url is None for one in house.seen)
