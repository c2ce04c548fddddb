"""What is said in more than one part of the window: causes, durations, times and sizes."""

from datetime import date, datetime

from PySide6.QtCore import QDate, QDateTime, QLocale

from portway.core.errors import Problem
from portway.gui.i18n.contexts import common as tr

__all__ = ["clock_time", "duration", "megabytes", "sentence", "short_day", "tr"]

_MINUTE, _HOUR, _DAY = 60, 3600, 86400
_MEGABYTE = 1_000_000


def sentence(problem: Problem) -> str:
    """Say what happened and what helps: the translation of the sentence that REST and the log tell in English."""
    return tr(problem.cause.text).format_map(problem.parameters)


def duration(seconds: float) -> str:
    """Say how long something has lasted, or will: "8 s", "2 h 10 min", "3 d 4 h"."""
    whole = max(0, round(seconds))
    if whole < _MINUTE:
        #: Seconds, minutes, hours and days as symbols: a card has little room.
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


def short_day(day: date) -> str:
    """Say which day it was, as people write it there."""
    return QLocale().toString(QDate(day.year, day.month, day.day), QLocale.FormatType.ShortFormat)


def megabytes(received: int, total: int) -> str:
    """Say how much of a download has arrived."""
    locale = QLocale()
    return tr(
        "{received} of {total} MB",
        received=locale.toString(received / _MEGABYTE, "f", 1),
        total=locale.toString(total / _MEGABYTE, "f", 1),
    )
