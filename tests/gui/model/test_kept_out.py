"""What is said of visitors who were kept out, and to whom “Allow” is offered."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from portway.core.guard.rules import LONGEST_NOTE, Guard
from portway.core.hub import KeptOut
from portway.gui.i18n.words import short_day
from portway.gui.model.kept_out import admitted, held_up, note_for, turned_away
from portway.relay.guard.policy import Rule

_NOW = datetime(2026, 11, 12, 14, 10, tzinfo=UTC)
_AT = f"{(_NOW - timedelta(minutes=1)).astimezone():%H:%M}"


def _one(address: str = "192.0.2.44", rule: str = "address", times: int = 1) -> KeptOut:
    return KeptOut(address=address, at=_NOW - timedelta(minutes=1), rule=rule, path="/v1/models", times=times)


def test_when_what_and_how_often_is_said() -> None:
    (entry,) = turned_away([_one(times=3)], Guard(allow=("203.0.113.7",)), _NOW)
    assert entry.text == f"kept out {_AT}, 3 times, asked for /v1/models"
    (entry,) = held_up([_one(rule="password")], Guard(password=True), _NOW)
    assert entry.text == f"kept out {_AT}, no password, asked for /v1/models"


@pytest.mark.parametrize("rule", [rule for rule in Rule if rule not in (Rule.ADDRESS, Rule.EXPIRED)])
def test_each_rule_has_its_words(rule: Rule) -> None:
    (entry,) = held_up([_one(rule=rule)], Guard(), _NOW)
    assert entry.text.count(", ") == 2


@pytest.mark.parametrize(
    ("address", "guard", "offered"),
    [
        ("192.0.2.44", Guard(allow=("203.0.113.7",)), [True]),
        ("192.0.2.44", Guard(allow=("203.0.113.7",), deny=("192.0.2.0/24",)), [False]),
        ("192.0.2.44", Guard(allow=("203.0.113.7", "192.0.2.44")), []),
        ("2001:db8::2", Guard(allow=("2001:db8::/64",)), []),
        ("2001:db8::2", Guard(allow=("203.0.113.7",)), [True]),
        ("", Guard(allow=("203.0.113.7",)), [False]),
    ],
)
def test_allow_is_offered_where_it_lets_somebody_in(address: str, guard: Guard, offered: list[bool]) -> None:
    assert [one.can_be_allowed for one in turned_away([_one(address)], guard, _NOW)] == offered


def test_where_no_addresses_are_named_nobody_is_allowed_alone() -> None:
    """To allow one would keep all others out."""
    guard = Guard(deny=("192.0.2.44",))
    assert [one.can_be_allowed for one in held_up([_one()], guard, _NOW)] == [False]


def test_no_more_are_shown_than_can_be_read() -> None:
    many = [_one(f"192.0.2.{number}") for number in range(100)]
    assert len(turned_away(many, Guard(allow=("203.0.113.7",)), _NOW)) == 12


@pytest.mark.parametrize(
    ("entry", "ago", "words"),
    [
        ("203.0.113.7", None, ""),
        ("203.0.113.7", 3, "visited 3 s ago"),
        ("203.0.113.7 # Office", None, "Office"),
        ("203.0.113.7 # Office", 3, "Office, visited 3 s ago"),
        ("203.0.113.7 # Office 2026-11-12", None, "Office, added {day}"),
        ("203.0.113.7 # Office 2026-11-12", 120, "Office, visited 2 min ago"),
        ("203.0.113.7 # 2026-11-12", None, "added {day}"),
        ("203.0.113.7 # since 2026-02-31", None, "since 2026-02-31"),  # no day
        ("203.0.113.7 # Flat 2026-11-1", None, "Flat 2026-11-1"),
    ],
)
def test_of_those_who_may_come_it_is_said_whose_it_is_and_when_somebody_came(
    entry: str, ago: float | None, words: str
) -> None:
    visits = {} if ago is None else {"203.0.113.7": _NOW - timedelta(seconds=ago)}
    (found,) = admitted(Guard(allow=(entry,)), visits, _NOW)
    assert found.address == "203.0.113.7"
    assert found.text == words.format(day=short_day(date(2026, 11, 12)))


def test_what_is_noted_of_a_new_one_has_the_day_and_fits() -> None:
    assert note_for("  Office ", date(2026, 11, 12)) == "Office 2026-11-12"
    assert note_for("", date(2026, 11, 12)) == "2026-11-12"
    assert len(note_for("x" * 99, date(2026, 11, 12))) == LONGEST_NOTE
