"""The Target submenu: recent targets, the servers that listen on this computer now, and another one."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from portway.core.errors import TunnelError
from portway.core.target import parse_target
from portway.gui.menu_rows import mnemonic_free, target_url
from portway.gui.parts import ListeningPort, Parts
from portway.gui.port_finder import PortFinder
from portway.gui.tray_deeds import TrayDeeds
from portway.gui.words import tr

_MOST_PORTS = 12


class TargetMenu(QMenu):
    """Looks for listening servers each time it is opened. `is_exported` tells whether a panel draws the menu."""

    def __init__(self, parts: Parts, deeds: TrayDeeds, is_exported: Callable[[], bool], parent: QMenu) -> None:
        super().__init__(parent)
        self._is_exported = is_exported
        self._parts = parts
        self._deeds = deeds
        self._ports: Sequence[ListeningPort] = ()
        self._shown: tuple[object, ...] = ()
        self._choices: list[QAction] = []
        self._finder = PortFinder(parts.listening_ports, self)
        self._finder.found.connect(self._on_found)
        self._other = QAction(tr("Other…"), self)
        self._other.triggered.connect(self._on_other)
        self._before_other = self.addSeparator()
        self.addAction(self._other)
        self.aboutToShow.connect(self._finder.look)

    def show_targets(self) -> None:
        """Say what holds now."""
        settings = self._parts.hub.settings
        current = target_url(settings.general.target)
        locked = settings.locked.get("general.target", "")
        exported = self._is_exported()
        recent = tuple(dict.fromkeys((current, *self._parts.app_state.recent_targets)))
        shown = (current, recent, tuple(self._ports), locked, exported)
        if shown == self._shown:
            return
        self._shown = shown
        self.setTitle(mnemonic_free(tr("Target: {target}", target=current), exported=exported))
        for choice in self._choices:
            self.removeAction(choice)
            choice.deleteLater()
        self._choices = []
        if locked:
            self._add_note(tr("Set by {variable}", variable=locked))
        for url in recent:
            self._add(url, url, current=url == current, enabled=not locked)
        new = [port for port in self._ports if port.port not in _ports_of(recent)]
        if new:
            self._add_note(tr("Listening on this computer"))
        for port in new[:_MOST_PORTS]:
            text = f"{port.port}" if port.program is None else f"{port.port} · {port.program}"
            self._add(text, target_url(str(port.port)), current=False, enabled=not locked)
        self._other.setEnabled(not locked)

    def _add(self, text: str, url: str, *, current: bool, enabled: bool) -> None:
        action = QAction(self._plain(text), self, checkable=True, checked=current, enabled=enabled)
        action.setData(url)
        action.triggered.connect(self._on_chosen)
        self._insert(action)

    def _add_note(self, text: str) -> None:
        self._insert(QAction(self._plain(text), self, enabled=False))

    def _plain(self, text: str) -> str:
        return mnemonic_free(text, exported=self._is_exported())

    def _insert(self, action: QAction) -> None:
        self.insertAction(self._before_other, action)
        self._choices.append(action)

    @Slot(object)
    def _on_found(self, ports: tuple[ListeningPort, ...]) -> None:
        self._ports = ports
        self.show_targets()

    @Slot()
    def _on_chosen(self) -> None:
        action = self.sender()
        if isinstance(action, QAction):
            self._deeds.set_target(str(action.data()))
            self._shown = ()  # Qt has ticked the clicked one, whatever came of it
            self.show_targets()

    @Slot()
    def _on_other(self) -> None:
        self._deeds.change_target()


def _ports_of(urls: Sequence[str]) -> frozenset[int]:
    found: set[int] = set()
    for url in urls:
        try:
            found.add(parse_target(url).port)
        except TunnelError:
            continue
    return frozenset(found)
