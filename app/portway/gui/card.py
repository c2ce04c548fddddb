"""The card of one backend: draws a CardView in the width that there is, and tells what was pressed."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QFont, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QMenu, QToolButton, QVBoxLayout, QWidget

from portway.gui.buttons import Button, IconButton
from portway.gui.callout_box import CalloutBox
from portway.gui.card_view import CardView
from portway.gui.footer import Footer
from portway.gui.labels import Line, Text
from portway.gui.log_tail import LogTail
from portway.gui.look import BETWEEN_BUTTONS, IN_CARD, TILE, TILE_COMPACT, Ink
from portway.gui.progress_line import ProgressLine
from portway.gui.state_line import StateLine, Tile
from portway.gui.surfaces import CardGround
from portway.gui.switch import Switch
from portway.gui.url_block import Room, UrlBlock
from portway.gui.words import tr


class Card(CardGround):
    """One card. Controls are made once, in the order of the keyboard, and shown as the view asks."""

    switched = Signal(bool)
    chosen = Signal(object)  # Way, of the callout
    cancelled = Signal()
    log_shown = Signal(bool)

    def __init__(self, drawing: str, title: str, copy: Callable[[str], None], parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._title_text = title
        self._room: Room | None = None
        self._view: CardView | None = None
        # Each gets its parent here: the order of the keyboard is that in which they get one.
        self._tile = Tile(drawing, self)
        self._title = Line(title, size=1.08, weight=QFont.Weight.DemiBold, parent=self)
        self._state = StateLine(self)
        self.more = IconButton("more", tr("More for {title}", title=title), self)
        self.more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.more.setMenu(QMenu(self.more))
        self.switch = Switch(title, self)
        self.switch.clicked.connect(self._on_switched)
        self.urls = UrlBlock(title, copy, self)
        self.callout = CalloutBox(self)
        self.callout.chosen.connect(self.chosen)
        self._bar = ProgressLine(self)
        self._bar_text = Text(ink=Ink.MUTED, size=0.95)
        self.cancel = Button(tr("Cancel"), name=tr("Cancel for {title}", title=title))
        self.cancel.clicked.connect(self.cancelled)
        self.footer = Footer(title, self)
        self.footer.log_toggled.connect(self._on_log_toggled)
        self.log = LogTail(self)
        self.log.hide()
        self._build()

    @property
    def view(self) -> CardView | None:
        """What it shows."""
        return self._view

    @property
    def menu(self) -> QMenu:
        """What the ⋯ opens."""
        return self.more.menu()

    def show_view(self, view: CardView) -> None:
        """Draw it. The same one again costs nothing."""
        if view == self._view:
            self.switch.setChecked(view.switch_on)
            return
        before, self._view = self._view, view
        self._state.show_state(view.glyph, view.ink, view.word, view.detail)
        self._tile.show_state(view.tile, faded=view.faded)
        self.switch.setChecked(view.switch_on)
        self.switch.setEnabled(view.switch_enabled)
        self.switch.setVisible(view.switch_shown)
        primary = view.live and (view.callout is None or not view.callout.ways)
        self.urls.show_urls(view.url, view.api_url, live=view.live, primary=primary)
        self.urls.setVisible(bool(view.url))
        if view.callout is not None:
            self.callout.show_callout(view.callout)
        self.callout.setVisible(view.callout is not None)
        self._show_bar(view)
        self.footer.show_texts(view.target, view.note)
        has_footer = bool(view.target) or self.log.isVisibleTo(self)
        self.footer.setVisible(has_footer)
        self._tell(before, view)

    def open_log(self) -> None:
        """Show the last lines."""
        self.footer.setVisible(True)
        self.footer.set_open(True)
        self._on_log_toggled(True)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        room = Room.of(self.width())
        if room is not self._room:
            self._room = room
            self._arrange(room)

    def _build(self) -> None:
        self._head = QGridLayout()
        self._head.setHorizontalSpacing(IN_CARD)
        self._head.setVerticalSpacing(1)
        self._bar_row = QWidget(self)
        bar_row = QHBoxLayout(self._bar_row)
        bar_row.setContentsMargins(0, 0, 0, 0)
        bar_row.setSpacing(BETWEEN_BUTTONS)
        bar_row.addWidget(self._bar_text, 1)
        bar_row.addWidget(self.cancel)
        column = QVBoxLayout(self)
        column.setSpacing(IN_CARD)
        column.addLayout(self._head)
        for widget in (self.urls, self.callout, self._bar, self._bar_row, self.footer, self.log):
            widget.hide()
            column.addWidget(widget)
        self._arrange(Room.ONE_ROW)

    def _arrange(self, room: Room) -> None:
        compact = room is Room.COMPACT
        for widget in (self._tile, self._title, self._state, self.more, self.switch):
            self._head.removeWidget(widget)
        self._tile.set_side(TILE_COMPACT if compact else TILE)
        rows = 1 if compact else 2
        middle = Qt.AlignmentFlag.AlignVCenter
        self._head.addWidget(self._tile, 0, 0, rows, 1, middle)
        self._head.addWidget(self._title, 0, 1)
        self._head.addWidget(self.more, 0, 2, rows, 1, middle)
        self._head.addWidget(self.switch, 0, 3, rows, 1, middle)
        self._head.addWidget(self._state, 1, 0 if compact else 1, 1, 4 if compact else 1)
        self._head.setColumnStretch(1, 1)
        self._head.setVerticalSpacing(8 if compact else 1)
        layout = self.layout()
        if layout is not None:
            layout.setContentsMargins(*((12, 12, 12, 12) if compact else (16, 12, 16, 12)))
        for part in (self.urls, self.callout, self.footer):
            part.set_room(room)

    def _show_bar(self, view: CardView) -> None:
        bar = view.bar
        self._bar.setVisible(bar is not None and bar.share is not None)
        self._bar_row.setVisible(bar is not None)
        if bar is not None:
            self._bar.show_share(bar.share or 0, bar.text)
            self._bar_text.setText(bar.text)
            self.cancel.setVisible(bar.can_cancel)

    def _tell(self, before: CardView | None, view: CardView) -> None:
        """Name the group by its state; a change of the state is announced to those who listen."""
        if before is not None and before.word == view.word:
            return
        name = f"{self._title_text}, {view.word.lower()}"
        self.setAccessibleName(name)
        if before is not None and QAccessible.isActive():
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, name))

    @Slot(bool)
    def _on_switched(self, on: bool) -> None:  # noqa: FBT001 - Qt's signal
        self.switch.setChecked(not on if self._view is None else self._view.switch_on)
        self.switched.emit(on)

    @Slot(bool)
    def _on_log_toggled(self, shown: bool) -> None:  # noqa: FBT001 - Qt's signal
        self.log.setVisible(shown)
        if not shown and self._view is not None and not self._view.target:
            self.footer.hide()
        self.log_shown.emit(shown)
