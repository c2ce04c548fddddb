"""QHttpServer behind the gate: Qt writes the answers to calls that got in."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtHttpServer import QHttpServer, QHttpServerRequest, QHttpServerResponse
from PySide6.QtNetwork import QHostAddress, QTcpSocket

from portway.core.codes import Code
from portway.core.errors import TunnelError
from portway.rest.server.gate import Gate

if TYPE_CHECKING:
    from portway.rest.server.connection import Connection, ConnectionOwner
    from portway.rest.server.serving import Serving


class HttpServer:
    """Listens on 127.0.0.1. What answers is made by `make_serving` for the first client. Main thread."""

    def __init__(self, make_serving: Callable[[], Serving]) -> None:
        self._make_serving = make_serving
        self._serving: Serving | None = None
        self._gate: Gate | None = None
        self._server: QHttpServer | None = None
        self._handler = self._on_request  # Qt keeps no reference to it: this line does

    @property
    def port(self) -> int | None:
        """The port it listens on; None while it does not."""
        return self._gate.serverPort() if self._gate is not None else None

    def listen(self, port: int) -> int:
        """Begin to answer, and return the port (0 asks for any free one).

        Raises TunnelError(port_conflict) where it cannot be had; another one is never taken instead.
        """
        gate = Gate(self._connection)
        if not gate.listen(QHostAddress(QHostAddress.SpecialAddress.LocalHost), port):
            raise TunnelError(Code.PORT_CONFLICT, "api", port=port)
        if self._serving is not None:
            self._serving.listen_on(gate.serverPort())
        server = QHttpServer()
        server.addAfterRequestHandler(server, self._handler)
        server.bind(gate)
        self._gate, self._server = gate, server
        return gate.serverPort()

    def close(self) -> None:
        """Answer nobody any more. Idempotent; it may listen again."""
        gate, server = self._gate, self._server
        self._gate = self._server = None
        if gate is not None and server is not None:
            gate.close_all()
            gate.deleteLater()
            server.deleteLater()

    def _connection(self, socket: QTcpSocket, owner: ConnectionOwner) -> Connection:
        return self._made(socket.localPort()).connection(socket, owner)

    def _made(self, port: int) -> Serving:
        if self._serving is None:
            self._serving = self._make_serving()
            self._serving.listen_on(port)
        return self._serving

    def _on_request(self, request: QHttpServerRequest, response: QHttpServerResponse) -> None:
        response.swap(self._made(request.localPort()).answer(request, self._gate))
