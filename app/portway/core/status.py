"""The one status of a tunnel, the same shape for every backend."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NewType

from portway.core.codes import Code
from portway.core.errors import Problem

BackendId = NewType("BackendId", str)


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


@dataclass(frozen=True, slots=True)
class NoExtras:
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
    extras: object | None = None  # of the backend's own extras type; None leaves them as they are


@dataclass(frozen=True, slots=True, kw_only=True)
class TunnelStatus:
    """What is known about one tunnel now. Frozen; changed only by `lifecycle.advance`.

    `wanted` is the wish, `phase` the truth. `target_url` is what is, or would be, exposed. `since` and `retry_at`
    are in UTC. `extras` is the backend's own frozen dataclass.
    """

    backend: BackendId
    reach: Reach
    target_url: str
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
    extras: object = field(default_factory=NoExtras)

    def __post_init__(self) -> None:
        if self.public_url is not None and self.phase not in (Phase.RUNNING, Phase.STARTING):
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
