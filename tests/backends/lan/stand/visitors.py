"""Visitors of a published address: plain sockets, HTTP, and a WebSocket, each from an address of its own."""

from __future__ import annotations

import http.client
import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from wsproto import ConnectionType, WSConnection
from wsproto.events import AcceptConnection, BytesMessage, CloseConnection, Message, Request

PUBLISHED = "127.0.0.2"
VISITOR = "127.0.0.3"
PATIENCE = 20.0  # seconds, so that a test that hangs fails by itself

_RESET_ON_CLOSE = struct.pack("ii", 1, 0)


def connect(public_url: str, source: str = VISITOR) -> socket.socket:
    """Return a connection from `source` to the published address."""
    parts = urlsplit(public_url)
    assert parts.hostname is not None
    assert parts.port is not None
    connection = socket.create_connection((parts.hostname, parts.port), PATIENCE, (source, 0))
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connection


@contextmanager
def browser(public_url: str, source: str = VISITOR) -> Iterator[http.client.HTTPConnection]:
    """Yield an HTTP connection from `source`."""
    parts = urlsplit(public_url)
    assert parts.hostname is not None
    connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=PATIENCE, source_address=(source, 0))
    try:
        yield connection
    finally:
        connection.close()


def get(public_url: str, path: str = "/", source: str = VISITOR) -> bytes:
    """Return the body of one page. OSError where nothing answers."""
    with browser(public_url, source) as connection:
        connection.request("GET", path)
        answer = connection.getresponse()
        assert answer.status == 200
        return answer.read()


def received(connection: socket.socket) -> bytes:
    """Return everything up to the proper end of the connection. ConnectionResetError where it is cut."""
    parts = []
    while part := connection.recv(1 << 16):
        parts.append(part)
    return b"".join(parts)


def is_turned_away(public_url: str, source: str = VISITOR) -> bool:
    """Whether a visitor from `source` is reset without a byte; by then `connect` may not even have returned."""
    try:
        with connect(public_url, source) as connection:
            assert connection.recv(1) == b""
    except ConnectionResetError:
        return True
    return False


def exactly(connection: socket.socket, count: int) -> bytes:
    """Return so many bytes."""
    data = bytearray()
    while len(data) < count:
        part = connection.recv(count - len(data))
        assert part, f"ended after {len(data)} of {count} bytes"
        data += part
    return bytes(data)


def reset(connection: socket.socket) -> None:
    """Go away without a proper end."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
    connection.close()


class WebSocketVisitor:
    """A WebSocket that is open."""

    def __init__(self, public_url: str, path: str = "/socket", source: str = VISITOR) -> None:
        self._connection = connect(public_url, source)
        self._protocol = WSConnection(ConnectionType.CLIENT)
        host = urlsplit(public_url).netloc
        self._connection.sendall(self._protocol.send(Request(host=host, target=path)))
        self._heard: list[object] = []
        assert isinstance(self._next(), AcceptConnection)

    def said_back(self, data: bytes) -> bytes:
        """Send one message and return the one that comes back."""
        self._connection.sendall(self._protocol.send(BytesMessage(data=data)))
        parts = bytearray()
        while True:
            event = self._next()
            assert isinstance(event, Message)
            parts += event.data
            if event.message_finished:
                return bytes(parts)

    def close(self) -> None:
        """Say goodbye, hear it said back, and end."""
        self._connection.sendall(self._protocol.send(CloseConnection(code=1000)))
        assert isinstance(self._next(), CloseConnection)
        self._connection.close()

    def _next(self) -> object:
        while not self._heard:
            data = self._connection.recv(1 << 16)
            self._protocol.receive_data(data or None)
            self._heard += self._protocol.events()
        return self._heard.pop(0)
