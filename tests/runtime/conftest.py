"""A hub with one toy backend, on the event loop of the test."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

import pytest
from pytestqt.qtbot import QtBot

from portway.core.backend import Backend
from portway.core.codes import Code
from portway.core.errors import Problem
from portway.core.hub import Ask, JobNews
from portway.core.secret import Secret
from portway.core.settings import General, Settings
from portway.core.status import BackendId, Phase, TunnelStatus
from portway.core.target import Target
from portway.core.timing import Timing
from portway.runtime.hub import TunnelHub
from portway.runtime.wish_book import WishBook
from portway.system.services import Services
from portway.system.wishes_file import Wish, WishesFile
from tests.fakes.hub import FakeVault
from tests.fakes.news import KnownSecrets
from tests.fakes.toy_backend import ToyBackend, ToyWorld

TOY = BackendId("toy")
BOOT = "this boot"
SEEN_LIMIT = 10_000  # milliseconds
DIED = Problem(Code.PROCESS_DIED, parameters={"program": "toy", "reason": "it fell"})


@dataclass
class House:
    """One start of the program, without its outer parts."""

    hub: TunnelHub
    world: ToyWorld
    backend: ToyBackend
    vault: FakeVault
    wishes: WishesFile
    qtbot: QtBot
    settings: list[Settings]
    seen: list[TunnelStatus] = field(default_factory=list)
    may_hang: bool = False

    @property
    def status(self) -> TunnelStatus:
        return self.hub.status(TOY)

    def enable(self, **ask: object) -> None:
        self.hub.enable(TOY, Ask(**ask))  # type: ignore[arg-type]

    def disable(self) -> None:
        self.hub.disable(TOY)

    def wait(self, claim: Callable[[], object]) -> None:
        """Turn the event loop until `claim()` holds."""
        self.qtbot.waitUntil(lambda: bool(claim()), timeout=SEEN_LIMIT)

    def wait_for(self, phase: Phase) -> TunnelStatus:
        self.wait(lambda: self.status.phase is phase)
        return self.status

    def up(self, **ask: object) -> TunnelStatus:
        """Enable, and wait until it runs."""
        self.enable(**ask)
        return self.wait_for(Phase.RUNNING)

    def kept(self) -> Mapping[BackendId, Wish]:
        """Return what the wishes file would bring back after a crash."""
        return {wish.backend: wish for wish in self.wishes.restored(always=False)}


def follow(house: House, name: str, ask: Ask | None = None) -> list[JobNews]:
    news: list[JobNews] = []
    house.hub.command(TOY, name, ask or Ask()).subscribe(news.append)
    return news


Build = Callable[..., House]


@pytest.fixture
def timing(timing: Timing) -> Timing:
    return dataclasses.replace(timing, auth_watch_for=0.4, steady_after=0.2)


@pytest.fixture
def world() -> ToyWorld:
    return ToyWorld()


@pytest.fixture
def build(services: Services, world: ToyWorld, origin: Target, qtbot: QtBot) -> Iterator[Build]:
    """Make a hub; call it again for the next start of the program. All are closed at the end."""
    houses: list[House] = []

    def secrets(_backend: Backend, _options: type, given: Mapping[str, Secret]) -> KnownSecrets:
        return KnownSecrets({name: secret.reveal() for name, secret in given.items()})

    def make(
        *, restore: bool = False, keep_up: bool = False, start: bool = True, close_limit: float | None = None
    ) -> House:
        given = services if close_limit is None else with_close_limit(services, close_limit)
        backend, vault = ToyBackend(services, world), FakeVault()
        wishes = WishesFile(services.folders.state / "wishes.json", BOOT)
        settings = [Settings(general=General(target=origin.url, restore=restore, keep_up=keep_up))]
        hub = TunnelHub(
            (backend,), given, load_settings=lambda: settings[0], secrets=secrets, vault=vault,
            wishes=WishBook(wishes),
        )  # fmt: skip
        house = House(hub, world, backend, vault, wishes, qtbot, settings)
        hub.subscribe(house.seen.append)
        houses.append(house)
        if start:
            hub.start()
        return house

    yield make
    world.gate.set()
    world.door.set()
    world.will_not_close = False
    for house in houses:
        house.hub.close()
        assert house.may_hang or not house.hub.hangs


def with_close_limit(services: Services, seconds: float) -> Services:
    return dataclasses.replace(services, timing=dataclasses.replace(services.timing, close_limit=seconds))


@pytest.fixture
def house(build: Build) -> House:
    """Return a running hub that has looked at the machine."""
    made = build()
    made.wait(lambda: made.status.installation.version)
    return made
