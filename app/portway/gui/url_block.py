"""The public URL of a running tunnel, the largest thing on its card, with what one does with it."""

from __future__ import annotations

from collections.abc import Callable
from enum import IntEnum

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QWidget

from portway.gui.buttons import SAID_FOR, CopyButton, IconButton
from portway.gui.labels import Line, UrlLine
from portway.gui.look import BETWEEN_BUTTONS, COMPACT_CARD, TWO_LINES, Ink
from portway.gui.surfaces import Ground
from portway.gui.words import tr

_URL, _URL_COMPACT = 1.3, 1.15


class Room(IntEnum):
    """How much of it a card has, from its width."""

    COMPACT = 0
    TWO_LINES = 1
    ONE_ROW = 2

    @classmethod
    def of(cls, width: int) -> Room:
        """Return what a card of this width has."""
        if width < COMPACT_CARD:
            return cls.COMPACT
        return cls.TWO_LINES if width < TWO_LINES else cls.ONE_ROW


class UrlBlock(Ground):
    """Copy, QR code and Open for the URL, and the API address below it."""

    qr_asked = Signal()
    open_asked = Signal()

    def __init__(self, title: str, copy: Callable[[str], None], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._room = Room.ONE_ROW
        self._url = UrlLine(size=_URL, weight=QFont.Weight.Medium)
        self.copy_button = CopyButton(copy, tr("Copy the address of {title}", title=title), primary=True)
        self.qr_button = IconButton("qr", tr("QR code of {title}", title=title))
        self.open_button = IconButton("open", tr("Open {title} in the browser", title=title))
        self._api_label = Line(tr("API"), ink=Ink.MUTED, size=0.95, weight=QFont.Weight.Medium)
        self._api = UrlLine(ink=Ink.MUTED)
        self.api_button = IconButton("copy", tr("Copy the API address of {title}", title=title))
        self._copy = copy
        self._api_said = QTimer(self)
        self._api_said.setSingleShot(True)
        self._api_said.setInterval(SAID_FOR)
        self._api_said.timeout.connect(self._on_api_said)
        self.qr_button.clicked.connect(self.qr_asked)
        self.open_button.clicked.connect(self.open_asked)
        self.api_button.clicked.connect(self._on_api_copied)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(12, 8, 6, 8)
        self._grid.setHorizontalSpacing(2)
        self._grid.setVerticalSpacing(4)
        self._api_row = QHBoxLayout()
        self._api_row.setSpacing(BETWEEN_BUTTONS)
        self._api_row.addWidget(self._api_label)
        self._api_row.addWidget(self._api, 1)
        self._api_row.addWidget(self.api_button)
        self._arrange()

    def show_urls(self, url: str, api_url: str, *, live: bool, primary: bool) -> None:
        """Show them. `live`: visitors get in; `primary`: Copy is the button of the card."""
        self._url.setText(url)
        self._url.set_live(live)
        self.copy_button.set_content(url)
        self.copy_button.setDefault(primary)
        self.open_button.setEnabled(live)
        self.qr_button.setEnabled(live)
        self._api.setText(api_url)
        for widget in (self._api_label, self._api, self.api_button):
            widget.setVisible(bool(api_url))

    def set_room(self, room: Room) -> None:
        """Arrange it for the width that there is."""
        if room is not self._room:
            self._room = room
            self._arrange()

    def _arrange(self) -> None:
        for item in (self._url, self.copy_button, self.qr_button, self.open_button, self._api_row):
            if isinstance(item, QHBoxLayout):
                self._grid.removeItem(item)
            else:
                self._grid.removeWidget(item)
        one_row = self._room is Room.ONE_ROW
        self._url.set_size(_URL_COMPACT if self._room is Room.COMPACT else _URL)
        row = 0 if one_row else 1
        self._grid.setColumnStretch(0, 1)
        self._grid.addWidget(self._url, 0, 0, 1, 1 if one_row else 4)
        if self._room is Room.COMPACT:
            self._grid.addWidget(self.copy_button, row, 0, 1, 2)
            self._grid.setColumnStretch(1, 1)
        else:
            self._grid.addWidget(self.copy_button, row, 1)
            self._grid.setColumnStretch(1, 0)
        self._grid.addWidget(self.qr_button, row, 2)
        self._grid.addWidget(self.open_button, row, 3)
        self._grid.addLayout(self._api_row, row + 1, 0, 1, 4)

    @Slot()
    def _on_api_copied(self) -> None:
        self._copy(self._api.text())
        self.api_button.set_icon("tick")
        self._api_said.start()

    @Slot()
    def _on_api_said(self) -> None:
        self.api_button.set_icon("copy")
