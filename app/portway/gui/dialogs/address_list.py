"""A list of addresses with what is known of each, and a button for it: to remove one, or to let one in."""

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import QRectF, Qt, Signal, Slot
from PySide6.QtGui import QFont, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from portway.core.guard.rules import with_note
from portway.gui.dialogs.rule_row import RuleRow, entry_for, line_of
from portway.gui.i18n.contexts import dialogs as tr
from portway.gui.model.kept_out import Entry, note_for
from portway.gui.theme.look import BETWEEN_BUTTONS, CONTROL, INSET_RADIUS, colours
from portway.gui.theme.tone import Tone
from portway.gui.widgets.buttons import Button, IconButton
from portway.gui.widgets.labels import Line

_ADDRESS_WIDTH = 132  # px: an address of IPv4, or a range of them
_SIDE = 10


class AddressRow(QWidget):
    """One address. Who was kept out stands on another ground, and has “Allow” where that would let it in."""

    removed = Signal(str)
    allowed = Signal(str)

    def __init__(self, address: str, *, kept_out: bool) -> None:
        super().__init__()
        self._address = address
        self._kept_out = kept_out
        self.words = Line(tone=Tone.MUTED)
        self.button = (
            Button(tr("Allow"), icon="plus", name=tr("Allow {address}", address=address))
            if kept_out
            else IconButton("x", tr("Remove {address}", address=address))
        )
        self.button.clicked.connect(self._on_clicked)
        name = Line(address, weight=QFont.Weight.DemiBold)
        name.setMinimumWidth(_ADDRESS_WIDTH)
        line = QHBoxLayout(self)
        line.setContentsMargins(_SIDE, 2, 4, 2)
        line.setSpacing(BETWEEN_BUTTONS)
        line.addWidget(name)
        line.addWidget(self.words, 1)
        line.addWidget(self.button)
        self.setMinimumHeight(CONTROL + 4)

    def show_entry(self, entry: Entry) -> None:
        """Show what is known of it now."""
        self.words.setText(entry.text)
        self.button.setAccessibleDescription(entry.text)
        self.button.setVisible(entry.can_be_allowed or not self._kept_out)

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self._kept_out:
            painter = QPainter(self)
            painter.fillRect(self.rect().adjusted(1, 0, -1, -1), colours().inset)

    @Slot()
    def _on_clicked(self) -> None:
        (self.allowed if self._kept_out else self.removed).emit(self._address)


class AddressList(QWidget):
    """Rows stay the same objects as long as their addresses are there: a press on one is never lost."""

    removed = Signal(str)
    allowed = Signal(str)

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.rows: dict[tuple[str, bool], AddressRow] = {}  # by address, and whether it is kept out
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 1, 0, 1)
        self._column.setSpacing(0)
        self.hide()

    def show_entries(self, may_come: Sequence[Entry], kept_out: Sequence[Entry]) -> None:
        """Show who may come, and below that who was kept out. A row that stays keeps its place."""
        wanted = {(entry.address, False): entry for entry in may_come}
        wanted |= {(entry.address, True): entry for entry in kept_out}
        for key in [key for key in self.rows if key not in wanted]:
            row = self.rows.pop(key)
            self._column.removeWidget(row)
            row.hide()
            row.deleteLater()
        for key, entry in wanted.items():
            if key not in self.rows:
                self._add(key)
            self.rows[key].show_entry(entry)
        self.setVisible(bool(self.rows))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(colours().hairline, 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), INSET_RADIUS, INSET_RADIUS)
        for row in self.rows.values():
            if row.y() > 1:
                painter.drawLine(1, row.y(), self.width() - 2, row.y())

    def _add(self, key: tuple[str, bool]) -> None:
        address, kept_out = key
        row = self.rows[key] = AddressRow(address, kept_out=kept_out)
        row.removed.connect(self.removed)
        row.allowed.connect(self.allowed)
        may_come = sum(1 for _, other in self.rows if not other)
        self._column.insertWidget(self._column.count() if kept_out else may_come - 1, row)


class AddressRule(RuleRow):
    """Who may come, by address, and who was kept out for that."""

    asked = Signal(list)  # all addresses that may come from now on, new ones with what is noted of them

    def __init__(self) -> None:
        super().__init__("people", tr("Only these addresses"), tr("Everybody else gets a short page that says no."))
        self._may_come: tuple[str, ...] = ()
        self.list = AddressList(tr("Addresses"))
        self.list.removed.connect(self._on_removed)
        self.list.allowed.connect(self._on_allowed)
        self.field = entry_for(tr("Address or range, like 192.0.2.0/24, and whose it is"))
        self.field.editingFinished.connect(self._on_typed)
        self.button = Button(tr("Add"), name=tr("Add the address"))
        self.button.clicked.connect(self._on_typed)  # for those whose style takes no focus with a click
        self.add(self.list)
        self.add(line_of(self.field, self.button))

    def show_rule(self, may_come: Sequence[Entry], kept_out: Sequence[Entry]) -> None:
        """Show what holds, and who was kept out by it. What is being typed stays; what was taken is gone."""
        addresses = tuple(entry.address for entry in may_come)
        if addresses != self._may_come:
            self._may_come = addresses
            if not self.field.isModified():
                self.field.clear()
        self.list.show_entries(may_come, kept_out)
        self.show_on(on=bool(may_come) or self.field.hasFocus())

    @Slot()
    def _on_typed(self) -> None:
        if self.field.isModified():
            self.field.setModified(False)  # what is no address stays to be mended, and is not asked again
            typed = (part.strip().partition(" ") for part in self.field.text().split(","))
            new = [_added(address, words) for address, _, words in typed if address]
            self.asked.emit([*self._may_come, *new])

    @Slot(str)
    def _on_removed(self, address: str) -> None:
        self.asked.emit([one for one in self._may_come if one != address])

    @Slot(str)
    def _on_allowed(self, address: str) -> None:
        self.asked.emit([*self._may_come, _added(address)])


def _added(address: str, words: str = "") -> str:
    """Return an address as it is kept: with whose it is, and since when it may come."""
    return with_note(address, note_for(words.lstrip("# "), datetime.now().astimezone().date()))


class KeptOutRow(RuleRow):
    """Who was kept out by other rules: seen only while there is somebody."""

    def __init__(self) -> None:
        words = tr("Since it came up. Kept in memory only: gone when it stops, never written to disk.")
        super().__init__("shield", tr("Kept out"), words, switch=False)
        self.list = AddressList(tr("Kept out"))
        self.add(self.list)
        self.show_on(on=True)
