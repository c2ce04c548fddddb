"""What a click in the tray menu does."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from portway.core.errors import TunnelError
from portway.core.hub import Ask
from portway.core.status import BackendId
from portway.core.target import parse_target
from portway.gui.card_view import Act, Way
from portway.gui.consent import needs_consent
from portway.gui.menu_rows import anything_on
from portway.gui.parts import Parts
from portway.gui.quitting import QuitQuestion
from portway.gui.setting_writer import SettingWriter
from portway.gui.tray_consent import ConsentQuestion
from portway.gui.words import sentence

_BY_PERSON = Ask(by_person=True)


class Windows(Protocol):
    """What can be shown; made when it is first asked for. Main thread."""

    def show_tunnels(self) -> None:
        """Raise the window."""

    def show_settings(self) -> None:
        """Raise the window on its settings."""

    def show_card(self, backend: BackendId, way: Way | None = None) -> None:
        """Raise the window where `backend` is; with `way` as if that button of the card were pressed."""

    def show_qr(self, backend: BackendId) -> None:
        """Show the QR code of the public URL."""

    def show_log(self, backend: BackendId) -> None:
        """Show what it logged."""

    def change_target(self) -> None:
        """Let the person type another target."""


class TrayDeeds(QObject):
    """Lives on the main thread. Each click is a person's own."""

    clicked = Signal(str)  # backend: what comes of it within seconds needs no notification
    refused = Signal(str)  # a sentence

    def __init__(self, parts: Parts, windows: Windows, parent: QObject) -> None:
        super().__init__(parent)
        self._parts = parts
        self._windows = windows
        self._consent = ConsentQuestion(parts.app_state, self)
        self._consent.agreed.connect(self._on_agreed)
        self._quitting = QuitQuestion(parts, self)

    def toggle(self, backend: BackendId) -> None:
        """Wish it on or off."""
        self.clicked.emit(backend)
        status = self._parts.hub.status(backend)
        if status.wanted:
            self._parts.hub.disable(backend, _BY_PERSON)
        elif needs_consent(self._parts.app_state, status):
            self._consent.ask(status)
        else:
            self._enable(backend, _BY_PERSON)

    def go_on(self, backend: BackendId, way: Way) -> None:
        """Do what the primary button of its card does."""
        self.clicked.emit(backend)
        match way.act:
            case Act.STOP:
                self._parts.hub.disable(backend, _BY_PERSON)
            case Act.TRY_AGAIN:
                self._enable(backend, _BY_PERSON)
            case Act.SWITCH_TARGET:
                target = parse_target(self._parts.hub.settings.general.target)
                self._enable(backend, Ask(target=target, by_person=True))
            case Act.OPEN_PAGE:
                self.open_url(way.value)
            case Act.COPY_TEXT:
                self.copy(way.value)
            case _:
                self._windows.show_card(backend, way)

    def stop_all(self) -> None:
        """Wish everything off."""
        if anything_on(self._parts.hub.statuses()):
            self._parts.hub.disable_all()

    def copy(self, text: str | None) -> None:
        """Copy it, if it is still there."""
        if text:
            self._parts.clipboard.copy(text)

    def open_url(self, url: str | None) -> None:
        """Open it in the browser, if it is still there."""
        if url:
            self._parts.open_url(url)

    def set_target(self, text: str) -> None:
        """Expose this one from now on; what runs keeps its own."""
        try:
            target = parse_target(text, self._parts.hub.own_ports())
        except TunnelError as error:
            self.refused.emit(sentence(error.problem))
            return
        refusal = SettingWriter(self._parts).write("general.target", text)
        if refusal is not None:
            self.refused.emit(sentence(refusal.problem))
            return
        self._parts.app_state.remember_target(target.url)

    def change_target(self) -> None:
        """Let the person type another target."""
        self._windows.change_target()

    def show_window(self) -> None:
        """Raise the window."""
        self._windows.show_tunnels()

    def show_settings(self) -> None:
        """Raise the window on its settings."""
        self._windows.show_settings()

    def show_qr(self, backend: BackendId) -> None:
        """Show the QR code of the public URL."""
        self._windows.show_qr(backend)

    def show_log(self, backend: BackendId) -> None:
        """Show what it logged."""
        self._windows.show_log(backend)

    def quit(self) -> None:
        """End the program, after a question where something would go down with it."""
        # Not from inside the menu: it is about to close, and a window that opens now would lose the focus to it.
        QTimer.singleShot(0, self._quitting, self._quitting.ask)

    def _enable(self, backend: BackendId, ask: Ask) -> None:
        try:
            self._parts.hub.enable(backend, ask)
        except TunnelError as error:
            self.refused.emit(sentence(error.problem))

    @Slot(str)
    def _on_agreed(self, backend: str) -> None:
        self._enable(BackendId(backend), _BY_PERSON)
