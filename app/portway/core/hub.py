"""What tray, window, REST and command line may ask of the tunnels. All of it on the main thread, none of it blocks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Protocol

from portway.core.backend import Answer, Backend
from portway.core.errors import Problem
from portway.core.secret import Secret
from portway.core.settings import Settings
from portway.core.status import BackendId, Progress, TunnelStatus
from portway.core.target import Target

Unsubscribe = Callable[[], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """What a client asks with an enable, a disable or a command.

    `options` holds only what was named, by field name of the backend's (or the command's) options; secrets in it are
    wrapped. `remember` stores the one-shot token once it has worked; each of `on_stored` is then told what is wrong
    with that, None if nothing is. `by_person` tells a click in tray or window from a call (clipboard). `lasting` False
    keeps the wish out of the wishes file. `restored` marks the wish of an earlier start of the program, until it is
    fulfilled (notification).
    """

    target: Target | None = None
    options: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))
    remember: bool = False
    on_stored: tuple[Callable[[Problem | None], None], ...] = field(default=(), compare=False, repr=False)
    by_person: bool = False
    lasting: bool = True
    restored: bool = False


@dataclass(frozen=True, slots=True)
class JobDone:
    """A command ended well. `answer` holds the extra fields that it declared."""

    answer: Answer


@dataclass(frozen=True, slots=True)
class JobFailed:
    """A command ended badly."""

    problem: Problem


JobNews = Progress | JobDone | JobFailed


class Job(Protocol):
    """One run of a command, which any number of clients may join."""

    def subscribe(self, listener: Callable[[JobNews], None]) -> Unsubscribe:
        """Tell `listener` the latest progress at once, then all news; JobDone or JobFailed comes last, and once."""

    def cancel(self) -> None:
        """Ask it to end; JobFailed(cancelled) follows."""


class Vault(Protocol):
    """Where secrets are stored. Answers later, on the main thread."""

    def get(self, owner: str, name: str, done: Callable[[Secret | None], None]) -> None:
        """Read what is stored, or held until exit. `done` gets None if there is nothing, or no keyring to ask."""

    def put(self, owner: str, name: str, secret: Secret, done: Callable[[Problem | None], None]) -> None:
        """Store it. `done` gets None, or no_secure_storage if it is held only until exit."""

    def remove(self, owner: str, name: str, done: Callable[[Problem | None], None]) -> None:
        """Remove it everywhere; removing what is not there is fine."""


class Hub(Protocol):
    """All tunnels."""

    @property
    def backends(self) -> tuple[Backend, ...]:
        """In the order in which people see them."""

    @property
    def settings(self) -> Settings:
        """As of now."""

    def status(self, backend: BackendId) -> TunnelStatus:
        """From memory. Raises KeyError for an unknown backend."""

    def statuses(self) -> tuple[TunnelStatus, ...]:
        """Of all backends, in their order."""

    def subscribe(self, listener: Callable[[TunnelStatus], None]) -> Unsubscribe:
        """Tell `listener` every changed status."""

    def own_ports(self) -> frozenset[int]:
        """Ports of ours, which are never exposed."""

    def enable(self, backend: BackendId, ask: Ask) -> None:
        """Wish it on. The status says `starting` (or still `running`) when this returns.

        Where a running tunnel already is as asked, nothing happens. Raises TunnelError(bad_request) for a target
        that must not be exposed.
        """

    def disable(self, backend: BackendId, ask: Ask | None = None) -> None:
        """Wish it off. Always allowed."""

    def disable_all(self) -> None:
        """Wish everything off."""

    def command(self, backend: BackendId, name: str, ask: Ask) -> Job:
        """Start the command, or join its running job. GET commands are measured anew each time."""

    def fetch(self, backend: BackendId, name: str) -> Job:
        """Fetch what the command would run: its answer's `fetched`, for whoever asked to remove or to give back."""

    def job(self, backend: BackendId, name: str) -> Job | None:
        """Return the running job of a command, if there is one."""

    def reload(self) -> None:
        """Read the settings file again."""

    def quit(self) -> None:
        """End the program, once this turn of the event loop is over."""
