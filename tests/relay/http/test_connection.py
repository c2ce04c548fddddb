"""Requests and answers through a relay: each whole, in order, and told apart from what is no HTTP."""

from __future__ import annotations

import contextlib
import gc
import itertools
import json
import socket
import time
import weakref
from contextlib import ExitStack

import psutil
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portway.relay.http.exchange import Outcome
from tests.backends.lan.stand.visitors import reset
from tests.fakes.backends.news import wait_until
from tests.limits import AT_ONCE
from tests.relay.stand import PATIENCE, Stand, rest, until

_GET = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"
_OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
_END = b"\r\n\r\n"
_MEBIBYTE = 1 << 20


class TestOneAfterTheOther:
    def test_pipelined_requests_are_asked_one_by_one(self, stand: Stand) -> None:
        visitor, target = stand.meet()
        visitor.sendall(_GET * 3)
        for number in (b"x", b"y", b"z"):
            assert until(target, _END) == _GET
            target.settimeout(0.1)
            with pytest.raises(TimeoutError):
                target.recv(1)
            target.settimeout(PATIENCE)
            target.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n" + number)
            assert until(visitor, number).endswith(_END + number)

    def test_an_answer_to_head_has_no_body_whatever_its_length(self, stand: Stand) -> None:
        visitor, target = stand.meet()
        visitor.sendall(b"HEAD / HTTP/1.1\r\nHost: a\r\n\r\n" + _GET)
        until(target, _END)
        target.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n")
        assert until(visitor, _END)
        assert until(target, _END) == _GET
        target.sendall(_OK)
        assert until(visitor, b"ok") == _OK

    @pytest.mark.parametrize("status", [b"204 No Content", b"304 Not Modified"])
    def test_answers_without_a_body_end_with_their_head(self, stand: Stand, status: bytes) -> None:
        visitor, target = stand.meet()
        for _ in range(2):
            visitor.sendall(_GET)
            until(target, _END)
            target.sendall(b"HTTP/1.1 " + status + b"\r\n\r\n")
            assert status in until(visitor, _END)

    def test_interim_answers_pass_and_the_real_one_follows(self, stand: Stand) -> None:
        visitor, target = stand.meet()
        visitor.sendall(b"POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n")
        assert b"Expect: 100-continue" in until(target, _END)
        target.sendall(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n")
        assert until(visitor, _END) == b"HTTP/1.1 100 Continue\r\n\r\n"
        assert until(visitor, _END) == b"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n"
        visitor.sendall(b"body")
        until(target, b"body")
        target.sendall(_OK)
        assert until(visitor, b"ok") == _OK
        assert stand.kept.exchanges[0].status == 200

    def test_trailers_arrive(self, stand: Stand) -> None:
        visitor, target = stand.meet()
        body = b"2\r\nab\r\n0\r\nX-Sum: 1\r\n\r\n"
        for _ in range(2):
            visitor.sendall(b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + body)
            assert until(target, body).endswith(_END + body)
            target.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + body)
            assert until(visitor, body).endswith(_END + body)

    def test_a_body_that_ends_with_the_connection_ends_there(self, stand: Stand) -> None:
        visitor, target = stand.meet()
        visitor.sendall(_GET)
        until(target, _END)
        target.sendall(b"HTTP/1.1 200 OK\r\n\r\nall of it")
        target.close()
        assert rest(visitor) == b"HTTP/1.1 200 OK\r\n\r\nall of it"
        wait_until(lambda: stand.kept.over)
        assert stand.kept.over[0].outcome is Outcome.DONE

    def test_what_comes_without_a_question_reaches_nobody(self, stand: Stand) -> None:
        visitor, target = stand.meet()
        visitor.sendall(_GET)
        until(target, _END)
        target.sendall(_OK + _OK)
        assert until(visitor, b"ok") == _OK
        assert visitor.recv(1) == b""


class TestUpgrades:
    _ASK = b"GET /live HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: thing\r\n\r\n"

    def test_one_that_is_taken_becomes_bytes(self, stand: Stand) -> None:
        visitor, target = stand.meet()
        visitor.sendall(self._ASK + b"early")
        assert b"Upgrade: thing" in until(target, _END)
        target.sendall(b"HTTP/1.1 101 Switching\r\nConnection: Upgrade\r\nUpgrade: thing\r\n\r\nhello")
        assert until(visitor, b"hello").startswith(b"HTTP/1.1 101 Switching\r\n")
        assert until(target, b"early") == b"early"
        visitor.sendall(b"GET / HTTP/1.1 is only text now\r\n\r\n")
        assert until(target, b"now\r\n\r\n")
        visitor.close()
        assert target.recv(1) == b""
        target.close()
        wait_until(lambda: stand.kept.over)
        assert stand.kept.over[0].status == 101

    def test_one_that_is_refused_goes_on_as_http(self, stand: Stand) -> None:
        visitor, target = stand.meet()
        visitor.sendall(self._ASK + _GET)
        until(target, _END)
        target.sendall(_OK)
        assert until(visitor, b"ok") == _OK
        assert until(target, _END) == _GET
        target.sendall(_OK)
        assert until(visitor, b"ok") == _OK

    def test_one_that_nobody_asked_for_is_cut(self, stand: Stand) -> None:
        visitor, target = stand.meet()
        visitor.sendall(_GET)
        until(target, _END)
        target.sendall(b"HTTP/1.1 101 Switching\r\nConnection: Upgrade\r\nUpgrade: thing\r\n\r\n")
        with pytest.raises(ConnectionResetError):
            rest(visitor)


class TestOtherLanguages:
    @pytest.mark.parametrize(
        "first", [b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", b"hello\n", b"\x16\x03\x01\x02", b"GET  / HTTP/1.1\r\n\r\n"]
    )
    def test_pass_as_bytes(self, stand: Stand, first: bytes) -> None:
        visitor, target = stand.meet()
        visitor.sendall(first)
        assert until(target, first) == first
        target.sendall(b"\x00\x01 whatever\n")
        assert until(visitor, b"\n") == b"\x00\x01 whatever\n"
        assert stand.kept.exchanges == []

    def test_of_a_target_that_speaks_first(self, stand: Stand) -> None:
        visitor, target = stand.meet()
        target.sendall(b"220 ready\r\n")
        assert until(visitor, b"\r\n") == b"220 ready\r\n"
        visitor.sendall(_GET)
        assert until(target, _END) == _GET

    def test_one_that_answers_is_told_in_words(self, stand: Stand) -> None:
        visitor, target = stand.meet()
        visitor.sendall(_GET)
        until(target, _END)
        target.sendall(b"SSH-2.0-OpenSSH_9.6\r\n")
        assert until(visitor, b"HTTP.\n").startswith(b"HTTP/1.1 502 ")
        stand.news.wait_for(lambda heard: heard.suspicions)


class TestTroubleWithTheTarget:
    def test_an_answer_that_breaks_off_does_not_look_whole(self, stand: Stand) -> None:
        for whole in (b"Content-Length: 10\r\n\r\nhalf", b"Transfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n"):
            visitor, target = stand.meet()
            visitor.sendall(_GET)
            until(target, _END)
            target.sendall(b"HTTP/1.1 200 OK\r\n" + whole)
            target.close()
            with pytest.raises(ConnectionResetError):
                rest(visitor)
        wait_until(lambda: [exchange.outcome for exchange in stand.kept.over] == [Outcome.CUT] * 2)

    def test_one_that_ends_without_an_answer_gets_a_page(self, stand: Stand) -> None:
        visitor, target = stand.meet()
        visitor.sendall(_GET)
        until(target, _END)
        target.close()
        assert until(visitor, b"answer.\n").startswith(b"HTTP/1.1 502 ")
        assert stand.kept.over[0].outcome is Outcome.UNANSWERED

    def test_every_answer_tells_that_it_is_there(self, stand: Stand) -> None:
        visitor, target = stand.meet()
        for visits in (1, 2):
            visitor.sendall(_GET)
            until(target, _END)
            target.sendall(_OK)
            assert until(visitor, b"ok") == _OK
            wait_until(lambda visits=visits: stand.news.visits == visits)  # type: ignore[misc]

    def test_a_connection_that_it_ended_at_rest_is_made_anew(self, stand: Stand) -> None:
        visitor, target = stand.meet()
        for _ in range(3):
            visitor.sendall(_GET)
            until(target, _END)
            target.sendall(_OK)
            assert until(visitor, b"ok") == _OK
            target.close()
            visitor.sendall(_GET)
            target = stand.target()
            until(target, _END)
            target.sendall(_OK)
            assert until(visitor, b"ok") == _OK

    def test_one_that_is_down_gets_a_page_in_the_form_that_was_asked_for(self, stand: Stand) -> None:
        stand.server.close()
        browser = stand.browser()
        for accepted, expected in (
            ("text/html,*/*", "text/html; charset=utf-8"),
            ("application/json", "application/json"),
            ("*/*", "text/plain; charset=utf-8"),
        ):
            browser.request("GET", "/", headers={"Accept": accepted})
            answer = browser.getresponse()
            body = answer.read().decode()
            assert (answer.status, answer.headers["Content-Type"]) == (502, expected)
            assert answer.headers["Retry-After"] == "5"
            assert answer.headers["Cache-Control"] == "no-store"
            assert "shop" in body
        assert json.loads(_json_page(stand))["code"] == "origin_down"
        browser.request("HEAD", "/")
        assert browser.getresponse().read() == b""

    def test_is_over_once_it_is_there_again(self, stand: Stand) -> None:
        address = stand.server.getsockname()
        stand.server.close()
        visitor = stand.visitor()
        visitor.sendall(_GET)
        until(visitor, b"now.\n")
        with socket.create_server(address) as server:
            server.settimeout(PATIENCE)
            visitor.sendall(_GET)
            with server.accept()[0] as target:
                until(target, _END)
                target.sendall(_OK)
                assert until(visitor, b"ok") == _OK

    def test_another_target_takes_over_without_a_new_address(self, stand: Stand) -> None:
        visitor, first = stand.meet()
        visitor.sendall(_GET)
        until(first, _END)
        with socket.create_server(("127.0.0.1", 0)) as server:
            server.settimeout(PATIENCE)
            stand.relay.aim_at(stand.origin.__class__("http", *server.getsockname()))
            first.sendall(_OK)  # what is under way ends as it began
            assert until(visitor, b"ok") == _OK
            visitor.sendall(_GET)
            with server.accept()[0] as second:
                until(second, _END)
                second.sendall(_OK)
                assert until(visitor, b"ok") == _OK
        assert first.recv(1) == b""


class TestLimits:
    def test_a_head_that_trickles_has_its_time(self, stand: Stand) -> None:
        visitor, _target = stand.meet()
        began = time.monotonic()
        visitor.settimeout(0.05)
        with pytest.raises(ConnectionResetError):
            _trickle(visitor)
        assert time.monotonic() - began < AT_ONCE

    def test_an_answer_whose_head_trickles_has_its_time(self, stand: Stand) -> None:
        visitor, target = stand.meet()
        visitor.sendall(_GET)
        until(target, _END)
        target.sendall(b"HTTP/1.1 200 OK\r\nX-A: ")
        assert until(visitor, b"answer.\n").startswith(b"HTTP/1.1 502 ")

    def test_interim_answers_for_ever_have_an_end(self, stand: Stand) -> None:
        visitor, target = stand.meet()
        visitor.sendall(_GET)
        until(target, _END)
        with contextlib.suppress(OSError):
            for _ in range(1000):
                target.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
        assert b"HTTP/1.1 502 " in until(visitor, b"answer.\n")

    def test_a_head_without_end_is_not_kept(self, stand: Stand) -> None:
        visitor, target = stand.meet()
        head = b"GET / HTTP/1.1\r\nHost: a\r\nX-A: " + b"b" * 100_000 + b"!"
        visitor.sendall(head)
        assert until(target, b"!") == head  # it is passed on as bytes

    def test_large_bodies_need_no_memory(self, stand: Stand) -> None:
        visitor, target = stand.meet()
        size = 200 * _MEBIBYTE
        visitor.sendall(_GET)
        until(target, _END)
        stand.kept.keeps_bodies = False
        target.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % size)
        until(visitor, _END)
        before, got, part = psutil.Process().memory_info().rss, 0, bytes(_MEBIBYTE)
        target.setblocking(False)
        sent = 0
        while got < size:
            with contextlib.suppress(BlockingIOError):
                sent += target.send(part[: size - sent]) if sent < size else 0
            got += len(visitor.recv(_MEBIBYTE))
        assert psutil.Process().memory_info().rss - before < 16 * _MEBIBYTE
        assert stand.kept.exchanges[0].received == size

    def test_an_early_answer_reaches_a_visitor_who_still_sends(self, stand: Stand) -> None:
        visitor, target = stand.meet()
        visitor.sendall(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000000\r\n\r\n" + bytes(1000))
        until(target, _END)
        target.sendall(b"HTTP/1.1 413 Too Large\r\nConnection: close\r\nContent-Length: 3\r\n\r\nbig")
        visitor.sendall(bytes(100_000))
        target.close()
        assert until(visitor, b"big").startswith(b"HTTP/1.1 413 ")


class TestGoneVisitors:
    def test_one_who_resets_ends_the_request_at_the_target(self, stand: Stand) -> None:
        visitor, target = stand.meet()
        visitor.sendall(_GET)
        until(target, _END)
        reset(visitor)
        with pytest.raises(ConnectionResetError):
            rest(target)
        wait_until(lambda: stand.kept.over)
        assert stand.kept.over[0].outcome is Outcome.CUT

    def test_one_who_breaks_off_an_upload_does_not_make_it_look_whole(self, stand: Stand) -> None:
        visitor, target = stand.meet()
        visitor.sendall(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhalf")
        until(target, b"half")
        visitor.close()
        assert target.recv(1) == b""  # six bytes are missing, as it can tell

    def test_one_who_has_said_all_still_gets_the_answer(self, stand: Stand) -> None:
        visitor, target = stand.meet()
        visitor.sendall(_GET)
        visitor.shutdown(socket.SHUT_WR)
        assert rest(target) == _GET
        target.sendall(_OK)
        assert rest(visitor) == _OK


@pytest.mark.parametrize("upgraded", [False, True], ids=["http", "another protocol"])
def test_one_that_ended_leaves_nothing_for_the_collector(stand: Stand, *, upgraded: bool) -> None:
    gc.collect()
    gc.disable()
    try:
        visitor, target = stand.meet()
        visitor.sendall(b"hello\n" if upgraded else _GET)
        until(target, b"\n" if upgraded else _END)
        (connection,) = (weakref.ref(one) for one in stand.relay._forwarder._connections)
        target.sendall(_OK)
        until(visitor, b"ok")
        visitor.close()
        target.close()
        wait_until(lambda: not stand.relay.connections)
        stand.relay._loop.call(lambda: None)  # until the next one, the loop keeps what it called last
        wait_until(lambda: connection() is None)
    finally:
        gc.enable()


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.integers(0, 5000), max_size=12), st.lists(st.integers(0, 5000), max_size=12))
def test_however_the_bytes_are_cut_the_exchanges_are_the_same(up: list[int], down: list[int]) -> None:
    requests = [
        _GET,
        b"POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello",
        b"POST /b HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
        b"HEAD /c HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET /d HTTP/1.1\r\nHost: a\r\n\r\n",
    ]
    answers = [
        _OK,
        b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 201 Made\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n",
        b"HTTP/1.1 204 Nothing\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nlast",
    ]
    with ExitStack() as stack:
        stand = Stand(stack)
        visitor, target = stand.meet()
        _send_cut(visitor, b"".join(requests), up)
        for request, answer in zip(requests, answers, strict=True):
            got = bytearray()
            while len(got) < len(request):
                got += target.recv(len(request) - len(got))
            assert bytes(got) == request
            _send_cut(target, answer, down)
            got = bytearray()
            while len(got) < len(answer):
                got += visitor.recv(len(answer) - len(got))
            assert bytes(got) == answer
        wait_until(lambda: len(stand.kept.over) == len(requests))
        seen = [(bytes(exchange.request.target), exchange.status) for exchange in stand.kept.over]
        assert seen == [(b"/", 200), (b"/a", 201), (b"/b", 204), (b"/c", 200), (b"/d", 200)]
        bodies = [tuple(map(bytes, stand.kept.bodies[exchange])) for exchange in stand.kept.over]
        assert bodies[1] == (b"hello", b"2\r\nab\r\n0\r\n\r\n")


def _send_cut(end: socket.socket, data: bytes, places: list[int]) -> None:
    edges = [0, *sorted({place % len(data) for place in places}), len(data)]
    for begin, stop in itertools.pairwise(edges):
        if stop > begin:
            end.sendall(data[begin:stop])


def _trickle(visitor: socket.socket) -> None:
    """Send one byte of an endless head now and then. ConnectionResetError where that is ended."""
    end = time.monotonic() + PATIENCE
    for byte in itertools.chain(b"GET / HTTP/1.1\r\nX-A: ", itertools.repeat(ord("a"))):
        assert time.monotonic() < end
        visitor.sendall(bytes([byte]))
        with contextlib.suppress(TimeoutError):
            assert visitor.recv(1)


def _json_page(stand: Stand) -> bytes:
    browser = stand.browser()
    browser.request("GET", "/", headers={"Accept": "application/json"})
    return browser.getresponse().read()
