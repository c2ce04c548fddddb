"""A web server on the person's server: it leads visitors of an address to a port or socket there."""

from __future__ import annotations

import contextlib
import socket
import socketserver
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class _Front(socketserver.ThreadingTCPServer):
    daemon_threads = True
    dial: Callable[[], socket.socket]
    tls: ssl.SSLContext | None = None

    def get_request(self) -> tuple[socket.socket, object]:
        """Return a visitor; one who does not trust the certificate is none."""
        visitor, address = super().get_request()
        return (visitor if self.tls is None else self.tls.wrap_socket(visitor, server_side=True)), address


class _Visit(socketserver.BaseRequestHandler):
    server: _Front

    def handle(self) -> None:
        """Hand one request on, and the answer back."""
        with contextlib.suppress(OSError), self.server.dial() as inside:
            inside.sendall(self.request.recv(1 << 16))
            while block := inside.recv(1 << 16):
                self.request.sendall(block)


@contextmanager
def front(dial: Callable[[], socket.socket], tls: ssl.SSLContext | None = None) -> Iterator[str]:
    """Yield its address; with `tls`, of https."""
    with _Front(("127.0.0.1", 0), _Visit) as server:
        server.dial, server.tls = dial, tls
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield f"{'http' if tls is None else 'https'}://127.0.0.1:{server.server_address[1]}"
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
