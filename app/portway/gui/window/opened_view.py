"""What the first page shows from Start on: the link and its code, or why there is none yet, and the first visitor."""

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QFont
from PySide6.QtWidgets import QBoxLayout, QCheckBox, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from portway.core.status import Reach, TunnelStatus
from portway.gui.cards.callout_box import CalloutBox
from portway.gui.cards.link import Room
from portway.gui.i18n.contexts import window as tr
from portway.gui.model.card_view import CardView
from portway.gui.model.guard_rules import is_protected
from portway.gui.model.opened_rules import VisitorWords, opened_words, scan_words
from portway.gui.platform.clipboard import Clipboard
from portway.gui.theme.look import BETWEEN_BUTTONS, IN_CARD
from portway.gui.theme.tone import Tone
from portway.gui.widgets.buttons import Button, CopyButton, Weight
from portway.gui.widgets.labels import Text, UrlText
from portway.gui.widgets.qr_popover import QrPopover, QrTile
from portway.gui.widgets.state_line import Glyph
from portway.gui.widgets.surfaces import CardGround, Hairline, ProgressLine

CODE_SIDE = 222  # px: 29 modules and the quiet zone, 6 px each
_MARK, _BAR_WIDTH = 30, 320  # px
_SIDE, _BETWEEN = 14, 9  # px in the line about visitors
_MIDDLE = Qt.AlignmentFlag.AlignHCenter


class OpenedView(QWidget):
    """Controls are made once, in the order of the keyboard, and shown as the status asks. Main thread."""

    chosen = Signal(object)  # Action: a button of the callout
    open_asked = Signal()
    more_asked = Signal()  # to the internet as well; or, of what is there, a password
    stop_asked = Signal()  # or, where nothing is on any more, to choose anew
    done_asked = Signal()

    def __init__(self, clipboard: Clipboard, autostart: QCheckBox, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._clipboard = clipboard
        self._words = ""
        self._room = 0
        self.mark = Glyph()
        self.mark.setFixedSize(_MARK, _MARK)
        self.headline = _centred(Text(size=1.9, weight=QFont.Weight.DemiBold))
        self.detail = _centred(Text(tone=Tone.MUTED))
        self.callout = CalloutBox()
        self.callout.chosen.connect(self.chosen)
        self.autostart = autostart
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addStretch(1)
        column.addWidget(self.mark, 0, _MIDDLE)
        for part in (self.headline, self.detail, self._progress_part(), self.callout, self._link_part()):
            column.addWidget(part)
        column.addStretch(1)
        column.addWidget(Hairline(indent=0))
        column.addLayout(self._foot())

    def show_tunnel(self, status: TunnelStatus, view: CardView, visitor: VisitorWords | None) -> None:
        """Show how it is. `view` is what its card shows."""
        words = opened_words(status, view)
        self.mark.show_drawing(view.glyph, view.tone)
        self.headline.setText(words.headline)
        self.detail.setText(words.detail)
        self.detail.setVisible(bool(words.detail))
        self._progress.setVisible(view.bar is not None)
        if view.bar is not None:
            self.bar.setVisible(view.bar.share is not None)
            self.bar.show_share(view.bar.share or 0, view.bar.text)
            self.bar_text.setText(view.bar.text)
        self.callout.setVisible(view.callout is not None)
        asks = view.callout is not None and view.callout.tone is not Tone.MUTED
        if view.callout is not None:
            self.callout.show_callout(view.callout)
        self.done.set_weight(Weight.PLAIN if asks else Weight.SOLID)  # one button at most is the solid one
        self._show_link(status, view)
        self._show_visitor(visitor)
        is_on = status.wanted or status.active
        self.stop.call(tr("Stop") if is_on else tr("Choose anew"))
        self._tell(words.headline)

    def set_room(self, width: int) -> None:
        """Lay it out for so many px. Its own width says nothing: what stands side by side keeps it from shrinking."""
        if width != self._room:
            self._room = width
            self.callout.set_room(Room.of(width))
            self._fit()

    def _progress_part(self) -> QWidget:
        self._progress = QWidget()
        self.bar = ProgressLine()
        self.bar.setMaximumWidth(_BAR_WIDTH)
        self.bar_text = _centred(Text(tone=Tone.MUTED, size=0.95))
        line = QHBoxLayout()
        line.addWidget(self.bar)
        column = QVBoxLayout(self._progress)
        column.setContentsMargins(0, 8, 0, 0)
        column.setSpacing(6)
        column.addLayout(line)
        column.addWidget(self.bar_text)
        return self._progress

    def _link_part(self) -> QWidget:
        """Make all that is there only with a link."""
        self._link = QWidget()
        self.tile = QrTile(tr("QR code"), side=CODE_SIDE, white=True)
        self.tile.clicked.connect(self._on_code)
        self.scan = _centred(Text(tone=Tone.MUTED))
        self.url = UrlText(size=1.6, weight=QFont.Weight.Medium)
        self.url.setAlignment(_MIDDLE)
        column = QVBoxLayout(self._link)
        column.setContentsMargins(0, 10, 0, 10)
        column.setSpacing(0)
        column.addWidget(self.tile, 0, _MIDDLE)
        column.addSpacing(10)
        column.addWidget(self.scan)
        column.addSpacing(16)
        column.addWidget(self.url)
        column.addSpacing(12)
        column.addLayout(self._link_buttons())
        column.addSpacing(18)
        column.addWidget(self._visitor_line(), 0, _MIDDLE)
        return self._link

    def _link_buttons(self) -> QHBoxLayout:
        self.copy = CopyButton(self._clipboard, tr("Copy the address"), weight=Weight.TONAL)
        self.open = Button(tr("Open"), icon="open", name=tr("Open the link"))
        self.open.clicked.connect(self.open_asked)
        self.more = Button("")
        self.more.clicked.connect(self.more_asked)
        both = QHBoxLayout()
        both.setSpacing(BETWEEN_BUTTONS)
        both.addWidget(self.copy)
        both.addWidget(self.open)
        self._buttons = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._buttons.setSpacing(BETWEEN_BUTTONS)
        self._buttons.addLayout(both)
        self._buttons.addWidget(self.more)
        line = QHBoxLayout()
        line.addStretch(1)
        line.addLayout(self._buttons)
        line.addStretch(1)
        return line

    def _visitor_line(self) -> QWidget:
        self.visitor = CardGround(tr("Visitors"))
        self.visitor.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Minimum)
        self._visitor_mark = Glyph()
        self.visitor_text = _LooseText()
        self.visitor_more = _LooseText(tone=Tone.MUTED)
        row = QHBoxLayout(self.visitor)
        row.setContentsMargins(_SIDE, _BETWEEN, _SIDE, _BETWEEN)
        row.setSpacing(_BETWEEN)
        row.addWidget(self._visitor_mark)
        for text in (self.visitor_text, self.visitor_more):
            row.addWidget(text)
        return self.visitor

    def _foot(self) -> QBoxLayout:
        self.stop = Button(tr("Stop"))
        self.stop.clicked.connect(self.stop_asked)
        self.done = Button(tr("Done"), weight=Weight.SOLID)
        self.done.clicked.connect(self.done_asked)
        buttons = QHBoxLayout()
        buttons.setSpacing(BETWEEN_BUTTONS)
        buttons.addStretch(1)
        buttons.addWidget(self.stop)
        buttons.addWidget(self.done)
        self._bottom = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._bottom.setSpacing(IN_CARD)
        self._bottom.setContentsMargins(0, 6, 0, 0)
        self._bottom.addWidget(self.autostart)
        self._bottom.addLayout(buttons, 1)
        return self._bottom

    def _show_link(self, status: TunnelStatus, view: CardView) -> None:
        self._link.setVisible(bool(view.url))
        if not view.url:
            return
        if self.url.text() != view.url:
            self.url.setText(view.url)
            self.url.updateGeometry()
        self.url.set_live(view.live)
        self.tile.show_url(view.url)
        self.copy.set_content(view.url)
        self.scan.setText(scan_words(status))
        for control in (self.tile, self.open):
            control.setEnabled(view.live)
        near = status.reach is Reach.NETWORK
        self.more.call(tr("Open to the internet too…") if near else tr("Protect…"))
        self.more.set_icon("globe" if near else "lock")
        self.more.setVisible(near or not is_protected(status))
        self._fit()

    def _show_visitor(self, visitor: VisitorWords | None) -> None:
        self.visitor.setVisible(visitor is not None)
        if visitor is not None:
            changed = visitor.text != self.visitor_text.text()
            self._visitor_mark.show_drawing(visitor.glyph, visitor.tone)
            self.visitor_text.setText(visitor.text)
            self.visitor_more.setText(visitor.more)
            self.visitor_more.setVisible(bool(visitor.more))
            if changed and visitor.came:
                self._announce(visitor.text)

    def _fit(self) -> None:
        """Put below each other what has no room beside."""
        beside = (self.copy, self.open, self.more)
        room = sum(one.sizeHint().width() for one in beside if not one.isHidden()) + 2 * BETWEEN_BUTTONS
        self._buttons.setDirection(_direction(fits=room <= self._room))
        foot = self.autostart.sizeHint().width() if not self.autostart.isHidden() else 0
        foot += self.stop.sizeHint().width() + self.done.sizeHint().width() + 2 * IN_CARD
        self._bottom.setDirection(_direction(fits=foot <= self._room))

    def _tell(self, words: str) -> None:
        """Name it by its state; a change is announced to those who listen."""
        if words == self._words:
            return
        before, self._words = self._words, words
        self.setAccessibleName(words)
        if before:
            self._announce(words)

    def _announce(self, words: str) -> None:
        if QAccessible.isActive():
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, words))

    @Slot()
    def _on_code(self) -> None:
        QrPopover(self.url.text(), self.scan.text(), self).open_below(self.tile)


class _LooseText(Text):
    """One line where there is room, else as many as it takes."""

    def sizeHint(self) -> QSize:
        width = self.fontMetrics().horizontalAdvance(self.text()) + 2
        return QSize(width, self.heightForWidth(width))


def _direction(*, fits: bool) -> QBoxLayout.Direction:
    return QBoxLayout.Direction.LeftToRight if fits else QBoxLayout.Direction.TopToBottom


def _centred(text: Text) -> Text:
    text.setAlignment(_MIDDLE)
    return text
