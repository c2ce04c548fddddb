"""Portway on a desktop: tray, window, notifications and clipboard, put together behind an icon that is there already.

The composition root shows the `Tray`, makes the `Parts`, connects `TunnelHub.came_up` to `take_up`,
`TunnelHub.settings_changed` to `take_settings` and `SingleInstance.window_asked` to `open_window`, and calls `run`.
`parts.api` may answer later than everything else: only the settings ask it.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QApplication

from portway.core.hub import Ask
from portway.core.status import BackendId, TunnelStatus
from portway.gui.icons import window_icon
from portway.gui.language import use_language
from portway.gui.light_and_dark import LightAndDark
from portway.gui.menu import TrayMenu
from portway.gui.menu_rows import headline
from portway.gui.notifications_center import NotificationCenter
from portway.gui.notifications_desk import NotificationDesk
from portway.gui.notifications_words import NoteAction, portway_note
from portway.gui.parts import Parts
from portway.gui.quitting import CloseQuestion
from portway.gui.tray import Tray
from portway.gui.tray_deeds import TrayDeeds
from portway.gui.tray_state import tray_state
from portway.gui.windows import DesktopWindows
from portway.gui.words import tr

FIRST_RUN, _TRAY_TOLD = "first_run", "tray_told"  # names among what is asked or said once


class Desktop(QObject):
    """Lives on the main thread. Fills the menu of `tray`."""

    def __init__(self, parts: Parts, tray: Tray, *, autostarted: bool) -> None:
        super().__init__()
        use_language(parts.hub.settings.general.language)  # before anything of the following says a word
        LightAndDark(self)
        self._parts = parts
        self._autostarted = autostarted
        self._windows = DesktopWindows(parts, self._may_hide, self)
        self._windows.close_refused.connect(self._on_close_refused)
        self._windows.went_away.connect(self._on_window_away)
        self._deeds = TrayDeeds(parts, self._windows, self)
        self._deeds.refused.connect(self._on_refused)
        self._menu = TrayMenu(tray.menu, parts, self._deeds, lambda: tray.is_exported)
        self._tray = tray
        self._tray.opened.connect(self.open_window)
        self._tray.message_clicked.connect(self.open_window)
        self._tray.missing.connect(self._on_tray_missing)
        self._desk = NotificationDesk(self._tray, parts.services.timing.probe_limit, self)
        self._desk.acted.connect(self._on_acted)
        self._center = NotificationCenter(parts.hub, parts.services.timing, self)
        self._center.told.connect(self._desk.show)
        self._center.taken_back.connect(self._desk.take_back)
        self._deeds.clicked.connect(self._center.clicked)
        self._closing = CloseQuestion(parts, self)
        self._closing.kept.connect(self._windows.hide)
        self._unsubscribe = parts.hub.subscribe(self._on_status)
        self._refresh()
        tray.watch()

    def run(self) -> int:
        """Open the window if this start means it, run until the application ends, and return its exit code."""
        QApplication.setWindowIcon(window_icon())
        if self._opens_at_start():
            self.open_window()
        code = QApplication.exec()
        self.close()
        return code

    def close(self) -> None:
        """Take icon and window away. Idempotent."""
        self._unsubscribe()
        self._center.close()
        self._desk.close()
        self._tray.hide()
        self._windows.close()

    @Slot()
    def open_window(self) -> None:
        """Raise the window, made if it was never open."""
        self._windows.show_tunnels()

    @Slot(object, object)
    def take_up(self, status: TunnelStatus, ask: Ask) -> None:
        """Take from the hub that a wish is fulfilled: the URL of what a person turned on is copied, once."""
        if ask.restored:
            self._center.expect_restored(status.backend)
        if ask.by_person and self._parts.hub.settings.general.copy_url and status.public_url is not None:
            self._parts.clipboard.copy(status.public_url)

    @Slot()
    def take_settings(self) -> None:
        """Take from the hub that settings have changed."""
        self._refresh()
        self._windows.refresh()

    def _opens_at_start(self) -> bool:
        """A person's start opens the window, the first one always; a start at login never does."""
        hidden = self._parts.hub.settings.general.start_hidden and self._parts.app_state.answered(FIRST_RUN)
        return not self._autostarted and not hidden

    def _may_hide(self) -> bool:
        """Whether there is a way back to a hidden window that a person sees."""
        return self._tray.is_available

    def _refresh(self) -> None:
        statuses = self._parts.hub.statuses()
        self._menu.refresh()
        self._tray.set_state(tray_state(statuses), f"Portway: {headline(statuses)}")

    def _on_status(self, _status: TunnelStatus) -> None:
        self._refresh()

    @Slot(str)
    def _on_refused(self, sentence: str) -> None:
        self._desk.show(portway_note("Portway", sentence))

    @Slot()
    def _on_tray_missing(self) -> None:
        if self._autostarted:
            self._desk.show(portway_note(tr("Portway is running"), tr("This desktop shows no tray icon.")))
        elif not self._windows.is_visible:
            self.open_window()

    @Slot()
    def _on_close_refused(self) -> None:
        self._closing.ask()

    @Slot()
    def _on_window_away(self) -> None:
        if not self._parts.app_state.answered(_TRAY_TOLD):
            self._parts.app_state.remember_answer(_TRAY_TOLD)
            self._desk.show(portway_note(tr("Portway goes on"), tr("It is in the tray. Quit is in its menu.")))

    @Slot(str, str)
    def _on_acted(self, key: str, action: str) -> None:
        """Do what a button of a notification says; an empty key is the program itself."""
        if not key:
            self.open_window()
            return
        backend = BackendId(key)
        url = self._parts.hub.status(backend).public_url
        match action:
            case NoteAction.COPY if url is not None:
                self._parts.clipboard.copy(url)
            case NoteAction.OPEN_URL if url is not None:
                self._parts.open_url(url)
            case NoteAction.STOP:
                self._center.clicked(backend)
                self._parts.hub.disable(backend, Ask(by_person=True))
            case _:
                self._windows.show_card(backend)
