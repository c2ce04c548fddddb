"""A backend whose world is an object that a test controls. It has all that a backend may declare.

A secret, a choice, an own status field, a streaming command, a reading command, an alias of enable; it can need a
login, hang in its start, lose its edge, and refuse to be closed. Safe on every thread.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from portway.core.backend import Answer, BackendBase, Command, Context, StillUpError
from portway.core.codes import Code
from portway.core.errors import AuthNeeded, Problem, TunnelError
from portway.core.foreign_text import PublicUrl
from portway.core.options import Kind, host_header_option, option
from portway.core.secret import Secret
from portway.core.status import BackendId, Extras, Installation, Progress, TunnelId, TunnelStatus
from portway.core.target import Target
from portway.system.services import Services

logger = logging.getLogger("portway.backends.toy.session")  # as the module of a real one

LOGIN_PAGE = "https://toy.example/login"
_LONGEST_CLOSE = 30.0  # seconds: a test that forgets the door must not hang
NEEDS_LOGIN = Problem(Code.NEEDS_LOGIN, parameters={"service": "Toy"}, action_url=LOGIN_PAGE)
NEEDS_TOKEN = Problem(Code.NEEDS_TOKEN, parameters={"service": "Toy"}, action_url=LOGIN_PAGE)
EDGE_LOST = Problem(Code.NO_NETWORK, "service", {"service": "Toy"})
WOULD_NOT_CLOSE = Problem(Code.NEEDS_PRIVILEGES, parameters={"command": "toy off"})


@dataclass(frozen=True, slots=True, kw_only=True)
class ToyOptions:
    """What an enable may name."""

    auth_token: Secret | None = option(  # noqa: RUF009 - `option` makes a field
        None,
        label="Token",
        help="From your account.",
        kind=Kind.SECRET,
        body="authToken",
        stored=True,
        in_settings=False,
        environment=("TOY_TOKEN",),
        page=LOGIN_PAGE,
    )
    name: str = option("", label="Name", help="The name that visitors see.", kind=Kind.TEXT, body="name")
    host_header: str = host_header_option()
    colour: str = option(
        "red",
        label="Colour",
        help="Of the toy.",
        kind=Kind.CHOICE,
        body="colour",
        choices=("red", "blue"),
        restarts=False,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class PaintOptions:
    """What the streaming command takes."""

    coats: int = option(1, label="Coats", help="How many.", kind=Kind.PORT, body="coats")


@dataclass(frozen=True, slots=True, kw_only=True)
class PaintAnswer:
    """What the streaming command adds to its answer."""

    painted: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckAnswer:
    """What the reading command adds to its answer."""

    wheels: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ToyExtras(Extras):
    """What its status adds."""

    spins: int | None = None


@dataclass
class ToyWorld:
    """What happens to the toy. A test sets it, and looks at what was done."""

    needs_token: str | None = None  # the text that the service accepts
    blocked_by: Problem | None = None  # open says AuthNeeded with it
    missing: Problem | None = None  # inspect finds that this is missing
    failures: list[Problem] = field(default_factory=list)  # of the next starts, in order
    bug: bool = False  # the next start raises what only a fault of ours raises
    will_not_close: bool = False
    leftover: str | None = None  # the public URL that an earlier program left up
    leftover_stays: bool = False
    retargets: bool = True
    leads: bool = True  # where it listens for visitors itself
    can_stay: bool = True  # as it was when the backend was made
    misfit: Problem | None = None  # why a stored wish does not hold here
    facts: dict[str, str] = field(default_factory=dict)
    opened: list[Context] = field(default_factory=list)
    closed: list[Context] = field(default_factory=list)
    left_up: list[str] = field(default_factory=list)
    origins: list[Target] = field(default_factory=list)
    led: list[tuple[Target, Target, str]] = field(default_factory=list)
    painted: list[int] = field(default_factory=list)
    looks: int = 0
    inspections: int = 0
    threads: set[str] = field(default_factory=set)
    gate: threading.Event = field(default_factory=threading.Event)  # a start waits until it is set
    brush: threading.Event = field(default_factory=threading.Event)  # the streaming command waits until it is set
    door: threading.Event = field(default_factory=threading.Event)  # a close waits until it is set

    def __post_init__(self) -> None:
        self.gate.set()
        self.brush.set()
        self.door.set()

    @contextmanager
    def held(self) -> Iterator[None]:
        """Let every start hang, unless cancelled, until the block ends."""
        self.gate.clear()
        try:
            yield
        finally:
            self.gate.set()


class ToySession:
    """Open while nobody closes it."""

    def __init__(self, world: ToyWorld, public_url: str, since: datetime | None = None) -> None:
        self.public_url = PublicUrl(public_url)
        self.since = since
        self.pid = 4711
        self._world = world

    def close(self, context: Context) -> None:
        if self._world.will_not_close:
            raise TunnelError(Code.NEEDS_PRIVILEGES, command="toy off")
        self._world.door.wait(_LONGEST_CLOSE)
        self._world.closed.append(context)

    def leave(self) -> None:
        self._world.left_up.append(self.public_url)


class RetargetableToySession(ToySession):
    """One that can switch to another literal address."""

    def retarget(self, origin: Target) -> None:
        self._world.origins.append(origin)

    def lead(self, target: Target, origin: Target, host: str) -> bool:
        self._world.led.append((target, origin, host))
        return self._world.leads


class ToyBackend(BackendBase):
    """Implements core.backend.Backend and WishKeeper."""

    kind = BackendId("toy")
    title = "Toy"
    options: type = ToyOptions
    no_extras = ToyExtras()

    def __init__(self, services: Services, world: ToyWorld | None = None, tunnel: TunnelId | None = None) -> None:
        super().__init__(tunnel)
        self._services = services
        self.world = world or ToyWorld()
        self.others: dict[TunnelId, ToyWorld] = {}
        self.can_stay = self.world.can_stay
        self.commands = self.declared_commands()

    def another(self, tunnel: TunnelId) -> ToyBackend:
        """Return one whose world is its own: what the other tunnels of the toy do is seen there alone."""
        world = self.others.setdefault(tunnel, ToyWorld())
        return ToyBackend(self._services, world, tunnel)

    def declared_commands(self) -> tuple[Command, ...]:
        return (
            Command(
                name="paint",
                method="POST",
                path="paint",
                label="Paint",
                options=PaintOptions,
                answer=PaintAnswer,
                streams=True,
                run=self._paint,
                offered=lambda status: not status.running,
            ),
            Command(name="check", method="GET", path="check", label="Check", answer=CheckAnswer, run=self._check),
            Command(
                name="start",
                method="POST",
                path="enable",
                label="Start",
                options=ToyOptions,
                action="enable",
                answer=PaintAnswer,
                shape=_shape,
            ),
        )

    def caution(self, options: ToyOptions, others: Sequence[ToyOptions]) -> str:
        same = options.name and options.name in [other.name for other in others]
        return "Another toy is called so already." if same else ""

    def inspect(self) -> Installation:
        self.world.inspections += 1
        self._note_thread()
        return Installation(version="1.2", source="builtin", missing=self.world.missing, extras=ToyExtras(spins=0))

    def reclaim(self, context: Context) -> ToySession | None:
        self._note_thread()
        world = self.world
        if world.leftover is None:
            return None
        if world.leftover_stays:
            raise StillUpError(WOULD_NOT_CLOSE, world.leftover)
        url, world.leftover = world.leftover, None
        return RetargetableToySession(world, url)

    def open(self, context: Context) -> ToySession:
        self._note_thread()
        logger.debug("A session is asked for")
        world = self.world
        world.opened.append(context)
        context.cancel.check()
        while not world.gate.is_set():
            context.cancel.wait(0.005)
        if world.bug:
            message = "a bug"
            raise ZeroDivisionError(message)
        self._check_token(context)
        if world.blocked_by is not None:
            raise _needed(world.blocked_by)
        if world.failures:
            raise _failed(world.failures.pop(0))
        context.listener.report(ToyExtras(spins=len(world.opened)), 4711)
        session = RetargetableToySession if world.retargets else ToySession
        return session(world, f"https://toy-{len(world.opened)}.example")

    def still_blocked(self, code: Code) -> bool:
        self._note_thread()
        self.world.looks += 1
        blocked = self.world.blocked_by
        return blocked is not None and blocked.code is code

    def wish_facts(self) -> Mapping[str, str]:
        return dict(self.world.facts)

    def fits(self, facts: Mapping[str, str]) -> Problem | None:
        return self.world.misfit

    def _check_token(self, context: Context) -> None:
        wanted = self.world.needs_token
        if wanted is None:
            return
        token = context.secrets.get("auth_token")
        if token is None:
            raise _needed(NEEDS_TOKEN)
        if token.reveal() != wanted:
            context.secrets.forget("auth_token")
            raise AuthNeeded(Code.TOKEN_REJECTED, service="Toy", action_url=LOGIN_PAGE)

    def _paint(self, context: Context) -> Answer:
        coats = context.options.coats
        for coat in range(1, coats + 1):
            context.listener.progress(Progress(step="paint", message=f"Coat {coat}", received=coat, total=coats))
            while not self.world.brush.is_set():
                context.cancel.wait(0.005)
            context.cancel.check()
            self.world.painted.append(coat)
        return {"painted": coats}

    def _check(self, context: Context) -> Answer:
        context.cancel.check()
        self._note_thread()
        return {"wheels": 4}

    def _note_thread(self) -> None:
        from PySide6.QtCore import QThread  # late: the fake itself is as free of Qt as a backend

        self.world.threads.add(QThread.currentThread().objectName())


def _shape(status: TunnelStatus) -> Answer:
    return {"painted": 1 if status.running else 0}


def _needed(problem: Problem) -> AuthNeeded:
    return AuthNeeded(problem.code, action_url=problem.action_url, service="Toy")


def _failed(problem: Problem) -> TunnelError:
    texts: dict[str, Any] = dict(problem.parameters)
    return TunnelError(problem.declared or problem.code, problem.variant, retry_after=problem.retry_after, **texts)
