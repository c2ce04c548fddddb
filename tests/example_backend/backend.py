"""The smallest backend: visitors on this computer get the local server at another port."""

from __future__ import annotations

import contextlib
import socket
import socketserver
import threading

from portway.core.backend import BackendBase, Context, SessionBase
from portway.core.codes import Code
from portway.core.errors import TunnelError
from portway.core.foreign_text import PublicUrl
from portway.core.status import BackendId, Reach, TunnelId
from portway.core.target import Target
from portway.system.services import Services


class ExampleBackend(BackendBase):
    """Implements core.backend.Backend."""

    kind = BackendId("example")
    title = "Example"
    reach = Reach.NETWORK

    def __init__(self, services: Services, tunnel: TunnelId | None = None) -> None:
        super().__init__(tunnel)
        self._services = services

    def another(self, tunnel: TunnelId) -> ExampleBackend:
        return ExampleBackend(self._services, tunnel)

    def open(self, context: Context) -> ExampleSession:
        context.cancel.check()
        with contextlib.suppress(OSError), socket.create_connection((context.origin.host, context.origin.port), 1.0):
            return ExampleSession(context.origin, self._services.timing.close_limit)
        raise TunnelError(Code.ORIGIN_DOWN, target=context.target.url)


class ExampleSession(SessionBase):
    """Implements core.backend.Session."""

    def __init__(self, origin: Target, limit: float) -> None:
        self._server = Forwarder(("127.0.0.1", 0), origin)
        self._limit = limit
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), name="example", daemon=True)
        self._thread.start()

    @property
    def public_url(self) -> PublicUrl:
        """Where visitors get in."""
        return PublicUrl(f"http://127.0.0.1:{self._server.server_address[1]}")

    def close(self, context: Context) -> None:
        """Let nobody in any more."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(self._limit)


class Forwarder(socketserver.ThreadingTCPServer):
    """Hands one request of each visitor to the local server, and its answer back."""

    def __init__(self, address: tuple[str, int], origin: Target) -> None:
        self.origin = origin
        super().__init__(address, Visit)


class Visit(socketserver.BaseRequestHandler):
    """One visitor, on a thread of its own."""

    server: Forwarder

    def handle(self) -> None:
        origin = self.server.origin
        with contextlib.suppress(OSError), socket.create_connection((origin.host, origin.port), 5.0) as local:
            local.sendall(self.request.recv(1 << 16))
            while block := local.recv(1 << 16):
                self.request.sendall(block)
