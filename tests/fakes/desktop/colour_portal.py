"""The part of a desktop's portal that tells whether it is light or dark, and that it has changed."""

from __future__ import annotations

import threading
from typing import Any

from jeepney import DBusAddress, HeaderFields, Message, new_error, new_method_return, new_signal

from tests.fakes.desktop.bus_peer import BusPeer

SERVICE = "org.freedesktop.portal.Desktop"
SETTINGS = "org.freedesktop.portal.Settings"
LIGHT, DARK = 2, 1  # https://flatpak.github.io/xdg-desktop-portal/docs/doc-org.freedesktop.portal.Settings.html
_APPEARANCE, _SCHEME = "org.freedesktop.appearance", "color-scheme"
_EMITTER = DBusAddress("/org/freedesktop/portal/desktop", interface=SETTINGS)


class ColourPortal(BusPeer):
    """Begins light."""

    def __init__(self, address: str) -> None:
        super().__init__(address, SERVICE)
        self._scheme = LIGHT
        self.read = threading.Event()  # somebody has asked which it is
        self.start()

    def take_call(self, call: Message) -> None:
        self.send(self._reply(call))

    def turn(self, scheme: int) -> None:
        """Become light or dark, and tell everybody."""
        self._scheme = scheme
        self.send(new_signal(_EMITTER, "SettingChanged", "ssv", (_APPEARANCE, _SCHEME, ("u", scheme))))

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
