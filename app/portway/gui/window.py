"""The one window: a sidebar, and a page that scrolls."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QByteArray, QEvent, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QCloseEvent, QKeyEvent, QKeySequence, QResizeEvent, QShortcut, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from portway.core.status import TunnelStatus
from portway.gui.live_card import LiveCard
from portway.gui.look import FIRST_SIZE, LEAST_SIZE, NARROW
from portway.gui.pages import FIRST_RUN, GENERAL, LOG, TUNNELS, last_place, make_page, settings_places, top_places
from portway.gui.parts import Parts
from portway.gui.sidebar import NarrowHead, Sidebar
from portway.gui.tunnels_page import TunnelsPage

_BETWEEN_PAINTS = 100  # ms: however fast states change, they are drawn ten times a second
_FIRST_RUN_SEEN = "first_run"


class MainWindow(QWidget):
    """Made once, kept while hidden. `may_hide` tells whether the tray would still lead back to it."""

    close_refused = Signal()  # there is no way back: somebody has to ask what closing means
    went_away = Signal()  # it was hidden by the person

    def __init__(self, parts: Parts, may_hide: Callable[[], bool]) -> None:
        super().__init__()
        self._parts = parts
        self._may_hide = may_hide
        self._settings = parts.hub.settings
        self._stale = False
        self._pages: dict[str, QWidget] = {}
        self._key = TUNNELS
        self.setWindowTitle("Portway")
        self.setObjectName("portway")
        self._paints = QTimer(self)
        self._paints.setSingleShot(True)
        self._paints.setInterval(_BETWEEN_PAINTS)
        self._paints.timeout.connect(self._on_paint_due)
        self._build()
        self._add_shortcuts()
        self._take_place()
        self._unsubscribe = parts.hub.subscribe(self._on_status)

    @property
    def page(self) -> str:
        """The key of the page that is shown."""
        return self._key

    @property
    def tunnels(self) -> TunnelsPage:
        """The page with the cards."""
        page = self._page(TUNNELS)
        if not isinstance(page, TunnelsPage):
            raise TypeError(page)
        return page

    def shown_page(self) -> QWidget:
        """The page itself."""
        return self._page(self._key)

    def open(self, key: str = "") -> None:
        """Show it, in front, on this page."""
        if key:
            self.go_to(key)
        elif not self.isVisible() and not self._parts.app_state.answered(_FIRST_RUN_SEEN):
            self.go_to(FIRST_RUN)
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.show()
        self.raise_()
        self.activateWindow()

    def open_card(self, backend: str) -> LiveCard:
        """Show it on the tunnels page, at one card."""
        self.open(TUNNELS)
        return self.tunnels.card(backend)

    @Slot(str)
    def open_log(self, backend: str) -> None:
        """Show the log of one backend."""
        self.go_to(LOG)
        page = self._pages[LOG]
        choose = getattr(page, "choose", None)
        if choose is not None:
            choose(backend)
        self.open(LOG)

    @Slot(str)
    def go_to(self, key: str) -> None:
        """Show a page."""
        page = self._page(key)
        if self._key == FIRST_RUN and key != FIRST_RUN:
            self._parts.app_state.remember_answer(_FIRST_RUN_SEEN)
        self._key = key
        self._stack.setCurrentWidget(page)
        self._refresh_page(page)
        if key in self._sidebar.rows:
            self._sidebar.select(key)
        self._head.select(key)
        self._fit()

    @Slot()
    def refresh(self) -> None:
        """Show what is so now: a setting was changed elsewhere."""
        self._stale = False
        statuses = self._parts.hub.statuses()
        self._sidebar.show_count(sum(status.running for status in statuses))
        self._refresh_page(self._pages[self._key])

    def closeEvent(self, event: QCloseEvent) -> None:
        event.ignore()
        self.leave()

    @Slot()
    def leave(self) -> None:
        """Hide, if there is a way back."""
        if not self._may_hide():
            self.close_refused.emit()
            return
        self._keep_place()
        self.hide()
        self.went_away.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            if self._may_hide():
                self.leave()
            return
        super().keyPressEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.ActivationChange and self.isActiveWindow():
            self.refresh()
        elif event.type() == QEvent.Type.LanguageChange:
            # Not now: the control that changed it is one of those that are replaced.
            QTimer.singleShot(0, self, self._rebuild)

    def finish(self) -> None:
        """Remember its place and hear no more; at the end of the program."""
        if self.isVisible():
            self._keep_place()
        self.tunnels.finish()
        self._unsubscribe()

    def _build(self) -> None:
        places = settings_places(self._parts.hub.backends)
        tops, foot = top_places(), last_place()
        self._sidebar = Sidebar(tops, places, foot)
        self._sidebar.gone_to.connect(self.go_to)
        self._head = NarrowHead((*tops, *places, foot))
        self._head.gone_to.connect(self.go_to)
        self._stack = QStackedWidget()
        right = QVBoxLayout()
        right.setSpacing(0)
        right.addWidget(self._head)
        right.addWidget(self._stack, 1)
        row = self.layout()
        if not isinstance(row, QHBoxLayout):
            row = QHBoxLayout(self)
            row.setContentsMargins(0, 0, 0, 0)
            row.setSpacing(0)
        row.addWidget(self._sidebar)
        row.addLayout(right, 1)
        self.go_to(self._key)

    @Slot()
    def _rebuild(self) -> None:
        """Make everything anew, in another language."""
        for widget in (self._sidebar, self._head, self._stack):
            widget.hide()
            widget.deleteLater()
        self._pages = {}
        layout = self.layout()
        while layout is not None and layout.count():
            layout.takeAt(0)
        self._build()
        self.refresh()

    def _page(self, key: str) -> QWidget:
        if key not in self._pages:
            page = make_page(key, self._parts)
            for name, slot in self._wires():
                signal = getattr(page, name, None)
                if signal is not None:
                    signal.connect(slot)
            self._pages[key] = page
            self._stack.addWidget(page)
        return self._pages[key]

    def _wires(self) -> tuple[tuple[str, Callable[..., None]], ...]:
        """What pages may ask of the window, by the name of their signal."""
        return (
            ("log_asked", self.open_log),
            ("page_asked", self.go_to),
            ("settings_asked", self.go_to),
            ("card_asked", self._on_card_asked),
            ("command_asked", self._on_command_asked),
        )

    @Slot(str, bool)
    def _on_card_asked(self, backend: str, starts: bool) -> None:  # noqa: FBT001 - Qt's signal
        self.go_to(TUNNELS)
        card = self.tunnels.card(backend)
        if starts:
            card.control.switch(True)
        else:
            card.control.set_up()

    @Slot(str, str)
    def _on_command_asked(self, backend: str, command: str) -> None:
        self.go_to(TUNNELS)
        self.tunnels.card(backend).control.run_command(command)
        self.tunnels.refresh()

    @staticmethod
    def _refresh_page(page: QWidget) -> None:
        refresh = getattr(page, "refresh", None)
        if refresh is not None:
            refresh()

    def _fit(self) -> None:
        narrow = self.width() < NARROW
        first_run = self._key == FIRST_RUN
        self._sidebar.setVisible(not narrow and not first_run)
        self._head.setVisible(narrow and not first_run)

    def _add_shortcuts(self) -> None:
        for number, backend in enumerate(self._parts.hub.backends[:9], start=1):
            shortcut = QShortcut(QKeySequence(f"Ctrl+{number}"), self)
            shortcut.setProperty("backend", backend.id)
            shortcut.activated.connect(self._on_toggle)
        QShortcut(QKeySequence("Ctrl+,"), self).activated.connect(self._on_settings)
        QShortcut(QKeySequence.StandardKey.Find, self).activated.connect(self._on_find)

    def _take_place(self) -> None:
        free = self.screen().availableGeometry().size()
        self.setMinimumSize(min(LEAST_SIZE[0], free.width()), min(LEAST_SIZE[1], free.height()))
        place = self._parts.app_state.window_place
        if place is None or not self.restoreGeometry(QByteArray.fromBase64(place.encode())):
            self.resize(min(FIRST_SIZE[0], free.width()), min(FIRST_SIZE[1], free.height()))

    def _keep_place(self) -> None:
        self._parts.app_state.remember_window_place(bytes(self.saveGeometry().toBase64().data()).decode())

    def _on_status(self, _status: TunnelStatus) -> None:
        """Draw at once after a quiet while, else when the next painting is due."""
        self._stale = True
        if self.isVisible() and not self._paints.isActive():
            self.refresh()
            self._paints.start()

    @Slot()
    def _on_paint_due(self) -> None:
        if self._stale and self.isVisible():
            self.refresh()
            self._paints.start()

    @Slot()
    def _on_toggle(self) -> None:
        shortcut = self.sender()
        if isinstance(shortcut, QShortcut):
            self.go_to(TUNNELS)
            card = self.tunnels.card(str(shortcut.property("backend")))
            if card.switch.isEnabled() and not card.switch.isHidden():
                card.switch.click()

    @Slot()
    def _on_settings(self) -> None:
        self.go_to(GENERAL)

    @Slot()
    def _on_find(self) -> None:
        self.go_to(LOG)
        find = getattr(self._pages[LOG], "search_now", None)
        if find is not None:
            find()
