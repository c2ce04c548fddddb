"""Bodies are shown unpacked, and however they are packed, never at the price of more than is shown."""

from __future__ import annotations

import bz2
import gzip
import tracemalloc
import zlib
from collections.abc import Callable

import brotli
import pytest

from portway.core.hub import RecordedBody
from portway.relay.capture.decoding import MOST_SHOWN, UndecodableError, shown, unpacked

TEXT = "Grüße, Portway. ".encode() * 50


def raw_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush()


def body(data: bytes, encoding: str | None = None, content_type: str | None = "text/plain") -> RecordedBody:
    return RecordedBody(data=data, size=len(data), whole=True, content_type=content_type, encoding=encoding)


@pytest.mark.parametrize(
    ("encoding", "packed"),
    [
        (None, TEXT),
        ("identity", TEXT),
        ("gzip", gzip.compress(TEXT)),
        ("X-GZIP", gzip.compress(TEXT)),
        ("deflate", zlib.compress(TEXT)),
        ("deflate", raw_deflate(TEXT)),
        ("br", brotli.compress(TEXT)),
        ("gzip, br", brotli.compress(gzip.compress(TEXT))),
    ],
)
def test_a_body_is_unpacked(encoding: str | None, packed: bytes) -> None:
    assert unpacked(packed, encoding) == TEXT


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br"])
def test_what_was_kept_of_a_packed_body_is_shown_as_far_as_it_goes(encoding: str) -> None:
    data = bytes(range(256)) * 2000
    packed: bytes = {"gzip": gzip.compress, "deflate": zlib.compress, "br": brotli.compress}[encoding](data)
    assert data.startswith(unpacked(packed[: len(packed) // 2], encoding))


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "rot13", "gzip, " * 5 + "gzip"])
def test_what_is_packed_otherwise_than_it_says_is_shown_as_it_came(encoding: str) -> None:
    with pytest.raises(UndecodableError):
        unpacked(b"\xffno such thing", encoding)
    as_it_came = shown(body(b"\xffno such thing", encoding))
    assert (as_it_came.data, as_it_came.text) == (b"\xffno such thing", None)


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "gzip, gzip"])
def test_a_bomb_costs_no_more_than_what_is_shown(encoding: str) -> None:
    huge = bytes(50 << 20)
    pack: dict[str, Callable[[], bytes]] = {
        "gzip": lambda: gzip.compress(huge),
        "deflate": lambda: zlib.compress(huge),
        "br": lambda: brotli.compress(huge, quality=5),
        "gzip, gzip": lambda: gzip.compress(gzip.compress(huge)),
    }
    packed = pack[encoding]()
    tracemalloc.start()
    try:
        data = unpacked(packed, encoding)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert len(data) == MOST_SHOWN
    assert peak < 6 * MOST_SHOWN


@pytest.mark.parametrize(
    ("data", "content_type", "text"),
    [
        (b"plain", "text/plain", "plain"),
        ("Grüße".encode(), "application/json", "Grüße"),
        ("Grüße".encode("latin-1"), "text/plain; charset=ISO-8859-1", "Grüße"),
        ("Grüße".encode("latin-1"), "text/plain", None),
        (b"abc", "text/plain; charset=klingon", "abc"),
        ("Grüß".encode()[:-1], "text/plain", "Grü"),
        (b"\x89PNG\r\n\x1a\n", "image/png", None),
        (b"a\0b", "text/plain", None),
        (b"", None, ""),
    ],
)
def test_text_is_told_from_bytes(data: bytes, content_type: str | None, text: str | None) -> None:
    assert shown(body(data, content_type=content_type)).text == text


@pytest.mark.parametrize("charset", ["base64", "hex", "rot13", "zlib", "utf-7", "punycode", "idna", '"a\0b"'])
def test_a_codec_that_is_no_charset_of_the_web_is_none_here(charset: str) -> None:
    assert shown(body(b"+2AA- xn--a", content_type=f"text/plain; charset={charset}")).text == "+2AA- xn--a"


def test_a_charset_that_unpacks_costs_no_more_than_what_is_shown() -> None:
    packed = bz2.compress(bytes(50 << 20))
    tracemalloc.start()
    try:
        assert shown(body(packed, content_type="text/plain; charset=bz2")).text is None
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < MOST_SHOWN


def test_a_type_without_end_is_read_at_its_beginning() -> None:
    endless = "text/plain; charset=latin-1" + ';a="' * 100_000
    assert shown(body("ü".encode("latin-1"), content_type=endless)).text == "ü"
