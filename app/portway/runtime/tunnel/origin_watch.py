"""Which literal address of a target answers: one watch for all running tunnels, and each tunnel's part in it."""

from __future__ import annotations

import time
from dataclasses import dataclass

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtNetwork import QAbstractSocket, QNetworkProxy, QTcpSocket

from portway.core.status import TunnelId
from portway.core.target import Target
from portway.core.timing import Timing


class OriginWatch(QObject):
    """Connects to each target now and then, only while something runs. Lives on the main thread; nothing blocks."""

    answered = Signal(str, object)  # tunnel, the literal target that answered
    silent = Signal(str)  # tunnel

    def __init__(self, timing: Timing, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._timing = timing
        self._followed: dict[TunnelId, _Followed] = {}
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._on_due)

    def follow(self, tunnel: TunnelId, target: Target, origin: Target, *, answers: bool | None) -> None:
        """Watch `origin`, one literal address of `target`. `answers` is what is known; None: probe at once."""
        self.forget(tunnel)
        self._followed[tunnel] = _Followed(target, origin, bool(answers), time.monotonic())
        if answers is None:
            self._probe(tunnel)
        else:
            self._put_off(tunnel)
        self._plan()

    def forget(self, tunnel: TunnelId) -> None:
        """Watch it no longer."""
        followed = self._followed.pop(tunnel, None)
        if followed is not None and followed.probe is not None:
            followed.probe.abandon()
        self._plan()

    def hint(self, tunnel: TunnelId, *, answered: bool) -> None:
        """Take a visitor's experience: one who was served is proof, one who was not is worth a probe."""
        followed = self._followed.get(tunnel)
        if followed is None or followed.probe is not None:
            return
        if not answered:
            self._probe(tunnel)
        elif not followed.answers:
            self._found(tunnel, followed.origin)
        self._plan()

    @Slot()
    def _on_due(self) -> None:
        # Those that are due within half a round come along, so that soon all are probed in one wake-up.
        soon = time.monotonic() + self._timing.origin_watch_up / 2
        for tunnel in [name for name, one in self._followed.items() if one.probe is None and one.due <= soon]:
            self._probe(tunnel)
        self._plan()

    def _probe(self, tunnel: TunnelId) -> None:
        followed = self._followed[tunnel]
        others = [followed.target.at(address) for address in followed.target.candidates]
        tried = [followed.origin, *(other for other in others if other != followed.origin)]
        followed.probe = _Probe(tunnel, tuple(tried), self._timing.origin_look, self)
        followed.probe.ended.connect(self._on_ended)
        followed.probe.start()

    @Slot(str, object)
    def _on_ended(self, name: str, origin: Target | None) -> None:
        tunnel = name
        followed = self._followed[tunnel]
        followed.probe = None
        self._found(tunnel, origin)
        self._plan()

    def _found(self, tunnel: TunnelId, origin: Target | None) -> None:
        followed = self._followed[tunnel]
        followed.answers = origin is not None
        self._put_off(tunnel)
        if origin is None:
            self.silent.emit(tunnel)
        else:
            self.answered.emit(tunnel, origin)

    def _put_off(self, tunnel: TunnelId) -> None:
        followed = self._followed[tunnel]
        wait = self._timing.origin_watch_up if followed.answers else self._timing.origin_watch_down
        followed.due = time.monotonic() + wait

    def _plan(self) -> None:
        waiting = [one.due for one in self._followed.values() if one.probe is None]
        if not waiting:
            self._timer.stop()
            return
        self._timer.start(max(0, round((min(waiting) - time.monotonic()) * 1000)))


class OriginTracker(QObject):
    """Main thread. Where one running tunnel leads, and whether a server answers there."""

    moved = Signal(object)  # Target: the server answers at this other literal address now
    answered = Signal()
    silent = Signal()

    def __init__(self, tunnel: TunnelId, watch: OriginWatch, parent: QObject) -> None:
        super().__init__(parent)
        self._tunnel = tunnel
        self._watch = watch
        self._target: Target | None = None
        self._origin: Target | None = None
        watch.answered.connect(self._on_answered)
        watch.silent.connect(self._on_silent)

    @property
    def origin(self) -> Target | None:
        """The literal address to which it leads, or last led."""
        return self._origin

    def begin(self, target: Target, origin: Target, *, answers: bool) -> None:
        """The tunnel leads to `origin`, one literal address of `target`: watch it."""
        self._target, self._origin = target, origin
        self._watch.follow(self._tunnel, target, origin, answers=answers)

    def resume(self) -> None:
        """The tunnel is up again, and leads where it led: probe at once."""
        if self._target is not None and self._origin is not None:
            self._watch.follow(self._tunnel, self._target, self._origin, answers=None)

    def pause(self) -> None:
        """The tunnel is not up."""
        self._watch.forget(self._tunnel)

    @Slot(bool)
    def hint(self, answered: bool) -> None:  # noqa: FBT001 - a slot's arguments have no names
        """Take what a visitor met."""
        self._watch.hint(self._tunnel, answered=answered)

    @Slot(str, object)
    def _on_answered(self, tunnel: str, origin: Target) -> None:
        if tunnel != self._tunnel:
            return
        if origin == self._origin:
            self.answered.emit()
        else:
            self.moved.emit(origin)

    @Slot(str)
    def _on_silent(self, tunnel: str) -> None:
        if tunnel == self._tunnel:
            self.silent.emit()


@dataclass(slots=True)
class _Followed:
    target: Target
    origin: Target
    answers: bool
    due: float  # monotonic
    probe: _Probe | None = None


class _Probe(QObject):
    """One probe: tries the address in use, then the others."""

    ended = Signal(str, object)  # tunnel, the literal target that answered or None

    def __init__(self, tunnel: TunnelId, tried: tuple[Target, ...], limit: float, parent: QObject) -> None:
        super().__init__(parent)
        self._tunnel = tunnel
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
        """Try the next address, if there is one: it may have been abandoned since this was asked for."""
        if not self._left:
            return
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
        self.ended.emit(self._tunnel, origin)

    def _dispose(self) -> None:
        self._timer.stop()
        self._socket.blockSignals(True)
        if self._socket.state() is not QAbstractSocket.SocketState.UnconnectedState:
            self._socket.abort()
        self._left = []
        self.deleteLater()
