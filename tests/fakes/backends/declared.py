"""A backend that only declares itself: what the API promises of it, and what a window shows of it; nothing runs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from portway.core.backend import Answer, BackendBase, ClientHeader, Command, Context, Session
from portway.core.codes import Code
from portway.core.options import NoOptions
from portway.core.status import BackendId, Extras, Installation, Reach, TunnelId
from portway.core.texts import SOMEHOW_PUBLIC, About


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaredBackend:
    """Implements core.backend.Backend as far as it declares something."""

    kind: BackendId
    id: TunnelId = ""
    title: str
    reach: Reach = Reach.INTERNET
    options: type = NoOptions
    no_extras: Extras = BackendBase.no_extras
    about: About = SOMEHOW_PUBLIC
    icon: str = "service"
    trusted_client: ClientHeader | None = None
    commands: tuple[Command, ...] = ()
    can_stay: bool = False
    refusals_allowed: int = 0
    name_settles: float = 0.0

    def __post_init__(self) -> None:
        if not self.id:
            object.__setattr__(self, "id", self.kind)

    def another(self, tunnel: TunnelId) -> DeclaredBackend:
        return replace(self, id=tunnel)

    def caution(self, options: object, others: Sequence[object]) -> str:
        raise NotImplementedError

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
