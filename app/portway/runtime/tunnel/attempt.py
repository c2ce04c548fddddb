"""One try to have a tunnel: what the main thread hands to the worker's thread, and the events that come back."""

import contextlib
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from PySide6.QtCore import QObject, Signal

from portway.core.backend import SecretSource
from portway.core.cancel import CancelToken
from portway.core.errors import Problem
from portway.core.foreign_text import PublicUrl
from portway.core.guard.deadline import Deadline
from portway.core.guard.rules import OPEN_TO_ALL, PASSWORD, Guard
from portway.core.lifecycle import Counted, Event, Failed, Inspected, Progressed, Recovering, Reported
from portway.core.options import host_of
from portway.core.secret import Secret
from portway.core.status import Extras, Installation, Progress, Traffic
from portway.core.target import Target

COMMANDS = 0  # the number under which commands report; attempts count from 1
_HINTS_APART = 0.5  # seconds: one visitor's page may ask for a hundred files


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One try to have a tunnel. Its number travels with its events, so that those of an older one are dropped.

    `facts` are those of a restored wish. `only_adopt`: it holds only if its tunnel is still up. `relayed`: visitors
    come through a relay, so that it cannot outlive this program.
    """

    number: int
    target: Target
    options: object
    secrets: SecretSource
    cancel: CancelToken = field(default_factory=CancelToken)
    facts: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    only_adopt: bool = False
    restored: bool = False
    relayed: bool = True

    @property
    def host(self) -> str:
        """What the target is to get as Host; empty: what the visitor sent."""
        return host_of(self.target, self.options)


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What holds for visitors. `password` None: as it was, else as the keyring has it under `password_name`."""

    guard: Guard = OPEN_TO_ALL
    password: Secret | None = None
    password_name: str = PASSWORD
    deadline: Deadline | None = None


@dataclass(frozen=True, slots=True)
class Serving:
    """The tunnel leads to this literal address; `facts` are to be stored with the wish.

    `answers`: something took a connection there. `sure`: it is known what that speaks.
    """

    origin: Target
    facts: Mapping[str, str]
    answers: bool
    sure: bool = False


@dataclass(frozen=True, slots=True)
class Recovered:
    """The edge carries traffic again."""

    public_url: str


@dataclass(frozen=True, slots=True)
class HostSuspect:
    """A visitor of this path may have been turned away because of the public name."""

    path: str


@dataclass(frozen=True, slots=True)
class NotRetargetable:
    """The session cannot switch its local address: it takes a new attempt."""


TunnelEvent = Event | Serving | Recovered | HostSuspect | NotRetargetable


class EventBridge(QObject):
    """Carries events to the main thread, on which it lives. Its signals may be emitted on any thread."""

    happened = Signal(int, object)  # attempt number, tuple[TunnelEvent, ...]: what becomes visible at once
    origin_hinted = Signal(int, bool)  # attempt number, whether the local server answered


class AttemptListener:
    """Implements core.backend.Listener: passes the events of one attempt on. Any thread."""

    def __init__(self, bridge: EventBridge, number: int) -> None:
        self._bridge = bridge
        self._number = number
        self._hinted: dict[bool, float] = {}

    def progress(self, progress: Progress | None) -> None:
        self.emit(Progressed(progress))

    def recovering(self, problem: Problem) -> None:
        self.emit(Recovering(problem))

    def recovered(self, public_url: PublicUrl) -> None:
        self.emit(Recovered(str(public_url)))

    def lost(self, problem: Problem) -> None:
        self.emit(Failed(problem))

    def report(self, extras: Extras, pid: int | None = None) -> None:
        self.emit(Reported(extras, pid))

    def inspected(self, installation: Installation) -> None:
        self.emit(Inspected(installation))

    def origin_suspect(self) -> None:
        self._hint(answered=False)

    def origin_answered(self) -> None:
        self._hint(answered=True)

    def host_suspect(self, path: str) -> None:
        self.emit(HostSuspect(path))

    def counted(self, traffic: Traffic) -> None:
        self.emit(Counted(traffic))

    def emit(self, *events: TunnelEvent) -> None:
        """Pass on what becomes visible at once."""
        with contextlib.suppress(RuntimeError):  # the program ended meanwhile, and the bridge with it
            self._bridge.happened.emit(self._number, events)

    def _hint(self, *, answered: bool) -> None:
        now = time.monotonic()
        if now - self._hinted.get(answered, -_HINTS_APART) >= _HINTS_APART:
            self._hinted[answered] = now
            with contextlib.suppress(RuntimeError):  # as above
                self._bridge.origin_hinted.emit(self._number, answered)
