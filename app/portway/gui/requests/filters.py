"""What narrows the table: a text, a method, a class of statuses, a tunnel."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtGui import QAction, QKeySequence, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QComboBox, QGridLayout, QWidget

from portway.gui.i18n.contexts import requests as tr
from portway.gui.requests.model import Wanted
from portway.gui.theme.look import BETWEEN_BUTTONS, CONTROL, tone_colour
from portway.gui.theme.tone import Tone
from portway.gui.widgets.entry import Entry
from portway.gui.widgets.labels import Text
from portway.gui.widgets.pictograms import pictogram
from portway.gui.widgets.segments import Segments

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS")
ALL = "all"
CLASSES = ("2xx", "3xx", "4xx", "5xx")
_LEAST_SEARCH = 200  # px
_HINT_SIDE = 10  # px
_BESIDE_HINT = 64  # px that its drawing and the room between its words take


class FilterBar(QWidget):
    """`changed` comes when something else is to be shown."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.search = _Search()
        self.search.setAccessibleName(tr("Search in requests"))
        self.search.setPlaceholderText(tr("Path, header, body or visitor"))
        self.search.setClearButtonEnabled(True)
        self.search.setMinimumHeight(CONTROL)
        self._lens = QAction(self.search)
        self.search.addAction(self._lens, Entry.ActionPosition.LeadingPosition)
        self.method = QComboBox()
        self.method.setAccessibleName(tr("Method"))
        self.method.addItem(tr("Any method"), "")
        for method in METHODS:
            self.method.addItem(method, method)
        self.status = Segments(tr("Status"), {ALL: tr("All"), **{one: one for one in CLASSES}})
        self.status.choose(ALL)
        self.tunnel = QComboBox()
        self.tunnel.setAccessibleName(tr("Which tunnel"))
        self.tunnel.addItem(tr("All tunnels"), "")
        for box in (self.method, self.tunnel):
            box.setMinimumHeight(CONTROL)
        self.shown = Text(tone=Tone.MUTED, size=0.95)
        self.shown.setWordWrap(False)
        self.shown.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(BETWEEN_BUTTONS)
        self._arrange(width=0)
        self._draw()
        self.search.textChanged.connect(self.changed)
        self.search.taken_back.connect(self.clear_search)
        self.method.currentIndexChanged.connect(self.changed)
        self.status.chosen.connect(self.changed)
        self.tunnel.currentIndexChanged.connect(self.changed)

    @property
    def text(self) -> str:
        """What is searched for, in small letters."""
        return self.search.text().strip().lower()

    def wanted(self, found: frozenset[int]) -> Wanted:
        """Return what is to be shown; `found` are numbers that have the text inside."""
        return Wanted(
            text=self.text,
            method=str(self.method.currentData() or ""),
            status="" if self.status.value == ALL else self.status.value,
            tunnel=self.chosen_tunnel,
            found=found,
        )

    @property
    def chosen_tunnel(self) -> str:
        """The id of the one tunnel that is looked at, empty for all."""
        return str(self.tunnel.currentData() or "")

    def offer(self, tunnels: Mapping[str, str]) -> None:
        """Offer these tunnels, by id and name."""
        there = {str(self.tunnel.itemData(at)): self.tunnel.itemText(at) for at in range(1, self.tunnel.count())}
        if there == dict(tunnels):
            return
        before = self.chosen_tunnel
        self.tunnel.blockSignals(True)
        while self.tunnel.count() > 1:
            self.tunnel.removeItem(1)
        for tunnel, name in tunnels.items():
            self.tunnel.addItem(name, tunnel)
        self.tunnel.setCurrentIndex(max(0, self.tunnel.findData(before)))
        self.tunnel.blockSignals(False)
        if self.chosen_tunnel != before:
            self.changed.emit()

    def choose_tunnel(self, tunnel: str) -> None:
        """Look at one tunnel, at all where it is empty or none of these."""
        self.tunnel.setCurrentIndex(max(0, self.tunnel.findData(tunnel)))

    def show_all(self) -> None:
        """Take everything back."""
        self.search.clear()
        self.method.setCurrentIndex(0)
        self.tunnel.setCurrentIndex(0)
        if self.status.value != ALL:
            self.status.choose(ALL)
            self.changed.emit()

    def search_now(self) -> None:
        """Put the cursor into the search."""
        self.search.setFocus()
        self.search.selectAll()

    @Slot()
    def clear_search(self) -> bool:
        """Search for nothing; False where nothing was searched for."""
        searched = bool(self.search.text())
        self.search.clear()
        return searched

    def fit(self, width: int) -> None:
        """Follow a change of the width of the page."""
        self._arrange(width=width)
        self._grid.activate()  # now, also while it is hidden: its page asks how little room it needs
        self.updateGeometry()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._draw()

    def _draw(self) -> None:
        self._lens.setIcon(pictogram("search", tone_colour(Tone.TEXT)))

    def _arrange(self, *, width: int) -> None:
        chosen = (self.method, self.status, self.tunnel)
        beside = sum(widget.sizeHint().width() + BETWEEN_BUTTONS for widget in chosen)
        half = width >= beside
        wide = width >= beside + _LEAST_SEARCH + self.shown.sizeHint().width()
        places = (
            ((0, 0), (0, 1), (0, 2), (0, 3), (0, 4))
            if wide
            else ((0, 0, 1, 2), (1, 0), (1, 2), (1, 1), (0, 2))
            if half
            else ((0, 0, 1, 2), (1, 0), (2, 0, 1, 2), (1, 1), (3, 0, 1, 2))
        )
        widgets = (self.search, self.method, self.status, self.tunnel, self.shown)
        for widget, place in zip(widgets, places, strict=True):
            self._grid.addWidget(widget, *place)
        self._grid.setColumnStretch(0, 1)
        self._grid.setColumnStretch(1, 0 if wide else 1)


class _Search(Entry):
    """Says at its end by which keys one gets there, while there is room and nothing is searched for."""

    @property
    def hint(self) -> str:
        """What stands at its end, empty where nothing does."""
        keys = QKeySequence(QKeySequence.StandardKey.Find).toString(QKeySequence.SequenceFormat.NativeText)
        metrics, hint = self.fontMetrics(), keys.replace("+", " ")
        taken = metrics.horizontalAdvance(self.placeholderText()) + metrics.horizontalAdvance(hint) + _BESIDE_HINT
        return "" if self.text() or self.hasFocus() or taken > self.width() else hint

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setPen(self.palette().color(QPalette.ColorRole.PlaceholderText))
        flags = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter) | Qt.TextFlag.TextSingleLine
        painter.drawText(self.rect().adjusted(0, 0, -_HINT_SIDE, 0), flags, self.hint)
