"""The part of a desktop's portal that tells whether it is light or dark, and that it has changed."""

from __future__ import annotations

import threading
from typing import Any

from jeepney import (
    DBusAddress,
    HeaderFields,
    Message,
    MessageType,
    message_bus,
    new_error,
    new_method_return,
    new_signal,
)
from jeepney.io.blocking import open_dbus_connection

SERVICE = "org.freedesktop.portal.Desktop"
SETTINGS = "org.freedesktop.portal.Settings"
LIGHT, DARK = 2, 1  # https://flatpak.github.io/xdg-desktop-portal/docs/doc-org.freedesktop.portal.Settings.html
_APPEARANCE, _SCHEME = "org.freedesktop.appearance", "color-scheme"
_EMITTER = DBusAddress("/org/freedesktop/portal/desktop", interface=SETTINGS)
_LIMIT = 5.0


class ColourPortal(threading.Thread):
    """Owns the name until `end`; begins light."""

    def __init__(self, address: str) -> None:
        super().__init__(daemon=True)
        self._bus = open_dbus_connection(address)
        self._hand = threading.Lock()
        self._scheme = LIGHT
        self._ended = False
        self.read = threading.Event()  # somebody has asked which it is
        assert self._bus.send_and_get_reply(message_bus.RequestName(SERVICE)).body[0] in (1, 4)
        self.start()

    def run(self) -> None:
        while not self._ended:
            try:
                call = self._bus.receive(timeout=0.05)
            except TimeoutError:
                continue
            except OSError:
                return
            if call.header.message_type is MessageType.method_call:
                self._send(self._reply(call))

    def turn(self, scheme: int) -> None:
        """Become light or dark, and tell everybody."""
        self._scheme = scheme
        self._send(new_signal(_EMITTER, "SettingChanged", "ssv", (_APPEARANCE, _SCHEME, ("u", scheme))))

    def end(self) -> None:
        """Go away. Idempotent."""
        if not self._ended:
            self._ended = True
            self.join(_LIMIT)
            self._bus.close()

    def _send(self, message: Message) -> None:
        with self._hand:
            self._bus.send(message)

    def _reply(self, call: Message) -> Message:
        self.read.set()
        value: Any = ("u", self._scheme)
        match call.header.fields.get(HeaderFields.member):
            case "ReadAll":
                return new_method_return(call, "a{sa{sv}}", ({_APPEARANCE: {_SCHEME: value}},))
            case "ReadOne" if call.body == (_APPEARANCE, _SCHEME):
                return new_method_return(call, "v", (value,))
            case "Read" if call.body == (_APPEARANCE, _SCHEME):
                return new_method_return(call, "v", (("v", value),))
            case _:
                return new_error(call, "org.freedesktop.portal.Error.NotFound")
