"""Tells the person what happened to the tunnels while they look elsewhere: what is worth it, and where it goes."""

import sys
import time
from collections.abc import Mapping

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtGui import QGuiApplication

from portway.core.hub import Hub
from portway.core.settings import General
from portway.core.status import TunnelId, TunnelStatus
from portway.core.timing import Timing
from portway.gui.model.state_words import shown_name
from portway.gui.notifications.dbus import NotificationBus
from portway.gui.notifications.news import Memory, News, notice
from portway.gui.notifications.wording import Note, note_of
from portway.gui.tray.icon import Tray

_MUTES: Mapping[News, str] = {
    News.UP: "notify_up",
    News.CHANGED: "notify_changed",
    News.LOST: "notify_lost",
    News.BACK: "notify_lost",
    News.NEEDED: "notify_needed",
    News.STOPPED: "notify_stopped",
    News.VISITOR: "notify_visitor",
    News.ENDING: "notify_stopped",
}


class NotificationCenter(QObject):
    """Lives on the main thread. Decides what is worth telling; `told` and `taken_back` go to whatever shows it."""

    told = Signal(object)  # Note
    taken_back = Signal(str)  # key

    def __init__(self, hub: Hub, timing: Timing, parent: QObject) -> None:
        super().__init__(parent)
        self._hub = hub
        self._timing = timing
        self._memories = {status.id: notice(Memory(), status)[0] for status in hub.statuses()}
        self._clicks: dict[str, float] = {}
        self._restored: set[TunnelId] = set()
        self._lost: dict[TunnelId, QTimer] = {}
        self._lost_told: set[TunnelId] = set()
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

    def expect_restored(self, backend: TunnelId) -> None:
        """The tunnel that comes up now was wished before this start of the program."""
        self._restored.add(backend)

    def tell_ending(self, status: TunnelStatus) -> None:
        """Tell that this tunnel will stop by itself within minutes."""
        self._tell(status, News.ENDING)

    def _on_status(self, status: TunnelStatus) -> None:
        backend = status.id
        self._memories[backend], news = notice(self._memories.get(backend, Memory()), status)
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

    def _wait(self, backend: TunnelId) -> None:
        if backend not in self._lost:
            timer = QTimer(self, singleShot=True, interval=round(self._timing.lost_after * 1000))
            timer.setProperty("backend", backend)
            timer.timeout.connect(self._on_lost_for_long)
            self._lost[backend] = timer
        self._lost[backend].start()

    def _stop_waiting(self, backend: TunnelId) -> None:
        self._lost_told.discard(backend)
        if backend in self._lost:
            self._lost[backend].stop()

    @Slot()
    def _on_lost_for_long(self) -> None:
        timer = self.sender()
        if isinstance(timer, QTimer):
            backend = str(timer.property("backend"))
            if any(one.id == backend for one in self._hub.tunnels):  # it was not removed meanwhile
                self._lost_told.add(backend)
                self._tell(self._hub.status(backend), News.LOST)

    def _tell(self, status: TunnelStatus, news: News) -> None:
        restored = news is News.UP and status.id in self._restored
        self._restored.discard(status.id)
        if news is News.OVER or not self._is_worth_it(status.id, news):
            self.taken_back.emit(status.id)  # what was told before is outdated all the same
            return
        note: Note = note_of(status.id, shown_name(status), status, news, restored=restored)
        self.told.emit(note)

    def _is_worth_it(self, backend: TunnelId, news: News) -> bool:
        general: General = self._hub.settings.general
        looking = QGuiApplication.focusWindow() is not None
        just_clicked = time.monotonic() - self._clicks.get(backend, float("-inf")) < self._timing.own_click
        return bool(getattr(general, _MUTES[news])) and not looking and not just_clicked


class NotificationDelivery(QObject):
    """Where notifications go: over the message bus where that works, else through the tray icon. Main thread."""

    acted = Signal(str, str)  # key of the note, NoteAction

    def __init__(self, tray: Tray, limit: float, parent: QObject) -> None:
        super().__init__(parent)
        self._tray = tray
        self._bus: NotificationBus | None = None
        if sys.platform == "linux":
            self._bus = NotificationBus(limit, self)
            self._bus.acted.connect(self.acted)
            self._bus.failed.connect(self._on_failed)

    @Slot(object)
    def show(self, note: Note) -> None:
        """Show it."""
        if self._bus is not None:
            self._bus.show(note)
        else:
            self._on_failed(note)

    @Slot(str)
    def take_back(self, key: str) -> None:
        """Take away what is still shown under this key, where that is possible."""
        if self._bus is not None:
            self._bus.take_back(key)

    def close(self) -> None:
        """Show nothing more."""
        if self._bus is not None:
            self._bus.close()

    @Slot(object)
    def _on_failed(self, note: Note) -> None:
        self._tray.say(note.title, note.text)
