"""When those who may come were there last is known by the entry that lets them in, in bounded memory."""

from __future__ import annotations

from datetime import UTC, datetime
from ipaddress import ip_address

from portway.core.guard.rules import Guard
from portway.core.secret import Secret
from portway.relay.guard.policy import Rules
from portway.relay.guard.visits import AllowedVisits
from tests.relay.guard.test_kept_out import _ask, _gate


def _visits(*allow: str) -> AllowedVisits:
    visits = AllowedVisits()
    visits.follow(Rules(Guard(allow=allow)))
    return visits


def _come(visits: AllowedVisits, *addresses: str) -> None:
    for address in addresses:
        visits.note(address, ip_address(address))


def test_each_entry_that_lets_somebody_in_has_its_last_visit() -> None:
    visits, before = (
        _visits("203.0.113.7 # Home", "203.0.113.0/24", "198.51.100.0/24", "2001:db8::/64"),
        datetime.now(UTC),
    )
    _come(visits, "203.0.113.7", "203.0.113.9", "2001:db8::5")
    found = visits.all()
    assert set(found) == {"203.0.113.7", "203.0.113.0/24", "2001:db8::/64"}
    assert before <= found["203.0.113.7"] <= found["203.0.113.0/24"] <= datetime.now(UTC)
    _come(visits, "203.0.113.7")
    assert visits.all()["203.0.113.7"] >= found["203.0.113.0/24"]


def test_an_entry_that_goes_is_forgotten_and_those_that_stay_are_not() -> None:
    visits = _visits("203.0.113.7", "198.51.100.0/24")
    _come(visits, "203.0.113.7", "198.51.100.3")
    visits.follow(Rules(Guard(allow=("198.51.100.0/24 # Office",))))
    assert set(visits.all()) == {"198.51.100.0/24"}
    visits.follow(Rules(Guard(allow=("198.51.100.0/24", "203.0.113.7"))))
    assert set(visits.all()) == {"198.51.100.0/24"}


def test_many_visitors_take_no_more_room_and_lose_no_entry() -> None:
    visits = _visits("10.0.0.0/8", "192.0.2.1")
    _come(visits, "192.0.2.1", *(f"10.0.{number // 250}.{number % 250}" for number in range(5000)))
    assert len(visits._recent) <= 1000
    assert set(visits.all()) == {"10.0.0.0/8", "192.0.2.1"}


def test_only_those_who_get_in_have_been_there() -> None:
    gate = _gate(Guard(allow=("203.0.113.7", "192.0.2.0/24")))
    _ask(gate, "/", "203.0.113.7")
    _ask(gate, "/", "198.51.100.3")  # not one of them
    _ask(gate, "/")  # nobody knows who
    assert set(gate.visits.all()) == {"203.0.113.7"}
    gate.guard_by(Guard(password=True, allow=("192.0.2.0/24",)), Secret("correct horse"), None)
    _ask(gate, "/", "192.0.2.44")  # without the password
    assert gate.visits.all() == {}


def test_without_a_rule_about_addresses_nobody_is_noted() -> None:
    gate = _gate(Guard(read_only=True))
    _ask(gate, "/", "203.0.113.7")
    assert gate.visits._recent == {}
    assert gate.visits.all() == {}


def test_it_is_forgotten_with_the_end_of_the_tunnel() -> None:
    gate = _gate(Guard(allow=("203.0.113.7",)))
    _ask(gate, "/", "203.0.113.7")
    gate.forget_visitors()
    assert gate.visits.all() == {}
