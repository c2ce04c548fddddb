"""A guard before a real connection: nothing of what it refuses reaches the target, and nothing passes unjudged."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass

import pytest

from portway.core.guard.deadline import Deadline
from portway.core.guard.rules import OPEN_TO_ALL, Guard
from portway.core.secret import Secret
from portway.relay.guard.gate import Gate
from portway.relay.http.exchange import Outcome
from tests.fakes.backends.news import wait_until
from tests.relay.stand import PATIENCE, Stand, rest, until

_PASSWORD = Secret("correct horse")
_GET = b"GET /page HTTP/1.1\r\nHost: a\r\n\r\n"
_OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
_END = b"\r\n\r\n"
_WEBSOCKET = b"Connection: Upgrade\r\nUpgrade: websocket\r\n"
_SWITCHED = b"HTTP/1.1 101 Switching Protocols\r\n" + _WEBSOCKET + b"\r\n"
_LOG_IN = (
    b"POST /.portway/log-in HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    b"Content-Length: 30\r\n\r\npassword=correct+horse&to=%2Fx"
)


@pytest.fixture
def gate() -> Gate:
    gate = Gate("shop", secure=False)
    gate.guard_by(Guard(password=True, open=("/hook",)), _PASSWORD, None)
    return gate


@pytest.fixture
def stand(gate: Gate) -> Iterator[Stand]:
    with ExitStack() as stack:
        yield Stand(stack, gate=gate)


def _nobody_came(stand: Stand) -> bool:
    stand.server.settimeout(0.1)
    try:
        with contextlib.suppress(TimeoutError):
            stand.server.accept()[0].close()
            return False
        return True
    finally:
        stand.server.settimeout(PATIENCE)


def _answer(visitor: socket.socket) -> bytes:
    head = until(visitor, _END)
    length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0] or 0)
    body = b""
    while len(body) < length:
        body += visitor.recv(length - len(body))
    return head + body


def _logged_in(visitor: socket.socket) -> bytes:
    """Return the line that lets in."""
    visitor.sendall(_LOG_IN)
    head = _answer(visitor)
    assert head.startswith(b"HTTP/1.1 303 ")
    return b"Cookie: " + head.partition(b"Set-Cookie: ")[2].partition(b";")[0]


def _asked_with(cookie: bytes, line: bytes = b"GET /page HTTP/1.1", more: bytes = b"") -> bytes:
    return line + b"\r\nHost: a\r\n" + cookie + b"\r\n" + more + b"\r\n"


def test_what_is_refused_costs_the_target_nothing(stand: Stand) -> None:
    visitor = stand.visitor()
    for _ in range(3):
        visitor.sendall(_GET)
        assert _answer(visitor).startswith(b"HTTP/1.1 401 ")
    assert _nobody_came(stand)
    wait_until(lambda: stand.news.traffic is not None and stand.news.traffic.refused == 3)
    assert [(one.outcome, one.refused_by, one.sent) for one in stand.kept.over] == [
        (Outcome.REFUSED, "password", 0)
    ] * 3
    assert stand.news.traffic is not None and stand.news.traffic.failures == 0  # noqa: PT018


def test_an_upload_that_is_refused_reaches_nobody_and_ends_the_connection(stand: Stand) -> None:
    visitor = stand.visitor()
    visitor.sendall(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\nsecret")
    answer = _answer(visitor)
    assert answer.startswith(b"HTTP/1.1 401 ")
    assert b"Connection: close" in answer
    assert _nobody_came(stand)


def test_each_request_of_a_connection_is_judged_by_itself(stand: Stand) -> None:
    visitor = stand.visitor()
    cookie = _logged_in(visitor)
    visitor.sendall(_asked_with(cookie))
    target = stand.target()
    for again in (True, False):
        assert cookie not in until(target, _END)
        target.sendall(_OK)
        assert until(visitor, b"ok") == _OK
        visitor.sendall(_GET)
        assert _answer(visitor).startswith(b"HTTP/1.1 401 ")
        if again:
            visitor.sendall(_asked_with(cookie))
    visitor.sendall(b"GET /hook HTTP/1.1\r\nHost: a\r\n\r\n")
    assert until(target, _END).startswith(b"GET /hook ")


def test_a_target_that_ends_while_the_form_comes_does_not_end_the_log_in(stand: Stand) -> None:
    visitor = stand.visitor()
    visitor.sendall(_asked_with(_logged_in(visitor)))
    target = stand.target()
    until(target, _END)
    target.sendall(_OK)
    assert until(visitor, b"ok") == _OK
    head, _, body = _LOG_IN.partition(_END)
    before = len(stand.kept.exchanges)
    visitor.sendall(head + _END)
    wait_until(lambda: len(stand.kept.exchanges) > before)
    target.close()
    visitor.settimeout(0.2)
    with contextlib.suppress(TimeoutError):  # which is also how long the relay has to hear of the target's end
        assert visitor.recv(1, socket.MSG_PEEK) == b"nothing comes yet"
    visitor.settimeout(PATIENCE)
    visitor.sendall(body)
    assert _answer(visitor).startswith(b"HTTP/1.1 303 ")


def test_what_let_a_visitor_in_is_kept_no_longer_than_the_request(stand: Stand) -> None:
    visitor = stand.visitor()
    cookie = _logged_in(visitor)
    visitor.sendall(_asked_with(cookie))
    target = stand.target()
    until(target, _END)
    assert cookie in stand.kept.exchanges[-1].judged.raw
    target.sendall(_OK)
    assert until(visitor, b"ok") == _OK
    wait_until(lambda: all(one.judged is one.request for one in stand.kept.exchanges))
    assert not any(cookie in one.request.raw for one in stand.kept.exchanges)


def test_pipelined_strangers_do_not_ride_on_one_who_is_in(stand: Stand) -> None:
    visitor = stand.visitor()
    cookie = _logged_in(visitor)
    visitor.sendall(_asked_with(cookie) + _GET + _asked_with(cookie, b"GET /second HTTP/1.1"))
    target = stand.target()
    assert until(target, _END).startswith(b"GET /page ")
    target.sendall(_OK)
    assert until(visitor, b"ok") == _OK
    assert _answer(visitor).startswith(b"HTTP/1.1 401 ")
    assert until(target, _END).startswith(b"GET /second ")


@pytest.mark.parametrize("pieces", [1, 7, len(_LOG_IN)])
def test_the_form_is_read_however_it_comes(stand: Stand, pieces: int) -> None:
    visitor = stand.visitor()
    step = -(-len(_LOG_IN) // pieces)
    for at in range(0, len(_LOG_IN), step):
        visitor.sendall(_LOG_IN[at : at + step])
    visitor.sendall(_GET)
    answer = _answer(visitor)
    assert answer.startswith(b"HTTP/1.1 303 ")
    assert b"Location: /x\r\n" in answer
    assert _answer(visitor).startswith(b"HTTP/1.1 401 ")
    assert _nobody_came(stand)
    assert not any(stand.kept.bodies[stand.kept.exchanges[0]])


def test_a_log_in_without_a_body_is_a_wrong_one(stand: Stand) -> None:
    visitor = stand.visitor()
    visitor.sendall(b"POST /.portway/log-in HTTP/1.1\r\nHost: a\r\nAccept: text/html\r\n\r\n")
    assert _answer(visitor).startswith(b"HTTP/1.1 401 ")


@pytest.mark.parametrize(
    "said",
    [
        b"\x16\x03\x01\x02\x00\x01\x00",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"SSH-2.0-x\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"GET /\r\n\r\n",
    ],
)
def test_what_is_no_http_is_told_so(stand: Stand, said: bytes) -> None:
    visitor = stand.visitor()
    visitor.sendall(said)
    assert rest(visitor).startswith(b"HTTP/1.1 400 ")
    assert _nobody_came(stand)


def test_a_websocket_passes_after_the_log_in_and_not_before(stand: Stand) -> None:
    visitor = stand.visitor()
    visitor.sendall(_asked_with(b"X-A: 1", more=_WEBSOCKET))
    assert _answer(visitor).startswith(b"HTTP/1.1 401 ")
    visitor.sendall(_asked_with(_logged_in(visitor), more=_WEBSOCKET))
    target = stand.target()
    assert b"Upgrade: websocket" in until(target, _END)
    target.sendall(_SWITCHED + b"hello")
    assert until(visitor, b"hello")
    visitor.sendall(b"frame")
    assert until(target, b"frame") == b"frame"


def test_an_answer_that_could_be_read_in_two_ways_does_not_open_the_connection(stand: Stand) -> None:
    visitor = stand.visitor()
    visitor.sendall(_asked_with(_logged_in(visitor)))
    target = stand.target()
    until(target, _END)
    target.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n")
    with pytest.raises(ConnectionResetError):
        rest(visitor)


@dataclass(frozen=True)
class Passing:
    """Something that goes on: how it is asked for, the part of its body that is sent, and what is answered so far."""

    line: bytes = b"GET /page HTTP/1.1"
    more: bytes = b""
    part: bytes = b""
    answer: bytes = b""

    def begin(self, stand: Stand) -> tuple[socket.socket, socket.socket]:
        """Return both its ends, once each has all that came so far."""
        visitor = stand.visitor()
        visitor.sendall(_asked_with(_logged_in(visitor), self.line, self.more) + self.part)
        target = stand.target()
        assert until(target, _END + self.part)
        target.sendall(self.answer)
        if self.answer:
            assert until(visitor, _END + self.answer.partition(_END)[2])
        return visitor, target


STREAM = Passing(answer=b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n")
ANSWERED = {
    "stream": STREAM,
    "websocket": Passing(more=_WEBSOCKET, answer=_SWITCHED + b"a\r\n"),
    "download": Passing(answer=b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\na\r\n"),
}
ALL = {"upload": Passing(b"POST /page HTTP/1.1", more=b"Content-Length: 100000\r\n", part=b"part"), **ANSWERED}


class TestChange:
    """What is done to rules while visitors are in."""

    @pytest.mark.parametrize("passing", ALL.values(), ids=list(ALL))
    def test_those_who_may_not_stay_are_cut_at_once(self, stand: Stand, gate: Gate, passing: Passing) -> None:
        visitor, target = passing.begin(stand)
        gate.guard_by(Guard(password=True), Secret("another one"), None)
        for end in (visitor, target):
            with pytest.raises(ConnectionResetError):
                rest(end)
        wait_until(lambda: stand.kept.over[-1].outcome is Outcome.CUT)

    @pytest.mark.parametrize("passing", ANSWERED.values(), ids=list(ANSWERED))
    def test_the_others_stay(self, stand: Stand, gate: Gate, passing: Passing) -> None:
        visitor, target = passing.begin(stand)
        gate.guard_by(Guard(password=True, deny=("203.0.113.7",)), _PASSWORD, None)
        target.sendall(b"1\r\nb\r\n")
        assert until(visitor, b"b\r\n")

    def test_at_the_end_all_are_cut_and_the_next_are_told(self, stand: Stand, gate: Gate) -> None:
        visitor, _target = STREAM.begin(stand)
        gate.expire()
        with pytest.raises(ConnectionResetError):
            rest(visitor)
        late = stand.visitor()
        late.sendall(_GET)
        assert _answer(late).startswith(b"HTTP/1.1 410 ")

    def test_a_deadline_holds_without_anybody_to_tell_it(self, stand: Stand, gate: Gate) -> None:
        gate.guard_by(OPEN_TO_ALL, None, Deadline.within(-1.0, gate._clock()))
        visitor = stand.visitor()
        visitor.sendall(_GET)
        assert _answer(visitor).startswith(b"HTTP/1.1 410 ")
        assert _nobody_came(stand)

    def test_bytes_that_nobody_judged_end_when_a_guard_comes(self, stand: Stand, gate: Gate) -> None:
        gate.guard_by(OPEN_TO_ALL, None, None)
        visitor, target = stand.meet()
        visitor.sendall(b"SSH-2.0-x\r\n")
        assert until(target, b"\n")
        gate.guard_by(Guard(read_only=True), None, None)
        with pytest.raises(ConnectionResetError):
            rest(visitor)

    def test_a_target_that_speaks_first_speaks_to_nobody_unjudged(self, stand: Stand, gate: Gate) -> None:
        gate.guard_by(OPEN_TO_ALL, None, None)
        visitor, target = stand.meet()
        gate.guard_by(Guard(read_only=True), None, None)
        with contextlib.suppress(OSError):
            target.sendall(b"220 welcome\r\n")
        visitor.sendall(b"\x00")
        assert b"220" not in rest(visitor)
