"""Notices that the computer woke up, or that its network changed: reasons to try again at once."""

from __future__ import annotations

import logging
import time

from PySide6.QtCore import QObject, QSocketNotifier, Qt, QTimer, Signal, Slot
from PySide6.QtNetwork import QNetworkInterface

from portway.core.timing import Timing
from portway.system.network_news import Topic, drop_network_news, hear_network_news

logger = logging.getLogger(__name__)

_TOPICS = Topic.LINKS | Topic.IPV4_ADDRESSES | Topic.IPV6_ADDRESSES


class WorldWatch(QObject):
    """Lives on the main thread. On Linux the kernel tells about the network; elsewhere it takes a slow look.

    Sleep is noticed, without any system service, by a beat that comes far too late; so is a stopped process.
    """

    changed = Signal()

    def __init__(self, timing: Timing, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._late_after = timing.network_poll / 2
        self._addresses = _addresses()
        self._beat = QTimer(self)
        self._beat.setTimerType(Qt.TimerType.CoarseTimer)
        self._beat.timeout.connect(self._on_beat)
        self._beat_every = timing.network_poll
        self._settled = QTimer(self)
        self._settled.setSingleShot(True)
        self._settled.setInterval(round(timing.network_debounce * 1000))
        self._settled.timeout.connect(self._on_settled)
        self._news = hear_network_news(_TOPICS)
        if self._news is not None:
            self._notifier = QSocketNotifier(self._news.fileno(), QSocketNotifier.Type.Read, self)
            self._notifier.activated.connect(self._on_news)
        self._clocks = _clocks()
        self._beat.start(round(self._beat_every * 1000))

    def close(self) -> None:
        """Notice nothing more."""
        self._beat.stop()
        self._settled.stop()
        if self._news is not None:
            self._notifier.setEnabled(False)
            self._news.close()
            self._news = None

    @Slot()
    def _on_beat(self) -> None:
        before, self._clocks = self._clocks, _clocks()
        passed = max(now - then for now, then in zip(self._clocks, before, strict=True))
        if passed > self._beat_every + self._late_after:
            logger.info("The computer slept for about %d seconds", passed - self._beat_every)
            self.changed.emit()
        elif self._news is None:
            self._on_settled()

    @Slot()
    def _on_news(self) -> None:
        if self._news is not None:
            drop_network_news(self._news)
        self._settled.start()

    @Slot()
    def _on_settled(self) -> None:
        before, self._addresses = self._addresses, _addresses()
        if self._addresses != before:
            logger.info("The network changed")
            self.changed.emit()


def _clocks() -> tuple[float, float]:
    """Return one clock that sleeps with the computer on some systems, and one that is set by people."""
    return time.monotonic(), time.time()


def _addresses() -> frozenset[str]:
    return frozenset(
        f"{interface.name()} {entry.ip().toString()}"
        for interface in QNetworkInterface.allInterfaces()
        if interface.flags() & QNetworkInterface.InterfaceFlag.IsRunning
        for entry in interface.addressEntries()
    )
