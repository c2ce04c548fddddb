"""What the guard finds in a head is what all others read in it."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portway.relay.guard.judged_fields import without
from portway.relay.guard.judged_request import JudgedRequest
from portway.relay.http.heads import parse_request

_NAMES = st.sampled_from([b"Cookie", b"cookie", b"X-Cookie", b"Cookie2", b"Authorization", b"A"])
_VALUES = st.sampled_from(
    [b"", b"1", b"portway=1", b"a=1; portway=2", b"portway=3;portway=4; b=2", b"cookie: portway=5"]
)
_FIELDS = st.lists(st.tuples(_NAMES, st.sampled_from([b":", b": ", b":  "]), _VALUES), max_size=6)
_AT_ITS_OWN_PACE = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # machines are busy


def _request(fields: list[tuple[bytes, bytes, bytes]]) -> JudgedRequest:
    lines = [b"".join(field) for field in fields]
    return JudgedRequest(parse_request(b"\r\n".join([b"GET / HTTP/1.1", b"Host: x", *lines, b"", b""])))


@_AT_ITS_OWN_PACE
@given(_FIELDS, _NAMES)
def test_a_header_has_the_values_that_the_head_has(fields: list[tuple[bytes, bytes, bytes]], name: bytes) -> None:
    asked, small = _request(fields), name.lower()
    assert asked.values(small) == [value for other, value in asked.head.headers if other.lower() == small]


@_AT_ITS_OWN_PACE
@given(_FIELDS)
def test_a_header_that_is_left_out_is_the_only_one(fields: list[tuple[bytes, bytes, bytes]]) -> None:
    head = _request(fields).head
    left = head.changed(without(head.fields, b"authorization"), head.target)
    assert left.headers == tuple(one for one in head.headers if one[0] != b"Authorization")


@pytest.mark.parametrize(
    ("cookie", "left", "values"),
    [
        (b"a=1", (b"a=1",), []),
        (b"portway-a=1", (), ["1"]),
        (b"a=1; portway-a=1; b=2", (b"a=1; b=2",), ["1"]),
        (b"portway-a=1;portway-a=2", (), ["1", "2"]),
        (b"portway-b=1; portway-a=2; portway-ab=3", (), ["2"]),
        (b"portway-b=1; c=2", (b"c=2",), []),
        (b"xportway-a=1", (b"xportway-a=1",), []),
        (b"portway=1", (b"portway=1",), []),
        (b"portway-a", (b"portway-a",), []),
    ],
)
@pytest.mark.parametrize("around", [[], [(b"A", b": ", b"1")], [(b"Cookie", b": ", b"c=3")]])
def test_our_cookie_is_left_out_and_told(
    around: list[tuple[bytes, bytes, bytes]], cookie: bytes, left: tuple[bytes, ...], values: list[str]
) -> None:
    asked = _request([*around, (b"Cookie", b":", cookie), *around])
    fields, found = asked.without_cookies(b"portway-", b"portway-a")
    others = [(name, value) for name, _, value in around]
    kept = asked.head.changed(fields, b"/")
    assert found == values
    assert kept.headers == ((b"Host", b"x"), *others, *((b"Cookie", one) for one in left), *others)
