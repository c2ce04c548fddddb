"""Exchanges as a relay would write them, made by hand."""

from __future__ import annotations

import time

from portway.relay.capture.recorder import Recorder
from portway.relay.capture.store import ExchangeStore
from portway.relay.http.exchange import Exchange, Outcome
from portway.relay.http.heads import parse_answer, parse_request

TUNNEL = "shop"


def request(path: str = "/", *headers: str, method: str = "GET") -> bytes:
    return "\r\n".join([f"{method} {path} HTTP/1.1", "Host: shop.test", *headers, "", ""]).encode()


def answer(status: int = 200, *headers: str) -> bytes:
    return "\r\n".join([f"HTTP/1.1 {status} X", *headers, "", ""]).encode()


def record(
    store: ExchangeStore,
    raw: bytes = request(),
    answered: bytes | None = answer(),
    *,
    tunnel: str = TUNNEL,
    sent: tuple[bytes, ...] = (),
    received: tuple[bytes, ...] = (),
    outcome: Outcome = Outcome.DONE,
) -> int:
    """Let one exchange pass, and return its number, 0 if it was not recorded."""
    recorder = Recorder(store, tunnel)
    exchange = Exchange("203.0.113.7", parse_request(raw))
    recorder.began(exchange)
    for part in sent:
        exchange.sent += len(part)
        recorder.sent(exchange, memoryview(part))
    if answered is not None:
        exchange.answer = parse_answer(answered)
        exchange.status = exchange.answer.status
        exchange.first_byte = time.monotonic()
        recorder.answered(exchange)
    for part in received:
        exchange.received += len(part)
        recorder.received(exchange, memoryview(part))
    exchange.outcome, exchange.ended = outcome, time.monotonic()
    recorder.ended(exchange)
    rows = store.rows(tunnel, limit=1)
    return rows[0].id if rows else 0


def recording_store(**limits: int) -> ExchangeStore:
    store = ExchangeStore(**limits)
    store.record(TUNNEL, on=True)
    return store
