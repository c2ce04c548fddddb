"""The gate: what lets visitors in, what of it goes further, and what they see who are not let in."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from dataclasses import replace
from http.cookies import SimpleCookie

import pytest

from portway.core.backend import ClientHeader, Which
from portway.core.guard.deadline import Deadline
from portway.core.guard.rules import Guard
from portway.core.secret import Secret
from portway.relay.guard.gate import Gate
from portway.relay.http.exchange import Exchange
from portway.relay.http.gatekeeping import OwnAnswer
from portway.relay.http.heads import parse_answer, parse_request

_PASSWORD = Secret("correct horse")
_HTML = "Accept: text/html,*/*;q=0.8"
_FORM = b"to=%2Fshop%3Fa%3D1&password=correct+horse"
_BY_EDGE = ClientHeader("x-edge-ip", Which.ONLY)


def _asked(*lines: str, line: str = "GET /shop?a=1 HTTP/1.1", peer: str = "127.0.0.1") -> Exchange:
    raw = "\r\n".join([line, "Host: shop.example", *lines, "", ""]).encode("latin-1")
    return Exchange(peer, parse_request(raw))


def _gate(guard: Guard, password: Secret | None = _PASSWORD, *, secure: bool = True, clock: float = 0.0) -> Gate:
    gate = Gate("shop", client_header=_BY_EDGE, secure=secure, clock=lambda: clock)
    gate.guard_by(guard, password, None)
    return gate


def _status(answer: OwnAnswer | None) -> int:
    return 200 if answer is None else answer.status


def _head(answer: OwnAnswer | None) -> dict[str, str]:
    assert answer is not None
    head = parse_answer(answer.content.partition(b"\r\n\r\n")[0] + b"\r\n\r\n")
    assert head.status == answer.status
    return {name.decode().lower(): value.decode() for name, value in head.headers}


def _log_in(gate: Gate, body: bytes = _FORM, *lines: str) -> OwnAnswer:
    exchange = _asked(*lines, f"Content-Length: {len(body)}", _HTML, line="POST /.portway/log-in HTTP/1.1")
    assert gate.judge(exchange) == OwnAnswer(0, b"")
    return gate.log_in(exchange, body)


def _cookie(answer: OwnAnswer) -> str:
    name, morsel = next(iter(SimpleCookie(_head(answer)["set-cookie"]).items()))
    return f"{name}={morsel.value}"


class TestPassword:
    def test_the_page_leads_to_the_log_in_and_back_to_where_one_wanted_to_go(self) -> None:
        gate = _gate(Guard(password=True))
        page = gate.judge(_asked(_HTML))
        assert page is not None and page.status == 401  # noqa: PT018
        assert b'action="/.portway/log-in"' in page.content
        assert b'value="/shop?a=1"' in page.content
        let_in = _log_in(gate)
        assert let_in.status == 303
        assert _head(let_in)["location"] == "/shop?a=1"

    def test_the_cookie_lets_in_and_goes_no_further(self) -> None:
        gate = _gate(Guard(password=True))
        cookie = _cookie(_log_in(gate))
        exchange = _asked(f"Cookie: a=1; {cookie}; b=2", "X-A: 1")
        assert gate.judge(exchange) is None
        assert exchange.request.headers == ((b"Host", b"shop.example"), (b"Cookie", b"a=1; b=2"), (b"X-A", b"1"))
        assert cookie.encode() not in exchange.request.raw
        alone = _asked(f"Cookie: {cookie}")
        assert gate.judge(alone) is None
        assert alone.header(b"cookie") is None

    @pytest.mark.parametrize(
        ("secure", "told"),
        [
            (True, r"__Host-portway-shop=\S+; Path=/; Max-Age=\d+; HttpOnly; SameSite=Lax; Secure"),
            (False, r"portway-shop=\S+; Path=/; Max-Age=\d+; HttpOnly; SameSite=Lax"),
        ],
    )
    def test_the_cookie_is_bound_to_the_site_where_the_way_in_has_tls(self, secure: bool, told: str) -> None:  # noqa: FBT001
        assert re.fullmatch(told, _head(_log_in(_gate(Guard(password=True), secure=secure)))["set-cookie"])

    def test_tunnels_of_one_name_share_a_browser_and_neither_cookie_goes_further(self) -> None:
        shop, api = _gate(Guard(password=True)), Gate("api", client_header=_BY_EDGE)
        api.guard_by(Guard(password=True), _PASSWORD, None)
        both = f"Cookie: {_cookie(_log_in(shop))}; a=1; {_cookie(_log_in(api))}"
        for gate in (shop, api):
            exchange = _asked(both)
            assert gate.judge(exchange) is None
            assert exchange.header(b"cookie") == b"a=1"

    @pytest.mark.parametrize("end", ["another password", "stopped", "no password"])
    def test_old_cookies_are_void(self, end: str) -> None:
        gate = _gate(Guard(password=True))
        cookie = _cookie(_log_in(gate))
        if end == "stopped":
            gate.forget_visitors()
        gate.guard_by(Guard(password=True), Secret("another one") if end == "another password" else _PASSWORD, None)
        if end == "no password":
            gate.guard_by(Guard(password=True), None, None)
        assert _status(gate.judge(_asked(f"Cookie: {cookie}"))) == (503 if end == "no password" else 401)

    def test_the_same_password_given_again_leaves_everybody_in(self) -> None:
        gate = _gate(Guard(password=True))
        cookie = _cookie(_log_in(gate))
        gate.guard_by(Guard(password=True, rate_limit=100), Secret("correct horse"), None)
        assert gate.judge(_asked(f"Cookie: {cookie}")) is None

    def test_wrong_ones_are_asked_again_then_told_to_wait(self) -> None:
        gate = _gate(Guard(password=True))
        assert [_log_in(gate, b"password=wrong").status for _ in range(6)] == [401] * 4 + [429] * 2
        refused = _log_in(gate)
        assert refused.status == 429
        assert 0 < int(_head(refused)["retry-after"]) <= 60

    def test_who_is_in_stays_in_while_others_guess(self) -> None:
        gate = _gate(Guard(password=True))
        cookie = _cookie(_log_in(gate))
        for _ in range(50):
            _log_in(gate, b"password=wrong")
        assert gate.judge(_asked(f"Cookie: {cookie}")) is None

    def test_a_locked_tunnel_opens_for_nobody(self) -> None:
        gate = _gate(Guard(password=True, open=("/hook",)), None)
        assert _status(gate.judge(_asked())) == 503
        assert _status(gate.judge(_asked(line="POST /.portway/log-in HTTP/1.1"))) == 503
        assert gate.judge(_asked(line="POST /hook HTTP/1.1")) is None
        assert gate.new_link() is None

    @pytest.mark.parametrize("site", ["cross-site", "same-site"])
    def test_no_other_site_can_log_in_or_use_up_tries(self, site: str) -> None:
        gate = _gate(Guard(password=True))
        for _ in range(10):
            refused = gate.judge(_asked(f"Sec-Fetch-Site: {site}", line="POST /.portway/log-in HTTP/1.1"))
            assert _status(refused) == 403
        assert _log_in(gate, _FORM, "Sec-Fetch-Site: same-origin").status == 303

    @pytest.mark.parametrize("length", ["Content-Length: 4097", "Transfer-Encoding: chunked"])
    def test_a_log_in_is_short(self, length: str) -> None:
        refused = _gate(Guard(password=True)).judge(_asked(length, line="POST /.portway/log-in HTTP/1.1"))
        assert _status(refused) == 403
        assert _head(refused)["connection"] == "close"

    @pytest.mark.parametrize("to", ["//evil.example", "https://evil.example", "/\\evil", "/a\r\nX: y", "/.portway/in"])
    def test_the_log_in_leads_to_no_other_place(self, to: str) -> None:
        from urllib.parse import quote

        let_in = _log_in(_gate(Guard(password=True)), b"password=correct+horse&to=" + quote(to).encode())
        assert (let_in.status, _head(let_in)["location"]) == (303, "/")

    def test_our_paths_are_the_target_s_own_while_no_password_is_asked_for(self) -> None:
        gate = _gate(Guard(read_only=True))
        assert gate.judge(_asked(line="GET /.portway/in HTTP/1.1")) is None


class TestBasic:
    @staticmethod
    def _given(password: str) -> str:
        return "Authorization: Basic " + base64.b64encode(f"me:{password}".encode()).decode()

    def test_it_lets_in_only_where_that_is_on_and_goes_no_further(self) -> None:
        right = self._given("correct horse")
        assert _status(_gate(Guard(password=True)).judge(_asked(right))) == 401
        exchange = _asked(right, "X-A: 1")
        assert _gate(Guard(password=True, basic=True)).judge(exchange) is None
        assert exchange.header(b"authorization") is None

    def test_only_then_does_the_answer_ask_for_it(self) -> None:
        assert "www-authenticate" not in _head(_gate(Guard(password=True)).judge(_asked()))
        assert "Basic" in _head(_gate(Guard(password=True, basic=True)).judge(_asked()))["www-authenticate"]

    def test_a_wrong_one_is_recorded_no_more_than_a_right_one(self) -> None:
        exchange = _asked(self._given("nearly right"))
        assert _status(_gate(Guard(password=True, basic=True)).judge(exchange)) == 401
        assert exchange.header(b"authorization") is None

    def test_wrong_ones_count(self) -> None:
        gate = _gate(Guard(password=True, basic=True))
        statuses = [_status(gate.judge(_asked(self._given("wrong")))) for _ in range(6)]
        assert statuses[0] == 401
        assert statuses[-1] == 429

    @pytest.mark.parametrize(
        "rules", [Guard(allow=("203.0.113.0/24",)), Guard(deny=("192.0.2.1",)), Guard(paths=("/api/*",))]
    )
    def test_whom_no_password_lets_in_uses_up_no_tries(self, rules: Guard) -> None:
        gate = _gate(replace(rules, password=True, basic=True))
        for _ in range(100):
            assert _status(gate.judge(_asked(self._given("guess"), "X-Edge-Ip: 192.0.2.1"))) == 403
        asked = _asked(self._given("correct horse"), "X-Edge-Ip: 203.0.113.7", line="GET /api/x HTTP/1.1")
        assert gate.judge(asked) is None

    def test_credentials_of_the_target_s_own_pass_and_do_not_count(self) -> None:
        gate = _gate(Guard(password=True, basic=True, open=("/hook",)))
        cookie = f"Cookie: {_cookie(_log_in(gate))}"
        for _ in range(10):
            known, hook = _asked(cookie, self._given("theirs")), _asked(self._given("x"), line="GET /hook HTTP/1.1")
            assert gate.judge(known) is gate.judge(hook) is None
            assert known.header(b"authorization") is not None
            assert hook.header(b"authorization") is not None
        assert _status(gate.judge(_asked(self._given("wrong")))) == 401


class TestLink:
    def _path(self, gate: Gate) -> str:
        path = gate.new_link()
        assert path is not None and len(path) < 40  # noqa: PT018 - the QR code stays small
        return path

    def test_a_person_who_opens_it_is_in_and_nobody_after_that(self) -> None:
        gate = _gate(Guard(password=True))
        opened = (_HTML, "Sec-Fetch-User: ?1", "Sec-Fetch-Mode: navigate")
        path = self._path(gate)
        assert gate.link_waits(path)
        line = f"GET {path} HTTP/1.1"
        let_in = gate.judge(_asked(*opened, line=line))
        assert not gate.link_waits(path)
        assert let_in is not None and let_in.status == 303  # noqa: PT018
        assert gate.judge(_asked(f"Cookie: {_cookie(let_in)}")) is None
        assert _status(gate.judge(_asked(*opened, line=line))) == 401

    def test_what_only_looks_at_it_does_not_use_it_up(self) -> None:
        gate = _gate(Guard(password=True))
        path = self._path(gate)
        for method in ("GET", "HEAD", "GET"):
            looked = gate.judge(_asked(_HTML, line=f"{method} {path} HTTP/1.1"))
            assert _status(looked) == 200
            assert looked is not None and b"Set-Cookie" not in looked.content  # noqa: PT018
        assert gate.link_waits(path)
        assert _log_in(gate, path.partition("?")[2].encode()).status == 303
        assert _log_in(gate, path.partition("?")[2].encode()).status == 401

    def test_with_another_password_it_is_over(self) -> None:
        gate = _gate(Guard(password=True))
        path = self._path(gate)
        gate.guard_by(Guard(password=True), Secret("another horse"), None)
        assert not gate.link_waits(path)
        assert gate.link_waits(self._path(gate))

    def test_nothing_of_it_is_recorded(self) -> None:
        gate = _gate(Guard(password=True))
        exchange = _asked(_HTML, line=f"GET {self._path(gate)} HTTP/1.1")
        gate.judge(exchange)
        assert exchange.request.target == b"/.portway/in"
        assert b"t=" not in exchange.request.raw


class TestAddress:
    _ONLY = Guard(allow=("203.0.113.0/24", "2001:db8::1"), deny=("203.0.113.66",))

    @pytest.mark.parametrize(
        ("lines", "refused"),
        [
            (["X-Edge-IP: 203.0.113.7"], False),
            (["X-Edge-IP: 2001:db8::ffff"], False),
            (["X-Edge-IP: ::ffff:203.0.113.7"], False),
            (["X-Edge-IP: 203.0.113.66"], True),
            (["X-Edge-IP: 198.51.100.1"], True),
            (["X-Edge-IP: 203.0.113.7, 203.0.113.8"], True),
            (["X-Edge-IP: 203.0.113.7", "X-Edge-IP: 203.0.113.7"], True),
            (["X-Edge-IP: 203.0.113.7:80"], True),
            (["X-Edge-IP: "], True),
            ([], True),
            (["X-Forwarded-For: 203.0.113.7", "X-Real-IP: 203.0.113.7", "Forwarded: for=203.0.113.7"], True),
            (["X-Edge-IP: 198.51.100.1", "Cf-Connecting-Ip: 203.0.113.7"], True),
        ],
    )
    def test_only_the_header_of_the_way_in_counts(self, lines: list[str], refused: bool) -> None:  # noqa: FBT001
        exchange = _asked(*lines)
        assert (_gate(self._ONLY).judge(exchange) is not None) is refused
        assert exchange.refused_by == ("address" if refused else None)

    def test_without_such_a_header_the_peer_counts(self) -> None:
        gate = Gate("lan", secure=False)
        gate.guard_by(self._ONLY, None, None)
        assert gate.judge(_asked("X-Forwarded-For: 1.1.1.1", peer="203.0.113.7")) is None
        assert _status(gate.judge(_asked("X-Edge-IP: 203.0.113.7", peer="192.168.1.1"))) == 403

    def test_the_page_shows_the_address_to_send_on(self) -> None:
        page = _gate(self._ONLY).judge(_asked(_HTML, "X-Edge-IP: 192.0.2.44"))
        assert page is not None and b"<code>192.0.2.44</code>" in page.content  # noqa: PT018


class TestOtherRules:
    @pytest.mark.parametrize(
        ("guard", "line", "header", "rule"),
        [
            (Guard(read_only=True), "POST / HTTP/1.1", "", "read_only"),
            (Guard(read_only=True), "GET / HTTP/1.1", "X-HTTP-Method-Override: DELETE", "read_only"),
            (Guard(read_only=True), "GET / HTTP/1.1", "Connection: Upgrade\r\nUpgrade: websocket", "read_only"),
            (Guard(rate_limit=1), "GET / HTTP/1.1", "Connection: Upgrade\r\nUpgrade: h2c", "protocol"),
            (Guard(paths=("/hook",)), "GET /admin HTTP/1.1", "", "path"),
            (Guard(paths=("/hook",)), "GET /hook HTTP/1.1", "X-Original-URL: /admin", "path"),
            (Guard(paths=("/hook/*",)), "GET /hook/%2e%2e/admin HTTP/1.1", "", "path"),
            (Guard(password=True, open=("/hook/*",)), "GET /hook/..%2fadmin HTTP/1.1", "", "path"),
            (Guard(password=True, open=("POST /hook",)), "GET /hook HTTP/1.1", "", "password"),
        ],
    )
    def test_each_names_itself(self, guard: Guard, line: str, header: str, rule: str) -> None:
        exchange = _asked(*([header] if header else []), line=line)
        assert _gate(guard).judge(exchange) is not None
        assert exchange.refused_by == rule

    def test_a_client_that_asks_too_often_waits_and_others_do_not(self) -> None:
        gate = _gate(Guard(rate_limit=2))
        statuses = [_status(gate.judge(_asked("X-Edge-IP: 203.0.113.7"))) for _ in range(4)]
        assert statuses == [200, 200, 429, 429]
        assert gate.judge(_asked("X-Edge-IP: 203.0.113.8")) is None

    def test_after_the_deadline_nobody_gets_in_whatever_he_shows(self) -> None:
        gate = _gate(Guard(password=True), clock=100.0)
        cookie = f"Cookie: {_cookie(_log_in(gate))}"
        gate.guard_by(Guard(password=True), _PASSWORD, Deadline.within(1.0, 100.0))
        assert gate.judge(_asked(cookie)) is None
        gate.guard_by(Guard(password=True), _PASSWORD, Deadline.within(-1.0, 100.0))
        assert _status(gate.judge(_asked(cookie))) == 410
        assert _status(gate.judge(_asked(line="POST /.portway/log-in HTTP/1.1"))) == 410


class TestThoseWhoAreIn:
    def _passed(self, gate: Gate, *lines: str) -> Exchange:
        exchange = _asked(*lines)
        assert gate.judge(exchange) is None
        return exchange

    @pytest.mark.parametrize(
        "change",
        [
            lambda gate: gate.guard_by(Guard(password=True), Secret("another one"), None),
            lambda gate: gate.guard_by(Guard(password=True, deny=("203.0.113.7",)), _PASSWORD, None),
            lambda gate: gate.guard_by(Guard(password=True, paths=("/hook",)), _PASSWORD, None),
            lambda gate: gate.expire(),
        ],
    )
    def test_are_out_when_the_new_rules_refuse_them_and_are_told(self, change: Callable[[Gate], None]) -> None:
        gate = _gate(Guard(password=True, basic=True))
        cookie = _cookie(_log_in(gate))
        passed = self._passed(gate, f"Cookie: {cookie}", "X-Edge-IP: 203.0.113.7")
        told: list[bool] = []
        leave = gate.watch(lambda: told.append(gate.still_admits(passed)))
        gate.guard_by(Guard(password=True, allow=("203.0.113.7",)), _PASSWORD, None)
        change(gate)
        leave()
        gate.expire()
        assert told == [True, False]

    def test_stay_in_by_basic_credentials_while_these_are_right(self) -> None:
        gate = _gate(Guard(password=True, basic=True))
        passed = self._passed(gate, TestBasic._given("correct horse"))
        assert gate.still_admits(passed)
        gate.guard_by(Guard(password=True), _PASSWORD, None)
        assert not gate.still_admits(passed)


class TestPages:
    @pytest.mark.parametrize(
        ("languages", "language"),
        [
            ("de-DE,de;q=0.9,en;q=0.8", "de"),
            ("en-GB,en;q=0.9,de;q=0.8", "en"),
            ("fr,de;q=0.5", "de"),
            ("fr", "en"),
            ("", "en"),
            (";;q=x,,", "en"),
        ],
    )
    def test_they_speak_the_visitor_s_language(self, languages: str, language: str) -> None:
        page = _gate(Guard(password=True)).judge(_asked(_HTML, f"Accept-Language: {languages}"))
        assert page is not None and f'<html lang="{language}">'.encode() in page.content  # noqa: PT018

    def test_they_run_nothing_load_nothing_and_are_kept_nowhere(self) -> None:
        page = _gate(Guard(password=True)).judge(_asked(_HTML))
        head = _head(page)
        assert head["cache-control"] == "no-store"
        assert "default-src 'none'" in head["content-security-policy"]
        assert "unsafe" not in head["content-security-policy"]
        assert page is not None
        assert b"<script" not in page.content
        assert not re.search(rb"(?:src|href)=", page.content)
        assert b'name="viewport"' in page.content

    def test_the_policy_knows_the_style_of_the_page(self) -> None:
        import hashlib

        page = _gate(Guard(password=True)).judge(_asked(_HTML))
        assert page is not None
        style = re.search(rb"<style>(.*)</style>", page.content, re.DOTALL)
        assert style is not None
        digest = base64.b64encode(hashlib.sha256(style[1]).digest()).decode()
        assert f"'sha256-{digest}'" in _head(page)["content-security-policy"]

    def test_programs_get_json_and_head_gets_no_body(self) -> None:
        gate = _gate(Guard(password=True))
        answer = gate.judge(_asked("Accept: application/json"))
        assert answer is not None and b'"code": "password"' in answer.content  # noqa: PT018
        head = gate.judge(_asked(line="HEAD / HTTP/1.1"))
        assert head is not None and head.content.endswith(b"\r\n\r\n")  # noqa: PT018

    def test_what_a_visitor_sent_is_no_markup(self) -> None:
        page = _gate(Guard(password=True)).judge(_asked(_HTML, line='GET /"><b>&x HTTP/1.1'))
        assert page is not None and b"<b>" not in page.content  # noqa: PT018
