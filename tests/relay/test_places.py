"""Who makes room when all places are taken."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace

import pytest

from tests.fakes.backends.news import wait_until
from tests.relay.stand import LIMITS, PATIENCE, Stand, rest, until

_GET = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"
_OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


@pytest.fixture
def small() -> Iterator[Stand]:
    """A relay with three places, of which one that rests for a moment is given away."""
    limits = replace(LIMITS, connections=3, rests_for=0.2, silent_for=0.5, head=20.0)
    with ExitStack() as stack:
        yield Stand(stack, limits=limits)


def test_the_one_that_rested_longest(small: Stand) -> None:
    first, _ = small.meet()
    second, target = small.meet()
    small.meet()
    second.sendall(_GET)
    until(target, b"\r\n\r\n")
    late = small.visitor()
    late_target = small.target()
    with pytest.raises(ConnectionResetError):
        rest(first)
    late.sendall(_GET)
    until(late_target, b"\r\n\r\n")
    late_target.sendall(_OK)
    assert until(late, b"ok") == _OK
    target.sendall(_OK)  # the one that was at work was left alone
    assert until(second, b"ok") == _OK


def test_nobody_who_is_at_work(small: Stand) -> None:
    busy = [small.meet() for _ in range(3)]
    for visitor, target in busy:
        visitor.sendall(_GET)
        until(target, b"\r\n\r\n")
        target.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
    late = small.visitor()
    small.server.settimeout(0.2)
    with pytest.raises(TimeoutError):
        small.server.accept()
    small.server.settimeout(PATIENCE)
    busy[0][0].close()
    small.target()
    late.close()


def test_one_that_trickles_an_upload(small: Stand) -> None:
    slow, target = small.meet()
    slow.sendall(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n")
    until(target, b"\r\n\r\n")
    for _ in range(2):
        visitor, other = small.meet()
        visitor.sendall(_GET)
        until(other, b"\r\n\r\n")
        other.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        until(visitor, b"\r\n\r\n")
    small.visitor()

    def cut() -> bool:
        try:
            slow.sendall(b"a")
        except OSError:
            return True
        return False

    wait_until(cut)
    small.target()


def test_one_that_trickles_a_head(small: Stand) -> None:
    slow, _ = small.meet()
    slow.sendall(b"GET / HTTP/1.1\r\nX-A: ")
    for _ in range(2):
        visitor, other = small.meet()
        visitor.sendall(_GET)
        until(other, b"\r\n\r\n")
    small.visitor()

    def cut() -> bool:
        try:
            slow.sendall(b"a")
        except OSError:
            return True
        return False

    wait_until(cut)
    small.target()
