"""A panel that shows tray icons: the watcher and host of StatusNotifierItem, and a hand that clicks in their menus."""

from __future__ import annotations

import contextlib
import re
import threading
import time
from dataclasses import dataclass
from typing import Any

from jeepney import (
    DBusAddress,
    HeaderFields,
    MatchRule,
    Message,
    new_error,
    new_method_call,
    new_method_return,
)
from jeepney.io.blocking import open_dbus_connection
from jeepney.wrappers import DBusErrorResponse, unwrap_msg

from tests.fakes.desktop.bus_peer import BusPeer
from tests.limits import SEEN

WATCHER, ITEM, MENU = "org.kde.StatusNotifierWatcher", "org.kde.StatusNotifierItem", "com.canonical.dbusmenu"
PROPERTIES = "org.freedesktop.DBus.Properties"
_GONE = MatchRule(type="signal", interface="org.freedesktop.DBus", member="NameOwnerChanged")
_MARK = re.compile("_(_?)")  # two underscores are shown as one, a single one marks a key and is not shown


@dataclass(frozen=True, slots=True)
class MenuItem:
    """One item of an exported menu. Numbers hold until the menu changes."""

    number: int
    text: str
    enabled: bool
    checkable: bool
    checked: bool
    separator: bool
    opens: bool  # it carries a submenu
    children: tuple[MenuItem, ...]

    def find(self, text: str) -> MenuItem:
        """Return the first item below that has this text."""
        for item in self.walk():
            if item.text == text:
                return item
        raise LookupError(f"no “{text}” among {[item.text for item in self.walk()]}")

    def walk(self) -> list[MenuItem]:
        """Return all items below, in order."""
        return [found for child in self.children for found in (child, *child.walk())]

    @property
    def texts(self) -> list[str]:
        """What the menu itself shows; separators are dashes."""
        return ["-" if item.separator else item.text for item in self.children]


class TrayHost(BusPeer):
    """Answers the items that register."""

    def __init__(self, address: str) -> None:
        super().__init__(address, WATCHER, _GONE)
        self._hand = open_dbus_connection(address)
        self.items: list[str] = []  # the unique bus names; the path is /StatusNotifierItem
        self._changed = threading.Condition()
        self.start()

    def take_call(self, call: Message) -> None:
        self.send(self._reply(call))

    def take_signal(self, signal: Message) -> None:
        if signal.header.fields.get(HeaderFields.member) == "NameOwnerChanged" and not signal.body[2]:
            self._forget(signal.body[0])

    def end(self) -> None:
        super().end()
        self._hand.close()

    close = end

    def wait_for_item(self, count: int = 1) -> str:
        """Return the newest item once `count` have registered."""
        with self._changed:
            assert self._changed.wait_for(lambda: len(self.items) >= count, SEEN), self.items
            return self.items[-1]

    def wait_for_only_item(self, after: str) -> str:
        """Return the one item that is left once the program has replaced the item `after`, which may still register."""
        limit = time.monotonic() + SEEN
        while time.monotonic() < limit:
            item = self.wait_for_item()
            with contextlib.suppress(DBusErrorResponse):
                self.properties(item)
                if self.items == [item] and item != after:
                    return item
            with self._changed:
                self._changed.wait(0.02)  # it may have changed before
        raise AssertionError(self.items)

    def properties(self, item: str) -> dict[str, Any]:
        """Return what the item says of itself: tooltip, icon, title, menu path."""
        answer = self._call(item, "/StatusNotifierItem", PROPERTIES, "GetAll", "s", (ITEM,))
        return {name: value for name, (_signature, value) in answer[0].items()}

    def click(self, item: str, *, middle: bool = False) -> None:
        """Click the icon itself."""
        self._call(item, "/StatusNotifierItem", ITEM, "SecondaryActivate" if middle else "Activate", "ii", (0, 0))

    def menu(self, item: str) -> MenuItem:
        """Read the whole menu."""
        _revision, root = self._call(item, "/MenuBar", MENU, "GetLayout", "iias", (0, -1, []))
        return _read(root)

    def about_to_show(self, item: str, number: int) -> None:
        """Tell that a menu is about to open, as panels do before they read it afresh."""
        self._call(item, "/MenuBar", MENU, "AboutToShow", "i", (number,))
        self._event(item, number, "opened")

    def press(self, item: str, text: str) -> None:
        """Click the menu item that has this text."""
        self.press_number(item, self.menu(item).find(text).number)

    def press_number(self, item: str, number: int) -> None:
        """Click the menu item that has this number now."""
        self._event(item, number, "clicked")

    def _forget(self, name: str) -> None:
        with self._changed:
            self.items = [item for item in self.items if item != name]
            self._changed.notify_all()

    def _event(self, item: str, number: int, what: str) -> None:
        self._call(item, "/MenuBar", MENU, "Event", "isvu", (number, what, ("i", 0), 0))

    def _call(  # noqa: PLR0917 - as a call on the bus
        self, item: str, path: str, interface: str, member: str, signature: str, body: tuple[Any, ...]
    ) -> Any:  # noqa: ANN401 - as the bus has it
        address = DBusAddress(path, bus_name=item, interface=interface)
        call = new_method_call(address, member, signature, body)
        return unwrap_msg(self._hand.send_and_get_reply(call, timeout=SEEN))

    def _reply(self, call: Message) -> Message:
        facts = {
            "RegisteredStatusNotifierItems": ("as", self.items),
            "IsStatusNotifierHostRegistered": ("b", True),
            "ProtocolVersion": ("i", 0),
        }
        match call.header.fields.get(HeaderFields.member):
            case "RegisterStatusNotifierItem":
                with self._changed:
                    self.items.append(call.header.fields[HeaderFields.sender])
                    self._changed.notify_all()
                return new_method_return(call)
            case "RegisterStatusNotifierHost":
                return new_method_return(call)
            case "Get":
                return new_method_return(call, "v", (facts[call.body[1]],))
            case "GetAll":
                return new_method_return(call, "a{sv}", (facts,))
            case _:
                return new_error(call, "org.freedesktop.DBus.Error.UnknownMethod")


def _read(layout: tuple[int, dict[str, Any], list[Any]]) -> MenuItem:
    number, properties, children = layout
    known = {name: value for name, (_signature, value) in properties.items()}
    visible = [child for _signature, child in children if child[1].get("visible", ("b", True))[1]]
    return MenuItem(
        number=number,
        text=_MARK.sub(r"\1", known.get("label", "")),
        enabled=known.get("enabled", True),
        checkable=bool(known.get("toggle-type")),
        checked=known.get("toggle-state", 0) == 1,
        separator=known.get("type") == "separator",
        opens=known.get("children-display") == "submenu",
        children=tuple(_read(child) for child in visible),
    )
