"""Who was kept out is known by address, with when, why and how often, in bounded memory."""

from __future__ import annotations

from datetime import UTC, datetime

from portway.core.backend import ClientHeader, Which
from portway.core.guard.rules import Guard
from portway.core.secret import Secret
from portway.relay.guard.gate import Gate
from portway.relay.guard.kept_out import KeptOutClients
from portway.relay.http.exchange import Exchange
from portway.relay.http.heads import parse_request

_BY_EDGE = ClientHeader("x-edge-ip", Which.ONLY)
_FORM = b"to=%2Fshop&password="


def _gate(guard: Guard) -> Gate:
    gate = Gate("shop", client_header=_BY_EDGE)
    gate.guard_by(guard, Secret("correct horse"), None)
    return gate


def _asked(line: str, *clients: str, length: int = 0) -> Exchange:
    edge = [f"X-Edge-Ip: {client}" for client in clients]
    raw = "\r\n".join([line, "Host: shop.example", *edge, f"Content-Length: {length}", "", ""]).encode()
    return Exchange("127.0.0.1", parse_request(raw))


def _ask(gate: Gate, path: str, *clients: str) -> None:
    gate.judge(_asked(f"GET {path} HTTP/1.1", *clients))


def _try(gate: Gate, password: bytes, client: str) -> int:
    body = _FORM + password
    exchange = _asked("POST /.portway/log-in HTTP/1.1", client, length=len(body))
    gate.judge(exchange)
    return gate.log_in(exchange, body).status


def test_each_one_is_told_once_with_when_why_and_how_often() -> None:
    gate, before = _gate(Guard(allow=("203.0.113.7",))), datetime.now(UTC)
    _ask(gate, "/v1/models?key=secret", "192.0.2.44")
    _ask(gate, "/v1/chat", "192.0.2.44")
    _ask(gate, "/", "203.0.113.7")
    _ask(gate, "/", "192.0.2.45")
    latest, first = gate.kept_out.all()
    assert (latest.address, latest.times) == ("192.0.2.45", 1)
    assert (first.address, first.rule, first.path, first.times) == ("192.0.2.44", "address", "/v1/chat", 2)
    assert before <= first.at <= latest.at <= datetime.now(UTC)


def test_no_query_is_kept_and_no_endless_path() -> None:
    gate = _gate(Guard(allow=("203.0.113.7",)))
    _ask(gate, f"/{'a' * 5000}?key=secret", "192.0.2.44")
    (one,) = gate.kept_out.all()
    assert "secret" not in one.path
    assert len(one.path) < 130


def test_who_has_the_password_was_not_kept_out() -> None:
    gate = _gate(Guard(password=True))
    _ask(gate, "/shop", "192.0.2.44")
    assert [one.rule for one in gate.kept_out.all()] == ["password"]
    assert _try(gate, b"wrong+horse", "192.0.2.44") == 401
    (one,) = gate.kept_out.all()
    assert (one.path, one.times) == ("/shop", 2)
    assert _try(gate, b"correct+horse", "192.0.2.44") == 303
    assert gate.kept_out.all() == ()


def test_who_comes_by_a_link_was_not_kept_out() -> None:
    gate = _gate(Guard(password=True))
    _ask(gate, "/", "192.0.2.44")
    path = gate.new_link()
    raw = (
        f"GET {path} HTTP/1.1\r\nHost: shop.example\r\nX-Edge-Ip: 192.0.2.44\r\n"
        "Sec-Fetch-User: ?1\r\nSec-Fetch-Mode: navigate\r\n\r\n"
    )
    answer = gate.judge(Exchange("127.0.0.1", parse_request(raw.encode())))
    assert answer is not None
    assert answer.status == 303
    assert gate.kept_out.all() == ()


def test_who_is_not_known_is_one_of_many() -> None:
    gate = _gate(Guard(allow=("203.0.113.7",)))
    _ask(gate, "/")
    _ask(gate, "/", "192.0.2.44", "203.0.113.7")  # two of them: forged
    assert [(one.address, one.times) for one in gate.kept_out.all()] == [("", 2)]


def test_they_are_forgotten_with_the_end_of_the_tunnel_and_none_is_added_after_it() -> None:
    gate = _gate(Guard(allow=("203.0.113.7",)))
    _ask(gate, "/", "192.0.2.44")
    gate.expire()
    gate.forget_visitors()
    _ask(gate, "/", "192.0.2.44")
    assert gate.kept_out.all() == ()


def test_a_thousand_of_them_take_the_room_of_a_hundred() -> None:
    clients = KeptOutClients()
    for number in range(1000):
        clients.note(f"client {number}", f"192.0.2.{number % 256}", "address", b"/")
    kept = clients.all()
    assert len(kept) == 100
    assert kept[0].address == f"192.0.2.{999 % 256}"
