"""When a tunnel stops by itself: kept by a clock that goes on while the computer sleeps, shown as a time of day."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from portway.core.codes import Code
from portway.core.errors import TunnelError

LONGEST = 366 * 86_400  # seconds

_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}
_PART = re.compile(r"([0-9]{1,8})\s*([smhd]?)")
DURATION = r"\s*[1-9][0-9]{0,7}\s*(?:[smhd](?:\s*[0-9]{1,8}\s*[smhd])*)?\s*"


class Until(StrEnum):
    """What ends a tunnel in place of a time."""

    LOGOUT = "logout"  # or the computer's sleep, whichever comes first


Ends = float | Until
"""When a tunnel stops by itself: so many seconds from now, or then."""


@dataclass(frozen=True, slots=True)
class Deadline:
    """`due` is a reading of the clock that counts sleep, in seconds; `at` is the same moment in UTC.

    `due` decides while the computer is not started anew, whatever is done to its date; after that only `at` is left.
    """

    due: float
    at: datetime

    @classmethod
    def within(cls, seconds: float, clock: float) -> "Deadline":
        """Return the one that is so many seconds from now; `clock` is what the clock says now."""
        return cls(clock + seconds, datetime.now(UTC) + timedelta(seconds=seconds))

    @classmethod
    def kept(cls, at: datetime, clock: float, due: float | None) -> "Deadline":
        """Return one of an earlier run: by its `due` if that was of this start of the computer, else by its date."""
        return cls.within((at - datetime.now(UTC)).total_seconds() if due is None else due - clock, clock)

    def left(self, clock: float) -> float:
        """Return the seconds until then; none, or fewer, once it is over."""
        return self.due - clock

    def later_by(self, seconds: float) -> "Deadline":
        """Return one that is so much later."""
        return Deadline(self.due + seconds, self.at + timedelta(seconds=seconds))


def read_ends(value: object, *, field: str = "expiresIn") -> Ends:
    """Return when it ends: `logout`, else as `read_duration`, which also says what is raised."""
    return Until.LOGOUT if value == Until.LOGOUT else read_duration(value, field=field)


def read_duration(value: object, *, field: str = "expiresIn") -> float:
    """Return seconds: a number of them, or a text like `90s`, `15m`, `1h30m`, `2d`. Raises TunnelError(bad_request)."""
    seconds = 0
    if isinstance(value, str) and re.fullmatch(DURATION, value):
        seconds = sum(int(number) * _SECONDS[unit or "s"] for number, unit in _PART.findall(value))
    elif isinstance(value, int) and not isinstance(value, bool):
        seconds = value
    if not 1 <= seconds <= LONGEST:
        raise TunnelError(Code.BAD_REQUEST, "duration", field=field)
    return float(seconds)
