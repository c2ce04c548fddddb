"""What reads calls and makes their answers. It comes with the first client: many a Portway has none, and saves 3 MB."""

from __future__ import annotations

from functools import lru_cache
from typing import Protocol

from PySide6.QtCore import QByteArray
from PySide6.QtHttpServer import QHttpServerRequest, QHttpServerResponder, QHttpServerResponse
from PySide6.QtNetwork import QHttpHeaders, QTcpSocket

from portway.core.timing import Timing
from portway.rest.api.router import Api
from portway.rest.http.answers import FIXED_HEADERS, INTERNAL_ERROR, Headers, Response
from portway.rest.http.exchange import Exchange
from portway.rest.http.policy import Policy
from portway.rest.server.connection import Client, Connection, ConnectionOwner

_STATUS_CODES = {code.value: code for code in QHttpServerResponder.StatusCode}


class Connections(Protocol):
    """Has the connections that there are. Main thread."""

    def connection_of(self, client: Client) -> Connection | None:
        """Return that of this client."""


class Serving:
    """Lets in what `policy` does, and answers as `api` says. Main thread."""

    def __init__(self, policy: Policy, api: Api, timing: Timing) -> None:
        self._policy = policy
        self._api = api
        self._timing = timing

    def listen_on(self, port: int) -> None:
        """Say which port our own address has."""
        self._policy.listen_on(port)

    def connection(self, socket: QTcpSocket, owner: ConnectionOwner) -> Connection:
        """Return what serves a client."""
        return Connection(socket, Exchange(self._policy), self._api, self._timing, owner)

    def answer(self, request: QHttpServerRequest, connections: Connections | None) -> QHttpServerResponse:
        """Return the answer to a request that QHttpServer has just read."""
        client = Client(request.remoteAddress().toString(), request.remotePort())
        connection = None if connections is None else connections.connection_of(client)
        return _to_qt(INTERNAL_ERROR if connection is None else connection.response)


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
