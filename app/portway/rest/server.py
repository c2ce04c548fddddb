"""The REST server as the rest of the program sees it: QHttpServer behind the gate.

How the program uses it, all on the main thread:

    tokens = Tokens.load(folders.data, environment)     # raises TunnelError(bad_request) for a short PORTWAY_API_TOKEN
    api_file = ApiFile(folders.run, __version__, tokens.run)
    server = RestServer(hub, vault, tokens, __version__, timing, window=window.raise_ or None)
    try:
        port = server.listen(port)                      # 0: any free one
    except TunnelError:                                 # port_conflict: the port is taken
        ...                                             # headless exits 1; the tray goes on and shows it
    api_file.write(server.port)                         # None where nothing listens
    ...
    server.close()                                      # idempotent; ends waiting answers and streams
    api_file.remove()
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from PySide6.QtCore import QByteArray
from PySide6.QtHttpServer import QHttpServer, QHttpServerRequest, QHttpServerResponder, QHttpServerResponse
from PySide6.QtNetwork import QHostAddress, QHttpHeaders

from portway.core.codes import Code
from portway.core.errors import TunnelError
from portway.core.hub import Hub, Vault
from portway.core.timing import Timing
from portway.rest.answers import FIXED_HEADERS, INTERNAL_ERROR, JSON, Headers, Response
from portway.rest.api import Api
from portway.rest.gate import Gate
from portway.rest.policy import FailedLogins, Policy
from portway.rest.tokens import Tokens

_MIME = JSON.encode()
_STATUS_CODES = {code.value: code for code in QHttpServerResponder.StatusCode}


class RestServer:
    """Listens on 127.0.0.1 and answers by the API. `window` raises the window; None where there is no display."""

    def __init__(  # noqa: PLR0913, PLR0917 - each is a dependency of its own
        self,
        hub: Hub,
        vault: Vault,
        tokens: Tokens,
        version: str,
        timing: Timing,
        window: Callable[[], None] | None = None,
    ) -> None:
        self._timing = timing
        self._api = Api(hub, vault, tokens, version, timing, window)
        self._policy = Policy(self._api.rules, self._api.open_paths, tokens.check, FailedLogins())
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
        answer = INTERNAL_ERROR if gate is None else gate.take_response(request.remotePort())
        response.swap(_to_qt(answer))


def _to_qt(answer: Response) -> QHttpServerResponse:
    response = QHttpServerResponse(_MIME, QByteArray(answer.body), _STATUS_CODES[answer.status])
    response.setHeaders(_headers(answer.headers))
    return response


@lru_cache(maxsize=32)
def _headers(more: Headers) -> QHttpHeaders:
    """Return all headers of an answer. Few answers have own ones, and making them anew costs a tenth of a status."""
    headers = QHttpHeaders()
    for name, value in (("Content-Type", JSON), *FIXED_HEADERS, *more):
        headers.append(name, value)
    return headers
