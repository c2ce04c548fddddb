"""What keys, buttons and the menu do with the request that is open or selected, and where is said what came of it."""

from __future__ import annotations

from PySide6.QtCore import QObject, QPoint, Qt, Slot
from PySide6.QtGui import QAction, QKeySequence, QShortcut
from PySide6.QtWidgets import QMenu, QWidget

from portway.core.errors import Problem
from portway.core.hub import RequestRow
from portway.gui.i18n.contexts import requests as tr
from portway.gui.i18n.words import sentence
from portway.gui.requests.actions import RequestActions
from portway.gui.requests.layout import RequestsLayout
from portway.gui.requests.words import duration_of, state_of


class RequestControls(QObject):
    """The page is its parent. Keys: R replays, E edits, C copies as curl."""

    def __init__(self, commands: RequestActions, page: RequestsLayout) -> None:
        super().__init__(page)
        # Its parts and not the page itself: that would hold what holds it.
        self._commands = commands
        self._model, self._table, self._detail, self._notice = page.model, page.table, page.detail, page.notice
        for keys, slot in (("R", self._on_replay), ("E", self._on_edit), ("C", self._on_curl)):
            shortcut = QShortcut(QKeySequence(keys), page)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(slot)
        self._table.menu_asked.connect(self._on_menu)
        self._detail.replay_asked.connect(self._on_replay)
        self._detail.edit_asked.connect(self._on_edit)
        self._detail.curl_asked.connect(self._on_curl)
        commands.began.connect(self._on_began)
        commands.came.connect(self._on_replayed)
        commands.said.connect(self._on_said)

    def _row(self) -> RequestRow | None:
        """Return the request that keys and buttons mean: the open one, else the selected one."""
        if not self._detail.isHidden():
            return self._model.all_rows.get(self._detail.number)
        return self._table.chosen_row()

    @Slot()
    def _on_replay(self) -> None:
        if (row := self._row()) is not None:
            self._commands.replay(row)

    @Slot()
    def _on_edit(self) -> None:
        if (row := self._row()) is not None:
            self._commands.edit(row)

    @Slot()
    def _on_curl(self) -> None:
        if (row := self._row()) is not None:
            self._commands.copy_curl(row)

    @Slot()
    def _on_copy_path(self) -> None:
        if (row := self._row()) is not None:
            self._commands.copy_path(row)

    @Slot()
    def _on_copy_response(self) -> None:
        if (row := self._row()) is not None:
            self._commands.copy_response(row)

    @Slot(QPoint)
    def _on_menu(self, place: QPoint) -> None:
        page = self.parent()
        menu = QMenu(page if isinstance(page, QWidget) else None)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for text, keys, slot in (
            (tr("Replay"), "R", self._on_replay),
            (tr("Edit and replay…"), "E", self._on_edit),
            (tr("Copy as curl"), "C", self._on_curl),
            (tr("Copy path"), "", self._on_copy_path),
            (tr("Copy response"), "", self._on_copy_response),
        ):
            action = QAction(text, menu)
            action.setShortcut(QKeySequence(keys))
            action.triggered.connect(slot)
            menu.addAction(action)
        menu.popup(place)

    # What came of it

    @Slot(int)
    def _on_began(self, number: int) -> None:
        if number == self._detail.number:
            self._detail.be_busy(busy=True)

    @Slot(int, object)
    def _on_replayed(self, number: int, found: object) -> None:
        if number == self._detail.number:
            self._detail.be_busy(busy=False)
        if isinstance(found, Problem):
            self._say(sentence(found), bad=True)
        elif isinstance(found, RequestRow):
            words = tr("Sent again: {status}, {time}", status=state_of(found).word, time=duration_of(found))
            self._say(words, shows=found.id)

    @Slot(str, bool)
    def _on_said(self, text: str, bad: bool) -> None:  # noqa: FBT001 - Qt's signal
        self._say(text, bad=bad)

    def _say(self, text: str, *, bad: bool = False, shows: int = 0) -> None:
        """Say it where the person looks."""
        if not self._detail.isHidden():
            self._detail.say(text, bad=bad, shows=shows)
        else:
            self._notice.tell(text, bad=bad)
