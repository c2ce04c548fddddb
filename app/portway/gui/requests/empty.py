"""What stands in the place of the table while there is nothing in it: what will appear here, and how."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QFont, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from portway.core.status import TunnelStatus
from portway.gui.i18n.contexts import requests as tr
from portway.gui.platform.clipboard import Clipboard
from portway.gui.requests.detail.body_view import fixed_font
from portway.gui.theme.look import BETWEEN_BUTTONS, colours, tone_colour
from portway.gui.theme.tone import Tone
from portway.gui.widgets.buttons import Button, CopyButton, Weight
from portway.gui.widgets.labels import Line, Text
from portway.gui.widgets.qr_popover import QrPopover

_WIDEST = 400


class Empty(QWidget):
    """Follows the tunnel that is looked at: off, open and not recorded, or waiting for its first visitor."""

    tunnels_asked = Signal()
    record_asked = Signal()

    def __init__(self, clipboard: Clipboard, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._url = ""
        self.title = Text(size=1.15, weight=QFont.Weight.DemiBold)
        self.words = Text(tone=Tone.MUTED)
        for text in (self.title, self.words):
            text.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            text.setMaximumWidth(_WIDEST)
        self.copy = CopyButton(clipboard, tr("Copy the link"), text=tr("Copy the link"), weight=Weight.TONAL)
        self.qr = Button(tr("QR code…"), icon="qr")
        self.qr.clicked.connect(self._on_qr)
        self.show_tunnels = Button(tr("Show the tunnels"), weight=Weight.TONAL)
        self.show_tunnels.clicked.connect(self.tunnels_asked)
        self.record = Button(tr("Record its requests"), weight=Weight.SOLID)
        self.record.clicked.connect(self.record_asked)
        self._try_it = Text(tr("or try it here:"), tone=Tone.MUTED, size=0.95)
        self._try_it.setWordWrap(False)
        self.command = Line(size=0.95)
        self.command.setFont(fixed_font())
        self.command.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        command = QHBoxLayout()
        command.addStretch(1)
        command.addWidget(self._try_it)
        command.addWidget(self.command)
        command.addStretch(1)
        buttons = QHBoxLayout()
        buttons.setSpacing(BETWEEN_BUTTONS)
        buttons.addStretch(1)
        for button in (self.copy, self.qr, self.show_tunnels, self.record):
            buttons.addWidget(button)
        buttons.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 0, 8)
        column.setSpacing(4)
        column.addStretch(1)
        column.addWidget(_Scene(), 0, Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(12)
        for text in (self.title, self.words):
            row = QHBoxLayout()
            row.addStretch(1)
            row.addWidget(text, 100)
            row.addStretch(1)
            column.addLayout(row)
        column.addSpacing(12)
        column.addLayout(buttons)
        column.addSpacing(12)
        column.addLayout(command)
        column.addStretch(1)
        self.show_status(None, "", records=False)

    def show_status(self, status: TunnelStatus | None, name: str, *, records: bool) -> None:
        """Show what holds for the tunnel that is looked at; None: none is open."""
        url = "" if status is None or status.public_url is None else status.public_url
        is_open = bool(url)
        self._url = url if records else ""
        for button in (self.copy, self.qr):
            button.setVisible(is_open and records)
        can_record = is_open and not records and status is not None and status.traffic is not None
        self.show_tunnels.setVisible(not is_open or (not records and not can_record))
        self.record.setVisible(can_record)
        for text in (self._try_it, self.command):
            text.setVisible(is_open and records)
        self.command.setText(f"curl {url}" if url else "")
        self.copy.set_content(url)
        title, words = _words(name, is_open=is_open, records=records, can_record=can_record)
        self.title.setText(title)
        self.words.setText(words)

    @Slot()
    def _on_qr(self) -> None:
        if self._url:
            words = tr("Scan it with the camera of a phone.")
            QrPopover(self._url, words, self).open_below(self.qr)


class _Scene(QWidget):
    """A server, a door, and a phone: what it is all about."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedSize(180, 76)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(180, 76)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        now = colours()
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(now.control_edge, 1.5))
        painter.drawRoundedRect(QRectF(1, 12, 44, 52), 7, 7)
        painter.drawRoundedRect(QRectF(149, 14, 28, 48), 6, 6)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(now.hairline)
        for top, wide in ((27, 22), (37, 22), (47, 12)):
            painter.drawRoundedRect(QRectF(12, top, wide, 2.5), 1, 1)
        painter.setBrush(tone_colour(Tone.LINK))
        for left in (54, 116):
            for step in range(4):
                painter.drawEllipse(QRectF(left + 7 * step, 37, 2.4, 2.4))
        painter.setBrush(now.control_edge)
        painter.drawRoundedRect(QRectF(160, 54, 6, 2), 1, 1)
        painter.setBrush(now.tonal.ground)
        painter.setPen(QPen(now.accent, 1.5))
        painter.setClipRect(QRectF(82, 20, 30, 43))
        painter.drawRoundedRect(QRectF(84, 23, 26, 60), 13, 13)
        painter.drawLine(84, 62, 110, 62)
        painter.drawLine(89, 48, 97, 48)


def _words(name: str, *, is_open: bool, records: bool, can_record: bool) -> tuple[str, str]:
    if not is_open:
        words = tr("Turn a tunnel on: each request of a visitor appears here the moment it comes.")
        return tr("Nothing is open"), words
    if records:
        return (
            tr("No visitor yet"),
            tr(
                "Open {name} on your phone, or send the link to somebody. "
                "Each request appears here the moment it comes.",
                name=name,
            ),
        )
    if can_record:
        return (
            tr("The requests of {name} are not recorded", name=name),
            tr("It was turned on without that. Record them now: the link stays, and nothing is written to disk."),
        )
    return (
        tr("The requests of {name} cannot be recorded", name=name),
        tr("A tunnel that stays up after quitting leads straight to your server, past Portway."),
    )
