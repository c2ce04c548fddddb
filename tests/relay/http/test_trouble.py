"""Visitors and targets as they really are: huge, slow, many, and gone in the middle."""

from __future__ import annotations

import hashlib
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace

import psutil
import pytest

from portway.relay.http.exchange import Outcome
from tests.backends.lan.stand.visitors import reset
from tests.fakes.backends.news import wait_until
from tests.relay.stand import LIMITS, PATIENCE, Stand, rest, until

_GET = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"
_OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
_END = b"\r\n\r\n"
_MEBIBYTE = 1 << 20
_PART = bytes(range(256)) * 1024
_AT_ONCE, _VISITORS = 32, 40


@contextmanager
def _beside(work: Callable[[], object]) -> Iterator[None]:
    """Let it go on in a thread of its own while the block runs."""
    thread = threading.Thread(target=work)
    thread.start()
    yield
    thread.join(PATIENCE)
    assert not thread.is_alive()


def _send_parts(end: socket.socket, count: int) -> None:
    for _ in range(count):
        end.sendall(_PART)


def _digest(end: socket.socket, size: int) -> str:
    sha, room = hashlib.sha256(), bytearray(_MEBIBYTE)
    while size:
        got = end.recv_into(room, min(size, len(room)))
        assert got, f"{size} bytes are missing"
        sha.update(memoryview(room)[:got])
        size -= got
    return sha.hexdigest()


def test_what_is_huge_arrives_whole_both_ways_and_is_never_held_in_memory(stand: Stand) -> None:
    count = 256
    size = count * len(_PART)
    wanted = hashlib.sha256(_PART * count).hexdigest()
    stand.kept.keeps_bodies = False
    visitor, target = stand.meet()
    visitor.sendall(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n" % size)
    until(target, _END)
    before = psutil.Process().memory_info().rss
    with _beside(lambda: _send_parts(visitor, count)):
        assert _digest(target, size) == wanted
    target.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % size)
    until(visitor, _END)
    with _beside(lambda: _send_parts(target, count)):
        assert _digest(visitor, size) == wanted
    assert psutil.Process().memory_info().rss - before < 16 * _MEBIBYTE
    wait_until(lambda: stand.kept.over)
    assert (stand.kept.over[0].sent, stand.kept.over[0].received) == (size, size)


def test_what_trickles_arrives_byte_by_byte(stand: Stand) -> None:
    visitor, target = stand.meet()
    body = b"3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nX-Sum: 1\r\n\r\n"
    visitor.sendall(b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n")
    until(target, _END)
    for byte in body:
        visitor.sendall(bytes([byte]))
        assert target.recv(1) == bytes([byte])
    target.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    until(visitor, _END)
    for byte in body:
        target.sendall(bytes([byte]))
        assert visitor.recv(1) == bytes([byte])
    visitor.sendall(_GET)
    assert until(target, _END) == _GET  # and the connection goes on


def _answer_all(server: socket.socket, count: int) -> None:
    for _ in range(count):
        with server.accept()[0] as target:
            target.settimeout(PATIENCE)
            if target.recv(1 << 16):
                target.sendall(_OK)


def test_more_visitors_than_are_let_in_at_once_are_all_served() -> None:
    with ExitStack() as stack:
        stand = Stand(stack, limits=replace(LIMITS, connections=_AT_ONCE))
        threading.Thread(target=_answer_all, args=(stand.server, _VISITORS), daemon=True).start()
        waiting = [stack.enter_context(stand.visitor()) for _ in range(_VISITORS)]
        for visitor in waiting:
            visitor.sendall(_GET)
        for visitor in waiting:
            assert until(visitor, b"ok") == _OK
            visitor.close()
        wait_until(lambda: len(stand.kept.over) == _VISITORS)
        assert {exchange.outcome for exchange in stand.kept.over} == {Outcome.DONE}


@pytest.mark.parametrize(
    "whole",
    [b"Content-Length: 10\r\n\r\nhalf", b"Transfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n", b"\r\nhalf"],
    ids=["of a length", "in chunks", "until the end"],
)
def test_an_answer_that_is_reset_never_looks_whole(stand: Stand, whole: bytes) -> None:
    visitor, target = stand.meet()
    visitor.sendall(_GET)
    until(target, _END)
    target.sendall(b"HTTP/1.1 200 OK\r\n" + whole)
    until(visitor, b"half" if b"chunked" not in whole else b"half\r\n")
    reset(target)
    with pytest.raises(ConnectionResetError):
        rest(visitor)
    wait_until(lambda: [exchange.outcome for exchange in stand.kept.over] == [Outcome.CUT])
