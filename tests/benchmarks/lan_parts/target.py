"""A local server to measure with, as a process of its own, on asyncio as many are.

What a connection wants is said by its first message. Prints its port. Ends with its standard input.
"""

from __future__ import annotations

import asyncio
import socket
import sys
import threading

import h11

SEND, TAKE, GET = b"s", b"t", b"GET "
PAGE = b"a page of about the usual size of an answer to an API call" * 20
READY = b"!"
TRANSFER = 1 << 28  # bytes
CHUNK = 1 << 18


class Answers(asyncio.Protocol):
    """Sends back what it gets, sends or takes one transfer, or speaks HTTP."""

    def __init__(self) -> None:
        self._chunk = bytes(CHUNK)
        self._to_send = 0
        self._to_take = 0
        self._paused = False
        self._http: h11.Connection | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        if self._to_take:
            self._to_take -= len(data)
            if not self._to_take:
                self._transport.write(READY)
        elif self._http is not None or data.startswith(GET):
            self._answer(data)
        elif data == SEND:
            self._to_send = TRANSFER
            self._send()
        elif data == TAKE:
            self._to_take = TRANSFER
            self._transport.write(READY)
        else:
            self._transport.write(data)

    def pause_writing(self) -> None:
        self._paused = True

    def resume_writing(self) -> None:
        self._paused = False
        self._send()

    def _answer(self, data: bytes) -> None:
        http = self._http = self._http or h11.Connection(h11.SERVER)
        http.receive_data(data)
        while True:
            event = http.next_event()
            if event is h11.NEED_DATA:
                return
            if isinstance(event, h11.EndOfMessage):
                head = h11.Response(status_code=200, headers=[("Content-Length", str(len(PAGE)))])
                parts = (head, h11.Data(data=PAGE), h11.EndOfMessage())
                self._transport.write(b"".join(http.send(part) or b"" for part in parts))
                http.start_next_cycle()

    def _send(self) -> None:
        while self._to_send and not self._paused:
            self._to_send -= CHUNK
            self._transport.write(self._chunk)


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


async def _serve() -> None:
    server = await asyncio.get_running_loop().create_server(Answers, "127.0.0.1", 0, backlog=512)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    threading.Thread(target=asyncio.run, args=(_serve(),), daemon=True).start()
    sys.stdin.read()
