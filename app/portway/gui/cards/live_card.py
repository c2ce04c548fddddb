"""A card joined to its tunnel: shows what its control says, and tells it what was pressed."""

from PySide6.QtCore import QKeyCombination, QPoint, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QKeySequence, QMouseEvent, QShortcut
from PySide6.QtWidgets import QApplication, QWidget

from portway.core.backend import Backend
from portway.core.status import Reach
from portway.gui.cards.card import Card
from portway.gui.cards.controller import CardControl
from portway.gui.cards.moving import can_move
from portway.gui.cards.share_menu import DOWN_KEY, PROTECTION_KEY, UP_KEY, ShareMenu
from portway.gui.dependencies import GuiDependencies
from portway.gui.dialogs.own_tunnel import OwnTunnel
from portway.gui.dialogs.protection import ProtectionDialog
from portway.gui.i18n.contexts import cards as tr
from portway.gui.model.card_view import Act, Action
from portway.gui.model.state_words import shown_name
from portway.gui.navigation import Navigation
from portway.gui.widgets.qr_popover import QrPopover


class LiveCard(Card):
    """One card of the tunnels page. One of the person's own is taken by its ground, and dragged up or down."""

    step_asked = Signal(int)  # -1: one place up, 1: one down
    dragged = Signal(int)  # the height in the list at which it is now
    dropped = Signal(int)
    duplicated = Signal(str, bool)  # the word of the copy, and whether it is to get a password

    def __init__(
        self, backend: Backend, dependencies: GuiDependencies, navigation: Navigation, parent: QWidget | None = None
    ) -> None:
        self.shown_name = shown_name(dependencies.hub.status(backend.id))
        super().__init__(backend.icon, self.shown_name, dependencies.clipboard, parent)
        self.control = CardControl(backend, dependencies, self)
        self._dependencies = dependencies
        self._navigation = navigation
        self._share = ShareMenu(self.menu, self.control, dependencies, self)
        self._share.qr_asked.connect(self.show_qr)
        for asking in (self._share, self):
            asking.protection_asked.connect(self.show_protection)
        self._share.streams_asked.connect(self._on_streams)
        self._own = OwnTunnel(backend.id, dependencies, self)
        self._share.step_asked.connect(self.step_asked)
        self._shortcuts = [self._shortcut(key, step) for key, step in ((UP_KEY, -1), (DOWN_KEY, 1))]
        self._taken_at: QPoint | None = None
        self._is_dragged = False
        self._share.edit_asked.connect(self._own.edit)
        self._share.duplicate_asked.connect(self._own.duplicate)
        self._own.duplicated.connect(self.duplicated)
        self._share.remove_asked.connect(self._own.remove)
        self.switched.connect(self.control.switch)
        self.chosen.connect(self._on_chosen)
        self.cancelled.connect(self.control.cancel)
        self.control.changed.connect(self.refresh)
        self.control.log_asked.connect(self._on_log)
        self.control.settings_asked.connect(self._on_settings)
        self.urls.qr_asked.connect(self.show_qr)
        self.urls.open_asked.connect(self._on_open)
        self.live.clicked.connect(self._on_live)

    @Slot()
    def refresh(self) -> None:
        """Show what is so now."""
        self.show_view(self.control.view())

    def show_steps(self, *, up: bool, down: bool) -> None:
        """Take whether it can be moved up or down."""
        self._share.steps = up, down
        for shortcut, possible in zip(self._shortcuts, (up, down), strict=True):
            shortcut.setEnabled(possible)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        if event.button() is Qt.MouseButton.LeftButton and can_move(self.control.status):
            self._taken_at = event.position().toPoint()
            event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        if self._taken_at is None or not event.buttons() & Qt.MouseButton.LeftButton:
            return
        away = (event.position().toPoint() - self._taken_at).manhattanLength()
        if not self._is_dragged and away >= QApplication.startDragDistance():
            self._is_dragged = True
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
        if self._is_dragged:
            self.dragged.emit(self._height_of(event))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        was_dragged, self._is_dragged, self._taken_at = self._is_dragged, False, None
        if not was_dragged:
            super().mouseReleaseEvent(event)
            return
        self.unsetCursor()
        self.dropped.emit(self._height_of(event))

    def _height_of(self, event: QMouseEvent) -> int:
        return self.mapToParent(event.position().toPoint()).y()

    def _shortcut(self, key: QKeyCombination, step: int) -> QShortcut:
        # Not in keyPressEvent: a button that has the keyboard would take the arrow for itself.
        shortcut = QShortcut(QKeySequence(key), self)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.setProperty("step", step)
        shortcut.setEnabled(False)
        shortcut.activated.connect(self._on_step)
        return shortcut

    @Slot()
    def _on_step(self) -> None:
        shortcut = self.sender()
        if isinstance(shortcut, QShortcut):
            self.step_asked.emit(int(shortcut.property("step")))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keys that none of its controls has taken."""
        if event.keyCombination() == PROTECTION_KEY:
            self.show_protection()
            return
        match event.key():
            case Qt.Key.Key_F2:
                self._own.edit()
            case Qt.Key.Key_Delete:
                self._own.remove()
            case _:
                super().keyPressEvent(event)

    @Slot()
    def show_qr(self) -> None:
        """Show the QR code, only while visitors get in."""
        status = self.control.status
        if status.running and status.public_url is not None:
            network_only = status.reach is Reach.NETWORK
            words = tr("The phone must be in this network.") if network_only else tr("Point a phone's camera at it.")
            QrPopover(status.public_url, words, self).open_below(self.urls.qr_button)

    @Slot()
    def show_protection(self) -> ProtectionDialog:
        """Open what says who can open it."""
        status = self.control.status
        dialog = ProtectionDialog(status.id, shown_name(status), self._dependencies, self.window())
        dialog.open()
        return dialog

    @Slot()
    def _on_streams(self) -> None:
        from portway.gui.dialogs.streams import StreamsDialog  # late: few ask for it

        status = self.control.status
        StreamsDialog(status.id, shown_name(status), self._dependencies, self.window()).open()

    @Slot(object)
    def _on_chosen(self, action: Action) -> None:
        if action.act is Act.SHOW_QR:
            words = tr("Log in with a phone: Portway goes on by itself.")
            QrPopover(action.value, words, self).open_below(self.callout)
            return
        if action.act is Act.PROTECT:
            self.show_protection()
            return
        if action.act is Act.HELP:
            from portway.gui.help.help_window import show_help  # late: it is rarely needed

            show_help(action.value, self._dependencies, self)
            return
        secret = self.callout.take_secret() if self.callout.field.isVisibleTo(self) else None
        self.control.take(action, secret)

    @Slot()
    def _on_open(self) -> None:
        url = self.control.status.public_url
        if url is not None:
            self._dependencies.open_url(url)

    @Slot()
    def _on_live(self) -> None:
        self._navigation.show_requests(self.control.backend.id)

    @Slot()
    def _on_log(self) -> None:
        self._navigation.show_log(self.control.backend.kind)

    @Slot()
    def _on_settings(self) -> None:
        self._navigation.go_to(self.control.backend.kind)
