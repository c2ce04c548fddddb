"""Watches whether the local servers behind the running tunnels answer: one watch for all of them."""

from __future__ import annotations

import time
from dataclasses import dataclass

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtNetwork import QAbstractSocket, QNetworkProxy, QTcpSocket

from portway.core.status import BackendId
from portway.core.target import Target
from portway.core.timing import Timing


class OriginWatch(QObject):
    """Connects to each target now and then, only while something runs. Lives on the main thread; nothing blocks."""

    answered = Signal(str, object)  # backend, the literal target that answered
    silent = Signal(str)  # backend

    def __init__(self, timing: Timing, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._timing = timing
        self._followed: dict[BackendId, _Followed] = {}
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._on_due)

    def follow(self, backend: BackendId, target: Target, origin: Target, *, answers: bool | None) -> None:
        """Watch `origin`, one literal address of `target`. `answers` is what is known; None: look at once."""
        self.forget(backend)
        self._followed[backend] = _Followed(target, origin, bool(answers), time.monotonic())
        if answers is None:
            self._look(backend)
        else:
            self._put_off(backend)
        self._plan()

    def forget(self, backend: BackendId) -> None:
        """Watch it no longer."""
        followed = self._followed.pop(backend, None)
        if followed is not None and followed.look is not None:
            followed.look.abandon()
        self._plan()

    def hint(self, backend: BackendId, *, answered: bool) -> None:
        """Take a visitor's experience: one who was served is proof, one who was not is worth a look."""
        followed = self._followed.get(backend)
        if followed is None or followed.look is not None:
            return
        if not answered:
            self._look(backend)
        elif not followed.answers:
            self._found(backend, followed.origin)
        self._plan()

    @Slot()
    def _on_due(self) -> None:
        # Those that are due within half a round come along, so that soon all happen in one wake-up.
        soon = time.monotonic() + self._timing.origin_watch_up / 2
        for backend in [name for name, one in self._followed.items() if one.look is None and one.due <= soon]:
            self._look(backend)
        self._plan()

    def _look(self, backend: BackendId) -> None:
        followed = self._followed[backend]
        others = [followed.target.at(address) for address in followed.target.candidates]
        tried = [followed.origin, *(other for other in others if other != followed.origin)]
        followed.look = _Look(backend, tuple(tried), self._timing.origin_look, self)
        followed.look.ended.connect(self._on_ended)
        followed.look.start()

    @Slot(str, object)
    def _on_ended(self, name: str, origin: Target | None) -> None:
        backend = BackendId(name)
        followed = self._followed[backend]
        followed.look = None
        self._found(backend, origin)
        self._plan()

    def _found(self, backend: BackendId, origin: Target | None) -> None:
        followed = self._followed[backend]
        followed.answers = origin is not None
        self._put_off(backend)
        if origin is None:
            self.silent.emit(backend)
        else:
            self.answered.emit(backend, origin)

    def _put_off(self, backend: BackendId) -> None:
        followed = self._followed[backend]
        wait = self._timing.origin_watch_up if followed.answers else self._timing.origin_watch_down
        followed.due = time.monotonic() + wait

    def _plan(self) -> None:
        waiting = [one.due for one in self._followed.values() if one.look is None]
        if not waiting:
            self._timer.stop()
            return
        self._timer.start(max(0, round((min(waiting) - time.monotonic()) * 1000)))


@dataclass(slots=True)
class _Followed:
    target: Target
    origin: Target
    answers: bool
    due: float  # monotonic
    look: _Look | None = None


class _Look(QObject):
    """One look: tries the address in use, then the others."""

    ended = Signal(str, object)  # backend, the literal target that answered or None

    def __init__(self, backend: BackendId, tried: tuple[Target, ...], limit: float, parent: QObject) -> None:
        super().__init__(parent)
        self._backend = backend
        self._left = list(tried)
        self._socket = QTcpSocket(self)
        self._socket.setProxy(QNetworkProxy(QNetworkProxy.ProxyType.NoProxy))
        self._socket.connected.connect(self._on_connected)
        self._socket.errorOccurred.connect(self._on_failed)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(round(limit * 1000))
        self._timer.timeout.connect(self._on_failed)

    def start(self) -> None:
        """Try the next address."""
        self._timer.start()
        self._socket.connectToHost(self._left[0].host, self._left[0].port)

    def abandon(self) -> None:
        """End without a result."""
        self.blockSignals(True)
        self._dispose()

    @Slot()
    def _on_connected(self) -> None:
        self._end(self._left[0])

    @Slot()
    def _on_failed(self) -> None:
        self._timer.stop()
        self._socket.blockSignals(True)
        self._socket.abort()
        self._socket.blockSignals(False)
        del self._left[0]
        if self._left:
            # Not here: a socket must not be used again within its own signal.
            QTimer.singleShot(0, self, self.start)
        else:
            self._end(None)

    def _end(self, origin: Target | None) -> None:
        self._dispose()
        self.ended.emit(self._backend, origin)

    def _dispose(self) -> None:
        self._timer.stop()
        self._socket.blockSignals(True)
        if self._socket.state() is not QAbstractSocket.SocketState.UnconnectedState:
            self._socket.abort()
        self._left = []
        self.deleteLater()
