"""What a backend is: one folder that opens sessions, and declares all that the rest of Portway shows of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol, runtime_checkable

from portway.core.cancel import CancelToken
from portway.core.codes import Code
from portway.core.errors import Problem
from portway.core.options import NoOptions
from portway.core.secret import Secret
from portway.core.status import BackendId, Installation, Progress, Reach, TunnelStatus
from portway.core.target import Target


class Listener(Protocol):
    """Takes the news of one run. Every method may be called from any thread, passes it on and returns at once."""

    def progress(self, progress: Progress | None) -> None:
        """A long step moved; None: it ended."""

    def recovering(self, problem: Problem) -> None:
        """The edge is lost; the session tries to get the same URL back by itself."""

    def recovered(self, public_url: str) -> None:
        """The edge carries traffic again (also: under a new URL)."""

    def lost(self, problem: Problem) -> None:
        """The session is over and does not come back by itself."""

    def report(self, extras: object, pid: int | None = None) -> None:
        """The backend's own status fields changed."""

    def origin_suspect(self) -> None:
        """A visitor met a local server that did not answer: worth a look now."""

    def origin_answered(self) -> None:
        """A visitor was served just now."""


class SecretSource(Protocol):
    """Gives the secrets of one run. May block, with a limit; called on the worker's thread."""

    def get(self, name: str, cancel: CancelToken | None = None) -> Secret | None:
        """Return the secret option called `name`: from the request, the keyring, the environment, or None.

        Raises Cancelled as soon as `cancel` does: a keyring may wait for a person who is to unlock it.
        """

    def forget(self, name: str) -> None:
        """Drop the stored copy of `name`, if the one in use was ours: the service rejected it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """All that one run of a backend may know. Made by the runtime, given to the worker's thread.

    `target` is as written, `origin` the same at the literal address that answers now. `since` tells whether an
    earlier tunnel may be adopted: `wanted` is the wish that `reclaim` finds.
    """

    target: Target
    origin: Target
    options: Any
    cancel: CancelToken
    secrets: SecretSource
    listener: Listener
    wanted: bool = True


class Session(Protocol):
    """One open tunnel. Its methods are called on the worker's thread."""

    @property
    def public_url(self) -> str:
        """What a visitor opens; no trailing slash."""

    @property
    def since(self) -> datetime | None:
        """When an adopted tunnel came up, in UTC; None for one that was opened just now."""

    @property
    def pid(self) -> int | None:
        """The child process, where there is one."""

    def close(self, context: Context) -> None:
        """End it. Idempotent and bounded. Raises TunnelError if it is still up afterwards."""

    def leave(self) -> None:
        """Let it run on after Portway ends, and remember it; only called where the backend `can_stay`."""


@runtime_checkable
class Retargetable(Protocol):
    """A session that can switch to another literal address of the same target without a new URL."""

    def retarget(self, origin: Target) -> None:
        """Serve new visitors from `origin`. Any thread."""


@runtime_checkable
class WishKeeper(Protocol):
    """A backend whose wishes hold only in the surroundings in which they were made. Optional."""

    def wish_facts(self) -> Mapping[str, str]:
        """Return what the wish belongs to, to be stored with it. Worker's thread, right after a tunnel came up."""

    def fits(self, facts: Mapping[str, str]) -> Problem | None:
        """Return why a stored wish must not come back here, None if it may. Worker's thread, before it is restored."""


@runtime_checkable
class PortOwner(Protocol):
    """A backend that listens on ports of this computer itself; they are never exposed. Optional."""

    def own_ports(self) -> frozenset[int]:
        """Return the ports on which it listens now. Any thread, from memory."""


Answer = Mapping[str, object]
"""What a command found out: extra JSON fields of its answer."""


@runtime_checkable
class Fetched(Protocol):
    """What a command would run, fetched, so that a person can look at it first. Any thread."""

    @property
    def source(self) -> str:
        """The address that it came from."""

    @property
    def size(self) -> int:
        """In bytes."""

    @property
    def sha256(self) -> str:
        """Of its content, in hexadecimal."""

    def text(self) -> str:
        """Return what it says."""

    def remove(self) -> None:
        """Leave nothing of it. Idempotent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """An extra verb of a backend, from which its route, its command-line form and its button follow.

    `path` stands below /api/tunnels/BACKEND/. `run` is called on a thread of its own (on the read-only lane for GET)
    with the context, whose options are of type `options`; it returns extra fields of the answer, of the keys that the
    dataclass `answer` declares. A command with `action` is an alias of enable or disable: it has no `run`; `shape`
    makes the extra fields of its answer from the status that came out. One that runs foreign code as administrator
    has a `fetch`, which brings that code and runs nothing: its options then have a field `fetched`, by which `run`
    gets back what a person has agreed to, and an option `sha256`, other than which it runs nothing.
    """

    name: str
    method: Literal["GET", "POST", "PUT", "DELETE"]
    path: str
    label: str
    help: str = ""
    options: type = NoOptions
    answer: type = NoOptions
    streams: bool = False
    action: Literal["enable", "disable"] | None = None
    offered: Callable[[TunnelStatus], bool] = field(default=lambda _status: True)
    run: Callable[[Context], Answer] | None = None
    fetch: Callable[[CancelToken], Fetched] | None = None
    shape: Callable[[TunnelStatus], Answer] | None = None


class Backend(Protocol):
    """One way to expose a target. Plain blocking Python; no Qt. Constructed once, with what it depends on."""

    @property
    def id(self) -> BackendId:
        """Its stable word."""

    @property
    def title(self) -> str:
        """Its name for people."""

    @property
    def reach(self) -> Reach:
        """Who can open its public URL."""

    @property
    def options(self) -> type:
        """The frozen dataclass of its options, each field made by `core.options.option`."""

    @property
    def no_extras(self) -> object:
        """The value of its own status fields before anything is known; its type declares them."""

    @property
    def commands(self) -> tuple[Command, ...]:
        """Its extra verbs."""

    @property
    def can_stay(self) -> bool:
        """Whether a session can outlive Portway on purpose."""

    @property
    def refusals_allowed(self) -> int:
        """How often a refusal by the service is tried again, because it is known to pass."""

    def inspect(self) -> Installation:
        """Look at the machine: no side effects, bounded, no keyring. Called on the read-only lane."""

    def reclaim(self, context: Context) -> Session | None:
        """Once, before the first open: adopt what an earlier run of ours left (if wanted), or end it.

        Raises StillUpError where it could not be ended.
        """

    def open(self, context: Context) -> Session:
        """Block until traffic really flows and return the session, or raise TunnelError; never wait for a person."""

    def still_blocked(self, code: Code) -> bool:
        """Measure whether the cause of a needs_auth still stands. Read-only lane; no side effects."""


class StillUpError(Exception):
    """A tunnel of ours could not be switched off and is still public."""

    def __init__(self, problem: Problem, public_url: str, since: datetime | None = None) -> None:
        super().__init__(problem.sentence)
        self.problem = problem
        self.public_url = public_url
        self.since = since
