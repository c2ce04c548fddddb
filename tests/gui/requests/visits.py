"""Visitors and what they asked for, written into a store as a relay would, at any time and of any length."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import UTC, datetime

from portway.core.hub import RequestRow
from portway.relay.capture.store import ExchangeStore
from portway.relay.http.exchange import Exchange, Outcome
from portway.relay.http.heads import parse_answer, parse_request
from tests.relay.capture.records import answer, request

TUNNEL = "cloudflared"
_ENDINGS = {"json": "application/json", "js": "text/javascript", "css": "text/css", "html": "text/html"}


@dataclass(frozen=True, kw_only=True)
class Visit:
    """One request and its answer. `ago` in seconds, `took` in milliseconds, None while it is open."""

    path: str = "/"
    method: str = "GET"
    status: int = 200
    kind: str = ""
    took: float | None = 12.0
    ago: float = 1.0
    client: str = "203.0.113.7"
    tunnel: str = TUNNEL
    headers: tuple[str, ...] = ()
    answered: tuple[str, ...] = ()
    sent: bytes = b""
    body: bytes = b""
    size: int | None = None  # bytes that passed, where not all of the body is kept
    replay_of: int | None = None
    outcome: Outcome = field(default=Outcome.DONE)
    refused_by: str | None = None


def pay(store: ExchangeStore, visit: Visit) -> int:
    """Let a visit pass; return its number."""
    store.record(visit.tunnel, on=True)
    raw = request(visit.path, *visit.headers, method=visit.method)
    exchange = Exchange(visit.client, parse_request(raw))
    exchange.started_at = time.time() - visit.ago
    exchange.began = time.monotonic() - visit.ago
    exchange.sent = len(visit.sent)
    exchange.refused_by = visit.refused_by
    record = store.begin(visit.tunnel, exchange, visit.client, replay_of=visit.replay_of)
    store.add(record, record.content, memoryview(visit.sent))
    if visit.status:
        kind = (f"Content-Type: {_ENDINGS.get(visit.kind, visit.kind)}",) if visit.kind else ()
        head = answer(visit.status, *kind, *visit.answered)
        exchange.answer, exchange.status = parse_answer(head), visit.status
        exchange.first_byte = exchange.began + (visit.took or 4.0) / 1000 * 0.8
        store.answered(record)
    exchange.received = len(visit.body) if visit.size is None else visit.size
    store.add(record, record.answer, memoryview(visit.body))
    if visit.took is not None:
        exchange.outcome, exchange.ended = visit.outcome, exchange.began + visit.took / 1000
        store.tell(record)
    return record.number


def row(number: int, path: str = "/", *, status: int = 200, took: float | None = 10.0, **changes: object) -> RequestRow:
    """Return a row that no store has."""
    known: dict[str, object] = {
        "tunnel": TUNNEL,
        "method": "GET",
        "first_byte_ms": 5.0,
        "request_bytes": 0,
        "response_bytes": 100,
        "content_type": "application/json",
        "client": "203.0.113.7",
        "started_at": datetime.now(UTC),
        "state": "open" if took is None else "done",
    }
    return RequestRow(id=number, path=path, status=status, duration_ms=took, **(known | changes))  # type: ignore[arg-type]


CHECKOUT = (
    b'{"error":"card_declined","message":"Your card was declined.","attempt":2,"retry":false,'
    b'"trace":["checkout.ts:118","stripe.ts:54"]}'
)
DAY: tuple[Visit, ...] = (
    Visit(path="/", ago=82, kind="html", body=b"<h1>Hello</h1>" * 200),
    Visit(path="/assets/logo.svg", ago=81.8, took=4, kind="image/svg+xml", body=b"<svg/>" * 500),
    Visit(path="/api/products", ago=81, took=29, kind="json", body=b"[]" * 7000),
    Visit(path="/api/products?page=2&token=secret", ago=80, took=31, kind="json", body=b"[]" * 7000),
    Visit(path="/", ago=63, took=11, kind="html", client="192.168.178.31", tunnel="lan", body=b"<h1>Hello</h1>" * 200),
    Visit(
        path="/photos/1.jpg", ago=62, took=88, kind="image/jpeg", client="192.168.178.31", tunnel="lan", size=412_000
    ),
    Visit(path="/ws", ago=44, status=101, took=None, size=8400),
    Visit(path="/login?next=%2Fcart", ago=31, status=302, took=9),
    Visit(path="/favicon.ico", ago=16, status=404, took=3, kind="html", body=b"Not found" * 17),
    Visit(path="/webhooks/stripe", method="POST", ago=12, status=204, took=64, client="198.51.100.20", sent=b"a=1&b=2"),
    Visit(path="/", ago=4, took=12, kind="html", body=b"<h1>Hello</h1>" * 200),
    Visit(path="/assets/index-D9aa.css", ago=3.9, took=21, kind="css", size=22_000, body=b"a{}"),
    Visit(path="/assets/index-B7x2.js", ago=3.8, took=46, kind="js", size=184_000, body=b"x()"),
    Visit(
        path="/api/checkout",
        method="POST",
        ago=3,
        status=500,
        took=412,
        kind="application/json; charset=utf-8",
        headers=("Authorization: Bearer abc", "Content-Type: application/json", "Cookie: session=abc"),
        answered=("Content-Length: 130", "X-Request-Id: req_8Jd02mKq", "Set-Cookie: session=abc; Path=/"),
        sent=b'{"card":"4242"}',
        body=CHECKOUT,
    ),
    Visit(path="/api/checkout", method="POST", ago=2, status=500, took=398, kind="json", client="replay", replay_of=14),
    Visit(path="/api/cart", ago=1, took=18, kind="json", body=b"{}" * 600),
)


def live_through(store: ExchangeStore, visits: tuple[Visit, ...] = DAY) -> list[int]:
    """Let all of them pass; return their numbers."""
    return [pay(store, one) for one in visits]
