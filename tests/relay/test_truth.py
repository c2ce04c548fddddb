"""What is found out about a local server, by asking it."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress

import pytest
import trustme

from portway.core.codes import Code
from portway.core.target import Target
from portway.relay.truth import Language, Question, host_is_refused, language_of, problem_of
from tests.fakes.origins.ports import nobody
from tests.limits import AT_ONCE, SEEN

_SHORT = 0.5  # seconds, for what never answers
Talk = Callable[[socket.socket], None]


@contextmanager
def _server(talk: Talk, *, tls: ssl.SSLContext | None = None, scheme: str = "http") -> Iterator[Target]:
    """Serve each connection by `talk` on a thread of its own."""
    with ExitStack() as stack:
        server = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        stop = threading.Event()

        def serve() -> None:
            server.settimeout(0.05)
            while not stop.is_set():
                with suppress(TimeoutError):
                    connection = server.accept()[0]
                    threading.Thread(target=one, args=(connection,), daemon=True).start()

        def one(connection: socket.socket) -> None:
            connection.settimeout(SEEN)
            with suppress(OSError):
                shown = connection if tls is None else tls.wrap_socket(connection, server_side=True)
                with shown:
                    talk(shown)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield Target(scheme, "127.0.0.1", server.getsockname()[1])
        stop.set()
        thread.join(SEEN)


@pytest.fixture(scope="module")
def tls() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("localhost").configure_cert(context)
    return context


def _answering(answer: bytes) -> Talk:
    def talk(connection: socket.socket) -> None:
        connection.recv(4096)
        connection.sendall(answer)

    return talk


def _silent(connection: socket.socket) -> None:
    while connection.recv(4096):
        pass


def _trickling(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nX-A: ")
    while True:
        time.sleep(0.05)
        connection.sendall(b"a")


_OK = _answering(b"HTTP/1.1 204 Nothing\r\n\r\n")


@pytest.mark.parametrize(
    ("talk", "encrypted", "scheme", "expected"),
    [
        (_OK, False, "http", Language.HTTP),
        (_OK, True, "https", Language.HTTPS),
        (_OK, True, "http", Language.HTTPS),
        (_OK, False, "https", Language.HTTP),
        (_answering(b"HTTP/1.1 500 Broken\r\n\r\n"), False, "http", Language.HTTP),
        (
            _answering(b"HTTP/1.1 400 Bad\r\n\r\n<center>The plain HTTP request was sent to HTTPS port</center>"),
            False,
            "http",
            Language.HTTPS,
        ),
        (_answering(b"SSH-2.0-OpenSSH_9.6\r\n"), False, "http", Language.OTHER),
        (_answering(b"-ERR unknown command\r\n"), False, "http", Language.OTHER),
        (lambda connection: connection.close(), False, "http", Language.GONE),
        (_silent, False, "http", Language.SILENT),
        (_trickling, False, "http", Language.SILENT),
    ],
)
def test_its_language_is_known_by_what_it_says(
    tls: ssl.SSLContext, talk: Talk, encrypted: object, scheme: str, expected: Language
) -> None:
    with _server(talk, tls=tls if encrypted else None, scheme=scheme) as origin:
        began = time.monotonic()
        assert language_of(origin, _SHORT if expected is Language.SILENT else SEEN) is expected
        assert time.monotonic() - began < AT_ONCE


def test_nobody_there_is_gone() -> None:
    with nobody() as origin:
        assert language_of(origin, SEEN) is Language.GONE


def _picky(refusal: bytes, fine: bytes = b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n") -> Talk:
    def talk(connection: socket.socket) -> None:
        asked = connection.recv(4096)
        connection.sendall(refusal if b"Host: x.example" in asked else fine)

    return talk


@pytest.mark.parametrize(
    "refusal",
    [
        b"HTTP/1.1 400 Bad\r\n\r\n",
        b"HTTP/1.1 403 No\r\n\r\n",
        b"HTTP/1.1 404 None\r\n\r\n",
        b"HTTP/1.1 421 Misdirected\r\n\r\n",
        b"HTTP/1.1 444 x\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
        b"",
    ],
)
def test_a_refusal_of_the_public_name_is_known_in_every_form(refusal: bytes) -> None:
    with _server(_picky(refusal)) as origin:
        assert host_is_refused(origin, "x.example", SEEN)


def test_a_redirect_to_its_own_name_is_one() -> None:
    def talk(connection: socket.socket) -> None:
        asked = connection.recv(4096)
        place = f"HTTP/1.1 301 Moved\r\nLocation: http://127.0.0.1:{port}/\r\n\r\n".encode()
        connection.sendall(place if b"x.example" in asked else b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n")

    with _server(talk) as origin:
        port = origin.port
        assert host_is_refused(origin, "x.example", SEEN)


@pytest.mark.parametrize("otherwise", [b"HTTP/1.1 406 Not so\r\n\r\n", b"HTTP/1.1 400 No session\r\n\r\n"])
def test_one_that_listens_to_post_alone_is_known_by_what_it_says_to_its_own_name(otherwise: bytes) -> None:
    with _server(_picky(b"HTTP/1.1 421 Misdirected\r\n\r\n", otherwise)) as origin:
        assert host_is_refused(origin, "x.example", SEEN, "/mcp")


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n",
        b"HTTP/1.1 404 None\r\n\r\n",
        b"HTTP/1.1 403 No\r\n\r\n",
        b"HTTP/1.1 401 Who\r\n\r\n",
        b"HTTP/1.1 421 Misdirected\r\n\r\n",
        b"HTTP/1.1 302 Found\r\nLocation: /login\r\n\r\n",
        b"HTTP/1.1 500 Broken\r\n\r\n",
    ],
)
def test_one_that_says_the_same_to_everybody_refuses_no_name(answer: bytes) -> None:
    with _server(_answering(answer)) as origin:
        assert not host_is_refused(origin, "x.example", SEEN)


def test_problems_name_what_would_work(tls: ssl.SSLContext) -> None:
    with _server(_OK, tls=tls) as origin:
        problem, certain = problem_of(Question(origin, origin, None), SEEN)
        assert problem is not None
        assert problem.code is Code.ORIGIN_SCHEME
        assert certain
        assert f"https://127.0.0.1:{origin.port}" in problem.sentence
    with _server(_silent) as origin:
        problem, certain = problem_of(Question(origin, origin, None), 0.2)
        assert problem is not None
        assert problem.code is Code.ORIGIN_DOWN
        assert not certain
    with _server(_picky(b"HTTP/1.1 403 No\r\n\r\n")) as origin:
        problem, _ = problem_of(Question(origin, origin, "x.example"), SEEN)
        assert problem is not None
        assert problem.code is Code.HOST_REFUSED
        assert problem_of(Question(origin, origin, None), SEEN) == (None, True)
