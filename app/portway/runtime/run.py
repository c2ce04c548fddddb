"""One run of a tunnel: what the main thread hands to the worker's thread, and the news that come back."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from PySide6.QtCore import QObject, Signal

from portway.core.backend import SecretSource
from portway.core.cancel import CancelToken
from portway.core.errors import Problem
from portway.core.lifecycle import Event, Failed, Progressed, Recovering, Reported
from portway.core.status import Progress
from portway.core.target import Target

COMMANDS = 0  # the number under which commands tell their news; runs count from 1
_HINTS_APART = 0.5  # seconds: one visitor's page may ask for a hundred files


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One try to have a tunnel. Its number travels with its news, so that those of an older run are dropped.

    `facts` are those of a restored wish. `only_adopt`: it holds only if its tunnel is still up.
    """

    number: int
    target: Target
    options: object
    secrets: SecretSource
    cancel: CancelToken = field(default_factory=CancelToken)
    facts: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    only_adopt: bool = False


@dataclass(frozen=True, slots=True)
class Serving:
    """The tunnel leads to this literal address; `facts` are to be stored with the wish."""

    origin: Target
    facts: Mapping[str, str]
    answers: bool


@dataclass(frozen=True, slots=True)
class Recovered:
    """The edge carries traffic again."""

    public_url: str


@dataclass(frozen=True, slots=True)
class NotRetargetable:
    """The session cannot switch its local address: it takes a new run."""


Happening = Event | Serving | Recovered | NotRetargetable


class News(QObject):
    """Carries news to the main thread, on which it lives. Its signals may be emitted on any thread."""

    happened = Signal(int, object)  # run number, tuple[Happening, ...]: what becomes visible at once
    origin_hinted = Signal(int, bool)  # run number, whether the local server answered


class RunListener:
    """Implements core.backend.Listener: passes the news of one run on. Any thread."""

    def __init__(self, news: News, number: int) -> None:
        self._news = news
        self._number = number
        self._hinted: dict[bool, float] = {}

    def progress(self, progress: Progress | None) -> None:
        self.tell(Progressed(progress))

    def recovering(self, problem: Problem) -> None:
        self.tell(Recovering(problem))

    def recovered(self, public_url: str) -> None:
        self.tell(Recovered(public_url))

    def lost(self, problem: Problem) -> None:
        self.tell(Failed(problem))

    def report(self, extras: object, pid: int | None = None) -> None:
        self.tell(Reported(extras, pid))

    def origin_suspect(self) -> None:
        self._hint(answered=False)

    def origin_answered(self) -> None:
        self._hint(answered=True)

    def tell(self, *happenings: Happening) -> None:
        """Pass on what becomes visible at once."""
        self._news.happened.emit(self._number, happenings)

    def _hint(self, *, answered: bool) -> None:
        now = time.monotonic()
        if now - self._hinted.get(answered, -_HINTS_APART) >= _HINTS_APART:
            self._hinted[answered] = now
            self._news.origin_hinted.emit(self._number, answered)
