"""The window as tray, second start and notifications ask for it: made when it is first wanted."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from portway.core.status import BackendId, TunnelId
from portway.gui.dependencies import GuiDependencies
from portway.gui.model.card_view import Action
from portway.gui.navigation import GENERAL, REQUESTS, TUNNELS

if TYPE_CHECKING:
    from portway.gui.window.main_window import MainWindow

_AFTER_LAYOUT = 0  # the card has its place once the window is shown


class DesktopWindows(QObject):
    """Implements tray.actions.Windows. Lives on the main thread."""

    close_refused = Signal()  # the person closed the window, and there is no way back to it
    went_away = Signal()  # the window was hidden

    def __init__(self, dependencies: GuiDependencies, may_hide: Callable[[], bool], parent: QObject) -> None:
        super().__init__(parent)
        self._dependencies = dependencies
        self._may_hide = may_hide
        self._window: MainWindow | None = None

    @property
    def is_visible(self) -> bool:
        """Whether the window is open."""
        return self._window is not None and self._window.isVisible()

    def show_tunnels(self) -> None:
        self._made().open()

    def show_settings(self) -> None:
        self._made().open(GENERAL)

    def show_requests(self) -> None:
        self._made().open(REQUESTS)

    def show_card(self, backend: TunnelId, action: Action | None = None) -> None:
        card = self._made().open_card(backend)
        if action is not None:
            card.control.take(action)

    def show_protection(self, tunnel: TunnelId) -> None:
        card = self._made().open_card(tunnel)
        card.control.switch(True)  # it asks there what was asked elsewhere: nothing is open yet
        QTimer.singleShot(_AFTER_LAYOUT, card, card.show_protection)

    def show_qr(self, backend: TunnelId) -> None:
        card = self._made().open_card(backend)
        QTimer.singleShot(_AFTER_LAYOUT, card, card.show_qr)

    def show_log(self, backend: BackendId) -> None:
        self._made().open_log(backend)

    def change_target(self) -> None:
        window = self._made()
        window.open(TUNNELS)
        window.tunnels.target.edit()

    def refresh(self) -> None:
        """Show what holds now: a setting was changed."""
        if self._window is not None:
            self._window.refresh()

    @Slot()
    def hide(self) -> None:
        """Put the window away."""
        if self._window is not None:
            self._window.hide()

    def close(self) -> None:
        """Put it away for good."""
        if self._window is not None:
            self._window.finish()
            self._window.hide()

    def _made(self) -> MainWindow:
        if self._window is None:
            from portway.gui.window.main_window import MainWindow  # late: the tray does not wait for it

            self._window = MainWindow(self._dependencies, self._may_hide)
            self._window.close_refused.connect(self.close_refused)
            self._window.went_away.connect(self.went_away)
        return self._window
