"""Notifications over org.freedesktop.Notifications, with buttons, each replacing the one before it of its key.

PySide6's QtDBus cannot make this call (its integers have the wrong type), so jeepney does, on a thread of its own:
the answer of the other side may be long in coming.
"""

from __future__ import annotations

import collections
import contextlib
import logging
import os
import selectors
import threading
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal, Slot

from portway.gui.notifications.wording import Note
from portway.system.storage.resources import resource

if TYPE_CHECKING:
    from jeepney import Message
    from jeepney.io.blocking import DBusConnection

logger = logging.getLogger(__name__)

_SERVICE = "org.freedesktop.Notifications"
_PATH = "/org/freedesktop/Notifications"
_NORMAL, _CRITICAL = 1, 2
_SERVER_DECIDES = -1  # how long it stays


class NotificationBus(QObject):
    """Lives on the main thread; its daemon thread is made for the first note, and ends with the bus."""

    acted = Signal(str, str)  # key of the note, NoteAction
    failed = Signal(object)  # a note that could not be shown
    _heard = Signal(str, str)  # both are emitted on the thread
    _refused = Signal(object)

    def __init__(self, limit: float, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._limit = limit
        self._waiting: collections.deque[Note | str | None] = collections.deque()  # a note, a key to take back, the end
        self._lock = threading.Lock()
        self._wake: int | None = None  # the writing end of the running thread's pipe
        self._heard.connect(self.acted)
        self._refused.connect(self.failed)

    def show(self, note: Note) -> None:
        """Show it, or have `failed` say that it cannot be. Returns at once."""
        self._ask(note)

    @Slot(str)
    def take_back(self, key: str) -> None:
        """Take away what is still shown under this key."""
        with self._lock:
            if self._wake is None:
                return
        self._ask(key)

    def close(self) -> None:
        """End the thread; what is shown stays."""
        with self._lock:
            if self._wake is None:
                return
        self._ask(None)

    def _ask(self, wish: Note | str | None) -> None:
        with self._lock:
            self._waiting.append(wish)
            if self._wake is not None:
                os.write(self._wake, b"\0")
                return
            reading, self._wake = os.pipe()
        threading.Thread(target=self._run, args=(reading,), name="notifications", daemon=True).start()

    def _run(self, reading: int) -> None:
        """Runs on the thread: until the end is asked for, or the bus is gone."""
        try:
            self._serve(reading)
        except Exception as error:  # noqa: BLE001 - no bus, a dead bus, a strange server: the note goes another way
            logger.info("Notifications do not go over the message bus: %r", error)
        finally:
            self._leave(reading)

    def _leave(self, reading: int) -> None:
        with self._lock:
            writing, self._wake = self._wake, None
            left = [wish for wish in self._waiting if isinstance(wish, Note)]
            self._waiting.clear()
        os.close(reading)
        if writing is not None:
            os.close(writing)
        with contextlib.suppress(RuntimeError):  # the program ended meanwhile
            for note in left:
                self._refused.emit(note)

    def _serve(self, reading: int) -> None:
        from jeepney import MatchRule, message_bus  # late: only where something is to be told
        from jeepney.io.blocking import open_dbus_connection

        with open_dbus_connection("SESSION", auth_timeout=self._limit) as bus:
            rule = MatchRule(type="signal", interface=_SERVICE, path=_PATH)
            bus.send_and_get_reply(message_bus.AddMatch(rule), timeout=self._limit)
            signals: collections.deque[Message] = collections.deque()
            with bus.filter(rule, queue=signals), selectors.DefaultSelector() as awaited:
                awaited.register(bus.sock, selectors.EVENT_READ)
                awaited.register(reading, selectors.EVENT_READ)
                server = _Server(bus, self._limit)
                while self._take_wishes(server):
                    _read_all(bus)
                    self._tell(server, signals)
                    if any(key.fd == reading for key, _ in awaited.select()):
                        os.read(reading, 4096)

    def _take_wishes(self, server: _Server) -> bool:
        """Do what was asked; False once the end is."""
        while self._waiting:
            wish = self._waiting[0]  # it stays until it is done: what fails is told in another way
            if wish is None:
                return False
            if isinstance(wish, Note):
                server.show(wish)
            else:
                server.take_back(wish)
            self._waiting.popleft()
        return True

    def _tell(self, server: _Server, signals: collections.deque[Message]) -> None:
        while signals:
            heard = server.heard(signals.popleft())
            if heard is not None:
                self._heard.emit(*heard)


def _read_all(bus: DBusConnection) -> None:
    """Read all that has come: also what came in one piece with an answer, and of half a message the half."""
    with contextlib.suppress(TimeoutError):
        while True:
            bus.recv_messages(timeout=0)


class _Server:
    """The other side of the bus. Its thread only."""

    def __init__(self, bus: DBusConnection, limit: float) -> None:
        self._bus = bus
        self._limit = limit
        self._shown: dict[str, int] = {}
        self._capabilities: list[str] = self._call("GetCapabilities")

    def show(self, note: Note) -> None:
        import html  # late: its table of entities takes half a megabyte

        body = html.escape(note.text, quote=False) if "body-markup" in self._capabilities else note.text
        pressable = note.actions if "actions" in self._capabilities else ()
        actions = [text for action, label in pressable for text in (action.value, label)]
        hints = {
            "desktop-entry": ("s", "portway"),
            "urgency": ("y", _CRITICAL if note.urgent else _NORMAL),
            "category": ("s", "network"),
        }
        icon = str(resource("icons/portway.svg"))
        replaced = self._shown.get(note.key, 0)
        what = ("Portway", replaced, icon, note.title, body, actions, hints, _SERVER_DECIDES)
        self._shown[note.key] = self._call("Notify", "susssasa{sv}i", what)

    def take_back(self, key: str) -> None:
        number = self._shown.pop(key, None)
        if number is not None:
            self._call("CloseNotification", "u", (number,))

    def heard(self, signal: Message) -> tuple[str, str] | None:
        """Return key and action, if a button of ours was pressed."""
        from jeepney import HeaderFields

        member = signal.header.fields.get(HeaderFields.member)
        key = next((key for key, number in self._shown.items() if number == signal.body[0]), None)
        if key is None:
            return None
        if member == "NotificationClosed":
            del self._shown[key]
        return (key, signal.body[1]) if member == "ActionInvoked" else None

    def _call(self, member: str, signature: str | None = None, body: tuple[object, ...] = ()) -> Any:  # noqa: ANN401 - as the bus has it
        from jeepney import DBusAddress, new_method_call
        from jeepney.wrappers import unwrap_msg

        address = DBusAddress(_PATH, bus_name=_SERVICE, interface=_SERVICE)
        call = new_method_call(address, member, signature, body)
        answer = unwrap_msg(self._bus.send_and_get_reply(call, timeout=self._limit))
        return answer[0] if answer else None
