"""What the ⋯ of a card offers: ways to hand the address on, the backend's own commands, settings and log."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from portway.core.status import TunnelStatus
from portway.gui.card_control import CardControl
from portway.gui.card_view import CardView
from portway.gui.parts import Parts
from portway.gui.words import sentence, tr


class ShareMenu(QObject):
    """Fills the menu anew each time it opens: nothing is in it that does nothing."""

    qr_asked = Signal()

    def __init__(self, menu: QMenu, control: CardControl, parts: Parts, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._menu = menu
        self._control = control
        self._parts = parts
        menu.aboutToShow.connect(self._on_opening)

    @Slot()
    def _on_opening(self) -> None:
        self._menu.clear()
        view, status = self._control.view(), self._control.status
        if status.public_url is not None:
            self._add_share(status)
        self._add_commands(view)
        if status.problem is not None:
            self._add(tr("Copy the message"), self._on_copy, sentence(status.problem))
        self._add(tr("Settings…"), self._on_settings)
        self._add(tr("Show log"), self._on_log)

    def _add_share(self, status: TunnelStatus) -> None:
        url, api_url = status.public_url or "", status.api_url or ""
        self._add(tr("Copy API URL"), self._on_copy, api_url)
        self._add(tr("Copy as curl command"), self._on_copy, f"curl {url}")
        self._add(tr("Copy line for .env"), self._on_copy_env, f"NEXT_PUBLIC_BASE_URL={url}")
        self._menu.addSeparator()
        if status.running:
            self._add(tr("Open in browser"), self._on_open, url)
            self._add(tr("QR code…"), self.qr_asked)
            self._menu.addSeparator()

    def _add_commands(self, view: CardView) -> None:
        for way in view.ways:
            self._add(way.label, self._on_command, way.value)
        if view.ways:
            self._menu.addSeparator()

    def _add(self, text: str, slot: object, data: str = "") -> None:
        action = QAction(text, self._menu)
        action.setData(data)
        action.triggered.connect(slot)
        self._menu.addAction(action)

    def _data(self) -> str:
        action = self.sender()
        return str(action.data()) if isinstance(action, QAction) else ""

    @Slot()
    def _on_copy(self) -> None:
        self._parts.clipboard.copy(self._data())

    @Slot()
    def _on_copy_env(self) -> None:
        self._parts.clipboard.copy(self._data())
        words = tr(
            "Copied for your .env file. Restart your server with it before you log in through a provider: it then "
            "returns to this address instead of localhost."
        )
        if self._control.backend.id == "cloudflared":
            words += " " + tr("This address changes at each start; for lasting log-ins take ngrok or Tailscale.")
        self._control.hint(words)

    @Slot()
    def _on_open(self) -> None:
        self._parts.open_url(self._data())

    @Slot()
    def _on_command(self) -> None:
        self._control.run_command(self._data())
        self._control.changed.emit()

    @Slot()
    def _on_settings(self) -> None:
        self._control.settings_asked.emit()

    @Slot()
    def _on_log(self) -> None:
        self._control.log_asked.emit()
