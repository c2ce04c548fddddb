"""Bytes, ends and resets through a published address, and what happens at the limits."""

from __future__ import annotations

import hashlib
import os
import socket
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import pytest

from portway.backends.lan.session import LanSession
from portway.core.target import Target
from portway.relay.engine.forwarder import Limits
from portway.relay.http.connection import HttpConnection
from tests.backends.lan.conftest import Publish
from tests.backends.lan.stand.runs import run_of
from tests.backends.lan.stand.visitors import (
    PATIENCE,
    PUBLISHED,
    browser,
    connect,
    exactly,
    get,
    is_turned_away,
    received,
    reset,
)
from tests.contract import nothing_left
from tests.fakes.backends.news import RecordedNews, wait_until
from tests.fakes.origins.http import HttpOrigin, http_origin
from tests.fakes.origins.page import PAGE
from tests.fakes.origins.ports import nobody
from tests.limits import AT_ONCE

_MEBIBYTE = 1 << 20


class Ends:
    """A raw local server that is published. `meet` makes one connection and returns both of its ends."""

    def __init__(self, publish: Publish, stack: ExitStack) -> None:
        self._stack = stack
        self._server = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        self._session = publish(Target("http", "127.0.0.1", self._server.getsockname()[1]))
        self._forget_looks()
        self._server.settimeout(PATIENCE)

    def meet(self) -> tuple[socket.socket, socket.socket]:
        """Return the visitor's end and the target's."""
        visitor = self._stack.enter_context(connect(self._session.public_url))
        target, _ = self._server.accept()
        target.settimeout(PATIENCE)
        return visitor, self._stack.enter_context(target)

    def _forget_looks(self) -> None:
        """Take the connections that only looked whether somebody is there."""
        self._server.setblocking(False)
        while True:
            try:
                self._server.accept()[0].close()
            except BlockingIOError:
                return


@pytest.fixture
def ends(publish: Publish) -> Iterator[Ends]:
    with ExitStack() as stack:
        yield Ends(publish, stack)


def test_bytes_pass_unchanged_both_ways_at_once(ends: Ends) -> None:
    visitor, target = ends.meet()
    sent, got = {}, {}

    def send(name: str, end: socket.socket) -> None:
        digest = hashlib.sha256()
        for _ in range(64):
            part = os.urandom(_MEBIBYTE // 2 + 1)
            digest.update(part)
            end.sendall(part)
        end.shutdown(socket.SHUT_WR)
        sent[name] = digest.hexdigest()

    def receive(name: str, end: socket.socket) -> None:
        digest = hashlib.sha256()
        while part := end.recv(1 << 18):
            digest.update(part)
        got[name] = digest.hexdigest()

    work = [(send, "up", visitor), (receive, "up", target), (send, "down", target), (receive, "down", visitor)]
    threads = [threading.Thread(target=task, args=(name, end)) for task, name, end in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    assert got == sent
    assert len(got) == 2


def test_a_visitor_who_has_said_all_still_gets_the_answer(ends: Ends) -> None:
    visitor, target = ends.meet()
    visitor.sendall(b"that is all")
    visitor.shutdown(socket.SHUT_WR)
    assert received(target) == b"that is all"
    target.sendall(b"the answer")
    target.close()
    assert received(visitor) == b"the answer"


def test_a_target_that_has_said_all_still_gets_the_rest(ends: Ends) -> None:
    visitor, target = ends.meet()
    target.shutdown(socket.SHUT_WR)
    assert received(visitor) == b""
    visitor.sendall(b"the rest")
    visitor.close()
    assert received(target) == b"the rest"


def test_a_reset_by_the_visitor_reaches_the_target(ends: Ends) -> None:
    visitor, target = ends.meet()
    reset(visitor)
    with pytest.raises(ConnectionResetError):
        received(target)


def test_a_reset_by_the_target_reaches_the_visitor(ends: Ends) -> None:
    visitor, target = ends.meet()
    reset(target)
    with pytest.raises(ConnectionResetError):
        received(visitor)


def test_a_reset_after_a_half_close_is_no_proper_end(ends: Ends) -> None:
    visitor, target = ends.meet()
    visitor.sendall(b"question")
    visitor.shutdown(socket.SHUT_WR)
    assert received(target) == b"question"
    reset(target)
    with pytest.raises(ConnectionResetError):
        received(visitor)


def test_a_reset_that_is_met_when_sending_is_no_proper_end(ends: Ends) -> None:
    visitor, target = ends.meet()
    visitor.sendall(b"half of an upload")
    assert exactly(target, 17) == b"half of an upload"
    target.settimeout(0.3)
    with suppress(TimeoutError):
        target.sendall(bytes(64 * _MEBIBYTE))  # until something waits for the visitor, who reads nothing
    reset(visitor)
    target.settimeout(PATIENCE)
    with pytest.raises(ConnectionResetError):
        received(target)


@pytest.mark.parametrize("direction", ["down", "up"])
def test_an_end_that_does_not_read_holds_up_the_other_one(ends: Ends, direction: str) -> None:
    visitor, target = ends.meet()
    sender, reader = (target, visitor) if direction == "down" else (visitor, target)
    sender.settimeout(0.3)
    sent = 0
    part = bytes(_MEBIBYTE)
    with suppress(TimeoutError):
        while sent < 200 * _MEBIBYTE:
            sent += sender.send(part)
    assert sent < 64 * _MEBIBYTE  # what the buffers of four sockets hold
    sender.shutdown(socket.SHUT_WR)
    assert len(received(reader)) == sent


class TestLimits:
    @pytest.fixture
    def limits(self) -> Limits:
        return Limits(connections=5, per_peer=2)

    def test_one_device_cannot_take_all_the_room(self, publish: Publish, site: HttpOrigin) -> None:
        url = publish(site.target).public_url
        with ExitStack() as stack:
            greedy = [stack.enter_context(_served(url, "127.0.0.9")) for _ in range(2)]
            assert is_turned_away(url, "127.0.0.9")
            assert get(url, source="127.0.0.10") == PAGE
            greedy[0].close()
            wait_until(lambda: _is_served(url, "127.0.0.9"))

    def test_who_comes_when_all_is_taken_waits_for_a_place(self, publish: Publish, site: HttpOrigin) -> None:
        url = publish(site.target).public_url
        with ExitStack() as stack:
            early = [stack.enter_context(_served(url, f"127.0.0.{10 + number}")) for number in range(5)]
            late = stack.enter_context(connect(url, "127.0.0.20"))
            late.sendall(_REQUEST)
            late.settimeout(0.2)
            with pytest.raises(TimeoutError):
                late.recv(1)
            early[0].close()
            late.settimeout(PATIENCE)
            assert exactly(late, 12) == b"HTTP/1.1 200"


def test_a_visitor_who_vanishes_will_be_noticed(publish: Publish, site: HttpOrigin) -> None:
    session = publish(site.target)
    with _served(session.public_url, "127.0.0.3"):
        (connection,) = session._forwarder._connections
        assert isinstance(connection, HttpConnection)
        end = connection._visitor.wire
        assert isinstance(end, socket.socket)
        assert end.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)
        assert end.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
        if sys.platform == "linux":
            assert end.getsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE) == 30
            assert end.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) == 60_000


def test_nobody_is_kept_waiting_by_a_target_that_is_down(publish: Publish, news: RecordedNews) -> None:
    with nobody() as target:
        with http_origin(port=target.port):
            url = publish(target).public_url
        assert is_turned_away(url)
        with browser(url) as connection:
            connection.request("GET", "/")
            assert connection.getresponse().status == 502
        news.wait_for(lambda heard: heard.suspicions)
        assert news.visits == 0
        with http_origin(port=target.port):
            assert get(url) == PAGE
    news.wait_for(lambda heard: heard.visits == 1)


def test_a_close_cuts_visitors_and_leaves_no_socket_or_thread(
    publish: Publish, site: HttpOrigin, news: RecordedNews
) -> None:
    publish(site.target)  # what is made once and kept is fine
    with nothing_left(), ExitStack() as stack:
        session = publish(site.target)
        visitors = [stack.enter_context(_served(session.public_url, f"127.0.0.{3 + number}")) for number in range(20)]
        began = time.monotonic()
        session.close(run_of(site.target, news))
        assert time.monotonic() - began < AT_ONCE
        for visitor in visitors:
            with pytest.raises(ConnectionResetError):
                received(visitor)


@pytest.mark.skipif(sys.platform != "linux", reason="other systems limit descriptors, or tell of threads, differently")
@pytest.mark.parametrize("free", [0, 1], ids=["none to accept", "none to dial"])
def test_a_lack_of_descriptors_passes(
    publish: Publish, site: HttpOrigin, free: int, expected_logs: pytest.LogCaptureFixture
) -> None:
    session = publish(site.target)
    url = session.public_url
    # The visitor has its own already: the target, which lives here too, may take what is left.
    with socket.socket() as visitor, _few_descriptors(free):
        with suppress(ConnectionResetError):
            visitor.connect((PUBLISHED, session.port))
        wait_until(lambda: "wait for other connections" in expected_logs.text)
        used = _processor_time(session)
        time.sleep(0.3)  # a lack that is asked about again and again would show here
        assert _processor_time(session) - used < 0.1
    wait_until(lambda: _is_served(url, "127.0.0.9"))
    assert expected_logs.text.count("wait for other connections") == 1


_REQUEST = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"


def _served(public_url: str, source: str) -> socket.socket:
    """Return a connection that has got a page and stays open."""
    connection = connect(public_url, source)
    connection.sendall(_REQUEST)
    answer = b""
    while not answer.endswith(PAGE):
        answer += exactly(connection, 1)
    return connection


def _is_served(public_url: str, source: str) -> bool:
    try:
        return get(public_url, source=source) == PAGE
    except OSError:
        return False


def _processor_time(session: LanSession) -> float:
    """Return the seconds that the forwarding thread has used; the target's threads have a lack of their own."""
    thread = session._loop._thread.ident
    assert thread is not None
    return time.clock_gettime(time.pthread_getcpuclockid(thread))


@contextmanager
def _few_descriptors(free: int) -> Iterator[None]:
    """Leave this process only so many free descriptors."""
    import resource  # there is none on Windows

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    highest = max(int(entry.name) for entry in Path("/dev/fd").iterdir())
    resource.setrlimit(resource.RLIMIT_NOFILE, (highest + 16, hard))
    hoard: list[int] = []
    try:
        with suppress(OSError):
            while True:
                hoard.append(os.dup(0))
        for _ in range(free):
            os.close(hoard.pop())
        yield
    finally:
        for descriptor in hoard:
            os.close(descriptor)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
