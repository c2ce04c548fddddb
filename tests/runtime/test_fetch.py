"""What a command would run can be fetched first: a job of its own, which changes nothing and can be cancelled."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from portway.core.cancel import CancelToken
from portway.core.codes import Code
from portway.core.errors import Problem, TunnelError
from portway.core.hub import JobDone, JobEvent, JobFailed
from portway.core.status import Phase, Progress
from tests.fakes.backends.toy import ToyWorld
from tests.runtime.conftest import TOY, Build, House


@dataclass(frozen=True)
class Paint:
    """Implements core.backend.Fetched."""

    source: str = "https://toy.example/paint.sh"
    size: int = 5
    sha256: str = "0" * 64

    def text(self) -> str:
        return "paint"

    def remove(self) -> None:
        """There is nothing to remove."""


def brings(_cancel: CancelToken) -> Paint:
    return Paint()


def fails(_cancel: CancelToken) -> Paint:
    raise TunnelError(Code.NO_NETWORK)


def waits(cancel: CancelToken) -> Paint:
    cancel.wait(10)
    raise AssertionError("nobody cancelled it")


@pytest.fixture
def fetch(build: Build, monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[House, list[JobEvent], Any]]:
    """Start a hub whose toy fetches its paint like this, and begin to fetch."""

    def begin(way: Callable[[CancelToken], Paint], house: House | None = None) -> tuple[House, list[JobEvent], Any]:
        house = house or build()
        (toy,) = house.hub.backends
        paint, *others = toy.commands
        monkeypatch.setattr(toy, "commands", (dataclasses.replace(paint, fetch=way), *others))
        news: list[JobEvent] = []
        job = house.hub.fetch(TOY, "paint")
        job.subscribe(news.append)
        return house, news, job

    return begin


def test_it_brings_what_would_run_and_runs_nothing(fetch: Callable[..., Any], world: ToyWorld) -> None:
    house, news, _ = fetch(brings)
    house.wait(lambda: news and isinstance(news[-1], JobDone))
    assert news == [Progress(step="fetch", message="Fetching what it runs"), JobDone({"fetched": Paint()})]
    assert house.hub.job(TOY, "paint") is None
    assert world.opened == []


def test_it_can_fail(fetch: Callable[..., Any]) -> None:
    house, news, _ = fetch(fails)
    house.wait(lambda: news and isinstance(news[-1], JobFailed))
    assert news[-1] == JobFailed(Problem(Code.NO_NETWORK))


def test_it_can_be_cancelled(fetch: Callable[..., Any]) -> None:
    house, news, job = fetch(waits)
    job.cancel()
    house.wait(lambda: news and isinstance(news[-1], JobFailed))
    assert news[-1] == JobFailed(Problem(Code.CANCELLED))


def test_the_end_of_the_program_cancels_it(fetch: Callable[..., Any]) -> None:
    house, news, _ = fetch(waits)
    house.hub.close()
    house.wait(lambda: news and isinstance(news[-1], JobFailed))


def test_a_failed_wish_does_not_start_again_because_something_was_fetched(
    fetch: Callable[..., Any], build: Build, world: ToyWorld
) -> None:
    house = build()
    world.failures = [Problem(Code.NEEDS_PRIVILEGES, parameters={"command": "toy"})]
    house.enable()
    house.wait_for(Phase.ERROR)
    _, news, _ = fetch(brings, house)
    house.wait(lambda: news and isinstance(news[-1], JobDone))
    assert house.status.phase is Phase.ERROR


def test_a_command_that_fetches_nothing_cannot_be_fetched(build: Build) -> None:
    with pytest.raises(ValueError, match="paint fetches nothing"):
        build().hub.fetch(TOY, "paint")
