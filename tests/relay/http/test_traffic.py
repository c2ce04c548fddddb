"""What passes is counted by five seconds, for five minutes, and visitors where they are: here, lately, or ever."""

from __future__ import annotations

import pytest

from portway.core.status import Traffic
from portway.relay.http.exchange import Exchange, Outcome
from portway.relay.http.heads import parse_request
from portway.relay.http.traffic import TrafficCounter

_HEAD = b"GET / HTTP/1.1\r\nHost: x.example.com\r\n\r\n"


class Street:
    """Visitors who come and go, on a clock that a test sets."""

    def __init__(self) -> None:
        self.now = 1_000_000.0
        self.counter = TrafficCounter(clock=lambda: self.now)

    def come(self, visitor: str) -> Exchange:
        exchange = Exchange(visitor, parse_request(_HEAD))
        self.counter.began(exchange)
        return exchange

    def go(self, exchange: Exchange, status: int = 200, outcome: Outcome = Outcome.DONE) -> None:
        exchange.status, exchange.outcome = status, outcome
        self.counter.ended(exchange)

    def visit(self, visitor: str, status: int = 200) -> None:
        self.go(self.come(visitor), status)

    @property
    def traffic(self) -> Traffic:
        return self.counter.so_far(0)

    def slots(self) -> list[tuple[int, int, int, int]]:
        """Return how long ago each was, its requests, failures and last visitors."""
        now = int(self.now // 5)
        return [(now - one.number, one.requests, one.failures, one.visitors) for one in self.traffic.recent]


@pytest.fixture
def street() -> Street:
    return Street()


def test_requests_stand_in_the_five_seconds_in_which_they_began(street: Street) -> None:
    street.visit("a")
    street.visit("b", 500)
    street.now += 5
    slow = street.come("a")
    street.now += 10
    street.go(slow, 0, Outcome.CUT)
    assert street.slots() == [(3, 2, 1, 1), (2, 1, 1, 0), (0, 0, 0, 1)]
    assert (street.traffic.requests, street.traffic.failures) == (3, 2)


def test_what_is_older_than_five_minutes_is_forgotten_but_not_uncounted(street: Street) -> None:
    for _ in range(200):
        street.visit("a")
        street.now += 5
    assert len(street.traffic.recent) == 59
    assert len(street.counter._slots) == 60
    street.now += 600
    assert street.slots() == []
    assert (street.traffic.requests, street.traffic.visitors) == (200, 1)


def test_a_visitor_is_present_while_a_request_is_open_and_then_was_there_last_once(street: Street) -> None:
    stream, page = street.come("a"), street.come("a")
    street.visit("b")
    assert street.traffic.present == 1
    assert street.slots() == [(0, 3, 0, 1)]
    street.go(page)
    assert street.traffic.present == 1
    street.now += 60
    street.go(stream)
    street.visit("b")
    assert street.traffic.present == 0
    assert street.slots() == [(12, 3, 0, 0), (0, 1, 0, 2)]
    assert street.traffic.visitors == 2


def test_more_visitors_than_are_told_apart_take_no_more_memory(street: Street, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("portway.relay.http.traffic._MOST_VISITORS", 3)
    for number in range(10):
        street.visit(str(number))
    assert (street.traffic.visitors, street.traffic.requests) == (3, 10)
    assert len(street.counter._visitors._last) == 3
