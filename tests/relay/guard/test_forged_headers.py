"""Whom the rules see behind each way in: the visitor, whatever addresses he claims in whatever headers."""

from __future__ import annotations

import pytest

from portway.backends.registry import build_backends
from portway.core.backend import ClientHeader
from portway.core.guard.rules import Guard
from portway.core.secret import Secret
from portway.core.status import Reach
from portway.relay.guard.gate import Gate
from portway.relay.http.exchange import Exchange
from portway.relay.http.heads import MalformedHeadError, parse_request
from portway.system.services import Services

_VISITOR, _FRIEND = "198.51.100.66", "203.0.113.7"
_LOOPBACK = "127.0.0.1"  # from there comes every way in but the local network
_EVERYWHERE = (  # what no way in takes the visitor's address from, under which it may arrive as the visitor sent it
    "X-Real-IP: {}",
    "X-Client-IP: {}",
    "X-Cluster-Client-IP: {}",
    "X-Original-Forwarded-For: {}",
    "True-Client-IP: {}",
    "Fastly-Client-IP: {}",
    "Forwarded: for={}",
    "Via: 1.1 {}",
    "X-Forwarded-Host: {}",
    "X-Forwarded: {}",
    "X-Forwarded-By: {}",
    "Cf-Connecting-IPv6: {}",
    "Cf-Pseudo-IPv4: {}",
    "Cdn-Loop: {}",
    "Ngrok-Client-Ip: {}",
    "Tailscale-User-Login: {}",
    "Tailscale-Client-Ip: {}",
    "X_Forwarded_For: {}",
    "X-Forwarded-For-: {}",
)
# How each way in writes the address of its visitor. The rest of the line, or another line, is as the visitor sent it.
_WRITTEN = {
    "lan": (),
    "cloudflared": ("Cf-Connecting-Ip: {visitor}",),
    "ngrok": ("X-Forwarded-For: {visitor}",),
    "tailscale": ("X-Forwarded-For: {visitor}",),
}
_UNNAMED = ("ssh",)  # visitors come from the address of a program, and nobody names them
_FORGED = {
    "lan": ("X-Forwarded-For: {claimed}", "Cf-Connecting-Ip: {claimed}"),
    "cloudflared": ("X-Forwarded-For: {claimed}, {visitor}", "X-Forwarded-For: {claimed}"),
    "ngrok": ("Cf-Connecting-Ip: {claimed}",),
    "tailscale": ("Cf-Connecting-Ip: {claimed}",),
}
# What a service makes of a header of that name which the visitor had sent: seen, or taken to be possible.
_APPENDED = {
    "ngrok": (
        ("X-Forwarded-For: {claimed}, {visitor}",),
        ("X-Forwarded-For: {claimed},{visitor}",),
        ("X-Forwarded-For: {claimed}", "X-Forwarded-For: {visitor}"),
        ("X-Forwarded-For: {claimed}, {claimed}", "X-Forwarded-For: {claimed}, {visitor}"),
    ),
}
# None is to be trusted where a service that writes one and only one lets a second one pass.
_TWICE = {
    "cloudflared": (
        ("Cf-Connecting-Ip: {claimed}", "Cf-Connecting-Ip: {visitor}"),
        ("Cf-Connecting-Ip: {visitor}", "Cf-Connecting-Ip: {claimed}"),
        ("cf-connecting-ip: {claimed}", "CF-CONNECTING-IP: {visitor}"),
        ("Cf-Connecting-Ip: {visitor}, {claimed}",),
        ("Cf-Connecting-Ip: {claimed}, {visitor}",),
    ),
    "tailscale": (
        ("X-Forwarded-For: {claimed}, {visitor}",),
        ("X-Forwarded-For: {claimed}", "X-Forwarded-For: {visitor}"),
        ("X-Forwarded-For: {visitor}", "x-forwarded-for: {claimed}"),
    ),
}
_ODD = (  # no address, to anybody
    "",
    " ",
    ",",
    "unknown",
    "203.0.113.7:443",
    "[2001:db8::1]",
    "203.0.113.7 ",
    "203.0.113.07",
    "3405803783",
    "0xcb007107",
    "203.0.113",
    "203.0.113.7%eth0",
    "\u0662\u0660\u0663.0.113.7",
)
_KINDS = tuple(_WRITTEN)


@pytest.fixture
def ways(services: Services) -> dict[str, tuple[ClientHeader | None, Reach]]:
    """Return what each real backend declares."""
    return {backend.kind: (backend.trusted_client, backend.reach) for backend in build_backends(services)}


class _Way:
    """One way in, and how requests arrive by it."""

    def __init__(self, kind: str, header: ClientHeader | None, reach: Reach) -> None:
        self._kind = kind
        self._header = header
        self._secure = reach is Reach.INTERNET

    def gate(self, guard: Guard, password: Secret | None = None) -> Gate:
        gate = Gate("shop", client_header=self._header, secure=self._secure)
        gate.guard_by(guard, password, None)
        return gate

    def arriving(self, visitor: str, *more: str, line: str = "GET / HTTP/1.1") -> Exchange:
        """Return a request of a visitor, with what the way in says of him and what he says himself."""
        written = [one.format(visitor=visitor) for one in _WRITTEN[self._kind]]
        return self.as_it_is(visitor, *more, *written, line=line)

    def as_it_is(self, visitor: str, *lines: str, line: str = "GET / HTTP/1.1") -> Exchange:
        raw = "\r\n".join([line, "Host: shop.example", *lines, "", ""]).encode()
        return Exchange(visitor if self._header is None else _LOOPBACK, parse_request(raw))


@pytest.fixture(params=_KINDS)
def way(request: pytest.FixtureRequest, ways: dict[str, tuple[ClientHeader | None, Reach]]) -> _Way:
    return _Way(request.param, *ways[request.param])


_RULES = (Guard(allow=(_FRIEND,)), Guard(deny=(_VISITOR,)))


def test_there_is_a_row_for_every_way_in(ways: dict[str, tuple[ClientHeader | None, Reach]]) -> None:
    assert set(ways) == {*_WRITTEN, *_UNNAMED}
    assert set(_WRITTEN) == set(_FORGED)


@pytest.mark.parametrize("guard", _RULES, ids=("allowed", "denied"))
@pytest.mark.parametrize("kind", _UNNAMED)
def test_where_nobody_names_visitors_no_rule_by_address_lets_anybody_in(
    ways: dict[str, tuple[ClientHeader | None, Reach]], kind: str, guard: Guard
) -> None:
    way = _Way(kind, *ways[kind])
    gate = way.gate(guard)
    every = {one for all_of in (_EVERYWHERE, *_FORGED.values()) for one in all_of}
    claims = [one.format(_FRIEND, claimed=_FRIEND, visitor=_FRIEND) for one in sorted(every)]
    for lines in ((), *((claim,) for claim in claims), tuple(claims)):
        exchange = way.as_it_is(_FRIEND, *lines)
        assert gate.judge(exchange) is not None, lines
        assert exchange.refused_by == "address"
    with pytest.raises(MalformedHeadError):
        way.as_it_is(_FRIEND, f": {_FRIEND}")


@pytest.mark.parametrize("guard", _RULES, ids=("allowed", "denied"))
def test_a_forged_header_alone_changes_nothing(way: _Way, guard: Guard) -> None:
    gate = way.gate(guard)
    for forged in (*_EVERYWHERE, *_FORGED[way._kind]):
        claims = forged.format(_FRIEND, claimed=_FRIEND, visitor=_VISITOR)
        exchange = way.arriving(_VISITOR, claims)
        assert gate.judge(exchange) is not None, claims
        assert exchange.refused_by == "address"


@pytest.mark.parametrize("guard", _RULES, ids=("allowed", "denied"))
def test_all_of_them_together_change_nothing_either_way(way: _Way, guard: Guard) -> None:
    gate = way.gate(guard)

    def forged(visitor: str, claimed: str) -> Exchange:
        lines = (*_EVERYWHERE, *_FORGED[way._kind])
        return way.arriving(visitor, *(one.format(claimed, claimed=claimed, visitor=visitor) for one in lines))

    assert gate.judge(forged(_VISITOR, _FRIEND)) is not None
    assert gate.judge(forged(_FRIEND, _VISITOR)) is None


@pytest.mark.parametrize("guard", _RULES, ids=("allowed", "denied"))
@pytest.mark.parametrize(("kind", "lines"), [(kind, lines) for kind, all_of in _APPENDED.items() for lines in all_of])
def test_where_the_service_appends_the_last_one_counts(
    ways: dict[str, tuple[ClientHeader | None, Reach]], kind: str, lines: tuple[str, ...], guard: Guard
) -> None:
    way = _Way(kind, *ways[kind])
    gate = way.gate(guard)

    def arriving(visitor: str, claimed: str) -> Exchange:
        return way.as_it_is(visitor, *(one.format(visitor=visitor, claimed=claimed) for one in lines))

    assert gate.judge(arriving(_VISITOR, _FRIEND)) is not None
    assert gate.judge(arriving(_FRIEND, _VISITOR)) is None


@pytest.mark.parametrize("guard", _RULES, ids=("allowed", "denied"))
@pytest.mark.parametrize(("kind", "lines"), [(kind, lines) for kind, all_of in _TWICE.items() for lines in all_of])
def test_where_the_service_writes_one_two_are_nobody(
    ways: dict[str, tuple[ClientHeader | None, Reach]], kind: str, lines: tuple[str, ...], guard: Guard
) -> None:
    way = _Way(kind, *ways[kind])
    gate = way.gate(guard)
    for visitor, claimed in ((_VISITOR, _FRIEND), (_FRIEND, _FRIEND)):
        asked = way.as_it_is(visitor, *(one.format(visitor=visitor, claimed=claimed) for one in lines))
        assert gate.judge(asked) is not None


@pytest.mark.parametrize("kind", [kind for kind in _KINDS if kind != "lan"])
@pytest.mark.parametrize("guard", _RULES, ids=("allowed", "denied"))
def test_what_is_no_address_is_nobody(
    ways: dict[str, tuple[ClientHeader | None, Reach]], kind: str, guard: Guard
) -> None:
    header, reach = ways[kind]
    assert header is not None
    way = _Way(kind, header, reach)
    gate = way.gate(guard)
    assert gate.judge(way.as_it_is(_VISITOR)) is not None
    for odd in _ODD:
        exchange = way.as_it_is(_VISITOR, f"{header.name}: {odd}")
        assert gate.judge(exchange) is not None or odd.strip(" ") == _FRIEND, odd


def test_nobody_gets_more_requests_or_tries_by_claiming_to_be_others(way: _Way) -> None:
    claims = ("X-Real-IP: 192.0.2.{}", "Forwarded: for=192.0.2.{}", "True-Client-IP: 192.0.2.{}")
    limited = way.gate(Guard(rate_limit=1))
    passed = [limited.judge(way.arriving(_VISITOR, *(one.format(n) for one in claims))) is None for n in range(50)]
    assert passed.count(True) == 1
    assert limited.judge(way.arriving(_FRIEND)) is None
    asking = way.gate(Guard(password=True), Secret("correct horse"))
    for number in range(50):
        _log_in(way, asking, _VISITOR, b"password=wrong", *(one.format(number) for one in claims))
    assert _log_in(way, asking, _VISITOR, b"password=correct+horse") == 429
    assert _log_in(way, asking, _FRIEND, b"password=correct+horse") == 303


def _log_in(way: _Way, gate: Gate, visitor: str, body: bytes, *more: str) -> int:
    lines = (f"Content-Length: {len(body)}", *more)
    exchange = way.arriving(visitor, *lines, line="POST /.portway/log-in HTTP/1.1")
    answer = gate.judge(exchange)
    assert answer is not None
    assert answer.status == 0
    return gate.log_in(exchange, body).status
