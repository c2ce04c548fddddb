"""The one status of a tunnel, the same shape for every backend."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NewType, TypeAlias

from portway.core.codes import Code
from portway.core.errors import Problem
from portway.core.guard.reasons import Why
from portway.core.guard.rules import OPEN_TO_ALL, Guard
from portway.core.texts import Hint, Note

TunnelId: TypeAlias = str
"""The word of one tunnel: `[a-z][a-z0-9-]{0,31}`."""
BackendId = NewType("BackendId", str)
"""The word of one backend, which is that of its built-in tunnel as well."""


class Phase(StrEnum):
    """Exactly five. Finer causes are codes."""

    STOPPED = "stopped"
    STARTING = "starting"
    RUNNING = "running"
    NEEDS_AUTH = "needs_auth"
    ERROR = "error"


class Reach(StrEnum):
    """Who can open the public URL."""

    INTERNET = "internet"
    NETWORK = "network"


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a long step is. `received` and `total` are bytes or steps; None where unknown."""

    step: str
    message: str
    received: int | None = None
    total: int | None = None


class Extras:
    """Base of the status fields that a backend adds, each a frozen dataclass: says what a card shows of them."""

    __slots__ = ()

    def note(self) -> Note | None:
        """Return what shows that visitors really get in; None: the service has confirmed it."""
        return None

    def hint(self, target_url: str) -> Hint | None:  # noqa: ARG002 - for those who need it
        """Return what a person may want to know while the tunnel to `target_url` runs, None if all is well."""
        return None


SLOT, SLOTS = 5.0, 60  # seconds of one, and how many are remembered: five minutes


@dataclass(frozen=True, slots=True, kw_only=True)
class TrafficSlot:
    """What began in five seconds; `number` is the Unix time of their begin, divided by `SLOT`.

    `failures` of its `requests` failed. `visitors` were there then, and not since.
    """

    number: int
    requests: int = 0
    failures: int = 0
    visitors: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Traffic:
    """What passed since the tunnel came up. Bytes are those of bodies; `last_at` is in UTC.

    `requests` counts the `refused` ones as well. `failures` are answers of 500 and more, those that were cut, and
    those that the relay gave for a silent target. `visitors` are told apart by their address, as far as the way in
    tells it; `present` have a request open. `recent` are the slots of the last minutes in which something was, oldest
    first.
    """

    requests: int = 0
    failures: int = 0
    refused: int = 0
    visitors: int = 0
    active_connections: int = 0
    bytes_in: int = 0
    bytes_out: int = 0
    last_at: datetime | None = None
    present: int = 0
    recent: tuple[TrafficSlot, ...] = ()


class Proof(StrEnum):
    """What is known of a public URL as others meet it."""

    OFF = "off"  # nobody asked
    PENDING = "pending"
    OK = "ok"
    FAILED = "failed"
    UNKNOWN = "unknown"  # it could not be found out from here


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """What a look from outside found: when, in UTC, in how many milliseconds, and why it is not `ok`."""

    state: Proof = Proof.OFF
    at: datetime | None = None
    ms: int | None = None
    reason: Why | None = None


class StreamTest(StrEnum):
    """What is sent through a way out, to see whether it gets through."""

    EVENTS = "events"  # server-sent, one after the other
    WEBSOCKET = "websocket"
    UPLOAD = "upload"
    WAIT = "wait"  # an answer that takes long


class Passage(StrEnum):
    """How something gets through a way out."""

    OK = "ok"
    HELD = "held"  # it was kept on the way until it was whole
    REFUSED = "refused"
    UNKNOWN = "unknown"  # it could not be found out from here


@dataclass(frozen=True, slots=True)
class StreamCheck:
    """What came of one of them, in how many milliseconds, and what that means."""

    test: StreamTest
    state: Passage
    reason: Why
    ms: int | None = None


@dataclass(frozen=True, slots=True)
class NoExtras(Extras):
    """For a backend whose status has no fields of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Installation:
    """What a look at the machine found, without side effects. `missing` is a token or login known to be absent."""

    supported: bool = True
    installed: bool = True
    binary_path: str | None = None
    version: str | None = None
    source: str | None = None
    managed: bool = False
    missing: Problem | None = None
    extras: Extras | None = None  # of the backend's own extras type; None leaves them as they are


@dataclass(frozen=True, slots=True, kw_only=True)
class TunnelStatus:
    """What is known about one tunnel now. Frozen; changed only by `lifecycle.advance`.

    `id` is the tunnel's word; that of its backend unless another is named. `name` is for people. `saved`: a person
    added it. `wanted` is the wish, `phase` the truth. `target_url` is what is, or would be, exposed; `own_target`: that
    was named for this tunnel, which does not follow the default target. `host` is what it gets as Host, None: what the
    visitor sent. `since` and `retry_at` are in UTC. `traffic` is None while nothing is open, and without a relay.
    `inspect`: requests are recorded. `guard` is what holds, or would; `expires_at`, in UTC, when it stops by itself;
    `until_logout`: it does when the person logs out, or the computer goes to sleep.
    `extras` is the backend's own frozen dataclass.
    """

    backend: BackendId
    id: TunnelId = ""
    name: str = ""
    saved: bool = False
    reach: Reach
    target_url: str
    own_target: bool = False
    phase: Phase = Phase.STOPPED
    public_url: str | None = None
    problem: Problem | None = None
    installation: Installation = Installation()
    pid: int | None = None
    progress: Progress | None = None
    wanted: bool = False
    since: datetime | None = None
    attempt: int = 0
    retry_at: datetime | None = None
    log_path: str | None = None
    traffic: Traffic | None = None
    inspect: bool = False
    host: str | None = None
    guard: Guard = OPEN_TO_ALL
    expires_at: datetime | None = None
    until_logout: bool = False
    verified: Verified = Verified()
    extras: Extras = field(default_factory=NoExtras)

    def __post_init__(self) -> None:
        if not self.id:
            object.__setattr__(self, "id", self.backend)
        if self.public_url is not None and not self.active:
            message = f"a public URL while {self.phase}"
            raise ValueError(message)
        if self.phase is Phase.RUNNING and self.public_url is None:
            message = "running without a public URL"
            raise ValueError(message)
        if self.phase in (Phase.ERROR, Phase.NEEDS_AUTH) and self.problem is None:
            message = f"{self.phase} without a cause"
            raise ValueError(message)

    @property
    def running(self) -> bool:
        """Whether visitors get in."""
        return self.phase is Phase.RUNNING

    @property
    def active(self) -> bool:
        """Whether something is, or may be, open."""
        return self.phase in (Phase.STARTING, Phase.RUNNING)

    @property
    def api_url(self) -> str | None:
        """The public URL of an OpenAI-style API behind the target."""
        return None if self.public_url is None else self.public_url.rstrip("/") + "/v1"

    @property
    def code(self) -> Code | None:
        """The stable word for the cause, where there is one."""
        return None if self.problem is None else self.problem.code

    @property
    def last_error(self) -> str | None:
        """The sentence for the cause, where there is one."""
        return None if self.problem is None else self.problem.sentence

    @property
    def action_url(self) -> str | None:
        """A page to open in order to go on."""
        return None if self.problem is None else self.problem.action_url
