"""One Portway for each profile: the first one holds a lock, and answers those that come later."""

import logging
import sys
from enum import StrEnum
from typing import TYPE_CHECKING

from PySide6.QtCore import QDeadlineTimer, QObject, QThread, Signal, Slot

from portway.core.errors import TunnelError
from portway.system.storage.file_lock import FileLock
from portway.system.storage.folders import APP, Folders

if TYPE_CHECKING:
    from PySide6.QtNetwork import QLocalServer

logger = logging.getLogger(__name__)

_ANSWER_LIMIT = 2.0  # seconds for the first one to answer; it may be just starting
_PAUSE = 20  # milliseconds between two calls to one that is just starting or ending
_SHOW, _ASK, _END = b"show\n", b"ask\n", b"end\n"


class Claim(StrEnum):
    """What came of asking to be the only one."""

    OURS = "ours"
    WINDOW = "window"  # another one runs, and has a window
    HEADLESS = "headless"  # another one runs, without a screen
    SILENT = "silent"  # another one runs, and does not answer


class SingleInstance(QObject):
    """Lives on the main thread. The socket is needed beside the REST API, whose port may be taken."""

    window_asked = Signal()  # a later start wants to see this one's window
    end_asked = Signal()  # a later start wants to take its place

    def __init__(self, folders: Folders, *, headless: bool, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._kind = Claim.HEADLESS if headless else Claim.WINDOW
        self._lock = FileLock(folders.sockets / f"{APP}.lock")
        self._name = _socket_name(folders)
        self._server: QLocalServer | None = None

    def claim(self, *, show: bool, limit: float = _ANSWER_LIMIT) -> Claim:
        """Become the only one, or find out what the other one is; with `show` its window is raised.

        Blocks for up to `limit` seconds where another one runs. Where no lock can be made, nobody can be found, and
        OURS is the answer. After that, `listen` lets later ones find this one; they wait for it.
        """
        deadline = QDeadlineTimer(round(limit * 1000))
        while not self._is_first():
            answer = _call(self._name, _SHOW if show else _ASK, deadline)
            if answer is not None or deadline.hasExpired():
                return answer or Claim.SILENT
            QThread.msleep(_PAUSE)
        return Claim.OURS

    def listen(self) -> None:
        """Answer later starts from now on."""
        from PySide6.QtNetwork import QLocalServer  # late: the tray icon does not wait for it

        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._on_connection)
        QLocalServer.removeServer(self._name)  # of one that was killed
        if not self._server.listen(self._name):
            logger.warning("A second start will not find this one: %s", self._server.errorString())

    def take_over(self, limit: float) -> bool:
        """Ask the other one to end, and wait for that; whether its place is ours. Blocks for up to `limit` seconds."""
        deadline = QDeadlineTimer(round(limit * 1000))
        _call(self._name, _END, QDeadlineTimer(round(min(limit, _ANSWER_LIMIT) * 1000)))
        while not self._is_first():
            if deadline.hasExpired():
                return False
            QThread.msleep(_PAUSE)
        return True

    def release(self) -> None:
        """Let the next one begin. Idempotent."""
        if self._server is not None:
            self._server.close()
        self._lock.release()

    def _is_first(self) -> bool:
        try:
            if not self._lock.take():
                return False
        except (TunnelError, OSError) as error:
            logger.warning("Nothing keeps a second Portway from starting. %s", error)
        return True

    @Slot()
    def _on_connection(self) -> None:
        while self._server is not None and self._server.hasPendingConnections():
            caller = self._server.nextPendingConnection()
            caller.readyRead.connect(self._on_called)
            caller.disconnected.connect(caller.deleteLater)

    @Slot()
    def _on_called(self) -> None:
        from PySide6.QtNetwork import QLocalSocket

        caller = self.sender()
        if not isinstance(caller, QLocalSocket) or not caller.canReadLine():
            return
        call = caller.readLine(len(_SHOW) + 1).data()
        caller.write(self._kind.encode() + b"\n")
        caller.disconnectFromServer()
        if call == _SHOW and self._kind is Claim.WINDOW:
            self.window_asked.emit()
        if call == _END:
            self.end_asked.emit()


def _call(name: str, word: bytes, deadline: QDeadlineTimer) -> Claim | None:
    """Return what the one that listens says of itself, None if nobody does."""
    from PySide6.QtNetwork import QLocalSocket  # late: the first one never calls

    socket = QLocalSocket()
    socket.connectToServer(name)
    if not socket.waitForConnected(max(1, deadline.remainingTime())):
        return None
    socket.write(word)
    while not socket.canReadLine():
        if not socket.waitForReadyRead(max(1, deadline.remainingTime())):
            return None
    answer = bytes(socket.readLine(64).data()).strip()
    return next((kind for kind in (Claim.WINDOW, Claim.HEADLESS) if kind.encode() == answer), None)


def _socket_name(folders: Folders) -> str:
    """Return where it listens: a file in the socket folder; on Windows the name of a pipe."""
    return f"{APP}-{folders.profile}" if sys.platform == "win32" else str(folders.sockets / f"{APP}.socket")
