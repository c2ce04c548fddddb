"""What a card does with its link: shows it whole and as a code, copies it, opens it."""

from enum import IntEnum

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QAbstractButton, QWidget

from portway.gui.i18n.contexts import cards as tr
from portway.gui.platform.clipboard import Clipboard
from portway.gui.theme.look import COMPACT_CARD, TWO_LINES
from portway.gui.widgets.buttons import Button, CopyButton, CopyIconButton, IconButton, Weight
from portway.gui.widgets.labels import UrlText
from portway.gui.widgets.qr_popover import QrTile

_SIZE, _SIZE_COMPACT = 1.3, 1.15


class Room(IntEnum):
    """How much of it a card has, from its width."""

    COMPACT = 0
    TWO_LINES = 1
    ONE_ROW = 2

    @classmethod
    def of(cls, width: int) -> "Room":
        """Return what a card of this width has."""
        if width < COMPACT_CARD:
            return cls.COMPACT
        return cls.TWO_LINES if width < TWO_LINES else cls.ONE_ROW


class LinkParts(QObject):
    """The controls of one link; the card lays them out. Where there is little room, drawings stand for words."""

    qr_asked = Signal()
    open_asked = Signal()

    def __init__(self, title: str, clipboard: Clipboard, card: QWidget) -> None:
        super().__init__(card)
        qr, opened = tr("QR code of {title}", title=title), tr("Open the link of {title}", title=title)
        copied = tr("Copy the address of {title}", title=title)
        # Each gets its parent here: the order of the keyboard is that in which they get one.
        self.tile = QrTile(qr, card)
        self.url = UrlText(size=_SIZE, weight=QFont.Weight.Medium, parent=card)
        self.copy_button = CopyButton(clipboard, copied, weight=Weight.TONAL, parent=card)
        self.copy_icon = CopyIconButton(clipboard, copied, card)
        self.qr_icon = IconButton("qr", qr, card)
        self.open_button = Button(tr("Open"), icon="open", name=opened, parent=card)
        self.open_icon = IconButton("open", opened, card)
        for code in (self.tile, self.qr_icon):
            code.clicked.connect(self.qr_asked)
        for button in (self.open_button, self.open_icon):
            button.clicked.connect(self.open_asked)

    @property
    def qr_button(self) -> QAbstractButton:
        """What shows the large code: the small one, or a drawing."""
        return self.qr_icon if self.tile.isHidden() else self.tile

    @property
    def all(self) -> tuple[QWidget, ...]:
        """All of them, in the order of the keyboard."""
        return (
            self.tile,
            self.url,
            self.copy_button,
            self.copy_icon,
            self.qr_icon,
            self.open_button,
            self.open_icon,
        )

    def show_link(self, url: str, *, live: bool) -> None:
        """Show it. `live`: visitors get in."""
        if self.url.text() != url:
            self.url.setText(url)
            self.url.updateGeometry()
        self.url.set_live(live)
        self.tile.show_url(url)
        self.copy_button.set_content(url)
        self.copy_icon.set_content(url)
        for control in (self.tile, self.qr_icon, self.open_button, self.open_icon):
            control.setEnabled(live)

    def set_compact(self, *, compact: bool) -> None:
        """Write it smaller."""
        self.url.set_size(_SIZE_COMPACT if compact else _SIZE)
