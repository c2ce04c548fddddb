"""The one window: a sidebar, and a page that scrolls."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QEvent, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QCloseEvent, QKeyEvent, QKeySequence, QResizeEvent, QShortcut, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from portway.core.hub import TunnelNews
from portway.core.status import TunnelStatus
from portway.gui.cards.live_card import LiveCard
from portway.gui.cards.tunnels_page import TunnelsPage
from portway.gui.dependencies import GuiDependencies
from portway.gui.model.card_view import Action
from portway.gui.model.summary import summary_of
from portway.gui.navigation import FIRST_RUN, GENERAL, LOG, REQUESTS, TUNNELS, Navigation
from portway.gui.theme.look import FIRST_SIZE, LEAST_SIZE, NARROW
from portway.gui.window.pages import Pages, last_place, settings_places, top_places
from portway.gui.window.sidebar import NarrowHead, Sidebar

if TYPE_CHECKING:
    from portway.gui.window.pages import AnyPage

_BETWEEN_PAINTS = 100  # ms: however fast states change, they are drawn ten times a second
_FIRST_RUN_SEEN = "first_run"


class MainWindow(QWidget):
    """Made once, kept while hidden. `may_hide` tells whether the tray would still lead back to it."""

    close_refused = Signal()  # there is no way back: somebody has to ask what closing means
    went_away = Signal()  # it was hidden by the person

    def __init__(self, dependencies: GuiDependencies, may_hide: Callable[[], bool]) -> None:
        super().__init__()
        self._dependencies = dependencies
        self._may_hide = may_hide
        self._settings = dependencies.hub.settings
        self._stale = False
        self._key = TUNNELS
        self.setWindowTitle("Portway")
        self.setObjectName("portway")
        self._paints = QTimer(self)
        self._paints.setSingleShot(True)
        self._paints.setInterval(_BETWEEN_PAINTS)
        self._paints.timeout.connect(self._on_paint_due)
        self._finished = False
        # Not at once: the control that changed the language is one of those that are replaced. And not for each of the
        # events of one change, which are several.
        self._rebuilds = QTimer(self)
        self._rebuilds.setSingleShot(True)
        self._rebuilds.timeout.connect(self._rebuild)
        self._navigation = Navigation(self)
        self._navigation.page_asked.connect(self.go_to)
        self._navigation.log_asked.connect(self.open_log)
        self._navigation.requests_asked.connect(self.open_requests)
        self._navigation.start_asked.connect(self._on_start_asked)
        self._navigation.set_up_asked.connect(self._on_set_up_asked)
        self._navigation.act_asked.connect(self._on_act_asked)
        self._navigation.command_asked.connect(self._on_command_asked)
        self._navigation.renewal_asked.connect(self._renew_sidebar)
        self._build()
        self._add_shortcuts()
        self._take_place()
        self._unsubscribe = dependencies.hub.subscribe(self._on_status)
        self._unfollow = dependencies.hub.follow_tunnels(self._on_tunnels)

    @property
    def page(self) -> str:
        """The key of the page that is shown."""
        return self._key

    @property
    def tunnels(self) -> TunnelsPage:
        """The page with the cards."""
        return self._pages.tunnels

    def shown_page(self) -> AnyPage:
        """Return the page itself."""
        return self._pages.page(self._key)

    def open(self, key: str = "") -> None:
        """Show it, in front, on this page."""
        if key:
            self.go_to(key)
        elif not self.isVisible() and not self._dependencies.app_state.answered(_FIRST_RUN_SEEN):
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
        self._pages.log.choose(backend)
        self.open(LOG)

    @Slot(str)
    def open_requests(self, tunnel: str) -> None:
        """Show what was recorded of one tunnel."""
        self._pages.requests.choose_tunnel(tunnel)
        self.open(REQUESTS)

    @Slot(str)
    def go_to(self, key: str) -> None:
        """Show a page."""
        if self._key == FIRST_RUN and key != FIRST_RUN:
            self._dependencies.app_state.remember_answer(_FIRST_RUN_SEEN)
        self._key = key
        self._pages.show_page(key)
        if key in self._sidebar.rows:
            self._sidebar.select(key)
        self._head.select(key)
        self._fit()

    @Slot()
    def refresh(self) -> None:
        """Show what is so now: a setting was changed elsewhere."""
        self._stale = False
        self._renew_sidebar()
        self.shown_page().refresh()

    @Slot()
    def _renew_sidebar(self) -> None:
        hub = self._dependencies.hub
        self._sidebar.show_summary(summary_of(hub.statuses()))
        self._sidebar.rows[REQUESTS].show_count(hub.requests.count())

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
            if self._may_hide() and not self._stays_on_escape():
                self.leave()
            return
        super().keyPressEvent(event)

    def _stays_on_escape(self) -> bool:
        """Whether Esc was meant for something else, or is too little to leave a page that is seen once."""
        if self._key == LOG and self._pages.log.clear_search():
            return True
        if self._key == REQUESTS and self._pages.requests.go_back():
            return True
        return self._key == FIRST_RUN or isinstance(self.focusWidget(), QLineEdit)

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
        elif event.type() == QEvent.Type.LanguageChange and not self._finished:
            self._rebuilds.start()

    def finish(self) -> None:
        """Remember its place, hear no more and draw nothing anew; at the end of the program."""
        self._finished = True
        self._rebuilds.stop()
        self._paints.stop()
        if self.isVisible():
            self._keep_place()
        self.tunnels.finish()
        self._unsubscribe()
        self._unfollow()

    def _build(self) -> None:
        places = settings_places(self._dependencies.hub.backends)
        tops, foot = top_places(), last_place()
        self._sidebar = Sidebar(tops, places, foot)
        self._sidebar.gone_to.connect(self.go_to)
        self._head = NarrowHead((*tops, *places, foot))
        self._head.gone_to.connect(self.go_to)
        self._pages = Pages(self._dependencies, self._navigation)
        right = QVBoxLayout()
        right.setSpacing(0)
        right.addWidget(self._head)
        right.addWidget(self._pages, 1)
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
        # Kept until the next time: where Python's last reference goes before Qt deletes them, PySide 6.11 crashes then.
        self._replaced = (self._sidebar, self._head, self._pages)
        for widget in self._replaced:
            widget.hide()
            widget.deleteLater()
        layout = self.layout()
        while layout is not None and layout.count():
            layout.takeAt(0)
        self._build()
        self.refresh()

    @Slot(str)
    def _on_start_asked(self, backend: str) -> None:
        self.go_to(TUNNELS)
        self._pages.start(backend)

    @Slot(str)
    def _on_set_up_asked(self, backend: str) -> None:
        self.go_to(TUNNELS)
        self._pages.set_up(backend)

    @Slot(str, object)
    def _on_act_asked(self, tunnel: str, action: Action) -> None:
        self.go_to(TUNNELS)
        self._pages.act(tunnel, action)

    @Slot(str, str)
    def _on_command_asked(self, backend: str, command: str) -> None:
        self.go_to(TUNNELS)
        self._pages.run_command(backend, command)

    def _fit(self) -> None:
        narrow = self.width() < NARROW
        first_run = self._key == FIRST_RUN
        self._sidebar.setVisible(not narrow and not first_run)
        self._head.setVisible(narrow and not first_run)

    def _add_shortcuts(self) -> None:
        for number, backend in enumerate(self._dependencies.hub.backends[:9], start=1):
            shortcut = QShortcut(QKeySequence(f"Ctrl+{number}"), self)
            shortcut.setProperty("backend", backend.id)
            shortcut.activated.connect(self._on_toggle)
        QShortcut(QKeySequence.StandardKey.New, self).activated.connect(self._on_add)
        QShortcut(QKeySequence("Ctrl+,"), self).activated.connect(self._on_settings)
        QShortcut(QKeySequence.StandardKey.Find, self).activated.connect(self._on_find)

    def _take_place(self) -> None:
        free = self.screen().availableGeometry().size()
        self.setMinimumSize(min(LEAST_SIZE[0], free.width()), min(LEAST_SIZE[1], free.height()))
        place = self._dependencies.app_state.window_place
        if place is None or not self.restoreGeometry(QByteArray.fromBase64(place.encode())):
            self.resize(min(FIRST_SIZE[0], free.width()), min(FIRST_SIZE[1], free.height()))

    def _keep_place(self) -> None:
        self._dependencies.app_state.remember_window_place(bytes(self.saveGeometry().toBase64().data()).decode())

    def _on_tunnels(self, _news: TunnelNews) -> None:
        self._on_change()

    def _on_status(self, _status: TunnelStatus) -> None:
        self._on_change()

    def _on_change(self) -> None:
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
    def _on_add(self) -> None:
        self.go_to(TUNNELS)
        self.tunnels.add_tunnel()

    @Slot()
    def _on_settings(self) -> None:
        self.go_to(GENERAL)

    @Slot()
    def _on_find(self) -> None:
        """Search where one is, on a page that has nothing to search in the log."""
        if self._key == REQUESTS:
            self._pages.requests.search_now()
            return
        self.go_to(LOG)
        self._pages.log.search_now()
