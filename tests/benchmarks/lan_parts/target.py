"""A local server to measure with, as a process of its own: what a connection wants is said by its first byte.

Prints its port. Ends with its standard input.
"""

from __future__ import annotations

import selectors
import socket
import sys
import threading

SEND, TAKE, ECHO = b"s", b"t", b"e"
READY = b"!"
TRANSFER = 1 << 28  # bytes
CHUNK = 1 << 18


class Target:
    """Echoes for any number of connections on one thread; each transfer has a thread of its own."""

    def __init__(self) -> None:
        self._echoing = selectors.DefaultSelector()
        self._listening = socket.create_server(("127.0.0.1", 0), backlog=512)
        self._echoing.register(self._listening, selectors.EVENT_READ)
        self.port: int = self._listening.getsockname()[1]

    def serve(self) -> None:
        while True:
            for key, _events in self._echoing.select():
                if key.fileobj is self._listening:
                    self._begin(self._listening.accept()[0])
                elif isinstance(key.fileobj, socket.socket):
                    self._echo(key.fileobj)

    def _begin(self, connection: socket.socket) -> None:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._echoing.register(connection, selectors.EVENT_READ)

    def _echo(self, connection: socket.socket) -> None:
        data = connection.recv(4096)
        if data in {SEND, TAKE}:
            self._echoing.unregister(connection)
            threading.Thread(target=_transfer, args=(connection, data), daemon=True).start()
        elif data:
            connection.send(data)
        else:
            self._echoing.unregister(connection)
            connection.close()


def _transfer(connection: socket.socket, verb: bytes) -> None:
    with connection:
        if verb == SEND:
            send(connection)
        else:
            connection.sendall(READY)
            take(connection)
            connection.sendall(READY)


def send(connection: socket.socket) -> None:
    """Send as much as one transfer has."""
    chunk = bytes(CHUNK)
    for _ in range(TRANSFER // CHUNK):
        connection.sendall(chunk)


def take(connection: socket.socket) -> None:
    """Receive as much as one transfer has."""
    room, left = bytearray(CHUNK), TRANSFER
    while left:
        left -= connection.recv_into(room, min(left, CHUNK))


if __name__ == "__main__":
    target = Target()
    threading.Thread(target=target.serve, daemon=True).start()
    print(target.port, flush=True)
    sys.stdin.read()
