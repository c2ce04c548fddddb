"""Whoever sends the same headers again is known again, and nobody is taken for somebody else."""

from __future__ import annotations

import pytest

from portway.core.backend import ClientHeader, Which
from portway.relay.guard.visitors import Visitor, Visitors

_EDGE = ClientHeader("x-edge", Which.ONLY)
_FIELDS = (
    b"\r\nHost: x\r\nX-Edge: 203.0.113.7\r\n\r\n",
    b"\r\nHost: x\r\nX-Edge: 203.0.113.8\r\n\r\n",
    b"\r\nHost: x\r\nX-Edge: 203.0.113.7\r\nCookie: portway-a=1; b=2\r\n\r\n",
    b"\r\nHost: x\r\nX-Edge: 203.0.113.7\r\nCookie: portway-a=2; b=2\r\n\r\n",
    b"\r\nHost: x\r\nX-Edge: 203.0.113.7\r\nX-HTTP-Method-Override: DELETE\r\n\r\n",
    b"\r\nHost: x\r\nX-Edge: 203.0.113.7\r\nX-Rewrite-URL: /admin\r\n\r\n",
    b"\r\nHost: x\r\n\r\n",
)


def _visitors(header: ClientHeader | None = _EDGE) -> Visitors:
    return Visitors(header, b"portway-", b"portway-a")


@pytest.mark.parametrize("header", [_EDGE, None])
def test_one_who_is_known_again_is_the_one_that_a_first_look_finds(header: ClientHeader | None) -> None:
    visitors = _visitors(header)
    asked = [(peer, fields) for peer in ("127.0.0.1", "192.0.2.1", "no address") for fields in _FIELDS]
    for peer, fields in [*asked, *reversed(asked), *asked]:
        assert visitors.find(peer, fields) == _visitors(header).find(peer, bytes(bytearray(fields)))


def test_the_headers_tell_all_of_a_visitor() -> None:
    found = _visitors().find(
        "127.0.0.1", _FIELDS[2].replace(b"Host", b"x-original-url: /\r\nx-http-method: PUT\r\nHost")
    )
    kept = b"\r\nx-original-url: /\r\nx-http-method: PUT\r\nHost: x\r\nX-Edge: 203.0.113.7\r\nCookie: b=2\r\n\r\n"
    assert found == Visitor(found.address, "203.0.113.7", kept, ("1",), hides_method=True, hides_path=True)
    assert str(found.address) == "203.0.113.7"


def test_headers_are_kept_in_bounded_memory_until_they_are_forgotten() -> None:
    visitors = _visitors()
    for number in range(1000):
        visitors.find("127.0.0.1", b"\r\nHost: %d\r\n\r\n" % number)
    assert visitors._known.cache_info().currsize == 64
    visitors.forget()
    visitors.find("127.0.0.1", b"\r\nHost: %b\r\n\r\n" % (b"x" * 5000))
    assert visitors._known.cache_info().currsize == 0
