"""The tray icon, which comes back whenever the desktop gets, loses or restarts what shows it."""

import sys
from collections.abc import Mapping

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QMenu, QSystemTrayIcon

from portway.gui.theme.icons import tray_icon
from portway.gui.theme.tone import TrayState

_WATCHER = "org.kde.StatusNotifierWatcher"
_LOOK_EVERY = 1000  # milliseconds; only without a message bus: each look opens a connection of its own to that
_LOOKS = 60  # after that a host comes with a signal, or not at all
_PATIENCE = 10_000  # milliseconds for a panel that starts beside us


def shows_tooltips(environment: Mapping[str, str]) -> bool:
    """Whether the panel shows the tooltip of an icon; AppIndicator, which these desktops use, has none.

    “Tooltips: not implemented”, https://github.com/ubuntu/gnome-shell-extension-appindicator#readme
    """
    desktops = environment.get("XDG_CURRENT_DESKTOP", "").lower().split(":")
    return not {"gnome", "unity", "pantheon"}.intersection(desktops)


class Tray(QObject):
    """Lives on the main thread. `show` needs nothing but Qt's widgets; what fills `menu`, and `watch`, come later."""

    opened = Signal()  # a left click
    message_clicked = Signal()
    missing = Signal()  # nothing shows tray icons, and nothing has for a while

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.menu = QMenu()
        self._state = TrayState.IDLE
        self._icons: dict[TrayState, QIcon] = {}
        self._tooltip = ""
        self._available = False
        self._looks_left = _LOOKS
        self._icon: QSystemTrayIcon | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_EVERY)
        self._timer.timeout.connect(self._on_look)

    @property
    def is_available(self) -> bool:
        """Whether something shows it now; `isVisible` of the icon claims it always."""
        return QSystemTrayIcon.isSystemTrayAvailable()

    @property
    def is_exported(self) -> bool:
        """Whether the panel draws the menu, as the message bus tells it; else Qt draws it."""
        return self._icon is not None and self._icon.geometry().isEmpty()

    def show(self) -> None:
        """Put the icon into the tray, if there is one."""
        self._available = self.is_available
        self._icon = self._make()

    def watch(self) -> None:
        """Bring the icon back whenever a host appears."""
        QTimer.singleShot(_PATIENCE, self, self._on_patience_over)
        if not self._hears_of_hosts():
            self._timer.start()
        self._on_look()

    def set_state(self, state: TrayState, tooltip: str) -> None:
        """Show another state."""
        if (state, tooltip) == (self._state, self._tooltip):
            return
        self._state, self._tooltip = state, tooltip
        if self._icon is not None:
            self._icon.setIcon(self._drawing())
            self._icon.setToolTip(tooltip)

    def say_briefly(self, words: str, seconds: float) -> None:
        """Say something else in the tooltip for a while."""
        if self._icon is not None:
            self._icon.setToolTip(words)
            QTimer.singleShot(round(seconds * 1000), self, self._on_said)

    def say(self, title: str, text: str) -> None:
        """Show a message where nothing better can be had."""
        if self._icon is not None:
            self._icon.showMessage(title, text, self._drawing())

    def hide(self) -> None:
        """Take it away."""
        if self._icon is not None:
            self._icon.hide()

    def _hears_of_hosts(self) -> bool:
        """Have the message bus tell of each host that appears, where there is one."""
        if sys.platform != "linux":
            return False
        from PySide6.QtDBus import QDBusConnection, QDBusServiceWatcher  # late: the icon is there already

        bus = QDBusConnection.sessionBus()
        watcher = QDBusServiceWatcher(_WATCHER, bus, QDBusServiceWatcher.WatchModeFlag.WatchForRegistration, self)
        watcher.serviceRegistered.connect(self._on_host_registered)
        return bus.isConnected()

    def _make(self) -> QSystemTrayIcon:
        icon = QSystemTrayIcon(self._drawing(), self)
        icon.setToolTip(self._tooltip)
        icon.setContextMenu(self.menu)
        icon.activated.connect(self._on_activated)
        icon.messageClicked.connect(self.message_clicked)
        icon.show()
        return icon

    def _drawing(self) -> QIcon:
        if self._state not in self._icons:
            self._icons[self._state] = tray_icon(self._state)
        return self._icons[self._state]

    def _renew(self) -> None:
        """Make another icon: one that was made before its host never reaches it, whatever is done with it."""
        self._available = self.is_available
        if self._icon is not None:
            self._icon.deleteLater()
        self._icon = self._make()

    @Slot()
    def _on_said(self) -> None:
        if self._icon is not None:
            self._icon.setToolTip(self._tooltip)

    @Slot()
    def _on_host_registered(self) -> None:
        self._renew()

    @Slot()
    def _on_look(self) -> None:
        """Find a host of which no signal tells."""
        self._looks_left -= 1
        if self._looks_left <= 0:
            self._timer.stop()
        if self.is_available != self._available:
            self._available = self.is_available
            if self._available:
                self._renew()

    @Slot()
    def _on_patience_over(self) -> None:
        if not self.is_available:
            self.missing.emit()

    @Slot(QSystemTrayIcon.ActivationReason)
    def _on_activated(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        # On macOS a click opens the menu; a middle click, a slip, does nothing anywhere.
        if reason is QSystemTrayIcon.ActivationReason.Trigger and sys.platform != "darwin":
            self.opened.emit()
