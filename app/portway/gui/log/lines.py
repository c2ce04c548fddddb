"""Lines of the log files, as people read them: day, time, level, source and text."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import IntEnum

# As system.logs writes them: 2026-11-25T14:02:11.123Z INFO    portway.backends.lan: text
_LINE = re.compile(
    r"(?P<moment>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3})Z (?P<level>[A-Z]+) +[\w.]+: (?P<text>.*)",
    re.ASCII | re.DOTALL,
)
_NEVER = datetime.fromtimestamp(0, UTC)  # of a line that is none of ours, before all others


class Level(IntEnum):
    """How much a line matters."""

    DEBUG = 10
    INFO = 20
    WARNING = 30
    ERROR = 40


@dataclass(frozen=True, slots=True)
class LogLine:
    """One line. `moment` is in UTC. `continues`: it is a further line of the one before."""

    source: str  # a backend, or "portway"
    level: Level
    moment: datetime
    text: str
    continues: bool = False

    @property
    def local(self) -> datetime:
        """The moment in the person's own time."""
        return self.moment.astimezone()

    @property
    def time(self) -> str:
        """The time of the day; empty where the line before shows it."""
        return "" if self.continues else f"{self.local:%H:%M:%S}"


def read_line(source: str, line: str, before: LogLine | None = None) -> LogLine:
    """Read one line of `source`; what is no line of ours continues the one before, and has its moment and level."""
    match = _LINE.fullmatch(line)
    moment = None if match is None else _moment(match["moment"])
    if match is None or moment is None:
        level, moment = (Level.INFO, _NEVER) if before is None else (before.level, before.moment)
        return LogLine(source, level, moment, line, continues=True)
    name = "ERROR" if match["level"] == "CRITICAL" else match["level"]
    level = Level[name] if name in Level.__members__ else Level.INFO
    return LogLine(source, level, moment, match["text"])


def _moment(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text).replace(tzinfo=UTC)
    except ValueError:
        return None
