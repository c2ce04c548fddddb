"""Accepts connections on loopback, and keeps their number within bounds."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtNetwork import QAbstractSocket, QTcpServer, QTcpSocket

if TYPE_CHECKING:
    from portway.rest.server.connection import Client, Connection, ConnectionOwner

logger = logging.getLogger(__name__)

MOST_CONNECTIONS = 128
MOST_STREAMS = 50
_ACCEPTED_IN_ONE_TURN = 8  # more would hold the event loop for as long as somebody keeps connecting
_ACCEPT_AGAIN = 1000  # milliseconds: descriptors may be free by then


class Gate(QTcpServer):
    """Reads and checks requests; only clean ones get to the QHttpServer that is bound to it. Main thread.

    `connect` makes the connection of a client.
    """

    def __init__(
        self, connect: Callable[[QTcpSocket, ConnectionOwner], Connection], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._connect = connect
        self._connections: dict[Client, Connection] = {}
        self._accepted = 0
        self.acceptError.connect(self._on_accept_error)

    @property
    def has_room_for_stream(self) -> bool:
        """Whether one more endless answer may begin."""
        return sum(connection.streams for connection in self._connections.values()) < MOST_STREAMS

    def incomingConnection(self, descriptor: int) -> None:
        """Take a connection that Qt has accepted."""
        self._accepted += 1
        if self._accepted == _ACCEPTED_IN_ONE_TURN:
            self.setMaxPendingConnections(0)  # ends Qt's loop, which goes on while anybody waits
            QTimer.singleShot(0, self, self._accept_again)
        has_room = len(self._connections) < MOST_CONNECTIONS or self._make_room()
        socket = QTcpSocket(self)
        if not socket.setSocketDescriptor(descriptor):
            socket.deleteLater()
            return
        connection = self._connect(socket, self)
        connection.setParent(self)
        self._connections[connection.client] = connection
        connection.begin(has_room=has_room)

    def hand_over(self, socket: QTcpSocket) -> None:
        """Give a socket with one clean request in it to QHttpServer."""
        self.addPendingConnection(socket)

    def connection_of(self, client: Client) -> Connection | None:
        """Return that of this client."""
        return self._connections.get(client)

    def forget(self, connection: Connection) -> None:
        """A connection has ended. Its address and port may belong to a newer one by now."""
        if self._connections.get(connection.client) is connection:
            del self._connections[connection.client]

    def close_all(self) -> None:
        """Accept nobody any more, and end every connection with the last word that it is owed."""
        self.close()
        for connection in tuple(self._connections.values()):
            connection.end_now()

    def _make_room(self) -> bool:
        """Drop the oldest connection that is not at work; False if there is none."""
        for connection in self._connections.values():
            if connection.is_unfinished:
                connection.abort()
                return True
        return False

    @Slot()
    def _accept_again(self) -> None:
        self._accepted = 0
        self.setMaxPendingConnections(MOST_CONNECTIONS)
        if self.isListening():  # on a closed server Qt would crash
            self.resumeAccepting()

    @Slot(QAbstractSocket.SocketError)
    def _on_accept_error(self, error: QAbstractSocket.SocketError) -> None:
        """Go on later: by itself, Qt would never accept again."""
        logger.warning("The REST API could not take a connection: %s", error.name)
        QTimer.singleShot(_ACCEPT_AGAIN, self, self._accept_again)
