"""A backend that only declares itself: what the API promises of it, and what a window shows of it; nothing runs."""

from __future__ import annotations

from dataclasses import dataclass

from portway.core.backend import Answer, Command, Context, Session
from portway.core.codes import Code
from portway.core.options import NoOptions
from portway.core.status import BackendId, Installation, NoExtras, Reach


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaredBackend:
    """Implements core.backend.Backend as far as it declares something."""

    id: BackendId
    title: str
    reach: Reach = Reach.INTERNET
    options: type = NoOptions
    no_extras: object = NoExtras()
    commands: tuple[Command, ...] = ()
    can_stay: bool = False
    refusals_allowed: int = 0

    def inspect(self) -> Installation:
        raise NotImplementedError

    def reclaim(self, context: Context) -> Session | None:
        raise NotImplementedError

    def open(self, context: Context) -> Session:
        raise NotImplementedError

    def still_blocked(self, code: Code) -> bool:
        raise NotImplementedError


def never(_context: Context) -> Answer:
    """Run as a command that nobody runs."""
    raise NotImplementedError
