"""Commands and looks of a backend, beside its tunnel."""

from __future__ import annotations

import threading

import pytest

from portway.core.codes import Code
from portway.core.errors import Problem
from portway.core.hub import EnableRequest, JobDone, JobFailed
from portway.core.status import Phase, Progress
from portway.runtime import jobs
from tests.fakes.backends.toy import NEEDS_LOGIN, ToyWorld
from tests.runtime.conftest import TOY, Build, House, follow, rested


def test_a_command_tells_its_progress_and_its_answer(house: House) -> None:
    news = follow(house, "paint", EnableRequest(options={"coats": 2}))
    house.wait(lambda: isinstance(news[-1], JobDone) if news else False)
    assert [one.message for one in news if isinstance(one, Progress)] == ["Coat 1", "Coat 2"]
    assert news[-1] == JobDone({"painted": 2})
    assert house.status.progress is None


def test_the_thread_of_a_command_has_come_back_when_its_end_is_told(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else what carried its answer could be deleted below it, which ends the whole program."""
    post, told = jobs._post, threading.Event()

    def post_and_linger(bridge: jobs._JobBridge, outcome: JobDone | JobFailed) -> None:
        post(bridge, outcome)
        told.wait(0.2)

    monkeypatch.setattr(jobs, "_post", post_and_linger)
    left: list[bool] = []

    def take(news: object) -> None:
        if isinstance(news, JobDone):
            left.append(any(one.name == "command paint" for one in threading.enumerate()))
            told.set()

    house.hub.command(TOY, "paint", EnableRequest()).subscribe(take)
    house.wait(lambda: left)
    assert left == [False]


def test_a_second_call_joins_the_running_command(house: House, world: ToyWorld) -> None:
    world.brush.clear()
    first = follow(house, "paint")
    house.wait(lambda: first)
    second = follow(house, "paint", EnableRequest(options={"coats": 5}))
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
    leave = house.hub.command(TOY, "paint", EnableRequest()).subscribe(lambda _news: None)
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
    assert "probes" in world.threads


def test_a_look_is_measured_anew_each_time(house: House) -> None:
    first, second = follow(house, "check"), follow(house, "check")
    house.wait(lambda: first and second)
    assert house.hub.job(TOY, "check") is None


def test_an_unknown_command_or_an_alias_is_a_key_error(house: House) -> None:
    for name in ("nothing", "start"):
        with pytest.raises(KeyError):
            house.hub.command(TOY, name, EnableRequest())


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


def test_a_command_that_helped_lets_a_wish_that_waits_for_a_person_go_on(build: Build, world: ToyWorld) -> None:
    house = rested(build(limits={"auth_watch_for": 0.4}))
    world.blocked_by = NEEDS_LOGIN
    house.enable()
    house.wait_for(Phase.NEEDS_AUTH)
    house.qtbot.wait(500)  # longer than auth_watch_for
    world.blocked_by = None
    follow(house, "paint")
    house.wait_for(Phase.RUNNING)
