"""Wishes and tunnels from one start of the program to the next."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from portway.core.codes import Code
from portway.core.errors import Problem
from portway.core.status import BackendId, Phase
from portway.core.target import Target
from portway.system.services import Services
from portway.system.storage.state_file import StateFile
from portway.system.storage.wishes_file import WishesFile
from tests.fakes.backends.toy import ToyWorld
from tests.runtime.conftest import BOOT, TOY, Build, House


def test_a_wish_is_kept_while_it_stands(house: House, origin: Target) -> None:
    house.enable(target=origin, options={"name": "ada"})
    kept = house.kept()[TOY]
    assert (kept.target, dict(kept.options)) == (origin.url, {"name": "ada"})
    house.wait_for(Phase.RUNNING)
    house.disable()
    assert not house.kept()


def test_a_wish_that_is_not_lasting_is_not_kept(house: House) -> None:
    house.up(lasting=False)
    assert not house.kept()


def test_secrets_are_not_kept_with_a_wish(house: House, world: ToyWorld, services: Services) -> None:
    from portway.core.secret import Secret

    house.up(options={"auth_token": Secret("do-not-write-me")})
    assert "do-not-write-me" not in (services.folders.state / "wishes.json").read_text()


def test_a_wish_comes_back_after_an_unclean_end(build: Build, world: ToyWorld) -> None:
    build().up(options={"name": "ada"})
    second = build()  # the first was never closed
    second.wait_for(Phase.RUNNING)
    assert world.opened[-1].options.name == "ada"


def test_a_wish_does_not_come_back_after_a_clean_end(build: Build, world: ToyWorld) -> None:
    first = build()
    first.up()
    first.hub.close()
    second = build()
    second.wait(lambda: second.status.installation.version)
    second.settle()
    assert second.status.phase is Phase.STOPPED
    assert len(world.opened) == 1


def test_a_wish_comes_back_after_a_clean_end_where_that_is_set(build: Build) -> None:
    first = build()
    first.up()
    first.hub.close()
    build(restore=True).wait_for(Phase.RUNNING)


def test_a_wish_of_another_boot_does_not_come_back(build: Build, services: Services) -> None:
    house = build()
    house.up()
    later = WishesFile(services.folders.state / "wishes.json", "another boot")
    assert later.restored(always=False) == ()
    assert [wish.backend for wish in later.restored(always=True)] == [TOY]


@pytest.mark.expected_logs
@pytest.mark.parametrize(("entry", "holds"), [({}, True), ({"backend": "toy"}, True), ({"backend": "other"}, False)])
def test_a_wish_belongs_to_the_backend_that_it_names(
    build: Build, services: Services, entry: Mapping[str, str], *, holds: bool
) -> None:
    record = {"bootId": BOOT, "clean": False, "wishes": {TOY: {"target": None, **entry}}}
    StateFile(services.folders.state / "wishes.json").write(record)
    house = build()
    house.wait(lambda: house.status.installation.version)
    assert house.status.wanted is holds


def test_a_wish_of_other_surroundings_does_not_come_back(build: Build, world: ToyWorld) -> None:
    world.facts = {"subnet": "here"}
    build().up()
    world.misfit = Problem(Code.NETWORK_CHANGED)
    second = build()
    second.wait(lambda: second.status.code is Code.NETWORK_CHANGED)
    assert (second.status.phase, second.status.wanted) == (Phase.STOPPED, False)
    assert not second.kept()


def test_a_wish_with_a_bad_option_comes_back_without_it(build: Build, world: ToyWorld) -> None:
    house = build()
    house.up(options={"name": "ada", "colour": "blue"})
    file = house.wishes
    wish = house.kept()[TOY]
    file.write([type(wish)(tunnel=TOY, backend=TOY, target=wish.target, options={"name": "ada", "colour": "green"})])
    build().wait_for(Phase.RUNNING)
    assert (world.opened[-1].options.name, world.opened[-1].options.colour) == ("ada", "red")


@pytest.mark.expected_logs
def test_a_wish_of_nobody_that_is_known_is_dropped(build: Build, services: Services) -> None:
    from portway.system.storage.wishes_file import Wish

    file = WishesFile(services.folders.state / "wishes.json", BOOT)
    file.write([Wish(tunnel="gone", backend=BackendId("gone")), Wish(tunnel=TOY, backend=TOY, target="ftp://nowhere")])
    house = build()
    house.wait(lambda: house.status.installation.version)
    assert house.status.phase is Phase.STOPPED
    assert not house.kept()


def test_a_disable_before_the_wish_came_back_wins(build: Build, world: ToyWorld) -> None:
    build().up()
    opened = len(world.opened)
    second = build()
    second.disable()
    second.wait(lambda: second.status.installation.version)
    second.settle()
    assert second.status.phase is Phase.STOPPED
    assert len(world.opened) == opened


def test_a_tunnel_left_up_on_purpose_is_adopted(build: Build, world: ToyWorld) -> None:
    first = build(keep_up=True)
    url = first.up().public_url
    first.hub.close()
    assert world.left_up == [url]
    assert not world.closed
    world.leftover = url
    second = build()
    assert second.wait_for(Phase.RUNNING).public_url == url
    assert len(world.opened) == 1


def test_a_wish_left_up_on_purpose_is_gone_with_its_tunnel(build: Build, world: ToyWorld) -> None:
    first = build(keep_up=True)
    first.up()
    first.hub.close()
    second = build()
    second.wait(lambda: second.seen and second.status.phase is Phase.STOPPED and not second.status.wanted)
    assert len(world.opened) == 1
    assert not second.kept()


def test_a_tunnel_that_cannot_stay_is_closed_at_the_end(build: Build, world: ToyWorld) -> None:
    world.can_stay = False
    house = build(keep_up=True)
    house.up()
    house.hub.close()
    assert len(world.closed) == 1


def test_a_hub_that_never_began_leaves_the_wishes_alone(build: Build) -> None:
    build().up()
    second = build(start=False)
    second.hub.close()
    assert TOY in second.kept()
