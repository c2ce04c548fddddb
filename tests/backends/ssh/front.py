"""A web server on the person's server: it leads visitors of an address to a port or socket there."""

from __future__ import annotations

import contextlib
import socket
import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class _Front(socketserver.ThreadingTCPServer):
    daemon_threads = True
    dial: Callable[[], socket.socket]


class _Visit(socketserver.BaseRequestHandler):
    server: _Front

    def handle(self) -> None:
        """Hand one request on, and the answer back."""
        with contextlib.suppress(OSError), self.server.dial() as inside:
            inside.sendall(self.request.recv(1 << 16))
            while block := inside.recv(1 << 16):
                self.request.sendall(block)


@contextmanager
def front(dial: Callable[[], socket.socket]) -> Iterator[str]:
    """Yield its address."""
    with _Front(("127.0.0.1", 0), _Visit) as server:
        server.dial = dial
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()


def port_dialler(port: int) -> Callable[[], socket.socket]:
    return lambda: socket.create_connection(("127.0.0.1", port), 5.0)


def socket_dialler(path: str) -> Callable[[], socket.socket]:
    def dial() -> socket.socket:
        inside = socket.socket(socket.AF_UNIX)
        inside.connect(path)
        return inside

    return dial
