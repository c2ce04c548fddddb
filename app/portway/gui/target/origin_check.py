"""Looks whether a local server answers, without waiting: one connection after the other, to literal addresses."""

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtNetwork import QAbstractSocket, QNetworkProxy, QTcpSocket

from portway.core.target import Target

_EVERY = 3000  # ms between two looks while somebody watches
_PATIENCE = 1000  # ms for one address


class OriginCheck(QObject):
    """Looks at one target while it is watched. Main thread; nothing runs while nobody looks."""

    answered = Signal(bool)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._target: Target | None = None
        self._left: list[str] = []
        self._socket = QTcpSocket(self)
        self._socket.setProxy(QNetworkProxy(QNetworkProxy.ProxyType.NoProxy))
        self._socket.connected.connect(self._on_connected)
        self._socket.errorOccurred.connect(self._on_failed)
        self._limit = QTimer(self)
        self._limit.setSingleShot(True)
        self._limit.setInterval(_PATIENCE)
        self._limit.timeout.connect(self._on_failed)
        self._again = QTimer(self)
        self._again.setSingleShot(True)
        self._again.setInterval(_EVERY)
        self._again.timeout.connect(self._begin)

    def watch(self, target: Target | None) -> None:
        """Look at this one from now on; None: rest."""
        if target == self._target and target is not None:
            return
        self._target = target
        self._rest()
        if target is not None:
            self._begin()

    @Slot()
    def _begin(self) -> None:
        if self._target is not None:
            self._left = list(self._target.candidates or (self._target.first.host,))
            self._next()

    def _next(self) -> None:
        if self._target is None:
            return
        if not self._left:
            self._say(answers=False)
            return
        self._limit.start()
        self._socket.abort()
        self._socket.connectToHost(self._left.pop(0), self._target.port)

    def _say(self, *, answers: bool) -> None:
        self._limit.stop()
        self._socket.abort()
        self._again.start()
        self.answered.emit(answers)

    def _rest(self) -> None:
        self._limit.stop()
        self._again.stop()
        self._left = []
        self._socket.abort()

    @Slot()
    def _on_connected(self) -> None:
        self._say(answers=True)

    @Slot()
    def _on_failed(self, _error: QAbstractSocket.SocketError | None = None) -> None:
        if self._limit.isActive() or self.sender() is self._limit:
            self._limit.stop()
            self._next()
