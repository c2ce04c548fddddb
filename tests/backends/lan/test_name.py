"""Multicast DNS: what is asked, and what is understood of an answer."""

from __future__ import annotations

import struct
from ipaddress import IPv4Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portway.backends.lan.mdns import addresses_in, local_name, query
from tests.backends.lan.stand.responder import answer, labels

_NAME = "desk.local"
_OURS = IPv4Address("192.168.1.23")
_OTHER = IPv4Address("192.168.1.99")


@pytest.mark.parametrize(
    ("host", "name"),
    [
        ("desk", "desk.local"),
        ("Desk-2.example.org", "desk-2.local"),
        ("localhost", None),
        ("", None),
        ("-desk", None),
        ("my desk", None),
        ("büro", None),
        ("x" * 64, None),
    ],
)
def test_the_name_follows_from_the_host_name(host: str, name: str | None) -> None:
    assert local_name(host) == name


def test_one_question_is_asked() -> None:
    assert query(_NAME) == bytes.fromhex("0000 0000 0001 0000 0000 0000 046465736b 056c6f63616c 00 0001 0001")


@pytest.mark.parametrize(
    ("message", "addresses"),
    [
        (answer(_NAME, _OURS), {_OURS}),
        (answer("DESK.local", _OURS), {_OURS}),
        (answer(_NAME, _OURS, _OTHER), {_OURS, _OTHER}),
        (answer(_NAME, _OURS, question=True), {_OURS}),
        (answer("other.local", _OURS), set()),
        (query(_NAME), set()),
        (b"", set()),
    ],
    ids=["ours", "spelling", "two", "pointer", "another name", "a question", "nothing"],
)
def test_an_answer_gives_the_addresses_of_the_name(message: bytes, addresses: set[IPv4Address]) -> None:
    assert addresses_in(message, _NAME) == addresses


def test_every_cut_of_an_answer_is_survived() -> None:
    whole = answer(_NAME, _OURS, _OTHER, question=True)
    for length in range(len(whole)):
        assert addresses_in(whole[:length], _NAME) <= {_OURS, _OTHER}


def test_a_name_that_points_at_itself_ends() -> None:
    loop = struct.pack("!6H", 0, 0x8400, 0, 1, 0, 0) + struct.pack("!H", 0xC000 | 12)
    assert addresses_in(loop, _NAME) == frozenset()


@given(st.binary(max_size=200))
def test_anything_may_arrive(noise: bytes) -> None:
    assert addresses_in(noise, _NAME) == frozenset()
    assert addresses_in(struct.pack("!6H", 0, 0x8400, 0, 3, 0, 0) + labels("x.local") + noise, _NAME) == frozenset()
