"""Where a body ends, however its bytes are cut."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portway.relay.http.framing import Chunked, Sized
from portway.relay.http.heads import MalformedHeadError

_CHUNKED = b"5\r\nhello\r\n3;name=value\r\nabc\r\n0\r\nX-Sum: 1\r\n\r\n"


def _fed(framing: Chunked | Sized, parts: list[bytes]) -> int:
    """Return how many bytes of all parts belong to the body."""
    total = 0
    for part in parts:
        taken = framing.take(bytearray(part), 0, len(part))
        total += taken
        if taken < len(part):
            break
    return total


def _cut(data: bytes, places: list[int]) -> list[bytes]:
    edges = [0, *sorted({place % (len(data) + 1) for place in places}), len(data)]
    return [data[begin:end] for begin, end in itertools.pairwise(edges)]


@given(st.lists(st.integers(0, 10_000)), st.binary(max_size=40))
def test_a_body_in_chunks_ends_after_its_trailers(places: list[int], following: bytes) -> None:
    framing = Chunked()
    assert _fed(framing, _cut(_CHUNKED + following, places)) == len(_CHUNKED)
    assert framing.done


@given(st.lists(st.binary(min_size=1, max_size=300)), st.lists(st.integers(0, 10_000)))
def test_any_chunks_pass(chunks: list[bytes], places: list[int]) -> None:
    body = b"".join(b"%X\r\n%b\r\n" % (len(chunk), chunk) for chunk in chunks) + b"0\r\n\r\n"
    framing = Chunked()
    assert _fed(framing, _cut(body + b"GET /", places)) == len(body)
    assert framing.done


@given(st.integers(0, 500), st.lists(st.integers(0, 10_000)))
def test_a_body_of_a_known_length_ends_there(length: int, places: list[int]) -> None:
    framing = Sized(length)
    assert _fed(framing, _cut(bytes(length) + b"more", places)) == length
    assert framing.done


@pytest.mark.parametrize(
    "body",
    [
        b"0x1\r\na\r\n0\r\n\r\n",
        b"1_0\r\na\r\n0\r\n\r\n",
        b" 1\r\na\r\n0\r\n\r\n",
        b"-1\r\na\r\n0\r\n\r\n",
        b"\r\n",
        b"1\na\n0\n\n",
        b"1\r\nabc\r\n0\r\n\r\n",
        b"1\r\na\n0\r\n\r\n",
        b"1000000000000000\r\n",
        b"1;" + b"x" * 5000,
        b"0\r\n" + (b"X-A: " + b"b" * 1000 + b"\r\n") * 100,
        b"0\r\nX-A: b\n\r\n",
    ],
)
@pytest.mark.parametrize("whole", [True, False], ids=["whole", "byte by byte"])
def test_sizes_that_others_could_read_differently_are_refused(body: bytes, whole: object) -> None:
    parts = [body] if whole else [body[index : index + 1] for index in range(len(body))]
    with pytest.raises(MalformedHeadError):
        _fed(Chunked(), parts)
