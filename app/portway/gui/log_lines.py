"""Lines of the log files, as people read them: time, level, source and text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import IntEnum

# As system.logs writes them: 2026-11-25T14:02:11.123Z INFO    portway.backends.lan: text
_LINE = re.compile(r"(?P<time>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\.\d+Z (?P<level>[A-Z]+) +[\w.]+: (?P<text>.*)", re.DOTALL)


class Level(IntEnum):
    """How much a line matters."""

    DEBUG = 10
    INFO = 20
    WARNING = 30
    ERROR = 40


@dataclass(frozen=True, slots=True)
class LogLine:
    """One line. `time` is in the person's own time; empty for the second line of something longer."""

    source: str  # a backend, or "portway"
    level: Level
    time: str
    text: str


def read_line(source: str, line: str, before: Level = Level.INFO) -> LogLine:
    """Read one line of `source`; what is no line of ours continues the one before, and has its level."""
    match = _LINE.fullmatch(line)
    if match is None:
        return LogLine(source, before, "", line)
    moment = datetime.fromisoformat(match["time"]).replace(tzinfo=UTC).astimezone()
    name = "ERROR" if match["level"] == "CRITICAL" else match["level"]
    level = Level[name] if name in Level.__members__ else Level.INFO
    return LogLine(source, level, f"{moment:%H:%M:%S}", match["text"])
