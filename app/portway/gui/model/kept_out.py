"""Who was kept out of a tunnel, in words, and who of them can be let in by one click. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from ipaddress import ip_address

from portway.core.guard.rules import Guard, parse_network
from portway.core.hub import KeptOut
from portway.core.texts import TranslatableTable
from portway.gui.i18n.contexts import dialogs as tr
from portway.gui.i18n.words import clock_time

_MOST = 12  # that are shown
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


def turned_away(kept_out: Sequence[KeptOut], guard: Guard, now: datetime) -> tuple[Entry, ...]:
    """Return those who may not come for their address, and still may not; the latest first."""
    rows = (one for one in kept_out if one.rule == ADDRESS and not _within(one.address, guard.allow))
    return tuple(_entries(rows, guard, now))


def held_up(kept_out: Sequence[KeptOut], guard: Guard, now: datetime) -> tuple[Entry, ...]:
    """Return those who were kept out by another rule, or by an address where no others are named to come."""
    others = (one for one in kept_out if one.rule != ADDRESS or not guard.allow)
    return tuple(_entries(others, guard, now))


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
