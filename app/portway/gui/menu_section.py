"""The items of one backend in the tray menu: toggle, copy, more, and the way on."""

from __future__ import annotations

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from portway.core.status import BackendId
from portway.gui.menu_rows import BackendRows, mnemonic_free
from portway.gui.tray_deeds import TrayDeeds
from portway.gui.words import tr


class BackendSection(QObject):
    """Made once and changed in place: an open menu stays open, and each toggle keeps its place.

    The toggle carries no submenu: where Qt draws the menu such an item could never be toggled.
    """

    def __init__(self, backend: BackendId, menu: QMenu, deeds: TrayDeeds) -> None:
        super().__init__(menu)
        self._backend = backend
        self._deeds = deeds
        self._rows: BackendRows | None = None
        self._toggle = QAction(menu, checkable=True)
        self._toggle.setObjectName(f"toggle {backend}")
        self._toggle.triggered.connect(self._on_toggled)
        self._copy = _item(menu, "copy", self._on_copy)
        self._more = QMenu(menu)
        self._way = _item(menu, "way", self._on_way)
        menu.addActions((self._toggle, self._copy))
        menu.addMenu(self._more)
        menu.addAction(self._way)
        self._copy_api = self._add(tr("Copy API URL"), self._on_copy_api)
        self._add(tr("Copy as curl command"), self._on_copy_curl)
        self._add(tr("Copy line for .env"), self._on_copy_line)
        self._more.addSeparator()
        self._open = self._add(tr("Open in browser"), self._on_open)
        self._qr = self._add(tr("QR code…"), self._on_qr)
        self._more.addSeparator()
        self._log = self._add(tr("Show log"), self._on_log)

    def show(self, rows: BackendRows) -> None:
        """Say what holds now."""
        # Also where nothing changed: Qt has ticked an item that was clicked, whatever came of it.
        self._toggle.setChecked(rows.wanted)
        if rows == self._rows:
            return
        self._rows = rows
        self._toggle.setText(mnemonic_free(rows.toggle_text))
        self._toggle.setEnabled(rows.toggleable)
        self._copy.setText(mnemonic_free(rows.copy_text))
        self._copy.setVisible(rows.active)
        self._copy.setEnabled(rows.public_url is not None)
        self._more.setTitle(mnemonic_free(rows.more_text))
        self._more.menuAction().setVisible(rows.active)
        for action in self._more.actions():
            if action is not self._log:
                action.setVisible(rows.public_url is not None)
        self._copy_api.setVisible(rows.api_url is not None)
        self._way.setText(mnemonic_free(rows.way_text))
        self._way.setVisible(rows.way is not None)

    def _add(self, text: str, slot: object) -> QAction:
        action = _item(self._more, "more", slot)
        action.setText(text)
        self._more.addAction(action)
        return action

    @Slot()
    def _on_toggled(self) -> None:
        self._deeds.toggle(self._backend)

    @Slot()
    def _on_copy(self) -> None:
        self._deeds.copy(self._public_url)

    @Slot()
    def _on_copy_api(self) -> None:
        self._deeds.copy(None if self._rows is None else self._rows.api_url)

    @Slot()
    def _on_copy_line(self) -> None:
        url = self._public_url
        self._deeds.copy(None if url is None else f"NEXT_PUBLIC_BASE_URL={url}")

    @Slot()
    def _on_copy_curl(self) -> None:
        url = self._public_url
        self._deeds.copy(None if url is None else f"curl {url}")

    @Slot()
    def _on_open(self) -> None:
        self._deeds.open_url(self._public_url)

    @Slot()
    def _on_qr(self) -> None:
        self._deeds.show_qr(self._backend)

    @Slot()
    def _on_log(self) -> None:
        self._deeds.show_log(self._backend)

    @Slot()
    def _on_way(self) -> None:
        if self._rows is not None and self._rows.way is not None:
            self._deeds.go_on(self._backend, self._rows.way)

    @property
    def _public_url(self) -> str | None:
        return None if self._rows is None else self._rows.public_url


def _item(menu: QMenu, name: str, slot: object) -> QAction:
    action = QAction(menu)
    action.setObjectName(name)
    action.triggered.connect(slot)
    return action
