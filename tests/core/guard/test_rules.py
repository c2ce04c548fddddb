"""Rules as people write them: read, refused, changed and written down."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portway.core.errors import TunnelError
from portway.core.guard.deadline import Deadline, read_duration
from portway.core.guard.rules import (
    OPEN_TO_ALL,
    Guard,
    guard_record,
    parse_network,
    plain_network,
    read_change,
    read_guard,
)

_WHOLE = {
    "password": True,
    "basic": True,
    "allow": ["203.0.113.7", "198.51.100.0/24", "2001:db8::/64"],
    "deny": ["192.0.2.44"],
    "readOnly": True,
    "open": ["POST /webhooks/*"],
    "paths": ["/webhooks/*", "/"],
    "rateLimit": 60,
}


def test_what_is_written_down_reads_as_the_same() -> None:
    guard = read_guard(_WHOLE)
    assert guard_record(guard) == _WHOLE
    assert read_guard(guard_record(guard)) == guard
    assert guard_record(OPEN_TO_ALL) == {}


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("203.0.113.7", "203.0.113.7"),
        (" 203.0.113.7/32 ", "203.0.113.7"),
        ("203.0.113.9/24", "203.0.113.0/24"),
        ("2001:db8::1", "2001:db8::/64"),
        ("2001:db8::1/128", "2001:db8::1/128"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
    ],
)
def test_addresses_are_kept_as_the_network_they_mean(written: str, meant: str) -> None:
    assert read_change({"allow": [written, written]}).of(OPEN_TO_ALL).allow == (meant,)


@pytest.mark.parametrize(
    ("before", "asked", "after"),
    [
        ([], ["198.51.100.9/24 #  Office "], ["198.51.100.0/24 # Office"]),
        (["203.0.113.7 # Home"], ["203.0.113.7", "10.0.0.0/8"], ["203.0.113.7 # Home", "10.0.0.0/8"]),  # it keeps it
        (["203.0.113.7 # Home"], ["203.0.113.7 # Flat"], ["203.0.113.7 # Flat"]),
        (["203.0.113.7 # Home"], ["203.0.113.7 #"], ["203.0.113.7"]),
        (["203.0.113.7 # Home"], ["203.0.113.8"], ["203.0.113.8"]),
        ([], ["203.0.113.7 # Home", "203.0.113.7/32 # Flat"], ["203.0.113.7 # Flat"]),
        ([], ["2001:db8::1#a # b"], ["2001:db8::/64 # a # b"]),
    ],
)
@pytest.mark.parametrize("name", ["allow", "deny"])
def test_what_a_person_notes_of_an_address_stays_with_it(
    name: str, before: list[str], asked: list[str], after: list[str]
) -> None:
    guard = read_change({name: before}).of(OPEN_TO_ALL)
    changed = read_change({name: asked}).of(guard)
    assert list(getattr(changed, name)) == after
    assert read_guard(guard_record(changed)) == changed
    assert [parse_network(entry) for entry in after] == [parse_network(plain_network(entry)) for entry in after]


@pytest.mark.parametrize("note", ["x" * 61, "a\nb", "a\x1b[2J"])
def test_a_note_is_short_and_steers_nothing(note: str) -> None:
    with pytest.raises(TunnelError) as caught:
        read_change({"allow": [f"203.0.113.7 # {note}"]})
    assert note not in str(caught.value)


@pytest.mark.parametrize(
    "record",
    [
        None,
        [],
        "open",
        {"allow": "203.0.113.7"},
        {"allow": ["example.org"]},
        {"allow": [""]},
        {"allow": [7]},
        {"allow": ["10.0.0.1"] * 101},
        {"deny": ["300.1.1.1"]},
        {"readOnly": "yes"},
        {"readOnly": 1},
        {"rateLimit": 0},
        {"rateLimit": True},
        {"rateLimit": 1.5},
        {"open": ["webhooks"]},
        {"paths": ["/a/../b"]},
        {"paths": ["/a*b"]},
        {"paths": ["/%61"]},
        {"paths": ["get /a"]},
        {"password": "short"},
        {"password": " blanks around "},
        {"password": "line\nbreak"},
        {"password": 12345678},
    ],
)
def test_what_is_no_rule_is_refused_whole(record: object) -> None:
    with pytest.raises(TunnelError):
        read_change(record)


def test_a_refused_password_is_not_repeated() -> None:
    with pytest.raises(TunnelError) as refused:
        read_change({"password": "hunt\ner2"})
    assert "er2" not in str(refused.value)


@pytest.mark.parametrize("damage", [{"allow": ["?"]}, {"allwo": ["10.0.0.1"]}, {"password": "kept in plain text"}])
def test_a_stored_guard_with_one_damaged_part_is_no_guard(damage: dict[str, object]) -> None:
    with pytest.raises(TunnelError):
        read_guard({**_WHOLE, **damage})


def test_a_change_names_some_rules_and_null_takes_one_away() -> None:
    guard = read_change({"allow": None, "rateLimit": None, "password": False}).of(read_guard(_WHOLE))
    assert (guard.allow, guard.rate_limit, guard.password) == ((), None, False)
    assert guard.paths == ("/webhooks/*", "/")


def test_of_two_changes_the_later_one_holds_with_its_password() -> None:
    first, second = read_change({"password": "first password", "readOnly": True}), read_change({"readOnly": False})
    both = second.after(first)
    assert both.secret is not None
    assert (both.secret.reveal(), both.of(OPEN_TO_ALL)) == ("first password", Guard(password=True))
    assert read_change({"password": None}).after(first).secret is None


def test_only_what_keeps_somebody_out_is_a_guard_that_stands() -> None:
    assert not Guard(basic=True, open=("/a",)).stands
    assert all(
        guard.stands
        for guard in (
            Guard(password=True),
            Guard(allow=("10.0.0.1",)),
            Guard(deny=("10.0.0.1",)),
            Guard(read_only=True),
            Guard(paths=("/",)),
            Guard(rate_limit=1),
        )
    )


@pytest.mark.parametrize(
    ("written", "seconds"), [("90s", 90), ("15m", 900), ("1h30m", 5400), (" 2d ", 172_800), ("600", 600), (600, 600)]
)
def test_times_are_written_as_people_have_them(written: object, seconds: float) -> None:
    assert read_duration(written) == seconds


@pytest.mark.parametrize("written", ["", "h", "1x", "-1h", "0", 0, -5, 1.5, True, None, "400d", "1 hour", "9" * 30])
def test_what_is_no_time_is_refused(written: object) -> None:
    with pytest.raises(TunnelError):
        read_duration(written)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.floats(1, 1e6), st.floats(0, 1e6), st.floats(-1e6, 1e6))
def test_the_date_of_the_computer_moves_no_deadline_of_this_start(seconds: float, clock: float, moved: float) -> None:
    made = Deadline.within(seconds, clock)
    kept = Deadline.kept(made.at + timedelta(seconds=moved), clock + 1, made.due)
    assert kept.left(clock + 1) == pytest.approx(seconds - 1, abs=1e-3)


def test_after_another_start_of_the_computer_its_date_decides() -> None:
    kept = Deadline.kept(datetime.now(UTC) + timedelta(hours=1), 5.0, None)
    assert kept.left(5.0) == pytest.approx(3600, abs=5)
    assert Deadline.kept(datetime.now(UTC) - timedelta(hours=1), 5.0, None).left(5.0) < 0
