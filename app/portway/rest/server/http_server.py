"""QHttpServer behind the gate: Qt writes the answers to calls that got in."""

from functools import lru_cache

from PySide6.QtCore import QByteArray
from PySide6.QtHttpServer import QHttpServer, QHttpServerRequest, QHttpServerResponder, QHttpServerResponse
from PySide6.QtNetwork import QHostAddress, QHttpHeaders

from portway.core.codes import Code
from portway.core.errors import TunnelError
from portway.core.timing import Timing
from portway.rest.api.router import Api
from portway.rest.http.answers import FIXED_HEADERS, INTERNAL_ERROR, Headers, Response
from portway.rest.http.policy import Policy
from portway.rest.server.connection import Client
from portway.rest.server.gate import Gate

_STATUS_CODES = {code.value: code for code in QHttpServerResponder.StatusCode}


class HttpServer:
    """Listens on 127.0.0.1, and answers what `policy` lets in as `api` says. Main thread."""

    def __init__(self, policy: Policy, api: Api, timing: Timing) -> None:
        self._policy = policy
        self._api = api
        self._timing = timing
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
        gate = Gate(self._policy, self._api, self._timing)
        if not gate.listen(QHostAddress(QHostAddress.SpecialAddress.LocalHost), port):
            raise TunnelError(Code.PORT_CONFLICT, "api", port=port)
        self._policy.listen_on(gate.serverPort())
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

    def _on_request(self, request: QHttpServerRequest, response: QHttpServerResponse) -> None:
        gate = self._gate
        client = Client(request.remoteAddress().toString(), request.remotePort())
        answer = INTERNAL_ERROR if gate is None else gate.take_response(client)
        response.swap(_to_qt(answer))


def _to_qt(answer: Response) -> QHttpServerResponse:
    mime = answer.content_type.encode()
    response = QHttpServerResponse(mime, QByteArray(answer.body), _STATUS_CODES[answer.status])
    response.setHeaders(_headers(answer.content_type, answer.headers))
    return response


@lru_cache(maxsize=32)
def _headers(content_type: str, more: Headers) -> QHttpHeaders:
    """Return all headers of an answer. Few answers have own ones, and making them anew costs a tenth of a status."""
    headers = QHttpHeaders()
    for name, value in (("Content-Type", content_type), *FIXED_HEADERS, *more):
        headers.append(name, value)
    return headers
