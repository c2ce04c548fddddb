"""A card joined to its tunnel: shows what its control says, and tells it what was pressed."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from portway.core.backend import Backend
from portway.core.status import Reach
from portway.gui.card import Card
from portway.gui.card_control import CardControl
from portway.gui.card_view import Act, Way
from portway.gui.parts import Parts
from portway.gui.qr_popover import QrPopover
from portway.gui.share_menu import ShareMenu
from portway.gui.words import tr


class LiveCard(Card):
    """One card of the tunnels page."""

    whole_log_asked = Signal(str)  # backend
    settings_asked = Signal(str)  # backend

    def __init__(self, backend: Backend, parts: Parts, parent: QWidget | None = None) -> None:
        super().__init__(backend.id, tr(backend.title), parts.clipboard.copy, parent)
        self.control = CardControl(backend, parts, self)
        self._parts = parts
        self._share = ShareMenu(self.menu, self.control, parts, self)
        self._share.qr_asked.connect(self.show_qr)
        self.switched.connect(self.control.switch)
        self.chosen.connect(self._on_chosen)
        self.cancelled.connect(self.control.cancel)
        self.control.changed.connect(self.refresh)
        self.control.log_asked.connect(self.open_log)
        self.control.settings_asked.connect(self._on_settings)
        self.log_shown.connect(self._on_log_shown)
        self.log.whole_asked.connect(self._on_whole_log)
        self.urls.qr_asked.connect(self.show_qr)
        self.urls.open_asked.connect(self._on_open)

    @Slot()
    def refresh(self) -> None:
        """Show what is so now."""
        self.show_view(self.control.view())
        if self.log.isVisible():
            self.log.refresh(self.control.status.log_path)

    @Slot()
    def show_qr(self) -> None:
        """Show the QR code, only while visitors get in."""
        status = self.control.status
        if status.running and status.public_url is not None:
            network_only = status.reach is Reach.NETWORK
            words = tr("The phone must be in this network.") if network_only else tr("Point a phone's camera at it.")
            QrPopover(status.public_url, words, self).open_below(self.urls.qr_button)

    @Slot(object)
    def _on_chosen(self, way: Way) -> None:
        if way.act is Act.SHOW_QR:
            words = tr("Log in with a phone: Portway goes on by itself.")
            QrPopover(way.value, words, self).open_below(self.callout)
            return
        secret = self.callout.take_secret() if self.callout.field.isVisibleTo(self) else None
        self.control.take(way, secret)

    @Slot()
    def _on_open(self) -> None:
        url = self.control.status.public_url
        if url is not None:
            self._parts.open_url(url)

    @Slot(bool)
    def _on_log_shown(self, shown: bool) -> None:  # noqa: FBT001 - Qt's signal
        if shown:
            self.log.refresh(self.control.status.log_path)

    @Slot()
    def _on_whole_log(self) -> None:
        self.whole_log_asked.emit(self.control.backend.id)

    @Slot()
    def _on_settings(self) -> None:
        self.settings_asked.emit(self.control.backend.id)
