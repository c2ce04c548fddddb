"""Passwords, the cookies that follow from them, links that are good once, and how often somebody may guess."""

from __future__ import annotations

import re
import time

import pytest

from portway.core.guard.rules import checked_password
from portway.core.secret import Secret
from portway.relay.guard.access import Access, generate_password
from portway.relay.guard.limits import Rate, Tries, key_of, parse_client

_CHOSEN = Secret("correct horse")


def _access(password: Secret = _CHOSEN, key: bytes = b"k" * 32, tunnel: str = "shop") -> Access:
    return Access(tunnel, key, password)


class TestPassword:
    def test_a_generated_one_has_eighty_bits_in_groups_and_may_be_used(self) -> None:
        made = {generate_password().reveal() for _ in range(200)}
        assert len(made) == 200
        for text in made:
            assert re.fullmatch(r"[a-z2-7]{4}(-[a-z2-7]{4}){3}", text)
            assert checked_password(text) == text

    @pytest.mark.parametrize("typed", ["KQM7-W2RT-9XHP-4VND", "kqm7w2rt5xhp4vnd", " kqm7 w2rt 5xhp 4vnd "])
    def test_a_generated_one_is_taken_as_people_type_it(self, typed: str) -> None:
        access = _access(Secret("kqm7-w2rt-5xhp-4vnd"))
        assert access.opens(typed.replace("9", "5"), "a", 0.0)

    @pytest.mark.parametrize("typed", ["Correct horse", "correcthorse", "correct horse ", "", "\ud800"])
    def test_a_chosen_one_is_taken_exactly_but_for_blanks_around_it(self, typed: str) -> None:
        assert _access().opens(typed, "a", 0.0) is (typed.strip() == "correct horse")

    def test_beyond_the_limit_of_one_client_even_the_right_one_of_that_client_is_not_looked_at(self) -> None:
        access = _access()
        for _ in range(5):
            assert not access.opens("wrong", "a", 10.0)
        assert not access.opens("correct horse", "a", 10.0)
        assert access.wait("a", 10.0) == pytest.approx(60.0)
        assert access.opens("correct horse", "b", 10.0)
        assert access.opens("correct horse", "a", 71.0)

    def test_a_generated_one_still_gets_in_whoever_guesses_how_often(self) -> None:
        password = generate_password()
        access = _access(password)
        for number in range(1000):
            assert not access.opens(f"wrong {number}", f"client {number % 300}", 10.0)
        assert access.wait("anybody", 10.0) > 0
        assert access.opens(password.reveal(), "anybody", 10.0)

    def test_a_thousand_wrong_tries_take_less_time_than_scrypt_takes_for_two(self) -> None:
        access = _access()
        began = time.thread_time()
        for number in range(1000):
            access.opens("wrong", str(number), 10.0)
        assert time.thread_time() - began < 0.1


class TestCookie:
    def test_it_lets_in_for_the_tunnel_password_and_run_it_was_made_for(self) -> None:
        value = _access().new_cookie()
        assert _access().knows_cookie(value)
        assert not _access(Secret("another one")).knows_cookie(value)
        assert not _access(key=b"x" * 32).knows_cookie(value)
        assert not _access(tunnel="api").knows_cookie(value)

    @pytest.mark.parametrize("spoilt", ["", "a", "0" * 16 + "." + "0" * 64, "ü" * 81])
    def test_no_other_value_does(self, spoilt: str) -> None:
        assert not _access().knows_cookie(spoilt)


def test_a_link_is_good_once_and_only_the_newest_wait() -> None:
    access = _access()
    words = [access.new_link() for _ in range(21)]
    assert not access.use_link(words[0])
    assert access.knows_link(words[1])
    assert access.use_link(words[1])
    assert not access.use_link(words[1])


class TestRate:
    def test_it_refills_with_time(self) -> None:
        rate = Rate(60)
        for _ in range(35):
            assert not rate.spent("a", 0.0)
            rate.take("a", 0.0)
        assert rate.spent("a", 0.5)
        assert not rate.spent("a", 1.0)
        assert not rate.spent("b", 0.0)

    def test_it_remembers_no_more_clients_than_it_may(self) -> None:
        rate, tries = Rate(1), Tries()
        for number in range(10_000):
            rate.take(str(number), 0.0)
            tries.note(str(number), 0.0)
        assert len(rate._left) == len(tries._by_client) == 4096


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("203.0.113.7", "203.0.113.8", False),
        ("2001:db8::1", "2001:db8::ffff", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("::ffff:203.0.113.7", "203.0.113.7", True),
        ("no address", "203.0.113.7", False),
    ],
)
def test_a_device_counts_as_one_client(one: str, other: str, same: bool) -> None:  # noqa: FBT001
    assert (key_of(parse_client(one)) == key_of(parse_client(other))) is same


def test_cookies_that_were_found_good_are_known_again_in_bounded_memory() -> None:
    access = Access("shop", b"k" * 32, Secret("correct horse"))
    cookies = [access.new_cookie() for _ in range(1500)]
    assert all(access.knows_cookie(cookie) for cookie in cookies)
    assert len(access._known) == 1024
    assert all(access.knows_cookie(cookie) for cookie in cookies)  # those that made room as well
    assert not any(access.knows_cookie(f"{cookie[:-1]}g") for cookie in cookies)
    assert not any(Access("shop", b"k" * 32, Secret("another")).knows_cookie(cookie) for cookie in cookies)
