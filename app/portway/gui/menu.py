"""What the tray menu holds: made once, updated in place."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from portway.gui.menu_rows import anything_on, headline, rows_of, target_url
from portway.gui.menu_section import BackendSection
from portway.gui.menu_target import TargetMenu
from portway.gui.parts import Parts
from portway.gui.tray_deeds import TrayDeeds
from portway.gui.words import tr


class TrayMenu(QObject):
    """Fills `menu`, on the main thread. `refresh` is cheap and may be called at any time, also while that is open."""

    def __init__(self, menu: QMenu, parts: Parts, deeds: TrayDeeds, is_exported: Callable[[], bool]) -> None:
        super().__init__(menu)
        self._menu = menu
        self._parts = parts
        self._deeds = deeds
        self._headline = self._add("", enabled=False)
        menu.addSeparator()
        self._sections = {backend.id: BackendSection(backend.id, menu, deeds) for backend in parts.hub.backends}
        menu.addSeparator()
        self._stop_all = self._add(tr("Stop all"))
        self._stop_all.triggered.connect(self._on_stop_all)
        self._target = TargetMenu(parts, deeds, is_exported, menu)
        menu.addMenu(self._target)
        menu.addSeparator()
        self._add(tr("Open Portway")).triggered.connect(self._on_open)
        self._add(tr("Settings…")).triggered.connect(self._on_settings)
        self._add(tr("Quit")).triggered.connect(self._on_quit)
        menu.triggered.connect(self._on_any)
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Say what holds now."""
        hub = self._parts.hub
        statuses = hub.statuses()
        self._headline.setText(headline(statuses))
        general = hub.settings.general
        target = target_url(general.target)
        for backend, status in zip(hub.backends, statuses, strict=True):
            rows = rows_of(backend, status, target, show_api=general.show_api_url)
            self._sections[backend.id].show(rows)
        self._stop_all.setVisible(anything_on(statuses))
        self._target.show_targets()

    def _add(self, text: str, *, enabled: bool = True) -> QAction:
        action = QAction(text, self._menu, enabled=enabled)
        self._menu.addAction(action)
        return action

    @Slot(QAction)
    def _on_any(self, _action: QAction) -> None:
        self.refresh()  # Qt ticks a clicked item by itself; what holds is what the hub says

    @Slot()
    def _on_stop_all(self) -> None:
        self._deeds.stop_all()

    @Slot()
    def _on_open(self) -> None:
        self._deeds.show_window()

    @Slot()
    def _on_settings(self) -> None:
        self._deeds.show_settings()

    @Slot()
    def _on_quit(self) -> None:
        self._deeds.quit()
