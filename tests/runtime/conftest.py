"""A hub with one toy backend, on the event loop of the test."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
import shiboken6
from PySide6.QtCore import QObject, QTimer, Signal, Slot
from pytestqt.qtbot import QtBot

from portway.core.backend import Backend
from portway.core.codes import Code
from portway.core.errors import Problem
from portway.core.guard.rules import Guard
from portway.core.hub import EnableRequest, JobEvent
from portway.core.secret import Secret
from portway.core.settings import General, Settings
from portway.core.status import BackendId, Phase, TunnelStatus
from portway.core.target import Target
from portway.core.timing import Timing
from portway.runtime.hub import TunnelHub
from portway.runtime.tunnel.wish import DesiredStateStore
from portway.runtime.tunnel.worker import WorkerThread
from portway.runtime.vault import Vault
from portway.system.desktop.awake import Clock, seconds_with_sleep
from portway.system.secrets.redaction import Redactor
from portway.system.secrets.store import SecretStore
from portway.system.services import Services
from portway.system.storage.disk_writer import DiskWriter
from portway.system.storage.wishes_file import Wish, WishesFile
from tests.fakes.backends.news import KnownSecrets
from tests.fakes.backends.toy import ToyBackend, ToyWorld
from tests.fakes.runtime.hub import FakeVault
from tests.fakes.runtime.settings import KeptSettings
from tests.limits import NEVER, SEEN

TOY = BackendId("toy")
BOOT = "this boot"
DIED = Problem(Code.PROCESS_DIED, parameters={"program": "toy", "reason": "it fell"})


class _Echo(QObject):
    """Comes back from another thread, behind everything that came from there before."""

    sent = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._is_back = False
        self.sent.connect(self._on_sent)

    def came_back(self) -> bool:
        return self._is_back

    @Slot()
    def _on_sent(self) -> None:
        self._is_back = True


@dataclass
class House:
    """One start of the program, without its outer parts."""

    hub: TunnelHub
    world: ToyWorld
    backend: ToyBackend
    vault: Any
    wishes: WishesFile
    qtbot: QtBot
    settings: KeptSettings
    redactor: Redactor
    seen: list[TunnelStatus] = field(default_factory=list)
    may_hang: bool = False

    @property
    def status(self) -> TunnelStatus:
        return self.hub.status(TOY)

    def enable(self, **ask: object) -> None:
        self.hub.enable(TOY, EnableRequest(**ask))  # type: ignore[arg-type]

    def disable(self) -> None:
        self.hub.disable(TOY)

    def wait(self, claim: Callable[[], object]) -> None:
        """Turn the event loop until `claim()` holds."""
        self.qtbot.waitUntil(lambda: bool(claim()), timeout=round(SEEN * 1000))

    def wait_for(self, phase: Phase) -> TunnelStatus:
        self.wait(lambda: self.status.phase is phase)
        return self.status

    def settle(self) -> None:
        """Return once all that was under way, to the threads of this hub and back, has arrived."""
        workers = [self.hub._probes._prober, *(thread._worker for thread in self.hub.findChildren(WorkerThread))]
        for worker in workers * 2:  # what came back may have asked another thread for more
            echo = _Echo()
            QTimer.singleShot(0, worker, echo.sent.emit)
            self.wait(echo.came_back)

    def up(self, **ask: object) -> TunnelStatus:
        """Enable, and wait until it runs."""
        self.enable(**ask)
        return self.wait_for(Phase.RUNNING)

    def kept(self) -> Mapping[str, Wish]:
        """Return what the wishes file would bring back after a crash."""
        return {wish.tunnel: wish for wish in self.wishes.restored(always=False)}


def follow(house: House, name: str, ask: EnableRequest | None = None) -> list[JobEvent]:
    news: list[JobEvent] = []
    house.hub.command(TOY, name, ask or EnableRequest()).subscribe(news.append)
    return news


Build = Callable[..., House]


@pytest.fixture
def timing(timing: Timing) -> Timing:
    return dataclasses.replace(timing, steady_after=0.2)


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
        *,
        restore: bool = False,
        keep_up: bool = False,
        start: bool = True,
        limits: Mapping[str, float] = {},
        writer: DiskWriter | None = None,
        kept_secrets: SecretStore | None = None,
        guards: Mapping[str, Guard] | None = None,
        kept: Settings | None = None,
        clock: Clock = seconds_with_sleep,
    ) -> House:
        given = dataclasses.replace(services, timing=dataclasses.replace(services.timing, **limits))
        backend = ToyBackend(services, world)
        vault = FakeVault() if kept_secrets is None else Vault(kept_secrets)
        wishes = WishesFile(services.folders.state / "wishes.json", BOOT)
        general = General(target=origin.url, restore=restore, keep_up=keep_up)
        settings = KeptSettings(kept or Settings(general=general, guards=guards or {}))
        given = given if kept_secrets is None else dataclasses.replace(given, secrets=kept_secrets)
        redactor = Redactor()
        hub = TunnelHub(
            (backend,),
            given,
            settings=settings,
            secrets=secrets,
            vault=vault,
            wishes=DesiredStateStore(WishesFile(services.folders.state / "wishes.json", BOOT, writer), limit=NEVER),
            learn=redactor.learn,
            clock=clock,
        )
        house = House(hub, world, backend, vault, wishes, qtbot, settings, redactor)
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
        shiboken6.delete(house.hub)  # here: else the garbage collector may do it on a worker's thread


def rested(made: House) -> House:
    """Return it once it has looked at the machine."""
    made.wait(lambda: made.status.installation.version)
    return made


@pytest.fixture
def house(build: Build) -> House:
    """Return a running hub that has looked at the machine."""
    return rested(build())
