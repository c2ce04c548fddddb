"""All tunnels together: who is told, what is kept for the next start, commands, and the end."""

from __future__ import annotations

import threading
import time

import pytest

from portway.core.codes import Code
from portway.core.errors import Problem
from portway.core.hub import Ask, Hub, JobDone, JobFailed, JobNews
from portway.core.status import BackendId, Phase, Progress, TunnelStatus
from portway.core.target import Target
from portway.runtime.worker_thread import WorkerThread
from portway.system.services import Services
from portway.system.wishes_file import WishesFile
from tests.fakes.origin import origin_server
from tests.fakes.toy_backend import NEEDS_LOGIN, NEEDS_TOKEN, ToyWorld
from tests.runtime.conftest import BOOT, TOY, Build, House

END_LIMIT = 2.0  # seconds


def test_is_what_clients_expect(house: House) -> None:
    hub: Hub = house.hub
    assert [backend.id for backend in hub.backends] == [TOY]
    assert [status.backend for status in hub.statuses()] == [TOY]


def test_an_unknown_backend_is_a_key_error(house: House) -> None:
    with pytest.raises(KeyError):
        house.hub.status(BackendId("nobody"))


def test_tells_every_change_once_and_nothing_else(house: House) -> None:
    house.up()
    assert all(before != after for before, after in zip(house.seen, house.seen[1:], strict=False))


def test_who_has_left_is_told_nothing(house: House) -> None:
    heard: list[TunnelStatus] = []
    leave = house.hub.subscribe(heard.append)
    leave()
    leave()
    house.up()
    assert not heard


@pytest.mark.expected_logs
def test_a_client_that_fails_harms_no_other(house: House) -> None:
    def fail(_status: TunnelStatus) -> None:
        message = "a bug of a client"
        raise ValueError(message)

    house.hub.subscribe(fail)
    heard: list[TunnelStatus] = []
    house.hub.subscribe(heard.append)
    house.up()
    assert heard


def test_quit_is_asked_for_only_after_this_turn(house: House) -> None:
    asked: list[bool] = []
    house.hub.quit_asked.connect(lambda: asked.append(True))
    house.hub.quit()
    assert not asked
    house.wait(lambda: asked)


# Commands


def follow(house: House, name: str, ask: Ask | None = None) -> list[JobNews]:
    news: list[JobNews] = []
    house.hub.command(TOY, name, ask or Ask()).subscribe(news.append)
    return news


def test_a_command_tells_its_progress_and_its_answer(house: House) -> None:
    news = follow(house, "paint", Ask(options={"coats": 2}))
    house.wait(lambda: isinstance(news[-1], JobDone) if news else False)
    assert [one.message for one in news if isinstance(one, Progress)] == ["Coat 1", "Coat 2"]
    assert news[-1] == JobDone({"painted": 2})
    assert house.status.progress is None


def test_a_second_call_joins_the_running_command(house: House, world: ToyWorld) -> None:
    world.brush.clear()
    first = follow(house, "paint")
    house.wait(lambda: first)
    second = follow(house, "paint", Ask(options={"coats": 5}))
    assert second == first  # the latest progress, at once
    world.brush.set()
    house.wait(lambda: isinstance(second[-1], JobDone))
    assert world.painted == [1]
    assert house.hub.job(TOY, "paint") is None


def test_a_command_can_be_cancelled(house: House, world: ToyWorld) -> None:
    world.brush.clear()
    news = follow(house, "paint")
    house.wait(lambda: news)
    job = house.hub.job(TOY, "paint")
    assert job is not None
    job.cancel()
    house.wait(lambda: isinstance(news[-1], JobFailed))
    assert news[-1] == JobFailed(Problem(Code.CANCELLED))
    assert not world.painted


def test_a_client_that_leaves_does_not_end_the_command(house: House, world: ToyWorld) -> None:
    world.brush.clear()
    leave = house.hub.command(TOY, "paint", Ask()).subscribe(lambda _news: None)
    leave()
    world.brush.set()
    house.wait(lambda: world.painted)


def test_the_worker_is_free_for_a_disable_while_a_command_runs(house: House, world: ToyWorld) -> None:
    house.up()
    world.brush.clear()
    news = follow(house, "paint")
    house.wait(lambda: news)
    house.disable()
    house.wait_for(Phase.STOPPED)
    world.brush.set()
    house.wait(lambda: isinstance(news[-1], JobDone))


def test_a_look_does_not_wait_behind_a_start(house: House, world: ToyWorld) -> None:
    with world.held():
        house.enable()
        house.wait(lambda: world.opened)
        news = follow(house, "check")
        house.wait(lambda: news)
        assert news == [JobDone({"wheels": 4})]
        assert house.status.phase is Phase.STARTING
    assert "lane" in world.threads


def test_a_look_is_measured_anew_each_time(house: House) -> None:
    first, second = follow(house, "check"), follow(house, "check")
    house.wait(lambda: first and second)
    assert house.hub.job(TOY, "check") is None


def test_an_unknown_command_or_an_alias_is_a_key_error(house: House) -> None:
    for name in ("nothing", "start"):
        with pytest.raises(KeyError):
            house.hub.command(TOY, name, Ask())


def test_a_command_that_helped_lets_a_failed_wish_start_again(house: House, world: ToyWorld) -> None:
    world.failures = [Problem(Code.NEEDS_PRIVILEGES, parameters={"command": "toy"})]
    house.enable()
    house.wait_for(Phase.ERROR)
    follow(house, "paint")
    house.wait_for(Phase.RUNNING)


def test_a_command_that_failed_leaves_a_failed_wish_alone(house: House, world: ToyWorld) -> None:
    world.failures = [Problem(Code.NEEDS_PRIVILEGES, parameters={"command": "toy"})]
    house.enable()
    house.wait_for(Phase.ERROR)
    world.brush.clear()
    news = follow(house, "paint")
    house.wait(lambda: news)
    house.hub.job(TOY, "paint").cancel()  # type: ignore[union-attr]
    house.wait(lambda: isinstance(news[-1], JobFailed))
    assert house.status.phase is Phase.ERROR


def test_a_command_that_helped_lets_a_wish_that_waits_for_a_person_go_on(house: House, world: ToyWorld) -> None:
    world.blocked_by = NEEDS_LOGIN
    house.enable()
    house.wait_for(Phase.NEEDS_AUTH)
    house.qtbot.wait(500)  # longer than auth_watch_for
    world.blocked_by = None
    follow(house, "paint")
    house.wait_for(Phase.RUNNING)


# Wishes


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
    second.qtbot.wait(50)
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
    file.write([type(wish)(backend=TOY, target=wish.target, options={"name": "ada", "colour": "green"})])
    build().wait_for(Phase.RUNNING)
    assert (world.opened[-1].options.name, world.opened[-1].options.colour) == ("ada", "red")


@pytest.mark.expected_logs
def test_a_wish_of_nobody_that_is_known_is_dropped(build: Build, services: Services) -> None:
    from portway.system.wishes_file import Wish

    file = WishesFile(services.folders.state / "wishes.json", BOOT)
    file.write([Wish(backend=BackendId("gone")), Wish(backend=TOY, target="ftp://nowhere")])
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
    second.qtbot.wait(50)
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


# The end


def test_close_ends_all_sessions_and_threads_and_may_be_repeated(house: House, world: ToyWorld) -> None:
    house.up()
    began = time.monotonic()
    house.hub.close()
    house.hub.close()
    assert time.monotonic() - began < END_LIMIT
    assert len(world.closed) == 1
    assert not house.hub.hangs


def test_close_cancels_what_is_starting(house: House, world: ToyWorld) -> None:
    with world.held():
        house.enable()
        house.wait(lambda: world.opened)
        began = time.monotonic()
        house.hub.close()
        assert time.monotonic() - began < END_LIMIT
    assert world.opened[0].cancel.cancelled


def test_close_cancels_commands(house: House, world: ToyWorld) -> None:
    world.brush.clear()
    news = follow(house, "paint")
    house.wait(lambda: news)
    house.hub.close()
    house.wait(lambda: not any(thread.name == "command paint" for thread in threading.enumerate()))
    assert not world.painted


@pytest.mark.expected_logs
def test_close_is_bounded_where_a_session_would_not_close(house: House, world: ToyWorld) -> None:
    house.up()
    world.will_not_close = True
    began = time.monotonic()
    house.hub.close()
    assert time.monotonic() - began < END_LIMIT


@pytest.mark.expected_logs
def test_close_gives_up_on_what_hangs_and_says_so(build: Build, world: ToyWorld) -> None:
    house = build(close_limit=0.3)
    house.may_hang = True
    house.up()
    world.door.clear()
    began = time.monotonic()
    house.hub.close()
    assert time.monotonic() - began < END_LIMIT
    assert house.hub.hangs
    world.door.set()
    (worker,) = house.hub.findChildren(WorkerThread)
    house.wait(worker.thread_of_worker.isFinished)


def test_a_hub_that_never_began_leaves_the_wishes_alone(build: Build) -> None:
    build().up()
    second = build(start=False)
    second.hub.close()
    assert TOY in second.kept()


def test_starts_nothing_where_the_local_server_moved_but_the_target_is_the_same(house: House, world: ToyWorld) -> None:
    with origin_server() as target:
        house.up(target=target)
        house.qtbot.wait(400)  # longer than origin_watch_up
        assert house.status.problem is None
        assert len(world.opened) == 1


def test_a_token_that_is_stored_at_rest_is_no_longer_missing(build: Build, world: ToyWorld) -> None:
    world.missing = NEEDS_TOKEN
    house = build()
    house.wait_for(Phase.NEEDS_AUTH)
    world.missing = None
    house.hub.look_again(TOY)
    assert house.wait_for(Phase.STOPPED).code is None


def test_secrets_of_nobody_here_change_nothing(build: Build) -> None:
    house = build()
    house.hub.look_again("somebody")
    assert house.status.phase is Phase.STOPPED
