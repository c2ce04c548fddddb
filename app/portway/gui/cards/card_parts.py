"""The parts of a card, and how they are laid out: large, plain, or as a row of a list, in any width."""

from collections.abc import Callable
from enum import StrEnum

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QHBoxLayout, QLayout, QMenu, QToolButton, QVBoxLayout, QWidget

from portway.gui.cards.callout_box import CalloutBox
from portway.gui.cards.link import LinkParts, Room
from portway.gui.cards.live_line import LiveLine, Sparkline
from portway.gui.i18n.contexts import cards as tr
from portway.gui.platform.clipboard import Clipboard
from portway.gui.theme.look import BETWEEN_BUTTONS, IN_CARD, TILE, TILE_COMPACT
from portway.gui.theme.tone import Tone
from portway.gui.widgets.badges import BadgeRow
from portway.gui.widgets.buttons import Button, IconButton, LinkButton
from portway.gui.widgets.labels import Line, Text
from portway.gui.widgets.pictograms import known
from portway.gui.widgets.state_line import Glyph, StateLine, Tile
from portway.gui.widgets.surfaces import CardGround, ProgressLine
from portway.gui.widgets.switch import Switch

_NAME, _NAME_IN_LIST, _ANY = 180, 104, 16777215  # px; the last is Qt's “no limit”
_LEAST = 240  # px
_ROW, _ROW_OFF, _ROW_COMPACT, _COUNT = 60, 48, 56, 34
_MIDDLE = Qt.AlignmentFlag.AlignVCenter


class Shape(StrEnum):
    """How much of a tunnel is shown."""

    LARGE = "large"  # with its link
    PLAIN = "plain"  # wanted, and no link yet
    ROW = "row"  # one of many that are wanted
    OFF = "off"  # a row of the list below


class CardParts(CardGround):
    """All controls of a card, made once. Which of them are shown is decided by who inherits this."""

    def __init__(self, drawing: str, title: str, clipboard: Clipboard, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._drawing, self._title_text = known(drawing), title
        self._room = Room.ONE_ROW
        # Each gets its parent here: the order of the keyboard is that in which they get one.
        self._tile = Tile(drawing, self)
        self._glyph = Glyph(self)
        self._title = Line(title, size=1.08, weight=QFont.Weight.DemiBold, parent=self)
        self._server = Line(tone=Tone.MUTED, parent=self)
        self._state = StateLine(self)
        self._detail = Line(tone=Tone.MUTED, parent=self)
        self.set_up = LinkButton("", parent=self)  # named once there is something to set up
        self.more = IconButton("more", tr("More for {title}", title=title), self)
        self.more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.more.setMenu(QMenu(self.more))
        self.switch = Switch(title, self)
        self.urls = LinkParts(title, clipboard, self)
        self.badges = BadgeRow(self)
        self.callout = CalloutBox(title, self)
        self._bar = ProgressLine(self)
        self._bar_row = QWidget(self)
        self._bar_text = Text(tone=Tone.MUTED, size=0.95)
        self.cancel = Button(tr("Cancel"), name=tr("Cancel for {title}", title=title))
        self.live = LiveLine(title, self)
        self._bars = Sparkline(self)
        self._count = Line(tone=Tone.MUTED, size=0.95, parent=self)
        self._count.setFixedWidth(_COUNT)
        self._count.setAlignment(Qt.AlignmentFlag.AlignRight | _MIDDLE)
        bar_row = QHBoxLayout(self._bar_row)
        bar_row.setContentsMargins(0, 0, 0, 0)
        bar_row.addWidget(self._bar_text, 1)
        bar_row.addWidget(self.cancel)
        self.setMinimumWidth(_LEAST)  # else what is laid out wide would keep it from becoming narrow
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)

    def _lay_out(self, shape: Shape) -> None:
        """Lay all of it out anew."""
        _clear(self._column)
        self._set_sizes(shape)
        lay_out: dict[Shape, Callable[[], None]] = {
            Shape.LARGE: self._lay_out_large if self._room is not Room.COMPACT else self._lay_out_narrow,
            Shape.PLAIN: self._lay_out_plain,
            Shape.ROW: self._lay_out_row,
            Shape.OFF: self._lay_out_off,
        }
        lay_out[shape]()

    def _set_sizes(self, shape: Shape) -> None:
        compact = self._room is Room.COMPACT
        small = shape is Shape.OFF or compact
        self._tile.set_side(TILE_COMPACT if small else TILE)
        in_list = shape in (Shape.OFF, Shape.ROW)
        self._title.set_size(1.0 if in_list else 1.08)
        self._title.set_weight(QFont.Weight.Medium if shape is Shape.OFF else QFont.Weight.DemiBold)
        room = _NAME if self._room is Room.ONE_ROW else _NAME_IN_LIST
        named = _NAME_IN_LIST if shape is Shape.OFF and not compact else min(self._title.sizeHint().width(), room)
        self._title.setMinimumWidth(named)
        self._title.setMaximumWidth(named if shape is Shape.OFF and not compact else _ANY)
        self._detail.set_size(0.95 if compact or shape is Shape.ROW else 1.0)
        self._server.set_size(0.95 if shape is Shape.ROW else 1.0)
        self.urls.set_compact(compact=compact)
        self.live.set_compact(compact=compact)
        self.callout.set_room(self._room)
        is_row = shape is Shape.ROW
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if is_row else Qt.FocusPolicy.NoFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover, is_row)
        heights = {Shape.ROW: _ROW, Shape.OFF: _ROW_COMPACT if compact else _ROW_OFF}
        self.setMinimumHeight(heights.get(shape, 0))

    def _badges_fit(self) -> bool:
        """Whether all badges have room beside the buttons."""
        column = self.width() - 2 * 16 - self.urls.tile.width() - 16
        buttons = self.urls.copy_button.sizeHint().width() + self.urls.open_button.sizeHint().width()
        return self.badges.sizeHint().width() <= column - buttons - 3 * BETWEEN_BUTTONS

    def _lay_out_large(self) -> None:
        """The code is the tile; the link has a line of its own."""
        name = _row(self._glyph, self._title, self._server, None, self.more, self.switch, spacing=8)
        beside = self._badges_fit()
        badges = (self.badges,) if beside else ()
        buttons = _row(self.urls.copy_button, self.urls.open_button, None, *badges, spacing=6)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addLayout(name)
        words.addWidget(self._state)
        words.addSpacing(7)
        words.addWidget(self.urls.url)
        words.addSpacing(9)
        words.addLayout(buttons)
        if not beside:
            words.addSpacing(9)
            words.addWidget(self.badges)
        words.addStretch(1)
        body = QHBoxLayout()
        body.setContentsMargins(16, 12, 16, 14)
        body.setSpacing(16)
        tile = QVBoxLayout()
        tile.setContentsMargins(0, 3, 0, 0)
        tile.addWidget(self.urls.tile)
        tile.addStretch(1)
        body.addLayout(tile)
        body.addLayout(words, 1)
        self._column.addLayout(body)
        self._add_foot(16)

    def _lay_out_narrow(self) -> None:
        """Everything below each other; the code is a button."""
        body = QVBoxLayout()
        body.setContentsMargins(12, 12, 12, 12)
        body.setSpacing(0)
        body.addLayout(_row(self._tile, self._title, None, self.more, self.switch, spacing=8))
        for gap, part in ((4, self._server), (5, self._state), (8, self.urls.url)):
            body.addSpacing(gap)
            body.addWidget(part)
        body.addSpacing(10)
        buttons = _row(self.urls.copy_button, self.urls.qr_icon, self.urls.open_icon, spacing=6)
        buttons.setStretch(0, 1)
        body.addLayout(buttons)
        body.addSpacing(10)
        body.addWidget(self.badges)
        self._column.addLayout(body)
        self._add_foot(12)

    def _lay_out_plain(self) -> None:
        """Tile, name, state; then one thing to press."""
        compact = self._room is Room.COMPACT
        side = 12 if compact else 16
        words = QVBoxLayout()
        words.setSpacing(1)
        words.addLayout(_row(self._title, *(() if compact else (self._server,)), None, spacing=8))
        if not compact:
            words.addWidget(self._state)
        head = _row(self._tile, words, self.more, self.switch, spacing=BETWEEN_BUTTONS if compact else IN_CARD)
        head.setStretch(1, 1)
        head.setContentsMargins(side, 14, side, 0)
        self._column.addLayout(head)
        if compact:
            below = QVBoxLayout()
            below.setContentsMargins(side, 4, side, 0)
            below.setSpacing(5)
            below.addWidget(self._server)
            below.addWidget(self._state)
            self._column.addLayout(below)
        self._column.addSpacing(14)
        self._add_foot(side)

    def _lay_out_row(self) -> None:
        """One line of a list; a click shows all of it."""
        compact = self._room is Room.COMPACT
        words = QVBoxLayout()
        words.setSpacing(1)
        words.addStretch(1)
        words.addLayout(_row(self._title, *(() if compact else (self._server,)), None, spacing=7))
        words.addWidget(self._detail)
        words.addStretch(1)
        figures = (self._bars, self._count) if self._room is Room.ONE_ROW else ()
        row = _row(self._glyph, words, *figures, self.urls.copy_icon, self.more, self.switch, spacing=10)
        row.setStretch(1, 1)
        side = 12 if compact else 16
        row.setContentsMargins(side, 0, side, 0)
        self._column.addLayout(row, 1)

    def _lay_out_off(self) -> None:
        """What it is, what it is for, and its switch."""
        compact = self._room is Room.COMPACT
        side = 12 if compact else 16
        if compact:
            words = QVBoxLayout()
            words.setSpacing(1)
            words.addStretch(1)
            words.addWidget(self._title)
            words.addWidget(self._detail)
            words.addStretch(1)
            row = _row(self._tile, words, self.set_up, self.more, self.switch, spacing=BETWEEN_BUTTONS)
            row.setStretch(1, 1)
        else:
            row = _row(
                self._tile, self._title, self._detail, self.set_up, self.more, self.switch, spacing=BETWEEN_BUTTONS
            )
            row.setStretch(2, 1)
        row.setContentsMargins(side, 8, side, 8)
        self._column.addLayout(row)
        self._add_foot(side)

    def _add_foot(self, side: int) -> None:
        """Add what may stand below all else: a callout, a bar, what passes through."""
        self._foot = QVBoxLayout()
        self._foot.setContentsMargins(side, 0, side, 0)
        self._foot.setSpacing(IN_CARD)
        self._foot.addWidget(self.callout)
        self._foot.addWidget(self._bar)
        self._foot.addWidget(self._bar_row)  # no layout: one whose parts are all hidden makes this one narrow
        self._column.addLayout(self._foot)
        self._column.addWidget(self.live)


def _row(*parts: QWidget | QLayout | None, spacing: int) -> QHBoxLayout:
    """Return them side by side, in the middle of its height; None is what gives way."""
    row = QHBoxLayout()
    row.setSpacing(spacing)
    for part in parts:
        match part:
            case QWidget():
                row.addWidget(part, 0, _MIDDLE)
            case QLayout():
                row.addLayout(part)
            case None:
                row.addStretch(1)
    return row


def _clear(layout: QLayout) -> None:
    """Take everything out, and leave the widgets where they are."""
    while (item := layout.takeAt(0)) is not None:
        inner = item.layout()
        if inner is not None:
            _clear(inner)
