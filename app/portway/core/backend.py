"""What a backend is: one folder that opens sessions, and declares all that the rest of Portway shows of it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Literal, Protocol, runtime_checkable

from portway.core.cancel import CancelToken
from portway.core.codes import Code
from portway.core.errors import Problem
from portway.core.foreign_text import PublicUrl
from portway.core.options import NoOptions, Option
from portway.core.secret import Secret
from portway.core.status import (
    BackendId,
    Extras,
    Installation,
    NoExtras,
    Progress,
    Reach,
    Traffic,
    TunnelId,
    TunnelStatus,
)
from portway.core.target import Target
from portway.core.texts import SOMEHOW_PUBLIC, About


class Listener(Protocol):
    """Takes the events of one attempt or command. Any thread; each method passes its event on and returns at once."""

    def progress(self, progress: Progress | None) -> None:
        """A long step moved; None: it ended."""

    def recovering(self, problem: Problem) -> None:
        """The edge is lost; the session tries to get the same URL back by itself."""

    def recovered(self, public_url: PublicUrl) -> None:
        """The edge carries traffic again (also: under a new URL)."""

    def lost(self, problem: Problem) -> None:
        """The session is over and does not come back by itself."""

    def report(self, extras: Extras, pid: int | None = None) -> None:
        """The backend's own status fields changed."""

    def inspected(self, installation: Installation) -> None:
        """What is installed changed while an attempt or a command was at work."""

    def origin_suspect(self) -> None:
        """A visitor met a local server that did not answer: worth a look now."""

    def origin_answered(self) -> None:
        """A visitor was served just now."""

    def host_suspect(self, path: str) -> None:
        """A visitor of this path may have been turned away because the target does not know the public name."""

    def counted(self, traffic: Traffic) -> None:
        """So much has passed so far; told at most once a second, and only while something passes."""


class SecretSource(Protocol):
    """Gives the secrets of one attempt or command. May block, with a limit; called on the worker's thread."""

    def get(self, name: str, cancel: CancelToken | None = None) -> Secret | None:
        """Return the secret option called `name`: from the request, the keyring, the environment, or None.

        Raises Cancelled as soon as `cancel` does: a keyring may wait for a person who is to unlock it.
        """

    def forget(self, name: str) -> None:
        """Drop the stored copy of `name`, if the one in use was ours: the service rejected it."""


class Expects(Protocol):
    """Answers one path, once: by that an address is known to lead here. Any thread."""

    def expect_visit(self) -> tuple[str, bytes]:
        """Return a path that is answered once with this content, whatever the rules for visitors are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What one attempt or command of a backend may know. Made by the runtime, given to the worker's thread.

    `target` is as written, `origin` the same at the literal address that answers now. `since` tells whether an
    earlier tunnel may be adopted: `wanted` is the wish that `reclaim` finds. `recorder`, an ExchangeListener of the
    relay, hears of all exchanges; a backend that listens for visitors itself gets one, and a `gate` of the relay, by
    which it has to judge them. `expects` is the relay before the target, where there is one.
    """

    target: Target
    origin: Target
    options: Any
    cancel: CancelToken
    secrets: SecretSource
    listener: Listener
    wanted: bool = True
    recorder: Any = None
    gate: Any = None
    expects: Expects | None = None


class Session(Protocol):
    """One open tunnel. Its methods are called on the worker's thread."""

    @property
    def public_url(self) -> PublicUrl:
        """What a visitor opens."""

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
class Leadable(Protocol):
    """A session with a relay inside, which can lead to another target without a new URL."""

    def lead(self, target: Target, origin: Target, host: str) -> bool:
        """Serve visitors from another target, at a literal address of it, under this Host (empty: as they ask).

        False, and nothing is changed, where that needs another URL. The worker's thread; may take a second.
        """


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


class Which(StrEnum):
    """Which value of a header counts, where it arrives more than once or as a list."""

    ONLY = "only"  # it is set by the service: two are a forgery
    LAST = "last"  # the service appends to what the visitor sent


@dataclass(frozen=True, slots=True)
class ClientHeader:
    """The header in which a service names its visitor, and which no visitor can set. `name` in lower case."""

    name: str
    which: Which

    def client(self, values: Sequence[str]) -> str | None:
        """Return the visitor's address from the values of that header, None where it is missing or forged."""
        parts = [part.strip() for value in values for part in value.split(",")]
        if not parts or (self.which is Which.ONLY and len(parts) > 1):
            return None
        return parts[-1] or None


UNNAMED = ClientHeader("", Which.ONLY)
"""For a way in by which all visitors come from one address, and nobody names them: a header that no request can have.

Then no rule by address lets anybody in, and all visitors count as one.
"""


class Role(StrEnum):
    """What a command is good for, by which the window offers it as the answer to a cause."""

    INSTALL = "install"
    LOG_IN = "log_in"
    GRANT = "grant"  # lets this account do what now takes administrator rights
    START = "start"  # the service of this computer on which the backend depends


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

    `path` stands below /api/tunnels/BACKEND/. `run` is called on a thread of its own (on the probe thread for GET)
    with the context, whose options are of type `options`; it returns extra fields of the answer, of the keys that the
    dataclass `answer` declares. A command with `action` is an alias of enable or disable: it has no `run`; `shape`
    makes the extra fields of its answer from the status that came out. One that runs foreign code as administrator
    has a `fetch`, which brings that code and runs nothing: its options then have a field `fetched`, by which `run`
    gets back what a person has agreed to, and an option `sha256`, other than which it runs nothing.
    """

    name: str
    role: Role | None = None
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
    """One way to expose a target, as one tunnel uses it. Plain blocking Python; no Qt.

    Constructed once for its built-in tunnel, with what it depends on; `another` makes those of further tunnels.
    """

    @property
    def kind(self) -> BackendId:
        """Its stable word."""

    @property
    def id(self) -> TunnelId:
        """The word of the tunnel that it opens; a built-in one's is `kind`."""

    @property
    def title(self) -> str:
        """Its name for people."""

    @property
    def about(self) -> About:
        """What it is for, in words."""

    @property
    def icon(self) -> str:
        """The name of its drawing among the icons; one that is not there is drawn as a service."""

    @property
    def reach(self) -> Reach:
        """Who can open its public URL."""

    @property
    def trusted_client(self) -> ClientHeader | None:
        """Where its service names the visitor; None: nowhere, and only the peer of the connection counts."""

    @property
    def options(self) -> type:
        """The frozen dataclass of its options, each field made by `core.options.option`."""

    @property
    def no_extras(self) -> Extras:
        """The value of its own status fields before anything is known; its type declares them."""

    @property
    def commands(self) -> tuple[Command, ...]:
        """Its extra verbs."""

    @property
    def can_stay(self) -> bool:
        """Whether a session can outlive Portway on purpose."""

    @property
    def name_settles(self) -> float:
        """For how many seconds after a start nobody is to ask for the name of its URL: it may not be known yet."""

    @property
    def refusals_allowed(self) -> int:
        """How often a refusal by the service is tried again, because it is known to pass."""

    def caution(self, options: Any, others: Sequence[Any]) -> str:  # noqa: ANN401 - of the type `options`
        """Return what a person should know before a tunnel is turned on with these options; empty: nothing.

        `others` are the options of those of this backend that are on. The text is to be translated. Any thread.
        """

    def another(self, tunnel: TunnelId) -> "Backend":
        """Return the same for another tunnel. Both share what all tunnels of this backend have in common."""

    def inspect(self) -> Installation:
        """Look at the machine: no side effects, bounded, no keyring. Called on the probe thread."""

    def reclaim(self, context: Context) -> Session | None:
        """Once, before the first open: adopt what an earlier Portway left (if wanted), or end it.

        Raises StillUpError where it could not be ended.
        """

    def open(self, context: Context) -> Session:
        """Block until traffic really flows and return the session, or raise TunnelError; never wait for a person."""

    def still_blocked(self, code: Code) -> bool:
        """Measure whether the cause of a needs_auth still stands. Probe thread; no side effects."""


def keeper(backend: Backend, option: Option) -> TunnelId:
    """Return under whose word a stored secret is kept: that of its tunnel, or of its backend for all of them."""
    return backend.id if option.own else backend.kind


class BackendBase:
    """What most backends answer alike.

    One inherits this, names itself, and has `open` and `another`: the rest is its choice.
    """

    kind: BackendId
    about: About = SOMEHOW_PUBLIC
    icon = "service"
    reach = Reach.INTERNET
    trusted_client: ClientHeader | None = None
    options: type = NoOptions
    no_extras: Extras = NoExtras()
    commands: tuple[Command, ...] = ()
    can_stay = False
    refusals_allowed = 0
    name_settles = 0.0

    def __init__(self, tunnel: TunnelId | None = None) -> None:
        """Without a `tunnel` it is for the built-in one."""
        self.id: TunnelId = self.kind if tunnel is None else tunnel

    def caution(self, options: Any, others: Sequence[Any]) -> str:  # noqa: ANN401, ARG002 - of the Protocol
        """Nothing: each tunnel stands by itself."""
        return ""

    def inspect(self) -> Installation:
        """It is part of Portway, so it is there."""
        return Installation()

    def reclaim(self, context: Context) -> Session | None:  # noqa: ARG002 - of the Protocol
        """Nothing: what it opens ends with the process."""
        return None

    def still_blocked(self, code: Code) -> bool:  # noqa: ARG002 - of the Protocol
        """Never: it asks nothing of a person."""
        return False


class SessionBase:
    """What most sessions answer alike: opened just now, without a child, gone with this process."""

    @property
    def since(self) -> datetime | None:
        """None: it was not adopted."""
        return None

    @property
    def pid(self) -> int | None:
        """None: there is no child."""
        return None

    def leave(self) -> None:
        """Nothing can stay. The runtime asks `can_stay` before."""


class StillUpError(Exception):
    """A tunnel of ours could not be switched off and is still public."""

    def __init__(self, problem: Problem, public_url: str, since: datetime | None = None) -> None:
        super().__init__(problem.sentence)
        self.problem = problem
        self.public_url = public_url
        self.since = since
