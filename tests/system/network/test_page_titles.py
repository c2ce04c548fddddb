"""Servers are asked for the titles of their pages all at once, and one that does not play along delays nobody."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator

import pytest

from portway.system.network.listening_ports import ListeningPort, titled
from portway.system.network.page_titles import page_titles

_PATIENCE = 20.0  # seconds: a loaded machine is slow
_OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"


@contextlib.contextmanager
def _answering(*parts: bytes, host: str = "127.0.0.1", closes: bool = True) -> Iterator[int]:
    """Answer one visitor with these parts."""
    over = threading.Event()
    listening = socket.create_server((host, 0), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    listening.settimeout(_PATIENCE)

    def serve() -> None:
        with contextlib.suppress(OSError), listening.accept()[0] as visitor:
            assert visitor.recv(4096).startswith(b"GET / HTTP/1.0\r\n")
            for part in parts:
                visitor.sendall(part)
            if not closes:
                over.wait(_PATIENCE)

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield listening.getsockname()[1]
    finally:
        over.set()
        with contextlib.suppress(OSError):  # wakes an accept that nobody came for
            socket.create_connection(listening.getsockname()[:2]).close()
        thread.join()
        listening.close()


@pytest.mark.parametrize(
    ("parts", "title"),
    [
        ((_OK, b"<!doctype html><html><head><title>Vite App</title>"), "Vite App"),
        ((_OK, b'<TITLE lang="en">\n  Caf\xc3\xa9 &amp;\n\tShop </', b"TITLE>"), "Café & Shop"),
        ((_OK, b"<title>a\x1b[2J\xe2\x80\xaeb</title>"), "a\\x1b[2J\\u202eb"),
        ((_OK, b"<title>" + b"x" * 90 + b"</title>"), "x" * 59 + "…"),
        ((_OK, b"<p>" * 60_000 + b"<title>too far down</title>"), None),
        ((_OK, b"<title> </title>"), None),
        ((b"HTTP/1.1 302 Found\r\n\r\n<title>Elsewhere</title>",), None),
        ((b"SSH-2.0-OpenSSH_9\r\n",), None),
        ((), None),
    ],
    ids=["plain", "entities", "harmful", "long", "late", "blank", "redirect", "no HTTP", "nothing"],
)
def test_a_title_is_one_harmless_line(parts: tuple[bytes, ...], title: str | None) -> None:
    with _answering(*parts) as port:
        assert page_titles([port], _PATIENCE) == ({} if title is None else {port: title})


def test_one_that_is_silent_keeps_no_other_waiting() -> None:
    page = _OK + b"<title>Here</title>"
    with _answering(closes=False) as silent, _answering(page, closes=False) as port:
        assert page_titles([silent, port], _PATIENCE / 4) == {port: "Here"}


def test_one_that_listens_only_on_ipv6_is_asked_there() -> None:
    try:
        with _answering(_OK + b"<title>Six</title>", host="::1") as port:
            assert page_titles([port, 1], _PATIENCE) == {port: "Six"}
    except OSError:
        pytest.skip("this computer has no IPv6")


def test_a_row_has_the_title_of_its_server() -> None:
    with _answering(_OK + b"<title>Shop</title>") as port:
        found = (ListeningPort(1, None), ListeningPort(port, "node"))
        assert titled(found) == (ListeningPort(1, None), ListeningPort(port, "node", "Shop"))
