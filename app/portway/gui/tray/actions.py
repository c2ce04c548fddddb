"""What a click in the tray menu does."""

from typing import Protocol

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from portway.core.errors import TunnelError
from portway.core.hub import EnableRequest
from portway.core.status import BackendId, TunnelId
from portway.core.target import parse_target
from portway.gui.dependencies import GuiDependencies
from portway.gui.dialogs.consent import ConsentQuestion, needs_consent
from portway.gui.dialogs.quitting import QuitQuestion
from portway.gui.i18n.words import sentence
from portway.gui.model.card_view import Act, Action
from portway.gui.setting_writer import SettingWriter
from portway.gui.tray.rows import anything_on

_BY_PERSON = EnableRequest(by_person=True)
_START = Action(Act.TRY_AGAIN, "")


class Windows(Protocol):
    """What can be shown; made when it is first asked for. Main thread."""

    def show_tunnels(self) -> None:
        """Raise the window."""

    def show_settings(self) -> None:
        """Raise the window on its settings."""

    def show_card(self, backend: TunnelId, action: Action | None = None) -> None:
        """Raise the window where `backend` is; with `way` as if that button of the card were pressed."""

    def show_protection(self, tunnel: TunnelId) -> None:
        """Show who can open it, before it is turned on at its card."""

    def show_qr(self, backend: TunnelId) -> None:
        """Show the QR code of the public URL."""

    def show_log(self, backend: BackendId) -> None:
        """Show what it logged."""

    def show_requests(self) -> None:
        """Raise the window on the requests of visitors."""

    def change_target(self) -> None:
        """Let the person type another target."""


class TrayActions(QObject):
    """Lives on the main thread. Each click is a person's own."""

    clicked = Signal(str)  # backend: what comes of it within seconds needs no notification
    refused = Signal(str)  # a sentence

    def __init__(self, dependencies: GuiDependencies, windows: Windows, parent: QObject) -> None:
        super().__init__(parent)
        self._dependencies = dependencies
        self._windows = windows
        self._writer = SettingWriter(dependencies, self)
        self._writer.failed.connect(self._on_failed)
        self._consent = ConsentQuestion(dependencies.app_state, self)
        self._consent.agreed.connect(self._on_agreed)
        self._consent.protection_asked.connect(self._on_protection_asked)
        self._quitting = QuitQuestion(dependencies, self)

    def toggle(self, backend: TunnelId) -> None:
        """Turn it on or off."""
        self.clicked.emit(backend)
        status = self._dependencies.hub.status(backend)
        if status.wanted:
            self._dependencies.hub.disable(backend, _BY_PERSON)
        elif needs_consent(self._dependencies.app_state, status):
            self._consent.ask(status)
        elif self._dependencies.hub.caution(status.backend, backend):
            self._windows.show_card(backend, _START)  # which says it, and asks
        else:
            self._enable(backend, _BY_PERSON)

    def go_on(self, backend: TunnelId, action: Action) -> None:
        """Do what the primary button of its card does, or show it to those who have to read what it says before."""
        self.clicked.emit(backend)
        match action.act:
            case Act.STOP:
                self._dependencies.hub.disable(backend, _BY_PERSON)
            case Act.TRY_AGAIN:
                self._enable(backend, _BY_PERSON)
            case Act.SWITCH_TARGET:
                target = parse_target(self._dependencies.hub.settings.general.target)
                self._enable(backend, EnableRequest(target=target, follows_default=True, by_person=True))
            case Act.OPEN_PAGE:
                self.open_url(action.value)
            case Act.COPY_TEXT:
                self.copy(action.value)
            case _:
                self._windows.show_card(backend, None if action.after_reading else action)

    def stop_all(self) -> None:
        """Wish everything off."""
        if anything_on(self._dependencies.hub.statuses()):
            self._dependencies.hub.disable_all()

    def copy(self, text: str | None) -> None:
        """Copy it, if it is still there."""
        if text:
            self._dependencies.clipboard.copy(text)

    def open_url(self, url: str | None) -> None:
        """Open it in the browser, if it is still there."""
        if url:
            self._dependencies.open_url(url)

    def set_target(self, text: str) -> None:
        """Expose this one from now on; what runs keeps its own."""
        try:
            target = parse_target(text, self._dependencies.hub.own_ports())
        except TunnelError as error:
            self.refused.emit(sentence(error.problem))
            return
        refusal = self._writer.write("general.target", text)
        if refusal is not None:
            self.refused.emit(sentence(refusal.problem))
            return
        self._dependencies.app_state.remember_target(target.url)

    def change_target(self) -> None:
        """Let the person type another target."""
        self._windows.change_target()

    def show_window(self) -> None:
        """Raise the window."""
        self._windows.show_tunnels()

    def show_settings(self) -> None:
        """Raise the window on its settings."""
        self._windows.show_settings()

    def show_requests(self) -> None:
        """Raise the window on the requests of visitors."""
        self._windows.show_requests()

    def show_qr(self, backend: TunnelId) -> None:
        """Show the QR code of the public URL."""
        self._windows.show_qr(backend)

    def show_log(self, tunnel: TunnelId) -> None:
        """Show what its backend logged."""
        self._windows.show_log(self._dependencies.hub.status(tunnel).backend)

    def quit(self) -> None:
        """End the program, after a question where something would go down with it."""
        # Not from inside the menu: it is about to close, and a window that opens now would lose the focus to it.
        QTimer.singleShot(0, self._quitting, self._quitting.ask)

    def _enable(self, backend: TunnelId, ask: EnableRequest) -> None:
        try:
            self._dependencies.hub.enable(backend, ask)
        except TunnelError as error:
            self.refused.emit(sentence(error.problem))

    @Slot(object)
    def _on_failed(self, error: TunnelError) -> None:
        self.refused.emit(sentence(error.problem))

    @Slot(str)
    def _on_agreed(self, tunnel: str) -> None:
        self._enable(tunnel, _BY_PERSON)

    @Slot(str)
    def _on_protection_asked(self, tunnel: str) -> None:
        self._windows.show_protection(tunnel)
