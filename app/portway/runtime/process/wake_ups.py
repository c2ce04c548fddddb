"""Hears of the end of sleep from the system itself: at once, where a timer that stood still is late.

That is told by systemd's logind, on Linux. Elsewhere, and where there is none, `EnvironmentMonitor` alone notices it.
"""

from __future__ import annotations

import contextlib
import logging
import os
import selectors
import sys
import threading
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from portway.core.status import TunnelStatus
from portway.system.desktop.login_watch import PATH, SERVICE

if TYPE_CHECKING:
    from collections import deque

    from jeepney import Message
    from jeepney.io.blocking import DBusConnection

logger = logging.getLogger(__name__)

_ADDRESS = "unix:path=/run/dbus/system_bus_socket"
_VARIABLE = "DBUS_SYSTEM_BUS_ADDRESS"
_INTERFACE, _MEMBER = f"{SERVICE}.Manager", "PrepareForSleep"


class WakeUps(QObject):
    """Lives on the main thread. Its daemon thread is made when it begins to listen, and waits without waking up.

    `limit` is for each answer of the bus, in seconds.
    """

    woke_up = Signal()
    _heard = Signal()  # emitted on the thread

    def __init__(self, environment: Mapping[str, str], limit: float, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._address = environment.get(_VARIABLE) or _ADDRESS
        self._limit = limit
        self._thread: threading.Thread | None = None
        self._end: int | None = None  # the writing end of the thread's pipe
        self.listens = threading.Event()  # set once nothing that is told is missed any more
        self._heard.connect(self.woke_up)

    @Slot(object)
    def take_status(self, status: TunnelStatus) -> None:
        """Begin to listen with the first tunnel that stops by itself: nobody else is in such a hurry."""
        if status.expires_at is not None and self._thread is None and sys.platform == "linux":
            reading, self._end = os.pipe()
            self._thread = threading.Thread(target=self._run, args=(reading,), name="wake-ups", daemon=True)
            self._thread.start()

    def close(self) -> None:
        """Listen no longer. Idempotent."""
        end, self._end = self._end, None
        if end is not None:
            os.close(end)  # which the thread reads

    def _run(self, reading: int) -> None:
        """Runs on the thread: until the end, or until the bus is gone."""
        try:
            self._listen(reading)
        except Exception as error:  # noqa: BLE001 - no bus, a dead bus, a strange bus: sleep is noticed in another way
            logger.debug("The system does not tell of sleep: %r", error)
        finally:
            os.close(reading)

    def _listen(self, reading: int) -> None:
        from jeepney import MatchRule, message_bus  # late: only while something is to end
        from jeepney.io.blocking import open_dbus_connection

        with open_dbus_connection(self._address, auth_timeout=self._limit) as bus:
            told = MatchRule(type="signal", interface=_INTERFACE, member=_MEMBER, path=PATH)
            from_logind = MatchRule(type="signal", sender=SERVICE, interface=_INTERFACE, member=_MEMBER, path=PATH)
            with bus.filter(told) as signals, selectors.DefaultSelector() as awaited:
                bus.send_and_get_reply(message_bus.AddMatch(from_logind), timeout=self._limit)
                self.listens.set()
                awaited.register(bus.sock, selectors.EVENT_READ)
                awaited.register(reading, selectors.EVENT_READ)
                while True:
                    for signal in _read(bus, signals):
                        self._take(signal)
                    if any(key.fd == reading for key, _ in awaited.select()):
                        return

    def _take(self, signal: Message) -> None:
        if signal.body == (False,):  # it is before sleep with True
            logger.info("The computer woke up")
            with contextlib.suppress(RuntimeError):  # the program ended meanwhile
                self._heard.emit()


def _read(bus: DBusConnection, signals: deque[Message]) -> Iterator[Message]:
    """Yield all signals that have come: also those that came in one piece with an answer."""
    with contextlib.suppress(TimeoutError):
        while True:
            bus.recv_messages(timeout=0)
    while signals:
        yield signals.popleft()
