"""What passes through a tunnel, in the words of its card. Pure."""

from datetime import datetime, timedelta

from portway.core.status import SLOT, Traffic
from portway.gui.i18n.contexts import cards as tr
from portway.gui.i18n.words import duration
from portway.gui.model.card_view import Figure, LiveView
from portway.gui.theme.tone import Tone

_NOW = timedelta(minutes=1)  # a visitor who asked for something in it is there now


def live_of(traffic: Traffic, now: datetime) -> LiveView:
    """Return what the live line shows."""
    slot = slot_at(now)
    if not traffic.requests and not traffic.refused:
        return LiveView((Figure(tr("No visitor yet")),), traffic.recent, slot)
    figures = [Figure(tr("%n requests", "", traffic.requests))]
    there = visitors_now(traffic, now)
    if there:
        figures.append(Figure(tr("%n visitors now", "", there)))
    if traffic.failures:
        figures.append(Figure(tr("%n failed", "", traffic.failures), Tone.BAD))
    if traffic.refused:
        figures.append(Figure(tr("%n kept out", "", traffic.refused), Tone.WARN))
    if traffic.last_at is not None:
        figures.append(Figure(tr("last {time} ago", time=duration((now - traffic.last_at).total_seconds()))))
    return LiveView(tuple(figures), traffic.recent, slot, traffic.requests)


def visitors_now(traffic: Traffic, now: datetime) -> int:
    """How many have a request open, or had one in the last minute."""
    since = slot_at(now - _NOW)
    return traffic.present + sum(slot.visitors for slot in traffic.recent if slot.number >= since)


def slot_at(moment: datetime) -> int:
    """Return the number of the slot in which a moment is."""
    return int(moment.timestamp() // SLOT)
