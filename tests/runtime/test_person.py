"""One tunnel that needs a person: a login, or a token."""

from __future__ import annotations

from portway.core.codes import Code
from portway.core.secret import Secret
from portway.core.status import Phase
from tests.fakes.backends.toy import (
    LOGIN_PAGE,
    NEEDS_LOGIN,
    ToyWorld,
)
from tests.runtime.conftest import Build, House, rested


def test_what_needs_a_person_waits_and_goes_on_by_itself(house: House, world: ToyWorld) -> None:
    world.blocked_by = NEEDS_LOGIN
    house.enable()
    status = house.wait_for(Phase.NEEDS_AUTH)
    assert (status.code, status.action_url, status.wanted) == (Code.NEEDS_LOGIN, LOGIN_PAGE, True)
    house.wait(lambda: world.looks >= 2)
    assert house.status == status  # nothing is told while the cause stands
    world.blocked_by = None
    house.wait_for(Phase.RUNNING)


def test_the_watch_for_a_person_ends_and_a_change_of_the_world_looks_again(build: Build, world: ToyWorld) -> None:
    house = rested(build(limits={"auth_watch_for": 0.4}))
    world.blocked_by = NEEDS_LOGIN
    house.enable()
    house.wait_for(Phase.NEEDS_AUTH)
    house.qtbot.wait(500)  # longer than auth_watch_for
    house.settle()
    looks = world.looks
    house.qtbot.wait(150)  # three looks would come meanwhile
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
    house.qtbot.wait(200)  # four looks would come meanwhile
    assert house.status.phase is Phase.STOPPED


def test_a_token_of_the_request_is_used_and_only_stored_once_it_works(house: House, world: ToyWorld) -> None:
    world.needs_token = "right-token"
    house.enable(options={"auth_token": Secret("wrong-token")}, remember=True)
    assert house.wait_for(Phase.NEEDS_AUTH).code is Code.TOKEN_REJECTED
    assert not house.vault.secrets
    house.up(options={"auth_token": Secret("right-token")}, remember=True)
    assert house.vault.secrets == {("toy", "auth_token"): Secret("right-token")}


def test_a_token_that_already_works_is_stored_when_asked(house: House, world: ToyWorld) -> None:
    world.needs_token = "right-token"
    house.up(options={"auth_token": Secret("right-token")})
    assert not house.vault.secrets
    house.enable(options={"auth_token": Secret("right-token")}, remember=True)
    assert house.status.running
    assert house.vault.secrets


def test_a_rejected_token_is_not_tried_again(house: House, world: ToyWorld) -> None:
    world.needs_token = "right-token"
    house.enable(options={"auth_token": Secret("wrong-token")})
    house.wait_for(Phase.NEEDS_AUTH)
    house.wait(lambda: house.status.code is Code.NEEDS_TOKEN)  # the next try has no token at all


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
