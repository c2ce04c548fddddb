"""What the dialog of who can open a tunnel is made of: one rule a row, and rows that scroll where the screen is low."""

from PySide6.QtCore import QEvent, QObject, QRectF, Qt, Signal, Slot
from PySide6.QtGui import QFont, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QLayout, QScrollArea, QVBoxLayout, QWidget

from portway.core.status import TunnelStatus
from portway.gui.i18n.contexts import dialogs as tr
from portway.gui.theme.look import BETWEEN_BUTTONS, CONTROL, ICON, IN_CARD, MARGIN, colours, tone_colour
from portway.gui.theme.tone import Tone
from portway.gui.widgets.entry import Entry
from portway.gui.widgets.labels import Text
from portway.gui.widgets.pictograms import paint
from portway.gui.widgets.qr_popover import QrPopover, QrTile
from portway.gui.widgets.surfaces import CardGround, Hairline
from portway.gui.widgets.switch import Switch

_PADDING = 16
_LEAST_LETTERS = 16  # of an entry that are in sight
_CODE = 148  # px: 41 modules and the quiet zone, 3 px each, are enough for the link of a quick tunnel


class RuleRow(QWidget):
    """One rule: what it is, what it does, its switch, and what belongs to it while it is on.

    Without a switch, or with a `choice` in its place, it is always on.
    """

    def __init__(self, icon: str, title: str, text: str, *, switch: bool = True, choice: QWidget | None = None) -> None:
        super().__init__()
        self._icon = icon
        has_switch = switch and choice is None
        self.switch = Switch(title if has_switch else "", self)
        self.switch.setVisible(has_switch)
        self._details = QWidget()
        self._detail_column = QVBoxLayout(self._details)
        self._detail_column.setContentsMargins(0, 8, 0, 0)
        self._detail_column.setSpacing(BETWEEN_BUTTONS)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(Text(title, weight=QFont.Weight.DemiBold))
        self.text = Text(text, tone=Tone.MUTED)
        words.addWidget(self.text)
        head = QHBoxLayout()
        head.setSpacing(IN_CARD)
        head.addLayout(words, 1)
        head.addWidget(choice or self.switch, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(_PADDING + ICON + IN_CARD, 10, _PADDING, 10)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self._details)
        self._details.setVisible(not has_switch)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint(painter, self._icon, QRectF(_PADDING, 12, ICON, ICON), tone_colour(Tone.TEXT), colours().card)

    def add(self, content: QWidget | QLayout) -> None:
        """Show this below, while it is on."""
        if isinstance(content, QWidget):
            self._detail_column.addWidget(content)
        else:
            self._detail_column.addLayout(content)

    def show_on(self, *, on: bool) -> None:
        """Show whether it holds."""
        self.switch.setChecked(on)
        self._details.setVisible(on and self._detail_column.count() > 0)


class HostRule(RuleRow):
    """Holds while the tunnel is wanted, for the server that it leads to."""

    asked = Signal(str)  # what the server gets as Host; empty: what the visitor sent

    def __init__(self) -> None:
        self.choice = QComboBox()
        self.choice.setAccessibleName(tr("Host name that the server sees"))
        self.choice.setMinimumHeight(CONTROL)
        self.choice.setMinimumContentsLength(_LEAST_LETTERS)
        self.choice.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        words = tr("If it says “Blocked request” or “Invalid host”, choose its own.")
        super().__init__("server", tr("Host name that the server sees"), words, choice=self.choice)
        self.choice.activated.connect(self._on_chosen)

    def show_host(self, status: TunnelStatus) -> None:
        """Show what holds, and what there is to choose."""
        own, host = status.target_url.partition("://")[2], status.host or ""
        choices = {"": tr("As the visitor sent it"), own: tr("Its own: {host}", host=own)}
        choices.setdefault(host, host)
        if [*choices.items()] != [(self.choice.itemData(at), self.choice.itemText(at)) for at in self._places()]:
            self.choice.clear()
            for value, text in choices.items():
                self.choice.addItem(text, value)
        self.choice.setCurrentIndex([*choices].index(host))
        self.choice.setEnabled(status.wanted)

    def _places(self) -> range:
        return range(self.choice.count())

    @Slot()
    def _on_chosen(self) -> None:
        self.asked.emit(str(self.choice.currentData()))


class OneTimeCode(QWidget):
    """The code of a link that lets one device in; pressed, it is shown large."""

    def __init__(self) -> None:
        super().__init__()
        self.link = ""
        self.tile = QrTile(tr("QR code of a one-time link"), self, side=_CODE)
        self.tile.clicked.connect(self._on_clicked)
        words = Text(tr("lets one device in"), tone=Tone.MUTED)
        words.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        words.setFixedWidth(_CODE)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.tile)
        column.addWidget(words)
        column.addStretch(1)

    def show_link(self, link: str) -> None:
        """Show the code of this link, or nothing."""
        self.link = link
        self.tile.show_url(link)
        self.setVisible(bool(link))

    @Slot()
    def _on_clicked(self) -> None:
        QrPopover(self.link, tr("It lets one device in without the password."), self).open_below(self.tile)


class RuleList(QScrollArea):
    """The rows on one card; they scroll where they are higher than what there is."""

    grown = Signal()  # or shrunk: the rows need another height

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        body = QWidget()
        self._side = QVBoxLayout(body)
        self._rare: list[QWidget] = []
        self._card = CardGround(name)
        self._rows = QVBoxLayout(self._card)
        self._rows.setContentsMargins(0, 4, 0, 4)
        self._rows.setSpacing(0)
        self._side.addWidget(self._card)
        self._side.addStretch(1)
        self.setWidget(body)
        for one in (self.viewport(), body):
            one.setAutoFillBackground(False)
        self._card.installEventFilter(self)

    def add(self, row: QWidget, *, rare: bool = False) -> tuple[QWidget, ...]:
        """Add a row below the others; return what it is made of. `rare`: it is seen only where it is asked for."""
        parts = (Hairline(indent=0), row) if self._rows.count() else (row,)
        for part in parts:
            self._rows.addWidget(part)
            if rare:
                part.hide()
                self._rare.append(part)
        return parts

    def show_rare(self) -> None:
        """Show all rows from now on."""
        for part in self._rare:
            part.show()

    def needed(self, width: int) -> int:
        """Return how high all rows are where the list is so wide."""
        return self._rows.totalHeightForWidth(width - 2 * MARGIN)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._card and event.type() == QEvent.Type.LayoutRequest:
            self.setMinimumWidth(self._card.minimumSizeHint().width() + 2 * MARGIN)  # no row is cut at its side
            self.grown.emit()
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        bar = self.width() - self.viewport().width()  # it takes its room from the margin: nothing moves when it comes
        self._side.setContentsMargins(MARGIN, 0, MARGIN - bar, 0)


def line_of(*parts: QWidget | None) -> QHBoxLayout:
    """Return them side by side; None takes what room is left."""
    line = QHBoxLayout()
    line.setSpacing(BETWEEN_BUTTONS)
    for part in parts:
        if part is None:
            line.addStretch(1)
        else:
            line.addWidget(part)
    return line


def entry_for(words: str) -> Entry:
    """Return a field; `words` say what belongs there."""
    entry = Entry()
    entry.setMinimumHeight(CONTROL)
    entry.setPlaceholderText(words)
    entry.setAccessibleName(words)
    return entry


def show_entries(field: Entry, entries: tuple[str, ...]) -> None:
    """Show what holds, unless somebody is typing."""
    if not field.isModified():
        field.setText(", ".join(entries))
