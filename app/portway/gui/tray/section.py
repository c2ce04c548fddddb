"""The items of one tunnel in the tray menu: toggle, copy, QR code or the way on, and more."""

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from portway.core.status import TunnelId
from portway.gui.i18n.contexts import tray as tr
from portway.gui.tray.actions import TrayActions
from portway.gui.tray.rows import TunnelRows, mnemonic_free


class TunnelSection(QObject):
    """Made once and changed in place: an open menu stays open, and each toggle keeps its place.

    The toggle carries no submenu: where Qt draws the menu such an item could never be toggled.
    """

    def __init__(self, tunnel: TunnelId, menu: QMenu, before: QAction, actions: TrayActions) -> None:
        super().__init__(menu)
        self._tunnel = tunnel
        self._menu = menu
        self._actions = actions
        self._rows: TunnelRows | None = None
        self._line = QAction(menu)
        self._line.setSeparator(True)
        self._toggle = QAction(menu, checkable=True)
        self._toggle.setObjectName(f"toggle {tunnel}")
        self._toggle.triggered.connect(self._on_toggled)
        self._copy = _item(menu, "copy", self._on_copy)
        self._qr = _item(menu, "qr", self._on_qr)
        self._qr.setText(tr("QR code…"))
        self._action = _item(menu, "action", self._on_action)
        self._more = QMenu(menu)
        self._copy_inside = self._add("", self._on_copy)
        self._qr_inside = self._add(tr("QR code…"), self._on_qr)
        self._open = self._add(tr("Open in browser"), self._on_open)
        self._line_inside = self._more.addSeparator()
        self._copy_api = self._add(tr("Copy API URL"), self._on_copy_api)
        self._copy_curl = self._add(tr("Copy as curl command"), self._on_copy_curl)
        self._copy_line = self._add(tr("Copy line for .env"), self._on_copy_line)
        self._line_before_log = self._more.addSeparator()
        self._add(tr("Show log"), self._on_log)
        self.place(before)

    @property
    def is_shown(self) -> bool:
        """Whether it has a place of its own in the menu: a person's own one that is off is among those to start."""
        return self._rows is not None and self._rows.shown

    @property
    def is_on(self) -> bool:
        """Whether more than its toggle is shown, or could be."""
        return self._rows is not None and self._rows.on

    def place(self, before: QAction) -> None:
        """Let its items stand right before this one."""
        self._menu.insertActions(
            before, (self._line, self._toggle, self._copy, self._qr, self._action, self._more.menuAction())
        )

    def show(self, rows: TunnelRows, *, folded: bool) -> None:
        """Say what holds now. `folded`: so much is on that what can be copied stands in a submenu."""
        # Also where nothing changed: Qt has ticked an item that was clicked, whatever came of it.
        self._toggle.setChecked(rows.wanted)
        self._rows = rows
        linked, helped = rows.public_url is not None, rows.action is not None
        texts = {
            self._toggle: rows.toggle_text,
            self._copy: rows.copy_text,
            self._copy_inside: rows.copy_text,
            self._action: rows.action_text,
        }
        shown = {
            self._toggle: rows.shown,
            self._copy: linked and not folded,
            self._qr: rows.running and not folded and not helped,
            self._action: rows.shown and helped,
            self._more.menuAction(): rows.active,
            self._copy_inside: linked and folded,
            self._qr_inside: rows.running and (folded or helped),
            self._open: linked,
            self._line_inside: linked,
            self._copy_api: linked and rows.api_url is not None,
            self._copy_curl: linked,
            self._copy_line: linked,
            self._line_before_log: linked,
        }
        for action, text in texts.items():
            action.setText(mnemonic_free(text))
        for action, is_shown in shown.items():
            action.setVisible(is_shown)
        self._toggle.setEnabled(rows.toggleable)
        self._more.setTitle(mnemonic_free(rows.more_text))

    def set_apart(self, *, apart: bool) -> None:
        """Draw a line above it, or none."""
        self._line.setVisible(apart)

    def remove(self) -> None:
        """Take its items out of the menu."""
        own = (self._line, self._toggle, self._copy, self._qr, self._action)
        for action in (*own, self._more.menuAction()):
            self._menu.removeAction(action)
        for action in own:
            action.deleteLater()
        self._more.deleteLater()
        self.deleteLater()

    def _add(self, text: str, slot: object) -> QAction:
        action = _item(self._more, "more", slot)
        action.setText(text)
        self._more.addAction(action)
        return action

    @Slot()
    def _on_toggled(self) -> None:
        self._actions.toggle(self._tunnel)

    @Slot()
    def _on_copy(self) -> None:
        self._actions.copy(self._public_url)

    @Slot()
    def _on_copy_api(self) -> None:
        self._actions.copy(None if self._rows is None else self._rows.api_url)

    @Slot()
    def _on_copy_line(self) -> None:
        url = self._public_url
        self._actions.copy(None if url is None else f"NEXT_PUBLIC_BASE_URL={url}")

    @Slot()
    def _on_copy_curl(self) -> None:
        url = self._public_url
        self._actions.copy(None if url is None else f"curl {url}")

    @Slot()
    def _on_open(self) -> None:
        self._actions.open_url(self._public_url)

    @Slot()
    def _on_qr(self) -> None:
        self._actions.show_qr(self._tunnel)

    @Slot()
    def _on_log(self) -> None:
        self._actions.show_log(self._tunnel)

    @Slot()
    def _on_action(self) -> None:
        if self._rows is not None and self._rows.action is not None:
            self._actions.go_on(self._tunnel, self._rows.action)

    @property
    def _public_url(self) -> str | None:
        return None if self._rows is None else self._rows.public_url


class StartMenu(QMenu):
    """The person's own tunnels that are off, each to be turned on by a click."""

    def __init__(self, actions: TrayActions, parent: QMenu) -> None:
        super().__init__(tr("Start another"), parent)
        self._actions = actions
        self._shown: tuple[tuple[TunnelId, str, bool], ...] = ()
        self.menuAction().setVisible(False)

    def show_tunnels(self, rows: dict[TunnelId, TunnelRows]) -> None:
        """Have an item for each of them, in this order."""
        shown = tuple((tunnel, one.start_text, one.toggleable) for tunnel, one in rows.items())
        self.menuAction().setVisible(bool(shown))
        if shown == self._shown:
            return
        self._shown = shown
        for action in self.actions():
            self.removeAction(action)
            action.deleteLater()
        for tunnel, text, possible in shown:
            action = QAction(mnemonic_free(text), self, enabled=possible)
            action.setData(tunnel)
            action.triggered.connect(self._on_chosen)
            self.addAction(action)

    @Slot()
    def _on_chosen(self) -> None:
        action = self.sender()
        if isinstance(action, QAction):
            self._actions.toggle(str(action.data()))


def _item(menu: QMenu, name: str, slot: object) -> QAction:
    action = QAction(menu)
    action.setObjectName(name)
    action.triggered.connect(slot)
    return action
