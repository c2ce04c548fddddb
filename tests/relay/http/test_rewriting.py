"""The target's own name goes in, and the public one comes back, in all places at once."""

from __future__ import annotations

import pytest

from portway.relay.http.heads import answer_bytes, parse_answer, parse_request, request_bytes
from portway.relay.http.rewriting import HostRewriting

_REWRITING = HostRewriting("localhost:5173", "http", ("127.0.0.1:5173", "[::1]:5173"))


def _request(*lines: str) -> str:
    raw = "".join(f"{line}\r\n" for line in ("GET / HTTP/1.1", "Host: x.example.com", *lines, "")).encode()
    head = parse_request(raw)
    return request_bytes(head, _REWRITING.request(head)).decode()


def _answer(line: str, *sent: str) -> str:
    raw = "".join(f"{line}\r\n" for line in ("GET / HTTP/1.1", "Host: x.example.com", *sent, "")).encode()
    head = parse_answer(f"HTTP/1.1 302 Found\r\n{line}\r\nContent-Length: 0\r\n\r\n".encode())
    return answer_bytes(head, _REWRITING.answer(head, parse_request(raw))).decode().split("\r\n")[1]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Origin: https://x.example.com", "Origin: http://localhost:5173"),
        ("Origin: https://other.example.com", "Origin: https://other.example.com"),
        ("Origin: https://x.example.com.evil", "Origin: https://x.example.com.evil"),
        ("Origin: null", "Origin: null"),
        ("Referer: https://x.example.com/a?b=https://x.io", "Referer: http://localhost:5173/a?b=https://x.io"),
        ("X-Forwarded-Host: x.example.com", "X-Forwarded-Host: localhost:5173"),
        ("X-Other: x.example.com", "X-Other: x.example.com"),
    ],
)
def test_a_request_asks_for_the_target_by_its_own_name(line: str, expected: str) -> None:
    written = _request(line)
    assert "\r\nHost: localhost:5173\r\n" in written
    assert f"\r\n{expected}\r\n" in written


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Location: http://localhost:5173/login", "Location: https://x.example.com/login"),
        ("Location: http://127.0.0.1:5173", "Location: https://x.example.com"),
        ("Location: http://localhost:51731/", "Location: http://localhost:51731/"),
        ("Location: /login", "Location: /login"),
        ("Location: https://elsewhere.example/", "Location: https://elsewhere.example/"),
        ("Access-Control-Allow-Origin: http://localhost:5173", "Access-Control-Allow-Origin: https://x.example.com"),
        ("Access-Control-Allow-Origin: *", "Access-Control-Allow-Origin: *"),
        ("Set-Cookie: a=b; Domain=localhost; Path=/", "Set-Cookie: a=b; Domain=x.example.com; Path=/"),
        ("Set-Cookie: a=b; domain=.localhost", "Set-Cookie: a=b; Domain=x.example.com"),
        ("Set-Cookie: a=b; Domain=example.org", "Set-Cookie: a=b; Domain=example.org"),
    ],
)
def test_an_answer_leads_visitors_back_to_the_public_name(line: str, expected: str) -> None:
    assert _answer(line) == expected


def test_the_scheme_is_the_one_by_which_the_visitor_came() -> None:
    line = "Location: http://localhost:5173/"
    assert _answer(line, "X-Forwarded-Proto: http") == "Location: http://x.example.com/"
