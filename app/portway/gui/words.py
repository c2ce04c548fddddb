"""What people read: every visible text passes through `tr`, and each cause is said in their language."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QCoreApplication, QDateTime, QLocale

from portway.core.errors import Problem
from portway.core.sentences import SENTENCES

CONTEXT = "portway"
_MINUTE, _HOUR, _DAY = 60, 3600, 86400
_MEGABYTE = 1_000_000


def tr(text: str, /, **parameters: object) -> str:
    """Return the English source text in the language in use, with its `{names}` filled in."""
    translated = QCoreApplication.translate(CONTEXT, text)
    return translated.format_map(parameters) if parameters else translated


def sentence(problem: Problem) -> str:
    """Say what happened and what helps: the translation of the sentence that REST and the log tell in English."""
    return tr(SENTENCES[problem.key]).format_map(problem.parameters)


def counted(number: int, one: str, many: str) -> str:
    """Return `one` or `many` (already translated templates with {count}), as the number asks."""
    return (one if number == 1 else many).format_map({"count": number})


def duration(seconds: float) -> str:
    """Say how long something has lasted, or will: "8 s", "2 h 10 min", "3 d 4 h"."""
    whole = max(0, round(seconds))
    if whole < _MINUTE:
        return tr("{seconds} s", seconds=whole)
    if whole < _HOUR:
        return tr("{minutes} min", minutes=whole // _MINUTE)
    if whole < _DAY:
        hours, minutes = whole // _HOUR, whole % _HOUR // _MINUTE
        if minutes == 0:
            return tr("{hours} h", hours=hours)
        return tr("{hours} h {minutes} min", hours=hours, minutes=minutes)
    return tr("{days} d {hours} h", days=whole // _DAY, hours=whole % _DAY // _HOUR)


def clock_time(moment: datetime, now: datetime) -> str:
    """Say when it was in the person's own time; the day only where it was another one."""
    local = moment.astimezone()
    if local.date() == now.astimezone().date():
        return f"{local:%H:%M}"
    return QLocale().toString(QDateTime.fromSecsSinceEpoch(int(moment.timestamp())), QLocale.FormatType.ShortFormat)


def megabytes(received: int, total: int) -> str:
    """Say how much of a download has arrived."""
    locale = QLocale()
    return tr(
        "{received} of {total} MB",
        received=locale.toString(received / _MEGABYTE, "f", 1),
        total=locale.toString(total / _MEGABYTE, "f", 1),
    )
