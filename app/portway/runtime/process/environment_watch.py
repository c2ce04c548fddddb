"""Notices that the computer woke up, or that its network changed: reasons to try again at once."""

import logging
import time

from PySide6.QtCore import QObject, QSocketNotifier, QTimer, Signal, Slot
from PySide6.QtNetwork import QNetworkInterface

from portway.core.timing import Timing
from portway.system.desktop.awake import seconds_asleep
from portway.system.network.network_changes import Topic, discard_changes, subscribe_to_changes

logger = logging.getLogger(__name__)

_NAP = 1.0  # seconds that clocks may differ though the computer did not sleep
_TOPICS = Topic.LINKS | Topic.IPV4_ADDRESSES | Topic.IPV6_ADDRESSES


class EnvironmentMonitor(QObject):
    """Lives on the main thread. Linux notifies of changes of the network; elsewhere it is read at intervals.

    Sleep is noticed, without any system service, by a timer that fires far too late; so is a stopped process. `WakeUps`
    hears of it at once, where there is such a service.
    """

    woke = Signal()  # the computer slept, whatever was done to its date
    changed = Signal()

    def __init__(self, timing: Timing, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._late_after = timing.network_poll / 2
        self._addresses = _addresses()
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._on_timer)
        self._interval = timing.network_poll
        self._settled = QTimer(self)
        self._settled.setSingleShot(True)
        self._settled.setInterval(round(timing.network_debounce * 1000))
        self._settled.timeout.connect(self._on_settled)
        self._changes = subscribe_to_changes(_TOPICS)
        if self._changes is not None:
            self._notifier = QSocketNotifier(self._changes.fileno(), QSocketNotifier.Type.Read, self)
            self._notifier.activated.connect(self._on_notified)
        self._clocks = _clocks()
        self._asleep = seconds_asleep()
        self._timer.start(round(self._interval * 1000))

    def close(self) -> None:
        """Notice nothing more."""
        self._timer.stop()
        self._settled.stop()
        if self._changes is not None:
            self._notifier.setEnabled(False)
            self._changes.close()
            self._changes = None

    @Slot()
    def _on_timer(self) -> None:
        before, self._clocks = self._clocks, _clocks()
        asleep, self._asleep = self._asleep, seconds_asleep()
        if self._asleep - asleep > _NAP:
            self.woke.emit()
        passed = max(now - then for now, then in zip(self._clocks, before, strict=True))
        if passed > self._interval + self._late_after:
            logger.info("The computer slept for about %d seconds", passed - self._interval)
            self.changed.emit()
        elif self._changes is None:
            self._on_settled()

    @Slot()
    def _on_notified(self) -> None:
        if self._changes is not None:
            discard_changes(self._changes)
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
