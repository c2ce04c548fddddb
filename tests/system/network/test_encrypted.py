"""Connections that speak TLS: there, or refused with nothing left open."""

from __future__ import annotations

import contextlib
import gc
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
import trustme

from portway.system.network.encrypted import connect_encrypted
from tests.fakes.origins.ports import nobody
from tests.limits import SEEN

_RESET = struct.pack("ii", 1, 0)  # SO_LINGER: no waiting, so that closing resets


@contextmanager
def serving(meet: Callable[[socket.socket], None]) -> Iterator[int]:
    """Yield the port at which each visitor is met so."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with contextlib.suppress(OSError):
            while True:
                visitor, _ = listener.accept()
                with visitor, contextlib.suppress(OSError):
                    meet(visitor)

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join()


def hang_up(visitor: socket.socket) -> None:
    visitor.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)


def speak_plainly(visitor: socket.socket) -> None:
    visitor.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
    visitor.recv(1 << 16)


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def trusting(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.create_default_context()
    authority.configure_trust(context)
    return context


def test_it_is_there_once_the_other_side_has_shown_its_name(authority: trustme.CA, trusting: ssl.SSLContext) -> None:
    served = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(served)

    def greet(visitor: socket.socket) -> None:
        with served.wrap_socket(visitor, server_side=True) as encrypted:
            encrypted.sendall(b"hello")

    with (
        serving(greet) as port,
        connect_encrypted("127.0.0.1", port, SEEN, trusting, "127.0.0.1") as connection,
    ):
        assert connection.recv(5) == b"hello"
        assert connection.gettimeout() == SEEN
    with serving(greet) as port, pytest.raises(ssl.SSLCertVerificationError):
        connect_encrypted("127.0.0.1", port, SEEN, ssl.create_default_context(), "127.0.0.1")


@pytest.mark.parametrize("meet", [hang_up, speak_plainly])
def test_one_that_does_not_speak_it_leaves_nothing_open(
    trusting: ssl.SSLContext, meet: Callable[[socket.socket], None]
) -> None:
    with serving(meet) as port:
        for _ in range(50):
            with pytest.raises(OSError):  # noqa: PT011 - of one kind or another
                connect_encrypted("127.0.0.1", port, SEEN, trusting, "127.0.0.1")
    gc.collect()  # what was left open would warn now, which fails


def test_nobody_there_is_told_at_once(trusting: ssl.SSLContext) -> None:
    with nobody() as target, pytest.raises(ConnectionRefusedError):
        connect_encrypted(target.host, target.port, SEEN, trusting, target.host)
