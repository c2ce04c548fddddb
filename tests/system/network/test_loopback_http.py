"""One question to a server on this computer: bounded however that behaves."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from portway.core.cancel import CancelToken, Deadline
from portway.core.errors import Cancelled
from portway.system.network.loopback_http import HttpAnswer, ask_loopback
from tests.limits import AT_ONCE, NEVER

LIMIT = 0.4
Serve = Callable[[bytes, bytes], int]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Serve one visitor: `first` at once, then `again` every few milliseconds for as long as it stays."""
    over = threading.Event()
    threads = []
    listener = socket.create_server(("127.0.0.1", 0))

    def work(first: bytes, again: bytes) -> None:
        visitor, _ = listener.accept()
        with visitor:
            try:
                visitor.recv(1 << 16)  # unread, it would turn the close into a reset
                visitor.sendall(first)
                while again and not over.wait(0.02):
                    visitor.sendall(again)
            except OSError:
                return

    def begin(first: bytes, again: bytes = b"") -> int:
        threads.append(threading.Thread(target=work, args=(first, again)))
        threads[-1].start()
        port: int = listener.getsockname()[1]
        return port

    yield begin
    over.set()
    for thread in threads:
        thread.join(AT_ONCE)
    listener.close()


def test_returns_status_and_body(serve: Serve) -> None:
    port = serve(b"HTTP/1.1 503 No\r\nContent-Length: 2\r\n\r\nno", b"")
    assert ask_loopback(port, "/ready", Deadline.after(AT_ONCE)) == HttpAnswer(503, b"no")


@pytest.mark.parametrize(
    ("first", "again"),
    [
        (b"", b"H"),
        (b"HTTP/1.1 200 OK\r\n", b"X-More: 1\r\n"),
        (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n", b"1"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
    ],
    ids=["trickled status", "endless head", "continue", "trickled body", "endless chunks"],
)
def test_the_whole_has_one_limit(serve: Serve, first: bytes, again: bytes) -> None:
    port = serve(first, again)
    began = time.monotonic()
    with pytest.raises(TimeoutError):
        ask_loopback(port, "/ready", Deadline.after(LIMIT))
    assert time.monotonic() - began < LIMIT + AT_ONCE


@pytest.mark.parametrize("said", [b"", b"SSH-2.0-x\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nshort"])
def test_what_is_no_whole_answer_is_an_error(serve: Serve, said: bytes) -> None:
    port = serve(said, b"")
    with pytest.raises(ConnectionError):
        ask_loopback(port, "/", Deadline.after(AT_ONCE))


def test_a_flood_is_cut(serve: Serve) -> None:
    port = serve(b"HTTP/1.1 200 OK\r\n\r\n", b"x" * (1 << 18))
    with pytest.raises(ConnectionError, match="too large"):
        ask_loopback(port, "/", Deadline.after(AT_ONCE))


def test_a_cancel_ends_it_at_once(serve: Serve) -> None:
    port, cancel = serve(b"", b"H"), CancelToken()
    timer = threading.Timer(0.1, cancel.cancel)
    timer.start()
    began = time.monotonic()
    with pytest.raises(Cancelled):
        ask_loopback(port, "/", Deadline.after(NEVER), cancel)
    assert time.monotonic() - began < AT_ONCE
    timer.join()


def test_nothing_is_asked_after_the_deadline() -> None:
    with pytest.raises(TimeoutError):
        ask_loopback(1, "/", Deadline.after(0))
