"""A notification daemon that is as strict as real ones: a call with another signature is refused."""

from __future__ import annotations

import itertools
import threading
from dataclasses import dataclass
from typing import Any

from jeepney import DBusAddress, HeaderFields, Message, new_error, new_method_return, new_signal

from tests.fakes.desktop.bus_peer import BusPeer
from tests.limits import SEEN

SERVICE = "org.freedesktop.Notifications"
_EMITTER = DBusAddress("/org/freedesktop/Notifications", interface=SERVICE)
_SIGNATURES = {"Notify": "susssasa{sv}i", "CloseNotification": "u"}


@dataclass(frozen=True, slots=True)
class Shown:
    """One call of Notify. `number` is what it got, `replaces` what it asked to replace."""

    number: int
    replaces: int
    title: str
    text: str
    actions: dict[str, str]
    hints: dict[str, Any]


class NotificationServer(BusPeer):
    """With `capabilities` it plays a poorer daemon."""

    def __init__(self, address: str, capabilities: tuple[str, ...] = ("actions", "body", "body-markup")) -> None:
        super().__init__(address, SERVICE)
        self._capabilities = list(capabilities)
        self._numbers = itertools.count(1)
        self._changed = threading.Condition()
        self.shown: list[Shown] = []
        self.closed: list[int] = []
        self.refused: list[str] = []
        self.start()

    def take_call(self, call: Message) -> None:
        with self._changed:
            self.send(self._reply(call))
            self._changed.notify_all()

    def wait_for(self, title: str) -> Shown:
        """Return the newest notification with this title, once there is one."""
        with self._changed:
            assert self._changed.wait_for(lambda: self._titled(title), SEEN), self.shown
            return self._titled(title)[-1]

    def wait_for_another(self, title: str, before: Shown) -> Shown:
        """Return the newest notification with this title, once there is one after that one."""
        with self._changed:
            assert self._changed.wait_for(lambda: self._titled(title)[-1] != before, SEEN), self.shown
            return self._titled(title)[-1]

    def wait_for_closed(self, number: int) -> None:
        """Return once this one was taken back."""
        with self._changed:
            assert self._changed.wait_for(lambda: number in self.closed, SEEN), self.closed

    def press(self, shown: Shown, action: str) -> None:
        """Press a button of it; only those that were announced are there."""
        assert action in shown.actions, shown.actions
        self.send(new_signal(_EMITTER, "ActionInvoked", "us", (shown.number, action)))

    def _titled(self, title: str) -> list[Shown]:
        return [one for one in self.shown if one.title == title]

    def _reply(self, call: Message) -> Message:
        member = call.header.fields.get(HeaderFields.member, "")
        signature = call.header.fields.get(HeaderFields.signature, "")
        if signature != _SIGNATURES.get(member, ""):
            self.refused.append(f"{member}({signature})")
            return new_error(call, "org.freedesktop.DBus.Error.InvalidArgs", "s", ("another signature",))
        match member:
            case "GetCapabilities":
                return new_method_return(call, "as", (self._capabilities,))
            case "GetServerInformation":
                return new_method_return(call, "ssss", ("double", "tests", "1", "1.2"))
            case "CloseNotification":
                self.closed.append(call.body[0])
                return new_method_return(call)
            case "Notify":
                return new_method_return(call, "u", (self._take(call.body),))
            case _:
                return new_error(call, "org.freedesktop.DBus.Error.UnknownMethod")

    def _take(self, body: tuple[Any, ...]) -> int:
        _name, replaces, _icon, title, text, actions, hints, _expires = body
        number = replaces or next(self._numbers)
        pairs = dict(zip(actions[::2], actions[1::2], strict=True))
        values = {name: value for name, (_signature, value) in hints.items()}
        self.shown.append(Shown(number, replaces, title, text, pairs, values))
        return number
