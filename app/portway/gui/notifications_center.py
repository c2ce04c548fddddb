"""Tells the person what happened to the tunnels while they look elsewhere."""

from __future__ import annotations

import time
from collections.abc import Mapping

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtGui import QGuiApplication

from portway.core.hub import Hub
from portway.core.settings import General
from portway.core.status import BackendId, TunnelStatus
from portway.core.timing import Timing
from portway.gui.notifications import Memory, News, notice
from portway.gui.notifications_words import Note, note_of
from portway.gui.words import tr

_MUTES: Mapping[News, str] = {
    News.UP: "notify_up",
    News.CHANGED: "notify_changed",
    News.LOST: "notify_lost",
    News.BACK: "notify_lost",
    News.NEEDED: "notify_needed",
    News.STOPPED: "notify_stopped",
    News.VISITOR: "notify_visitor",
}


class NotificationCenter(QObject):
    """Lives on the main thread. Decides what is worth telling; `told` and `taken_back` go to whatever shows it."""

    told = Signal(object)  # Note
    taken_back = Signal(str)  # key

    def __init__(self, hub: Hub, timing: Timing, parent: QObject) -> None:
        super().__init__(parent)
        self._hub = hub
        self._timing = timing
        self._titles = {backend.id: tr(backend.title) for backend in hub.backends}
        self._memories = {status.backend: notice(Memory(), status)[0] for status in hub.statuses()}
        self._clicks: dict[str, float] = {}
        self._restored: set[BackendId] = set()
        self._lost: dict[BackendId, QTimer] = {}
        self._lost_told: set[BackendId] = set()
        self._unsubscribe = hub.subscribe(self._on_status)

    def close(self) -> None:
        """Tell nothing more."""
        self._unsubscribe()
        for timer in self._lost.values():
            timer.stop()

    @Slot(str)
    def clicked(self, backend: str) -> None:
        """What comes of a person's own click needs no telling."""
        self._clicks[backend] = time.monotonic()

    def expect_restored(self, backend: BackendId) -> None:
        """The tunnel that comes up now was wished before this start of the program."""
        self._restored.add(backend)

    def _on_status(self, status: TunnelStatus) -> None:
        backend = status.backend
        self._memories[backend], news = notice(self._memories[backend], status)
        match news:
            case None:
                return
            case News.LOST:
                self._wait(backend)
            case News.BACK if backend not in self._lost_told:
                self._stop_waiting(backend)
            case _:
                self._stop_waiting(backend)
                self._tell(status, news)

    def _wait(self, backend: BackendId) -> None:
        if backend not in self._lost:
            timer = QTimer(self, singleShot=True, interval=round(self._timing.lost_after * 1000))
            timer.setProperty("backend", backend)
            timer.timeout.connect(self._on_lost_for_long)
            self._lost[backend] = timer
        self._lost[backend].start()

    def _stop_waiting(self, backend: BackendId) -> None:
        self._lost_told.discard(backend)
        if backend in self._lost:
            self._lost[backend].stop()

    @Slot()
    def _on_lost_for_long(self) -> None:
        timer = self.sender()
        if isinstance(timer, QTimer):
            backend = BackendId(str(timer.property("backend")))
            self._lost_told.add(backend)
            self._tell(self._hub.status(backend), News.LOST)

    def _tell(self, status: TunnelStatus, news: News) -> None:
        restored = news is News.UP and status.backend in self._restored
        self._restored.discard(status.backend)
        if news is News.OVER or not self._is_worth_it(status.backend, news):
            self.taken_back.emit(status.backend)  # what was told before is outdated all the same
            return
        note: Note = note_of(status.backend, self._titles[status.backend], status, news, restored=restored)
        self.told.emit(note)

    def _is_worth_it(self, backend: BackendId, news: News) -> bool:
        general: General = self._hub.settings.general
        looking = QGuiApplication.focusWindow() is not None
        just_clicked = time.monotonic() - self._clicks.get(backend, float("-inf")) < self._timing.own_click
        return bool(getattr(general, _MUTES[news])) and not looking and not just_clicked
