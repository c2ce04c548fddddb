"""Which heads pass as HTTP/1: only those that all programs understand in the same way."""

from __future__ import annotations

import contextlib

import httptools
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portway.relay.http.heads import (
    Heads,
    MalformedHeadError,
    answer_bytes,
    may_become_request,
    parse_answer,
    parse_request,
    request_bytes,
    values_of,
)

_GOOD = {
    "plain": b"GET / HTTP/1.1\r\nHost: a\r\n\r\n",
    "with a port": b"GET / HTTP/1.1\r\nHost: a.b-c_d:8080\r\n\r\n",
    "of IPv6": b"GET / HTTP/1.1\r\nHost: [::1]:80\r\n\r\n",
    "HTTP/1.0": b"GET / HTTP/1.0\r\nHost: a\r\n\r\n",
    "HTTP/1.0 that stays": b"GET / HTTP/1.0\r\nHost: a\r\nConnection: keep-alive\r\n\r\n",
    "of all resources": b"OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n",
    "a length": b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n",
    "a length with zeros": b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0005\r\n\r\n",
    "chunks": b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n",
    "chunks in capitals": b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: Chunked\r\n\r\n",
    "an upgrade": b"GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n",
    "an empty value": b"GET / HTTP/1.1\r\nHost: a\r\nX-Empty:\r\n\r\n",
    "bytes above ASCII in a value": b"GET / HTTP/1.1\r\nHost: a\r\nX-Name: \xc3\xa4\r\n\r\n",
    "a query": b"GET /a/../b//c?x=%2F&y HTTP/1.1\r\nHost: a\r\n\r\n",
    "QUERY": b"QUERY / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n",
    "200 headers": b"GET / HTTP/1.1\r\nHost: a\r\n" + b"X-A: b\r\n" * 200 + b"\r\n",
}
_BAD = {
    "a length and chunks": b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
    "chunks and a length": b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n",
    "two equal lengths": b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\n",
    "two lengths": b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n",
    "a list of lengths": b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1, 1\r\n\r\n",
    "a signed length": b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +5\r\n\r\n",
    "a negative length": b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
    "an endless length": b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9999999999999999999\r\n\r\n",
    "a length in hexadecimal": b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0x5\r\n\r\n",
    "an empty length": b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length:\r\n\r\n",
    "gzip, chunked": b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n",
    "chunked, chunked": b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, chunked\r\n\r\n",
    "chunks twice": b"POST / HTTP/1.1\r\nHost: a\r\n" + b"Transfer-Encoding: chunked\r\n" * 2 + b"\r\n",
    "identity": b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: identity\r\n\r\n",
    "xchunked": b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\n",
    "a folded coding": b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding:\r\n chunked\r\n\r\n",
    "a blank before the colon": b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding : chunked\r\n\r\n",
    "chunks in HTTP/1.0": b"POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n",
    "a vertical tab in the coding": b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: \x0bchunked\r\n\r\n",
    "a folded line": b"GET / HTTP/1.1\r\nHost: a\r\nX-A: b\r\n c\r\n\r\n",
    "a bare line feed": b"GET / HTTP/1.1\r\nHost: a\nX-A: b\r\n\r\n",
    "a bare carriage return": b"GET / HTTP/1.1\r\nHost: a\rX-A: b\r\n\r\n",
    "line feeds alone": b"GET / HTTP/1.1\nHost: a\n\n",
    "HTTP/0.9": b"GET /\r\n\r\n",
    "HTTP/1.2": b"GET / HTTP/1.2\r\nHost: a\r\n\r\n",
    "HTTP/2.0": b"GET / HTTP/2.0\r\nHost: a\r\n\r\n",
    "HTTP/9.9": b"GET / HTTP/9.9\r\nHost: a\r\n\r\n",
    "http in small letters": b"GET / http/1.1\r\nHost: a\r\n\r\n",
    "no Host": b"GET / HTTP/1.1\r\nX-A: b\r\n\r\n",
    "two Hosts": b"GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n",
    "a Host with a blank behind it": b"GET / HTTP/1.1\r\nHost: a \r\n\r\n",
    "a length with a blank behind it": b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5 \r\n\r\n",
    "chunks with a tab behind them": b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\t\r\n\r\n",
    "an empty Host": b"GET / HTTP/1.1\r\nHost:\r\n\r\n",
    "a Host with a path": b"GET / HTTP/1.1\r\nHost: a/b\r\n\r\n",
    "a Host with a user": b"GET / HTTP/1.1\r\nHost: u@a\r\n\r\n",
    "a Host with a blank": b"GET / HTTP/1.1\r\nHost: a b\r\n\r\n",
    "two blanks": b"GET  / HTTP/1.1\r\nHost: a\r\n\r\n",
    "a blank in the path": b"GET /a b HTTP/1.1\r\nHost: a\r\n\r\n",
    "a blank at the end": b"GET / HTTP/1.1 \r\nHost: a\r\n\r\n",
    "an absolute target": b"GET http://b/ HTTP/1.1\r\nHost: a\r\n\r\n",
    "CONNECT": b"CONNECT b:443 HTTP/1.1\r\nHost: a\r\n\r\n",
    "a star for GET": b"GET * HTTP/1.1\r\nHost: a\r\n\r\n",
    "an unknown method": b"FROB / HTTP/1.1\r\nHost: a\r\n\r\n",
    "a method in small letters": b"get / HTTP/1.1\r\nHost: a\r\n\r\n",
    "an empty line first": b"\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n",
    "a line without a colon": b"GET / HTTP/1.1\r\nHost: a\r\nnonsense\r\n\r\n",
    "a header without a name": b"GET / HTTP/1.1\r\nHost: a\r\n: b\r\n\r\n",
    "a NUL in a value": b"GET / HTTP/1.1\r\nHost: a\r\nX-A: b\x00c\r\n\r\n",
    "a NUL in a name": b"GET / HTTP/1.1\r\nHost: a\r\nX\x00A: b\r\n\r\n",
    "a blank in a name": b"GET / HTTP/1.1\r\nHost: a\r\nX A: b\r\n\r\n",
    "too long": b"GET / HTTP/1.1\r\nHost: a\r\nX-A: " + b"b" * 65536 + b"\r\n\r\n",
    "TLS": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
    "HTTP/2": b"PRI * HTTP/2.0\r\n\r\n",
    "an answer": b"HTTP/1.1 200 OK\r\nHost: a\r\n\r\n",
    "nothing": b"\r\n\r\n",
}


@pytest.mark.parametrize("raw", _GOOD.values(), ids=_GOOD)
def test_these_pass(raw: bytes) -> None:
    assert parse_request(raw).host


@pytest.mark.parametrize("raw", _BAD.values(), ids=_BAD)
def test_these_do_not(raw: bytes) -> None:
    with pytest.raises(MalformedHeadError):
        parse_request(raw)


@pytest.mark.parametrize("raw", _GOOD.values(), ids=_GOOD)
def test_what_passes_is_written_so_that_it_means_the_same(raw: bytes) -> None:
    head = parse_request(raw)
    again = parse_request(request_bytes(head))
    assert (again.method, again.target, again.version) == (head.method, head.target, head.version)
    assert (again.host, again.length, again.keeps, again.upgrade) == (head.host, head.length, head.keeps, head.upgrade)


def test_what_is_for_one_hop_alone_goes_no_further() -> None:
    raw = (
        b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close, X-Mine, Host\r\nKeep-Alive: 5\r\nX-Mine: 1\r\n"
        b"Proxy-Connection: x\r\nTE: trailers\r\nX_Forwarded_For: 1\r\nX-Kept: 2\r\n\r\n"
    )
    written = request_bytes(parse_request(raw))
    assert written == b"GET / HTTP/1.1\r\nHost: a\r\nTE: trailers\r\nX-Kept: 2\r\nConnection: close\r\n\r\n"


@pytest.mark.parametrize(
    "first", [b"", b"G", b"GET", b"GET ", b"GET /", b"GET /a HTTP/1.1", b"GET / HTTP/1.1\r\nHo", b"OPTIONS *"]
)
def test_a_request_that_has_only_begun_may_become_one(first: bytes) -> None:
    assert may_become_request(first)


@pytest.mark.parametrize(
    "first",
    [
        b"get",
        b"hello",
        b"\x16\x03",
        b"PRI *",
        b"GET x",
        b"GET \n",
        b"SSH-2.0-x\r\n",
        b"GET / HTTP/1.1\nHost",
        b"\r\n",
        b"GET  ",
    ],
)
def test_other_languages_are_known_by_their_first_bytes(first: bytes) -> None:
    assert not may_become_request(first)


@pytest.mark.parametrize(
    ("raw", "status", "length", "chunked", "keeps"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", 200, 5, False, True),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", 200, None, True, True),
        (b"HTTP/1.1 200\r\nConnection: close\r\n\r\n", 200, None, False, False),
        (b"HTTP/1.0 200 OK\r\n\r\n", 200, None, False, False),
        (b"HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 0\r\n\r\n", 200, 0, False, True),
        (b"HTTP/1.1 101 Switching\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n", 101, None, False, True),
        (b"HTTP/1.1 101 Switching\r\n\r\n", 101, None, False, True),
        (b"HTTP/1.1 100 Continue\r\n\r\n", 100, None, False, True),
    ],
)
def test_answers_tell_how_their_body_ends(
    raw: bytes, status: int, length: int | None, chunked: object, keeps: object
) -> None:
    head = parse_answer(raw)
    assert (head.status, head.length, head.chunked, head.keeps) == (status, length, chunked, keeps)
    again = parse_answer(answer_bytes(head))
    assert (again.first_line, again.length, again.chunked, again.keeps) == (head.first_line, length, chunked, keeps)


@pytest.mark.parametrize(
    "raw",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nX-A: b\r\n c\r\n\r\n",
        b"HTTP/1.1 200 OK\nX-A: b\n\n",
        b"ICY 200 OK\r\n\r\n",
        b"SSH-2.0-OpenSSH\r\n\r\n",
        b"HTTP/2 200\r\n\r\n",
    ],
)
def test_answers_that_could_mean_two_things_are_none(raw: bytes) -> None:
    with pytest.raises(MalformedHeadError):
        parse_answer(raw)


class _Observer:
    def __init__(self) -> None:
        self.headers: list[tuple[bytes, bytes]] = []
        self.complete = False

    def on_header(self, name: bytes, value: bytes) -> None:
        self.headers.append((name, value))

    def on_headers_complete(self) -> None:
        self.complete = True


_NAMES = st.sampled_from([b"X-A", b"x_b", b"Cookie", b"TE", b"Keep-Alive", b"ACCEPT", b"Upgrade", b"", b"X A", b"X:"])
_VALUES = st.binary(max_size=12) | st.sampled_from(
    [b"", b"a: b", b"keep-alive", b"close, x-a", b"\t a \t", b"\xc3\xa4"]
)
_COLONS = st.sampled_from([b":", b": ", b":\t", b" :"])


@given(st.lists(st.tuples(_NAMES, _COLONS, _VALUES), max_size=6))
def test_headers_are_those_that_the_parser_sees_and_the_head_is_whole(lines: list[tuple[bytes, bytes, bytes]]) -> None:
    raw = b"GET / HTTP/1.1\r\nHost: a\r\n" + b"".join(map(b"".join, ((*line, b"\r\n") for line in lines))) + b"\r\n"
    try:
        head = parse_request(raw)
    except MalformedHeadError:
        return
    observer = _Observer()
    with contextlib.suppress(httptools.HttpParserUpgrade):
        httptools.HttpRequestParser(observer).feed_data(raw)
    assert observer.complete
    assert head.headers == tuple(observer.headers)
    again = parse_request(request_bytes(head))
    assert (again.length, again.keeps, again.upgrade) == (head.length, head.keeps, head.upgrade)
    assert not [
        name for name, _ in again.headers if b"_" in name or name.lower() in {b"keep-alive", b"proxy-connection"}
    ]


@pytest.mark.parametrize("line", [b"Host:a", b"Host:\ta", b"Host:  a", b"HOST: a"])
def test_blanks_around_what_matters_are_the_usual_one_when_written(line: bytes) -> None:
    written = request_bytes(parse_request(b"GET / HTTP/1.1\r\n" + line + b"\r\nX-A:  b\r\n\r\n"))
    assert written.split(b"\r\n")[1] == line[:4] + b": a"


def test_the_last_head_each_way_is_known_again_and_no_other_one() -> None:
    heads = Heads()
    request, answer = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
    first = heads.request(request)
    assert heads.request(bytes(bytearray(request))) is first
    assert heads.answer(answer) is heads.answer(bytes(bytearray(answer)))
    other = heads.request(request.replace(b"/", b"/other", 1))
    assert (other.target, heads.request(request).target) == (b"/other", b"/")
    assert heads.request(request) is not first
    for _ in range(2):
        with pytest.raises(MalformedHeadError):
            heads.request(b"GET / HTTP/1.1\r\n\r\n")
    assert heads.request(request).raw == request


_LINES = ("Host: a", "Host: a\r\nContent-Length: 5", "Host: b\r\nConnection: close", "X_Y: 1\r\nHost: a", "Hos: a")
_RAW = st.builds(
    "{} {} HTTP/{}\r\n{}\r\n\r\n".format,
    st.sampled_from(["GET", "GETS", "POST", "OPTIONS", "get"]),
    st.sampled_from(["/", "/a?b=/c", "/a b", "/\t", "/\x7f", "/ü", "*", "a", "", "/ HTTP/1.1\r\nHost: c\r\nA: /"]),
    st.sampled_from(["1.0", "1.1", "1.2"]),
    st.sampled_from(_LINES),
)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # machines are busy
@given(st.lists(_RAW.map(lambda text: text.encode("latin-1")), min_size=2, max_size=8))
def test_what_is_known_of_the_last_request_changes_nothing_of_the_next_one(raws: list[bytes]) -> None:
    heads = Heads()
    for raw in raws:
        try:
            alone = parse_request(raw)
        except MalformedHeadError:
            with pytest.raises(MalformedHeadError):
                heads.request(raw)
        else:
            head = heads.request(raw)
            assert (head.raw, head.method, head.target, head.version, head.meaning, head.length) == (
                (raw, alone.method, alone.target, alone.version, alone.meaning, alone.length)
            )


@pytest.mark.parametrize("begun", [b"/", b"/a", b"/?", b"/a?b="])
@pytest.mark.parametrize("sign", range(0x21, 0x7F))
def test_a_target_may_have_every_sign_that_can_be_seen(begun: bytes, sign: int) -> None:
    """Whoever asks for something else in the same words is not judged anew for that."""
    target = begun + bytes([sign, ord("a")])
    assert parse_request(b"GET %b HTTP/1.1\r\nHost: a\r\n\r\n" % target).target == target


def test_lines_that_mean_the_same_again_are_read_anew_where_something_else_is_other() -> None:
    """What lines mean is remembered by those that matter: the version and all other lines count as well."""
    lines = b"Host: a\r\nConnection: keep-alive\r\n\r\n"
    assert parse_request(b"GET / HTTP/1.1\r\n" + lines).keeps
    assert request_bytes(parse_request(b"GET / HTTP/1.0\r\n" + lines)) == (
        b"GET / HTTP/1.0\r\nHost: a\r\nConnection: keep-alive\r\n\r\n"
    )
    with_name = parse_request(b"GET / HTTP/1.1\r\nX_Name: 1\r\n" + lines)
    assert b"X_Name" not in request_bytes(with_name)
    in_value = parse_request(b"GET /a_b HTTP/1.1\r\nX-Name: a_b:c\r\n" + lines)
    assert b"X-Name: a_b:c\r\n" in request_bytes(in_value)


def test_a_header_is_found_by_its_name_in_any_size_and_nothing_else() -> None:
    head = parse_request(
        b"GET / HTTP/1.1\r\nHost: a\r\nCF-Connecting-IP: 1\r\ncf-connecting-ip:\t 2 \r\n"
        b"X-Cf-Connecting-Ip: 3\r\nCf-Connecting-Ip-X: 4\r\nX-A: Cf-Connecting-Ip: 5\r\nCF-CONNECTING-IP:\r\n\r\n"
    )
    assert values_of(b"cf-connecting-ip")(head) == [b"1", b"2 ", b""]


@pytest.mark.parametrize(
    "lines",
    [
        b"Accept:  */*\r\n",
        b"Connection: keep-alive\r\n",
        b"Connection: close\r\nKeep-Alive: 5\r\n",
        b"Connection: Upgrade\r\nUpgrade: websocket\r\n",
        b"Connection: X-Hop\r\nX-Hop: 1\r\nTE: trailers\r\n",
        b"X_Name: 1\r\n",
        b"Content-Length:  2\r\n",
    ],
)
def test_what_a_guard_took_a_line_from_is_written_as_if_it_had_come_so(lines: bytes) -> None:
    first = b"POST /a?b HTTP/1.1\r\nHost: x\r\n"
    came = parse_request(first + b"Cookie: portway=1\r\n" + lines + b"\r\n")
    without = came.changed(came.fields.replace(b"\r\nCookie: portway=1", b""), came.target)
    assert request_bytes(without) == request_bytes(parse_request(first + lines + b"\r\n"))
    assert (without.length, without.keeps, without.upgrade) == (came.length, came.keeps, came.upgrade)
