"""A request is sent again to the local server alone, as it was or as it was changed, and is recorded."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest

from portway.core.codes import Code
from portway.core.errors import TunnelError
from portway.core.hub import RecordedRequest, ReplayRequest, RequestRow
from portway.core.target import Target
from portway.relay.capture import replay as replaying
from portway.relay.capture.replay import replay
from portway.relay.capture.store import ExchangeStore
from portway.relay.http.rewriting import rewriting_to
from tests.fakes.origins.ports import nobody
from tests.limits import AT_ONCE
from tests.relay.capture.records import TUNNEL, record, recording_store, request

AS_IT_WAS = ReplayRequest()
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


class Server:
    """Takes connections one after the other, keeps what it reads of each, and says one thing."""

    def __init__(self, says: bytes, pieces: int, pause: float) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._says = says
        self._pieces = pieces
        self._pause = pause
        self.heard: list[bytes] = []
        self.stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    @property
    def target(self) -> Target:
        return Target("http", "127.0.0.1", self._listener.getsockname()[1])

    def end(self) -> None:
        self.stop.set()
        self._listener.shutdown(socket.SHUT_RDWR)
        self._thread.join(5)
        self._listener.close()

    def _run(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            with closing(connection):
                self.heard.append(connection.recv(1 << 16))
                self._answer(connection)

    def _answer(self, connection: socket.socket) -> None:
        step = max(1, len(self._says) // self._pieces)
        for start in range(0, len(self._says), step):
            if self.stop.wait(self._pause if start else 0):
                return
            try:
                connection.sendall(self._says[start : start + step])
            except OSError:
                return


@contextmanager
def serving(says: bytes = OK, pieces: int = 1, pause: float = 0.0) -> Iterator[Server]:
    server = Server(says, pieces, pause)
    yield server
    server.end()


def sent_again(
    store: ExchangeStore,
    server: Server,
    changes: ReplayRequest = AS_IT_WAS,
    number: int = 0,
) -> RequestRow:
    return replay(store, TUNNEL, number or store.rows(TUNNEL)[-1].id, server.target, changes).row()


def whole(store: ExchangeStore, row: RequestRow) -> RecordedRequest:
    one = store.get(TUNNEL, row.id, secrets=True)
    assert one is not None
    return one


def test_it_is_sent_as_it_was() -> None:
    store = recording_store()
    raw = request("/hook?a=1", "X-One: 1", "Connection: keep-alive", "Content-Length: 5", method="POST")
    number = record(store, raw, sent=(b"hello",))
    with serving() as server:
        row = sent_again(store, server)
    assert (row.replay_of, row.status, row.state, row.response_bytes) == (number, 200, "done", 2)
    head, _, body = server.heard[0].partition(b"\r\n\r\n")
    assert head.split(b"\r\n") == [
        b"POST /hook?a=1 HTTP/1.1",
        b"Host: shop.test",
        b"X-One: 1",
        b"Content-Length: 5",
        b"Connection: close",
    ]
    assert body == b"hello"
    assert whole(store, row).response_body.data == b"ok"


def test_it_is_sent_as_it_was_changed() -> None:
    store = recording_store()
    record(store, request("/old"))
    changes = ReplayRequest(method="PUT", path="/new", headers=(("Host", "a.test"), ("X-Two", "2")), body=b"\x00\xff")
    with serving() as server:
        row = sent_again(store, server, changes)
    assert (row.method, row.path, row.request_bytes) == ("PUT", "/new", 2)
    assert b"PUT /new HTTP/1.1\r\nHost: a.test\r\nX-Two: 2\r\nContent-Length: 2\r\n" in server.heard[0]
    assert server.heard[0].endswith(b"\r\n\r\n\x00\xff")


@pytest.mark.parametrize(
    "changes",
    [
        ReplayRequest(path="http://elsewhere.test/"),
        ReplayRequest(path="/a b"),
        ReplayRequest(path="/\r\nX: 1"),
        ReplayRequest(method="GET / HTTP/1.1\r\nX:"),
        ReplayRequest(headers=(("Host", "a\r\nX: 1"),)),
        ReplayRequest(headers=(("X", "no host"),)),
        ReplayRequest(headers=(("Host", "a"), ("Host", "b"))),
        ReplayRequest(path="/\ud800"),
    ],
)
def test_changes_that_make_no_request_are_refused(changes: ReplayRequest) -> None:
    store = recording_store()
    record(store)
    with serving() as server:
        with pytest.raises(TunnelError) as refused:
            sent_again(store, server, changes)
        assert refused.value.code is Code.BAD_REQUEST
        assert server.heard == []


def test_one_whose_body_was_not_kept_needs_another_body() -> None:
    store = recording_store(most_of_a_body=2)
    record(store, request(method="POST"), sent=(b"long",))
    with serving() as server:
        with pytest.raises(TunnelError) as refused:
            sent_again(store, server)
        assert refused.value.code is Code.BODY_NOT_KEPT
        assert sent_again(store, server, ReplayRequest(body=b"ab")).status == 200


def test_one_that_is_not_there_and_a_server_that_is_not_there_are_told() -> None:
    store = recording_store()
    number = record(store)
    with nobody() as gone:
        with pytest.raises(TunnelError) as missing:
            replay(store, TUNNEL, number + 1, gone, ReplayRequest())
        assert missing.value.code is Code.NOT_FOUND
        with pytest.raises(TunnelError) as down:
            replay(store, TUNNEL, number, gone, ReplayRequest())
        assert down.value.code is Code.ORIGIN_DOWN


@pytest.mark.parametrize(
    ("says", "status", "state", "data"),
    [
        (b"HTTP/1.1 200 OK\r\n\r\nuntil the end", 200, "done", b"until the end"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n", 200, "done", b"ok"),
        (b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 No\r\n\r\n", 204, "done", b""),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nshort", 200, "cut", b"short"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", 200, "cut", b""),
        (b"SSH-2.0-OpenSSH\r\n\r\n", 0, "unanswered", b""),
        (b"", 0, "unanswered", b""),
    ],
)
@pytest.mark.parametrize("pieces", [1, 7])
def test_what_came_of_it_is_told(says: bytes, status: int, state: str, data: bytes, pieces: int) -> None:
    store = recording_store()
    record(store)
    with serving(says, pieces) as server:
        row = sent_again(store, server)
    assert (row.status, row.state) == (status, state)
    assert whole(store, row).response_body.data == data


def test_a_server_that_trickles_does_not_hold_it_beyond_its_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replaying, "LIMIT_SECONDS", 0.5)
    store = recording_store()
    record(store)
    began = time.monotonic()
    with serving(b"HTTP/1.1 200 OK\r\nX: " + b"y" * 1000, pieces=1000, pause=0.05) as server:
        row = sent_again(store, server)
    assert row.state == "unanswered"
    assert time.monotonic() - began < AT_ONCE


def test_the_local_server_gets_the_names_that_visitors_requests_get() -> None:
    store = recording_store()
    number = record(store, request("/", "Origin: https://shop.test"))
    with serving() as server:
        again = replay(store, TUNNEL, number, server.target, AS_IT_WAS, rewriting_to("own.test:3000", server.target))
        assert again.exchange.status == 200
        assert b"Host: own.test:3000\r\n" in server.heard[0]
        assert b"Origin: http://own.test:3000\r\n" in server.heard[0]
    sent = dict(again.request_headers())
    assert (sent["Host"], sent["Origin"]) == ("shop.test", "https://shop.test")
