"""Who gets in: the checks of a head, as tables."""

from __future__ import annotations

from dataclasses import replace

import pytest

from portway.core.codes import Code
from portway.rest.http.policy import (
    LARGEST_BODY,
    WRONG_TOKENS_ALLOWED,
    Call,
    Credential,
    FailedLogins,
    Head,
    Policy,
    Refused,
)
from tests.rest.heads import GOOD, HOST, RULES, TOKEN, Clock, refusal


def with_headers(*headers: tuple[bytes, bytes]) -> Head:
    return replace(GOOD, headers=[*GOOD.headers, *headers])


def with_host(*hosts: bytes) -> Head:
    return replace(GOOD, headers=[*((b"host", host) for host in hosts), GOOD.headers[1]])


@pytest.mark.parametrize("host", [b"127.0.0.1:20129", b"localhost:20129"])
def test_our_own_hosts_get_in(policy: Policy, host: bytes) -> None:
    assert policy.check_head(with_host(host)) == Call("GET", "/read", None, Credential.RUN)


@pytest.mark.parametrize(
    "hosts",
    [
        (),
        (b"",),
        (HOST, HOST),
        (HOST, b"evil.example"),
        (b"evil.example", HOST),
        (b"evil.example",),
        (b"evil.example:20129",),
        (b"127.0.0.1",),
        (b"localhost",),
        (b"127.0.0.1:20128",),
        (b"127.0.0.1:",),
        (b"127.0.0.1:20129.evil.example",),
        (b"localhost.evil.example:20129",),
        (b"evil-localhost:20129",),
        (b"x127.0.0.1:20129",),
        (b"127.0.0.1:020129",),
        (b"127.0.0.1:20129 ",),
        (b"user@127.0.0.1:20129",),
        (b"2130706433:20129",),
        (b"0x7f000001:20129",),
        (b"0x7f.1:20129",),
        (b"127.1:20129",),
        (b"[::1]:20129",),
        (b"0.0.0.0:20129",),
        (b"127.0.0.2:20129",),
        (b"LOCALHOST:20129",),
        (b"localhost.:20129",),
        (b"abc.trycloudflare.com",),
        (b"abc.ngrok-free.app",),
        (b"host.tail1234.ts.net",),
        (b"http://127.0.0.1:20129",),
        (b"127.0.0.1:20129, evil.example",),
        (b"localhost:20129/",),
        (b"printer.local:20129",),
        (b"a.localhost:20129",),
    ],
)
def test_any_other_host_is_refused(policy: Policy, hosts: tuple[bytes, ...]) -> None:
    assert refusal(policy, with_host(*hosts)).problem.code is Code.WRONG_HOST


@pytest.mark.parametrize(
    "name",
    [
        b"forwarded",
        b"x-forwarded-for",
        b"x-forwarded-host",
        b"x-forwarded-proto",
        b"x-forwarded-anything",
        b"x-real-ip",
        b"via",
        b"cdn-loop",
        b"true-client-ip",
        b"cf-connecting-ip",
        b"cf-ray",
        b"cf-visitor",
        b"cf-",
        b"ngrok-trace-id",
        b"ngrok-skip-browser-warning",
        b"tailscale-user-login",
        b"tailscale-funnel-request",
    ],
)
@pytest.mark.parametrize("value", [b"", b"127.0.0.1", b"1"])
def test_what_came_through_a_tunnel_is_refused(policy: Policy, name: bytes, value: bytes) -> None:
    assert refusal(policy, with_headers((name, value))).problem.key == "forbidden.tunnel"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        (b"origin", b"http://evil.example"),
        (b"origin", b"null"),
        (b"origin", b""),
        (b"origin", b"http://localhost"),
        (b"origin", b"https://127.0.0.1:20129"),
        (b"origin", b"http://127.0.0.1:20128"),
        (b"origin", b"http://127.0.0.1:20129.evil.example"),
        (b"origin", b"http://127.0.0.1:20129/"),
        (b"origin", b"file://"),
        (b"origin", b"chrome-extension://abc"),
        (b"referer", b"http://evil.example/"),
        (b"referer", b"http://127.0.0.1:20129.evil.example/"),
        (b"referer", b"http://127.0.0.1:201299/"),
        (b"referer", b"http://127.0.0.1:20129@evil.example/"),
        (b"referer", b""),
        (b"referer", b"about:blank"),
        (b"sec-fetch-site", b"cross-site"),
        (b"sec-fetch-site", b"same-site"),
        (b"sec-fetch-site", b""),
        (b"sec-fetch-site", b"Same-Origin"),
        (b"sec-fetch-site", b"none, cross-site"),
    ],
)
def test_pages_of_others_are_refused(policy: Policy, name: bytes, value: bytes) -> None:
    assert refusal(policy, with_headers((name, value))).problem.key == "forbidden"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        (b"origin", b"http://127.0.0.1:20129"),
        (b"origin", b"http://localhost:20129"),
        (b"referer", b"http://127.0.0.1:20129"),
        (b"referer", b"http://localhost:20129/page"),
        (b"sec-fetch-site", b"same-origin"),
        (b"sec-fetch-site", b"none"),
        (b"accept", b"*/*"),
        (b"x-http-method-override", b"DELETE"),
    ],
)
def test_our_own_pages_and_harmless_headers_get_in(policy: Policy, name: bytes, value: bytes) -> None:
    assert policy.check_head(with_headers((name, value))) == Call("GET", "/read", None, Credential.RUN)


@pytest.mark.parametrize(
    "headers",
    [
        [(b"authorization", b"Bearer " + TOKEN)],
        [(b"authorization", b"bearer " + TOKEN)],
        [(b"cookie", b"auth_token=" + TOKEN)],
        [(b"cookie", b"theme=dark; auth_token=" + TOKEN + b"; x=y")],
        [(b"cookie", b"theme=dark"), (b"cookie", b"auth_token=" + TOKEN)],
    ],
)
def test_the_right_token_gets_in(policy: Policy, headers: list[tuple[bytes, bytes]]) -> None:
    head = replace(GOOD, headers=[(b"host", HOST), *headers])
    assert policy.check_head(head).credential is Credential.RUN


@pytest.mark.parametrize(
    "headers",
    [
        [(b"authorization", b"Bearer ")],
        [(b"authorization", b"Bearer wrong")],
        [(b"authorization", b"Bearer " + TOKEN[:-1])],
        [(b"authorization", b"Bearer " + TOKEN + b"x")],
        [(b"authorization", b"Bearer " + TOKEN.upper())],
        [(b"authorization", b"Bearer " + b"x" * 10_000)],
        [(b"authorization", b"Bearer \xff\xfe\xc3")],
        [(b"authorization", b"Bearer " + TOKEN)] * 2,
        [(b"authorization", b"Bearer wrong"), (b"authorization", b"Bearer " + TOKEN)],
        [(b"authorization", b"Bearer wrong"), (b"cookie", b"auth_token=" + TOKEN)],
        [(b"cookie", b"auth_token=")],
        [(b"cookie", b"auth_token=wrong; auth_token=" + TOKEN)],
        [(b"cookie", b"auth_token=" + TOKEN + b"; auth_token=" + TOKEN)],
    ],
)
def test_a_wrong_token_is_told_so_later(policy: Policy, headers: list[tuple[bytes, bytes]]) -> None:
    refused = refusal(policy, replace(GOOD, headers=[(b"host", HOST), *headers]))
    assert (refused.problem.code, refused.delayed) == (Code.UNAUTHORIZED, True)


@pytest.mark.parametrize(
    "headers",
    [
        [],
        [(b"authorization", b"Basic " + TOKEN)],
        [(b"authorization", TOKEN)],
        [(b"x-api-key", TOKEN)],
        [(b"cookie", b"token=" + TOKEN)],
        [(b"cookie", b"xauth_token=" + TOKEN)],
    ],
)
def test_no_token_is_told_so_at_once_and_not_counted(policy: Policy, headers: list[tuple[bytes, bytes]]) -> None:
    head = replace(GOOD, headers=[(b"host", HOST), *headers])
    for _ in range(2 * WRONG_TOKENS_ALLOWED):
        refused = refusal(policy, head)
        assert (refused.problem.code, refused.delayed) == (Code.UNAUTHORIZED, False)


def test_too_many_wrong_tokens_are_told_when_to_come_again_but_never_a_right_one(policy: Policy, clock: Clock) -> None:
    wrong = replace(GOOD, headers=[(b"host", HOST), (b"authorization", b"Bearer wrong")])
    codes = [refusal(policy, wrong).problem.code for _ in range(2 * WRONG_TOKENS_ALLOWED)]
    assert codes == [Code.UNAUTHORIZED] * WRONG_TOKENS_ALLOWED + [Code.TOO_MANY_ATTEMPTS] * WRONG_TOKENS_ALLOWED
    assert refusal(policy, wrong).problem.retry_after == 60
    assert policy.check_head(GOOD).credential is Credential.RUN
    clock.now += 60
    assert refusal(policy, wrong).problem.code is Code.UNAUTHORIZED


@pytest.mark.parametrize(
    "head",
    [
        replace(GOOD, version=b"9.9"),
        replace(GOOD, version=b"2.0"),
        replace(GOOD, version=b"1.2"),
        replace(GOOD, version=b"0.9"),
        replace(GOOD, target=b"http://127.0.0.1:20129/read"),
        replace(GOOD, target=b"http://evil.example/read"),
        replace(GOOD, target=b"*"),
        replace(GOOD, target=b"evil.example:443"),
        replace(GOOD, target=b"/r\xc3\xa9ad"),
        replace(GOOD, target=b""),
        with_headers((b"upgrade", b"websocket"), (b"connection", b"Upgrade")),
        with_headers((b"upgrade", b"h2c")),
        with_headers(*[(b"x-a", b"b")] * 63),
    ],
)
def test_odd_forms_are_no_valid_http_here(policy: Policy, head: Head) -> None:
    assert refusal(policy, head).problem.key == "bad_request.syntax"


def test_http_1_0_gets_in(policy: Policy) -> None:
    assert policy.check_head(replace(GOOD, version=b"1.0")).path == "/read"


def posting(*headers: tuple[bytes, bytes], target: bytes = b"/do") -> Head:
    return replace(with_headers(*headers), method="POST", target=target)


@pytest.mark.parametrize(
    "content_type",
    [
        b"application/json",
        b"application/json; charset=utf-8",
        b'Application/JSON;charset="UTF-8"',
        b"application/json;",
    ],
)
def test_a_body_that_is_declared_as_json_gets_in(policy: Policy, content_type: bytes) -> None:
    head = posting((b"content-length", b"%d" % LARGEST_BODY), (b"content-type", content_type))
    assert policy.check_head(head) == Call("POST", "/do", None, Credential.RUN)


@pytest.mark.parametrize(
    "types",
    [
        (),
        (b"",),
        (b"text/plain",),
        (b"application/x-www-form-urlencoded",),
        (b"multipart/form-data; boundary=x",),
        (b"application/json, text/plain",),
        (b"text/plain; application/json",),
        (b"application/jsonp",),
        (b"application/json; charset=latin-1",),
        (b"application/json", b"application/json"),
        (b"text/json",),
    ],
)
def test_a_body_of_another_type_is_refused(policy: Policy, types: tuple[bytes, ...]) -> None:
    head = posting((b"content-length", b"2"), *((b"content-type", one) for one in types))
    assert refusal(policy, head).problem.code is Code.UNSUPPORTED_MEDIA_TYPE


@pytest.mark.parametrize(
    ("length", "code"),
    [
        (b"%d" % (LARGEST_BODY + 1), Code.TOO_LARGE),
        (b"99999", Code.TOO_LARGE),
        (b"9" * 40, Code.TOO_LARGE),
        (b"1000000000000", Code.TOO_LARGE),
        (b"0000000065537", Code.TOO_LARGE),
    ],
)
def test_a_body_that_is_too_large_is_refused_by_its_announcement(policy: Policy, length: bytes, code: Code) -> None:
    assert refusal(policy, posting((b"content-length", length))).problem.code is code


@pytest.mark.parametrize("length", [b"0", b"000"])
@pytest.mark.parametrize("head", [GOOD, replace(GOOD, method="POST", target=b"/do")])
def test_a_length_of_nothing_is_as_none(policy: Policy, head: Head, length: bytes) -> None:
    same = replace(head, headers=[*head.headers, (b"content-length", length)])
    assert policy.check_head(same) == policy.check_head(head)


@pytest.mark.parametrize(("method", "target"), [("GET", b"/do"), ("DELETE", b"/do"), ("HEAD", b"/read")])
def test_a_body_where_none_belongs_is_refused(policy: Policy, method: str, target: bytes) -> None:
    head = with_headers((b"content-length", b"2"), (b"content-type", b"application/json"))
    assert refusal(policy, replace(head, method=method, target=target)).problem.key == "bad_request.body_unwanted"


@pytest.mark.parametrize(
    ("query", "wait"), [(b"", None), (b"?", None), (b"?wait=0", 0), (b"?wait=300", 300), (b"?wait=007", 7)]
)
def test_a_wait_is_taken(policy: Policy, query: bytes, wait: int | None) -> None:
    assert policy.check_head(posting(target=b"/do" + query)).wait == wait


@pytest.mark.parametrize(
    ("method", "target"),
    [
        ("POST", b"/do?wait=301"),
        ("POST", b"/do?wait=-1"),
        ("POST", b"/do?wait=1.5"),
        ("POST", b"/do?wait="),
        ("POST", b"/do?wait=1&wait=2"),
        ("POST", b"/do?wait=1&x=2"),
        ("POST", b"/do?WAIT=1"),
        ("POST", b"/do?wait=%31"),
        ("POST", b"/do?wait=+1"),
        ("POST", b"/do?wait=0x1"),
        ("POST", b"/do?token=x"),
        ("GET", b"/read?wait=1"),
        ("GET", b"/do?action=enable"),
        ("POST", b"/may?wait=1"),
        ("GET", b"/open?x"),
        ("POST", b"/do?wait=9999999999"),
    ],
)
def test_any_other_query_is_refused(policy: Policy, method: str, target: bytes) -> None:
    assert refusal(policy, replace(GOOD, method=method, target=target)).problem.key == "bad_request.query"


def test_nothing_gets_in_before_the_port_is_known() -> None:
    policy = Policy(RULES, frozenset({"/open"}), lambda _: Credential.RUN, FailedLogins())
    assert refusal(policy, GOOD).problem.code is Code.WRONG_HOST


@pytest.mark.parametrize(
    "raw",
    [
        b"GET / HTTP/1.1\nHost: x\n\n",
        b"GET / HTTP/1.1\r\nA: b\rc\r\n\r\n",
        b"GET / HTTP/1.1\r\nA: b\x00c\r\n\r\n",
        b"GET / HTTP/1.1\r\nA: b\x0bc\r\n\r\n",
        b"GET / HTTP/1.1\r\nA: b\x0cc\r\n\r\n",
        b"GET / HTTP/1.1\r\nA: b\x7fc\r\n\r\n",
        b"GET / HTTP/1.1\r\nA: b\x1bc\r\n\r\n",
        b"GET / HTTP/1.1\r\nA: b\r\n c\r\n\r\n",
        b"GET / HTTP/1.1\r\nA: b\r\n\tc\r\n\r\n",
        b"GET / HTTP/1.1\r\nA: b\n\r\n",
        b"GET / HTTP/1.1\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\n",
        b"GET / HTTP/1.1\r\nContent-Length: 2, 2\r\n\r\n",
        b"GET / HTTP/1.1\r\ncontent-length: +2\r\n\r\n",
        b"GET / HTTP/1.1\r\nContent-Length:\r\n\r\n",
        b"GET / HTTP/1.1\r\nContent-Length: 0x2\r\n\r\n",
        b"GET / HTTP/1.1\r\nContent-Length: 2_0\r\n\r\n",
        b"GET / HTTP/1.1\r\nContent-Length: -2\r\n\r\n",
    ],
)
def test_bytes_that_the_parser_would_let_through_are_refused(policy: Policy, raw: bytes) -> None:
    with pytest.raises(Refused) as refused:
        policy.check_raw(raw)
    assert refused.value.problem.key == "bad_request.syntax"


def test_tabs_and_latin_1_in_a_value_get_in(policy: Policy) -> None:
    policy.check_raw(b"GET / HTTP/1.1\r\nA: \tb\xe9\r\nContent-Length: 2\r\n\r\n")
