"""The Target submenu: recent targets, the servers that listen on this computer now, and another one."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from portway.gui.dependencies import GuiDependencies, ListeningPort
from portway.gui.i18n.contexts import tray as tr
from portway.gui.target.port_finder import PortFinder, port_label, ports_of
from portway.gui.tray.actions import TrayActions
from portway.gui.tray.rows import mnemonic_free, target_url

_MOST_PORTS = 12


class TargetMenu(QMenu):
    """Looks for listening servers each time it is opened. `is_exported` tells whether a panel draws the menu."""

    def __init__(
        self, dependencies: GuiDependencies, actions: TrayActions, is_exported: Callable[[], bool], parent: QMenu
    ) -> None:
        super().__init__(parent)
        self._is_exported = is_exported
        self._dependencies = dependencies
        self._actions = actions
        self._ports: Sequence[ListeningPort] = ()
        self._shown: tuple[object, ...] = ()
        self._choices: list[QAction] = []
        self._finder = PortFinder(dependencies.listening_ports, self)
        self._finder.found.connect(self._on_found)
        self._other = QAction(tr("Other…"), self)
        self._other.triggered.connect(self._on_other)
        self._before_other = self.addSeparator()
        self.addAction(self._other)
        self.aboutToShow.connect(self._finder.look)

    def show_targets(self) -> None:
        """Say what holds now."""
        settings = self._dependencies.hub.settings
        current = target_url(settings.general.target)
        locked = settings.locked.get("general.target", "")
        exported = self._is_exported()
        recent = tuple(dict.fromkeys((current, *self._dependencies.app_state.recent_targets)))
        shown = (current, recent, tuple(self._ports), locked, exported)
        if shown == self._shown:
            return
        self._shown = shown
        self.setTitle(mnemonic_free(tr("Local server: {target}", target=current), exported=exported))
        for choice in self._choices:
            self.removeAction(choice)
            choice.deleteLater()
        self._choices = []
        if locked:
            self._add_note(tr("Set by {variable}", variable=locked))
        for url in recent:
            self._add(url, url, current=url == current, enabled=not locked)
        new = [port for port in self._ports if port.port not in ports_of(recent)]
        if new:
            self._add_note(tr("Listening on this computer"))
        for port in new[:_MOST_PORTS]:
            self._add(port_label(port), target_url(str(port.port)), current=False, enabled=not locked)
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
            self._actions.set_target(str(action.data()))
            self._shown = ()  # Qt has ticked the clicked one, whatever came of it
            self.show_targets()

    @Slot()
    def _on_other(self) -> None:
        self._actions.change_target()
