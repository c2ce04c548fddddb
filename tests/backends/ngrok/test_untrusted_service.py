"""What the service or the local server answers is not believed, and keeps nothing waiting."""

from __future__ import annotations

import dataclasses
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from portway.backends.ngrok.backend import NgrokBackend, NgrokOptions
from portway.backends.ngrok.probe import is_offline
from portway.core.backend import Context
from portway.core.codes import Code
from portway.core.errors import TunnelError
from portway.core.target import parse_target
from portway.relay.truth import host_is_refused
from tests.backends.ngrok.conftest import DOMAIN
from tests.fakes.backends.news import RecordedNews
from tests.fakes.ngrok.edge import NgrokEdge
from tests.limits import AT_ONCE

URLS = {
    "script": "javascript:alert(1)",
    "file": "file:///etc/passwd",
    "no TLS": f"http://{DOMAIN}",
    "another host": "https://evil.example",
    "one of others at ngrok": "https://theirs.ngrok-free.app",
    "user": f"https://{DOMAIN}@evil.example",
    "path": f"https://{DOMAIN}/path",
    "port": f"https://{DOMAIN}:99999",
    "nothing": "/",
    "5 KB": f"https://{'a.' * 2500}ngrok-free.app",
    "control": f"https://{DOMAIN}\x07",
    "bidi": f"https://{DOMAIN}\u202e",
}


@pytest.mark.parametrize("url", URLS.values(), ids=URLS)
def test_a_url_that_cannot_be_right_is_refused_and_its_endpoint_ended(
    edge: NgrokEdge, backend: NgrokBackend, context: Context, news: RecordedNews, url: str
) -> None:
    edge.tell_url(url)
    with pytest.raises(TunnelError) as caught:
        backend.open(context)
    assert caught.value.code is Code.REFUSED_BY_SERVICE
    assert edge.urls == []
    edge.tell_url("")
    backend.open(context).close(context)  # nothing is in its way


def test_a_random_url_is_one_of_the_services_own(edge: NgrokEdge, backend: NgrokBackend, context: Context) -> None:
    edge.tell_url("https://login.example.com")
    with pytest.raises(TunnelError) as caught:
        backend.open(dataclasses.replace(context, options=NgrokOptions()))
    assert caught.value.code is Code.REFUSED_BY_SERVICE
    assert edge.urls == []


@pytest.mark.expected_logs
def test_a_fault_after_the_endpoint_is_up_ends_it(
    edge: NgrokEdge, backend: NgrokBackend, context: Context, news: RecordedNews
) -> None:
    class Faulty(RecordedNews):
        def report(self, extras: object, pid: int | None = None) -> None:
            if edge.urls:
                raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        backend.open(dataclasses.replace(context, listener=Faulty()))
    assert edge.urls == []


def trickle(connection: socket.socket, over: threading.Event) -> None:
    while not over.wait(0.02):
        connection.sendall(b"H")


def never_final(connection: socket.socket, over: threading.Event) -> None:
    while not over.wait(0.02):
        connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")


def endless_head(connection: socket.socket, over: threading.Event) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\n")
    while not over.wait(0.02):
        connection.sendall(b"X-More: more\r\n")


def endless_body(connection: socket.socket, over: threading.Event) -> None:
    connection.sendall(b"HTTP/1.1 403 Forbidden\r\n\r\n")
    trickle(connection, over)


SLOW = [trickle, never_final, endless_head, endless_body]


@contextmanager
def server(behave: Callable[[socket.socket, threading.Event], None]) -> Iterator[int]:
    """Accept connections on 127.0.0.1 and behave like that to each."""
    over = threading.Event()
    listening = socket.create_server(("127.0.0.1", 0))
    threads: list[threading.Thread] = []

    def serve(connection: socket.socket) -> None:
        with connection:
            try:
                behave(connection, over)
            except OSError:
                return

    def accept() -> None:
        while True:
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            threads.append(threading.Thread(target=serve, args=(connection,)))
            threads[-1].start()

    accepting = threading.Thread(target=accept)
    accepting.start()
    try:
        yield listening.getsockname()[1]
    finally:
        over.set()
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        accepting.join()
        for thread in threads:
            thread.join()


@pytest.mark.parametrize("behave", SLOW)
def test_a_local_server_that_never_ends_its_answer_delays_by_the_limit_at_most(
    behave: Callable[[socket.socket, threading.Event], None],
) -> None:
    with server(behave) as port:
        began = time.monotonic()
        host_is_refused(parse_target(f"http://127.0.0.1:{port}"), DOMAIN, 0.3)
        assert time.monotonic() - began < AT_ONCE


@pytest.mark.parametrize("behave", SLOW)
def test_a_look_from_outside_ends_with_its_limit(
    behave: Callable[[socket.socket, threading.Event], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    with server(behave) as port:
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{port}")
        began = time.monotonic()
        assert not is_offline(DOMAIN, None, 0.3)
        assert time.monotonic() - began < AT_ONCE
