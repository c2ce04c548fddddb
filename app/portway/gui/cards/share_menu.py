"""What the ⋯ of a card offers: ways to hand the address on, the backend's own commands, settings and log."""

from PySide6.QtCore import QKeyCombination, QObject, Qt, Signal, Slot
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu

from portway.core.guard.deadline import Until
from portway.core.status import TunnelStatus
from portway.gui.cards.controller import CardControl
from portway.gui.dependencies import GuiDependencies
from portway.gui.dialogs.own_tunnel import can_edit, can_remove
from portway.gui.i18n.contexts import cards as tr
from portway.gui.i18n.words import duration, sentence
from portway.gui.model.card_view import Act, CardView
from portway.gui.model.guard_rules import TIMES, ends_of

PROTECTION_KEY = QKeyCombination(Qt.KeyboardModifier.ControlModifier, Qt.Key.Key_P)
UP_KEY = QKeyCombination(Qt.KeyboardModifier.AltModifier, Qt.Key.Key_Up)
DOWN_KEY = QKeyCombination(Qt.KeyboardModifier.AltModifier, Qt.Key.Key_Down)


class ShareMenu(QObject):
    """Fills the menu anew each time it opens: nothing is in it that does nothing."""

    qr_asked = Signal()
    protection_asked = Signal()
    streams_asked = Signal()
    edit_asked = Signal()
    duplicate_asked = Signal()
    remove_asked = Signal()
    step_asked = Signal(int)  # -1: one place up, 1: one down

    def __init__(
        self, menu: QMenu, control: CardControl, dependencies: GuiDependencies, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._menu = menu
        self._control = control
        self._dependencies = dependencies
        self.steps = (False, False)  # whether it can be moved up, and down
        menu.aboutToShow.connect(self._on_opening)

    @Slot()
    def _on_opening(self) -> None:
        self._menu.clear()
        view, status = self._control.view(), self._control.status
        if status.public_url is not None:
            self._add_share(view, status)
        self._add_with_key(tr("Who can open it…"), self.protection_asked, PROTECTION_KEY)
        if self._control.can_look:
            self._add(tr("Check from outside now"), self._control.look)
            self._add(tr("What gets through…"), self.streams_asked)
        if status.wanted:
            self._add_ends(status)
        if status.wanted and status.traffic is not None:
            self._add_recording(status)
        self._add_commands(view)
        if status.problem is not None:
            self._add(tr("Copy the message"), self._on_copy, sentence(status.problem))
        self._add(tr("Show log"), self._on_log)
        self._add(tr("Settings…"), self._on_settings)
        if can_edit(status):
            self._menu.addSeparator()
            self._add_with_key(tr("Edit…"), self.edit_asked, Qt.Key.Key_F2)
            self._add(tr("Duplicate"), self.duplicate_asked)
        up, down = self.steps
        if up:
            self._add_with_key(tr("Move up"), self._on_up, UP_KEY)
        if down:
            self._add_with_key(tr("Move down"), self._on_down, DOWN_KEY)
        if can_remove(status):
            self._add_with_key(tr("Remove…"), self.remove_asked, Qt.Key.Key_Delete)

    def _add_share(self, view: CardView, status: TunnelStatus) -> None:
        url = view.url
        if view.api_url and self._control.has_api:
            self._add(tr("Copy /v1 address"), self._on_copy, view.api_url)
        self._add(tr("Copy as curl command"), self._on_copy, f"curl {url}")
        self._add(tr("Copy line for .env"), self._on_copy_env, f"NEXT_PUBLIC_BASE_URL={url}")
        self._menu.addSeparator()
        if status.running:
            self._add(tr("Open in browser"), self._on_open, url)
            self._add(tr("QR code…"), self.qr_asked)
            self._menu.addSeparator()

    def _add_recording(self, status: TunnelStatus) -> None:
        action = QAction(tr("Record requests"), self._menu)
        action.setCheckable(True)
        action.setChecked(status.inspect)
        action.triggered.connect(self._control.record)
        self._menu.addAction(action)
        self._menu.addSeparator()

    def _add_ends(self, status: TunnelStatus) -> None:
        """Offer when it is to stop by itself, counted from now."""
        menu = QMenu(tr("Stop after"), self._menu)
        choices = [(duration(seconds), str(seconds)) for seconds in TIMES]
        choices.append((tr("Until I log out"), Until.LOGOUT.value))
        if status.expires_at is not None or status.until_logout:
            choices.append((tr("Never"), ""))
        for text, ends in choices:
            self._add(text, self._on_ends, ends, menu)
        self._menu.addMenu(menu)
        self._menu.addSeparator()

    def _add_commands(self, view: CardView) -> None:
        for action in view.actions:
            self._add(action.label, self._on_open if action.act is Act.OPEN_PAGE else self._on_command, action.value)
        if view.actions:
            self._menu.addSeparator()

    def _add_with_key(self, text: str, slot: object, key: QKeyCombination | Qt.Key) -> None:
        """Add what the card does for a key, too; here it is written beside it, and heard on the ⋯ alone."""
        action = self._add(text, slot)
        action.setShortcut(QKeySequence(key))
        action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        action.setShortcutVisibleInContextMenu(True)

    def _add(self, text: str, slot: object, data: str = "", menu: QMenu | None = None) -> QAction:
        place = menu or self._menu
        action = QAction(text, place)
        action.setData(data)
        action.triggered.connect(slot)
        place.addAction(action)
        return action

    def _data(self) -> str:
        action = self.sender()
        return str(action.data()) if isinstance(action, QAction) else ""

    @Slot()
    def _on_copy(self) -> None:
        self._dependencies.clipboard.copy(self._data())

    @Slot()
    def _on_copy_env(self) -> None:
        self._dependencies.clipboard.copy(self._data())
        words = tr(
            "Copied for your .env file. Restart your server with it before you log in through a provider: it then "
            "returns to this address instead of localhost."
        )
        if self._control.backend.about.short_lived:
            words += " " + tr(self._control.backend.about.short_lived)
        self._control.hint(words)

    @Slot()
    def _on_open(self) -> None:
        self._dependencies.open_url(self._data())

    @Slot()
    def _on_command(self) -> None:
        self._control.run_command(self._data())
        self._control.changed.emit()

    @Slot()
    def _on_up(self) -> None:
        self.step_asked.emit(-1)

    @Slot()
    def _on_down(self) -> None:
        self.step_asked.emit(1)

    @Slot()
    def _on_ends(self) -> None:
        ends = self._data()
        self._control.end_after(ends_of(ends) if ends else None)

    @Slot()
    def _on_settings(self) -> None:
        self._control.settings_asked.emit()

    @Slot()
    def _on_log(self) -> None:
        self._control.log_asked.emit()
