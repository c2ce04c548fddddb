"""Edges as visitors of a tunnel meet them: one lets all pass, others hold bodies back, or refuse."""

from __future__ import annotations

import select
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

_PATIENCE = 30.0
_AGAIN = 0.05  # seconds, for a thread that had no connection yet when all were ended
Kind = Callable[[ssl.SSLSocket, bytes, int], None]
"""Serves one visitor: gets the connection, what came first of the request, and the port of the relay."""


def passing(visitor: ssl.SSLSocket, begun: bytes, relay_port: int) -> None:
    """Pass on whatever comes, both ways, as it comes; on one thread, as OpenSSL bears no two on one connection."""
    with socket.create_connection(("127.0.0.1", relay_port), _PATIENCE) as relay:
        relay.sendall(begun)
        sources: list[socket.socket] = [visitor, relay]
        while relay in sources:
            waiting = visitor in sources and visitor.pending() > 0
            for source in [visitor] if waiting else select.select(sources, [], [], _PATIENCE)[0]:
                part = source.recv(1 << 16)
                if part:
                    (relay if source is visitor else visitor).sendall(part)
                    continue
                sources.remove(source)
                if source is visitor:
                    relay.shutdown(socket.SHUT_WR)
        visitor.shutdown(socket.SHUT_RDWR)


def buffering(visitor: ssl.SSLSocket, begun: bytes, relay_port: int) -> None:
    """Pass on a request once it is whole, and its answer once that is; sockets pass."""
    if b"upgrade: websocket" in begun.lower():
        passing(visitor, begun, relay_port)
        return
    length = next((int(line[15:]) for line in begun.lower().split(b"\r\n") if line.startswith(b"content-length:")), 0)
    while len(begun.partition(b"\r\n\r\n")[2]) < length:
        begun += visitor.recv(1 << 16)
    with socket.create_connection(("127.0.0.1", relay_port), _PATIENCE) as relay:
        relay.sendall(begun)
        answer = bytearray()
        while part := relay.recv(1 << 16):
            answer += part
    visitor.sendall(answer)


def refusing_sockets(visitor: ssl.SSLSocket, begun: bytes, relay_port: int) -> None:
    """Pass on all but WebSockets."""
    if b"upgrade: websocket" in begun.lower():
        visitor.sendall(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        return
    passing(visitor, begun, relay_port)


def giving_up(visitor: ssl.SSLSocket, begun: bytes, relay_port: int) -> None:
    """Answer in its place, as an edge does that has waited long enough."""
    if b"/wait" not in begun:
        passing(visitor, begun, relay_port)
        return
    with socket.create_connection(("127.0.0.1", relay_port), _PATIENCE) as relay:
        relay.sendall(begun)
        visitor.sendall(b"HTTP/1.1 524 Timeout\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")


def absent(visitor: ssl.SSLSocket, begun: bytes, relay_port: int) -> None:
    """Close without a word."""


@contextmanager
def edge(kind: Kind, context: ssl.SSLContext, relay_port: int) -> Iterator[int]:
    """Serve visitors of one kind of edge, and yield its port."""
    listening = socket.create_server(("127.0.0.1", 0))
    visitors: list[socket.socket] = []
    threads: list[threading.Thread] = []

    def serve(plain: socket.socket) -> None:
        with suppress(OSError), context.wrap_socket(plain, server_side=True, do_handshake_on_connect=False) as visitor:
            visitors.append(visitor)
            visitor.do_handshake()
            begun = b""
            while b"\r\n\r\n" not in begun and (part := visitor.recv(1 << 16)):
                begun += part
            kind(visitor, begun, relay_port)

    def accept() -> None:
        with suppress(OSError):
            while True:
                plain, _ = listening.accept()
                plain.settimeout(_PATIENCE)
                threads.append(threading.Thread(target=serve, args=(plain,), daemon=True))
                threads[-1].start()

    accepting = threading.Thread(target=accept, daemon=True)
    accepting.start()
    try:
        yield listening.getsockname()[1]
    finally:
        with suppress(OSError):
            listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        accepting.join(_PATIENCE)
        for thread in threads:
            while thread.is_alive():
                for visitor in tuple(visitors):
                    with suppress(OSError):  # it has gone
                        # Not the shutdown of SSLSocket: that takes OpenSSL away from under the thread that is in it.
                        socket.socket.shutdown(visitor, socket.SHUT_RDWR)
                thread.join(_AGAIN)
