"""Programs that use Portway for a person and say so, like agents: what they may open, and who is asked. Pure."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from portway.core.errors import Problem
from portway.core.status import Reach, TunnelId

NEVER, ASK, LOCAL, ANYTHING = "never", "ask", "local", "anything"  # values of the setting general.programs
LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class Caller:
    """A program that says who it is, by a name that is fit to be shown. `session` is one run of it, if it says so."""

    name: str
    session: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """What a caller wants to open. `way` is what people call the backend.

    `seconds`: it stops by itself after so many; None: not. `lasting`: it outlives the caller. `password`: visitors need
    one.
    """

    caller: Caller
    tunnel: TunnelId
    way: str
    reach: Reach
    target_url: str
    seconds: float | None
    lasting: bool
    password: bool


class Verdict(StrEnum):
    """What becomes of an opening. All but the first two are variants of the refusal."""

    ALLOWED = "allowed"
    ASKED = "asked"
    NEVER = "never"
    LOCAL_ONLY = "local"
    NO_SCREEN = "no_screen"


def judge(setting: str, opening: Opening, *, can_ask: bool) -> Verdict:
    """Return what the setting says. `can_ask`: there is a screen, and so perhaps a person who looks at it."""
    is_near = opening.reach is Reach.NETWORK
    if setting == NEVER:
        return Verdict.NEVER
    if setting == ANYTHING or (setting == LOCAL and is_near):
        return Verdict.ALLOWED
    if setting == LOCAL:
        return Verdict.LOCAL_ONLY
    if can_ask:
        return Verdict.ASKED
    # Nobody sees a question: what strangers reach has to be guarded, and to end.
    is_guarded = opening.password and opening.seconds is not None
    return Verdict.ALLOWED if is_near or is_guarded else Verdict.NO_SCREEN


class Consents(Protocol):
    """Who asks the person. Main thread."""

    def ask(self, opening: Opening, done: Callable[[Problem | None], None]) -> Callable[[], None]:
        """Ask whether it may be opened, until what is returned is called. `done` gets None for yes, later and once."""
