"""Odd bytes through a real socket: each gets the one refusal that is promised, or none, and harms nobody."""

from __future__ import annotations

import pytest

from tests.rest.wire import Answer, Rest, parsed

SMUGGLED = b"POST /api/quit HTTP/1.1\r\nHost: %(host)s\r\nAuthorization: Bearer %(token)s\r\n\r\n"


def filled(rest: Rest, data: bytes) -> bytes:
    """Put host and token of the running server into `data`."""
    names = {b"host": rest.host.encode(), b"token": rest.token.encode(), b"port": b"%d" % rest.port}
    for name, value in names.items():
        data = data.replace(b"%(" + name + b")s", value)
    return data


def head(*lines: bytes, start: bytes = b"GET /api/tunnels HTTP/1.1") -> bytes:
    """Return a head with a right host and token, and `lines`."""
    return b"\r\n".join([start, b"Host: %(host)s", b"Authorization: Bearer %(token)s", *lines, b"", b""])


def post(*lines: bytes, body: bytes = b"") -> bytes:
    return head(b"Content-Type: application/json", *lines, start=b"POST /api/tunnels/lan HTTP/1.1") + body


CHUNKED = b"Transfer-Encoding: chunked"

ROWS: list[tuple[str, bytes, int]] = [
    # lines and characters
    ("LF alone", head().replace(b"\r\n", b"\n"), 400),
    ("LF alone in one place", head(b"X-A: b\nX-B: c"), 400),
    ("CR alone in a value", head(b"X-A: b\rc"), 400),
    ("CR alone at the end", head(b"X-A: b\r"), 400),
    ("obs-fold", head(b"X-A: b", b" c"), 400),
    ("obs-fold by a tab", head(b"X-A: b", b"\tc"), 400),
    ("obs-fold in Host", b"GET /api/tunnels HTTP/1.1\r\nHost:\r\n %(host)s\r\n\r\n", 400),
    ("NUL in a value", head(b"X-A: b\x00c"), 400),
    ("NUL in a name", head(b"X\x00A: b"), 400),
    ("NUL in the path", head(start=b"GET /api/tunnels\x00 HTTP/1.1"), 400),
    ("vertical tab", head(b"X-A: b\x0bc"), 400),
    ("form feed", head(b"X-A: b\x0cc"), 400),
    ("DEL", head(b"X-A: b\x7fc"), 400),
    ("ESC", head(b"X-A: b\x1b[31m"), 400),
    ("space before the colon", head(b"X-A : b"), 400),
    ("no colon", head(b"X-A"), 400),
    ("no name", head(b": b"), 400),
    ("leading blank in a name", head(b" X-A: b"), 400),
    ("name that is not a token", head(b"X(A): b"), 400),
    ("name beyond ASCII", head("X-Ä: b".encode()), 400),
    ("leading CRLF", b"\r\n" + head(), 400),
    ("65 headers", head(*[b"X-A: b"] * 63), 400),
    # request line
    ("HTTP/0.9", b"GET /api/tunnels\r\n\r\n", 400),
    ("HTTP/9.9", head(start=b"GET /api/tunnels HTTP/9.9"), 400),
    ("HTTP/1.2", head(start=b"GET /api/tunnels HTTP/1.2"), 400),
    ("HTTP/2 preface", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400),
    ("lower-case protocol", head(start=b"GET /api/tunnels http/1.1"), 400),
    ("no version number", head(start=b"GET /api/tunnels HTTP/"), 400),
    ("two spaces", head(start=b"GET  /api/tunnels HTTP/1.1"), 400),
    ("trailing space", head(start=b"GET /api/tunnels HTTP/1.1 "), 400),
    ("space in the path", head(start=b"GET /api/tun nels HTTP/1.1"), 400),
    ("absolute form", head(start=b"GET http://%(host)s/api/tunnels HTTP/1.1"), 400),
    ("absolute form of another", head(start=b"GET http://evil.example/api/tunnels HTTP/1.1"), 400),
    ("asterisk", head(start=b"OPTIONS * HTTP/1.1"), 400),
    ("CONNECT", head(start=b"CONNECT evil.example:443 HTTP/1.1"), 400),
    ("path beyond ASCII", head(start="GET /api/tünnels HTTP/1.1".encode()), 400),
    ("path as raw bytes", head(start=b"GET /api/\xff\xfe HTTP/1.1"), 400),
    ("huge method", head(start=b"X" * 1000 + b" /api/tunnels HTTP/1.1"), 405),
    ("odd method", head(start=b"G3T /api/tunnels HTTP/1.1"), 405),
    ("method that is not a token", head(start=b"G(T /api/tunnels HTTP/1.1"), 400),
    ("fragment", head(start=b"GET /api/tunnels#x HTTP/1.1"), 404),
    ("encoded letter", head(start=b"GET /api/%%74unnels HTTP/1.1".replace(b"%%", b"%")), 404),
    ("double slash", head(start=b"GET //api/tunnels HTTP/1.1"), 404),
    # host
    ("no Host", b"GET /api/tunnels HTTP/1.1\r\n\r\n", 400),
    ("no Host in 1.0", b"GET /api/tunnels HTTP/1.0\r\n\r\n", 421),
    ("two Hosts", b"GET /api/tunnels HTTP/1.1\r\nHost: %(host)s\r\nHost: evil.example\r\n\r\n", 400),
    ("two Hosts, ours last", b"GET /api/tunnels HTTP/1.1\r\nHost: evil.example\r\nHost: %(host)s\r\n\r\n", 400),
    ("two equal Hosts", b"GET /api/tunnels HTTP/1.1\r\nHost: %(host)s\r\nHost: %(host)s\r\n\r\n", 400),
    ("markup as Host", b"GET /api/tunnels HTTP/1.1\r\nHost: <script>\r\n\r\n", 421),
    ("empty Host", b"GET /api/tunnels HTTP/1.1\r\nHost:\r\n\r\n", 421),
    ("rebound Host", b"GET /api/health HTTP/1.1\r\nHost: evil.example:%(port)s\r\n\r\n", 421),
    # framing
    ("two lengths", post(b"Content-Length: 2", b"Content-Length: 3", body=b"{}"), 400),
    ("two equal lengths", post(b"Content-Length: 2", b"Content-Length: 2", body=b"{}"), 400),
    ("list of lengths", post(b"Content-Length: 2, 2", body=b"{}"), 400),
    ("negative length", post(b"Content-Length: -2"), 400),
    ("signed length", post(b"Content-Length: +2", body=b"{}"), 400),
    ("hexadecimal length", post(b"Content-Length: 0x2", body=b"{}"), 400),
    ("length with an underscore", post(b"Content-Length: 2_0", body=b"{}"), 400),
    ("length as text", post(b"Content-Length: two"), 400),
    ("empty length", post(b"Content-Length:"), 400),
    ("length beyond ASCII digits", post("Content-Length: \u0662".encode(), body=b"{}"), 400),
    ("length of a terabyte", post(b"Content-Length: 1000000000000"), 413),
    ("length over 64 bits", post(b"Content-Length: 18446744073709551636"), 413),
    ("chunked", post(CHUNKED, body=b"2\r\n{}\r\n0\r\n\r\n"), 411),
    ("chunked in 1.0", head(CHUNKED, start=b"POST /api/tunnels/lan HTTP/1.0") + b"0\r\n\r\n", 411),
    ("chunked of a GET", head(CHUNKED) + b"0\r\n\r\n", 411),
    ("length and chunked", post(b"Content-Length: 4", CHUNKED, body=b"0\r\n\r\n" + SMUGGLED), 411),
    ("chunked and length", post(CHUNKED, b"Content-Length: 4", body=b"0\r\n\r\n" + SMUGGLED), 411),
    ("bad chunk size", post(CHUNKED, body=b"xyz\r\n{}\r\n"), 411),
    ("unknown coding", post(b"Transfer-Encoding: xchunked", body=b"{}"), 400),
    ("identity", post(b"Transfer-Encoding: identity", body=b"{}"), 400),
    ("gzip, chunked", post(b"Transfer-Encoding: gzip, chunked", body=b"{}"), 400),
    ("two codings", post(CHUNKED, CHUNKED, body=b"0\r\n\r\n"), 400),
    ("body of a GET", head(b"Content-Length: 2", b"Content-Type: application/json") + b"{}", 400),
    # upgrades
    (
        "WebSocket",
        head(
            b"Connection: Upgrade",
            b"Upgrade: websocket",
            b"Sec-WebSocket-Version: 13",
            b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        ),
        400,
    ),
    ("HTTP/2 by upgrade", head(b"Connection: Upgrade, HTTP2-Settings", b"Upgrade: h2c", b"HTTP2-Settings: "), 400),
    # other protocols
    ("TLS hello", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(64) + b"\r\n\r\n", 400),
    ("binary", bytes(range(256)) + b"\r\n\r\n", 400),
    ("SSH", b"SSH-2.0-OpenSSH_9.6\r\n\r\n", 400),
    ("SMTP", b"EHLO evil.example\r\nMAIL FROM:<a@b>\r\n\r\n", 400),
    ("JSON", b'{"action":"enable"}\r\n\r\n', 400),
    # limits
    ("endless URL", head(start=b"GET /" + b"a" * 20_000 + b" HTTP/1.1"), 431),
    ("endless header", head(b"X-A: " + b"b" * 20_000), 431),
    ("10,000 headers", head(*[b"X-A: b"] * 10_000), 431),
    ("endless blank lines", b"\r\n" * 10_000, 400),
]


@pytest.mark.parametrize(("data", "status"), [pytest.param(data, status, id=name) for name, data, status in ROWS])
def test_odd_bytes_get_one_refusal(rest: Rest, data: bytes, status: int) -> None:
    answer = rest.raw(filled(rest, data))
    assert answer.status == status
    assert {"error", "code"} <= answer.json.keys()
    assert rest.token not in answer.body.decode()
    assert not rest.hub.enabled
    assert not rest.hub.quits


@pytest.mark.parametrize(("data", "status"), [pytest.param(data, status, id=name) for name, data, status in ROWS[::7]])
def test_the_same_bytes_one_by_one_get_the_same_refusal(rest: Rest, data: bytes, status: int) -> None:
    wire = rest.connect()
    for byte in filled(rest, data)[:500]:
        wire.send(bytes([byte]))
    if len(data) > 500:
        wire.send(filled(rest, data)[500:])
    assert parsed(wire.to_end()).status == status


@pytest.mark.parametrize("count", [2, 3, 100])
def test_of_requests_in_a_row_only_the_first_is_answered(rest: Rest, count: int) -> None:
    answer = rest.raw(filled(rest, head() + SMUGGLED * (count - 1)))
    assert answer.status == 200
    assert not rest.hub.quits


def test_a_request_behind_a_refused_one_is_not_answered(rest: Rest) -> None:
    answer = rest.raw(filled(rest, b"GET /api/nothing HTTP/1.1\r\nHost: %(host)s\r\n\r\n" + SMUGGLED))
    assert answer.status == 401
    assert not rest.hub.quits


def test_what_comes_behind_a_body_is_not_answered(rest: Rest) -> None:
    body = b'{"action":"disable"}'
    answer = rest.raw(filled(rest, post(b"Content-Length: %d" % len(body), body=body + SMUGGLED)))
    assert answer.status == 200
    assert not rest.hub.quits


def test_a_post_without_a_length_has_an_empty_body(rest: Rest) -> None:
    answer = rest.raw(filled(rest, head(start=b"POST /api/tunnels/tailscale/disable HTTP/1.1")))
    assert answer.status == 200


def test_http_1_0_is_answered(rest: Rest) -> None:
    assert rest.raw(filled(rest, head(start=b"GET /api/tunnels HTTP/1.0"))).status == 200


def test_a_body_is_asked_for_once_the_head_has_passed(rest: Rest) -> None:
    wire = rest.connect()
    body = b'{"action":"enable"}'
    wire.send(filled(rest, post(b"Expect: 100-continue", b"Content-Length: %d" % len(body))))
    wire.wait_for(b"HTTP/1.1 100 Continue\r\n\r\n")
    wire.send(body)
    answer = parsed(wire.to_end())
    assert (answer.status, answer.continued) == (200, True)


@pytest.mark.parametrize(
    ("lines", "status"),
    [
        ([b"Content-Length: 65537"], 413),
        ([CHUNKED], 411),
        ([b"Content-Length: 2", b"Origin: null"], 403),
    ],
)
def test_a_body_is_not_asked_for_where_the_head_is_refused(rest: Rest, lines: list[bytes], status: int) -> None:
    answer = rest.raw(filled(rest, post(b"Expect: 100-continue", *lines)))
    assert (answer.status, answer.continued) == (status, False)


def test_a_body_that_came_without_waiting_is_not_asked_for(rest: Rest) -> None:
    body = b'{"action":"enable"}'
    answer = rest.raw(filled(rest, post(b"Expect: 100-continue", b"Content-Length: %d" % len(body), body=body)))
    assert (answer.status, answer.continued) == (200, False)


@pytest.mark.parametrize("size", [1, 2, 7, 64])
def test_a_request_in_pieces_is_answered_like_a_whole_one(rest: Rest, size: int) -> None:
    body = b'{"action":"enable","target":"http://127.0.0.1:3000"}'
    data = filled(rest, post(b"Content-Length: %d" % len(body), body=body))
    wire = rest.connect()
    for start in range(0, len(data), size):
        wire.send(data[start : start + size])
    assert parsed(wire.to_end()).status == 200


def test_a_client_that_leaves_half_way_harms_nobody(rest: Rest) -> None:
    data = filled(rest, post(b"Content-Length: 20", body=b'{"action":"enable"}'))
    for length in range(0, len(data), 9):
        wire = rest.connect()
        wire.send(data[:length])
        wire.look()
        wire.close()
    assert rest.call("GET", "/api/tunnels").status == 200
    assert not rest.hub.enabled


def test_a_client_that_ends_its_side_is_answered(rest: Rest) -> None:
    wire = rest.connect()
    wire.send(filled(rest, head()))
    wire.connection.shutdown(1)
    answer: Answer = parsed(wire.to_end())
    assert answer.status == 200


def test_a_token_in_the_query_or_the_body_is_none(rest: Rest) -> None:
    body = b'{"action":"enable","token":"%(token)s","authToken":"%(token)s","Authorization":"Bearer %(token)s"}'
    body = filled(rest, body)
    lines = b"Host: %(host)s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n".replace(
        b"%d", b"%d" % len(body)
    )
    for start in (b"POST /api/tunnels/lan HTTP/1.1", b"POST /api/tunnels/lan?auth_token=%(token)s HTTP/1.1"):
        assert rest.raw(filled(rest, start + b"\r\n" + lines + body)).status == 401
    assert not rest.hub.enabled


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1:20129"])
def test_a_preflight_is_refused_and_no_answer_allows_an_origin(rest: Rest, origin: str) -> None:
    answer = rest.call(
        "OPTIONS",
        "/api/tunnels/lan",
        None,
        f"Origin: {origin}",
        "Access-Control-Request-Method: POST",
        "Access-Control-Request-Headers: authorization",
        "Access-Control-Request-Private-Network: true",
        token=None,
    )
    assert answer.status == 403


def test_our_own_origin_is_no_reason_to_allow_one(rest: Rest) -> None:
    answer = rest.call("OPTIONS", "/api/tunnels/lan", None, f"Origin: http://{rest.host}")
    assert answer.status == 405


VENDORS = {
    "cloudflared": [
        "Cf-Ray: 8f1",
        "Cf-Connecting-Ip: 203.0.113.9",
        "Cdn-Loop: cloudflare; loops=1",
        "X-Forwarded-For: 203.0.113.9",
        "X-Forwarded-Proto: https",
    ],
    "ngrok": ["X-Forwarded-For: 203.0.113.9", "X-Forwarded-Host: a.ngrok-free.app", "X-Forwarded-Proto: https"],
    "tailscale": ["Tailscale-Funnel-Request: ?1", "X-Forwarded-For: 203.0.113.9", "X-Forwarded-Host: a.ts.net"],
    "proxy": ["Via: 1.1 proxy", "Forwarded: for=203.0.113.9"],
}


@pytest.mark.parametrize("vendor", VENDORS)
@pytest.mark.parametrize("path", ["/api/health", "/api/tunnels", "/api/events"])
def test_nobody_gets_in_through_a_tunnel_with_any_token(rest: Rest, vendor: str, path: str) -> None:
    answer = rest.call("GET", path, None, *VENDORS[vendor])
    assert (answer.status, answer.json["code"]) == (403, "forbidden")


def test_60_wrong_tokens_do_not_lock_out_the_right_one(rest: Rest) -> None:
    statuses = [rest.call("GET", "/api/tunnels", token="wrong").status for _ in range(60)]
    assert statuses == [401] * 30 + [429] * 30
    limited = rest.call("GET", "/api/tunnels", token="wrong")
    assert 1 <= int(limited.header("Retry-After") or 0) <= 60
    assert rest.call("GET", "/api/tunnels").status == 200
    assert rest.call("GET", "/api/tunnels", token=None).status == 401
