"""Who may come to a tunnel by address, who was kept out, and who of them can be let in by one click. Pure."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from ipaddress import ip_address

from portway.core.guard.rules import LONGEST_NOTE, Guard, note_of, parse_network, plain_network
from portway.core.hub import KeptOut
from portway.core.texts import TranslatableTable
from portway.gui.i18n.contexts import dialogs as tr
from portway.gui.i18n.words import clock_time, duration, short_day

_MOST = 12  # that are shown
_DATED = re.compile(r"(?P<whose>.*?),? ?(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})")
ADDRESS = "address"  # the rule about who may come
_WHY: TranslatableTable[str] = {
    "path": "this path is not open",
    "read_only": "it wanted to send",
    "protocol": "another protocol",
    "rate": "too often",
    "password": "no password",
    "tries": "too many wrong passwords",
    "locked": "the keyring is closed",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One visitor in a list: an address, and what is said beside it. `can_be_allowed`: one click lets it in."""

    address: str
    text: str
    can_be_allowed: bool


def admitted(guard: Guard, visits: Mapping[str, datetime], now: datetime) -> tuple[Entry, ...]:
    """Return those who may come, in their order: whose it is, and when somebody came from there last."""
    return tuple(
        Entry(plain_network(one), _noted(note_of(one), visits.get(plain_network(one)), now), can_be_allowed=False)
        for one in guard.allow
    )


def note_for(words: str, day: date) -> str:
    """Return what is noted of an address that is added on this day."""
    room = LONGEST_NOTE - len(day.isoformat()) - 1
    return f"{words.strip()[:room].strip()} {day.isoformat()}".strip()


def turned_away(kept_out: Sequence[KeptOut], guard: Guard, now: datetime) -> tuple[Entry, ...]:
    """Return those who may not come for their address, and still may not; the latest first."""
    rows = (one for one in kept_out if one.rule == ADDRESS and not _within(one.address, guard.allow))
    return tuple(_entries(rows, guard, now))


def held_up(kept_out: Sequence[KeptOut], guard: Guard, now: datetime) -> tuple[Entry, ...]:
    """Return those who were kept out by another rule, or by an address where no others are named to come."""
    others = (one for one in kept_out if one.rule != ADDRESS or not guard.allow)
    return tuple(_entries(others, guard, now))


def _noted(note: str, visited: datetime | None, now: datetime) -> str:
    """Say whose it is, and when it was there last; before that, when it was added, where that was noted."""
    whose, day = _split(note)
    when = ""
    if visited is not None:
        when = tr("visited {time} ago", time=duration((now - visited).total_seconds()))
    elif day is not None:
        when = tr("added {date}", date=short_day(day))
    return ", ".join(filter(None, (whose, when)))


def _split(note: str) -> tuple[str, date | None]:
    """Return what was noted, and the day at its end, where there is one."""
    match = _DATED.fullmatch(note)
    try:
        return (note, None) if match is None else (match["whose"], date.fromisoformat(match["day"]))
    except ValueError:
        return note, None


def _entries(rows: Iterator[KeptOut], guard: Guard, now: datetime) -> Iterator[Entry]:
    for _, one in zip(range(_MOST), rows, strict=False):
        allowed = one.rule == ADDRESS and bool(one.address and guard.allow) and not _within(one.address, guard.deny)
        yield Entry(one.address or tr("unknown address"), _words(one, now), allowed)


def _words(one: KeptOut, now: datetime) -> str:
    """Say when, why and how often."""
    parts = [
        tr("kept out {time}", time=clock_time(one.at, now)),
        tr(_WHY[one.rule]) if one.rule in _WHY else "",
        tr("%n times", "", one.times) if one.times > 1 else "",
        tr("asked for {path}", path=one.path),
    ]
    return ", ".join(filter(None, parts))


def _within(address: str, networks: Sequence[str]) -> bool:
    if not address:
        return False
    known = ip_address(address)
    found = (parse_network(text) for text in networks)
    return any(known in network for network in found if network.version == known.version)
