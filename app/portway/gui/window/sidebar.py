"""The sidebar: where one is, and where one can go. In a narrow window a menu button stands for it."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QLocale, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QAction, QColor, QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QButtonGroup,
    QHBoxLayout,
    QMenu,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from portway.gui.i18n.contexts import window as tr
from portway.gui.model.summary import Summary
from portway.gui.theme.look import ICON, ROW_RADIUS, SIDEBAR, SIDEBAR_ROW, colours, selected_colour, sized, tone_colour
from portway.gui.theme.tone import Tone
from portway.gui.widgets.buttons import IconButton
from portway.gui.widgets.labels import Line, Text
from portway.gui.widgets.pictograms import known, paint, pictogram

_SIDE = 10
_BAR = 3


@dataclass(frozen=True, slots=True)
class Place:
    """One page that can be gone to. `icon` is the name of its drawing; empty: its key is."""

    key: str
    title: str
    icon: str = ""

    @property
    def drawing(self) -> str:
        """The drawing that there is for it."""
        return known(self.icon or self.key)


class Sidebar(QWidget):
    """Rows for `tops`, for `settings` below a heading, and for `last` at the foot."""

    gone_to = Signal(str)  # key

    def __init__(
        self, tops: tuple[Place, ...], settings: tuple[Place, ...], last: Place, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setFixedWidth(SIDEBAR)
        self.setAccessibleName(tr("Pages"))
        self._group = QButtonGroup(self)
        self._group.buttonClicked.connect(self._on_clicked)
        self.rows: dict[str, SidebarRow] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(_SIDE, 13, _SIDE, 13)
        column.setSpacing(2)
        for place in tops:
            column.addWidget(self._row(place))
        heading = Text(tr("Settings"), tone=Tone.MUTED, size=0.95, weight=QFont.Weight.Medium)
        heading.setContentsMargins(12, 14, 0, 4)
        column.addWidget(heading)
        for place in settings:
            column.addWidget(self._row(place))
        column.addStretch(1)
        column.addWidget(self._row(last))

    def select(self, key: str) -> None:
        """Show where one is."""
        self.rows[key].setChecked(True)

    def show_summary(self, summary: Summary) -> None:
        """Say at the first row how many tunnels work."""
        next(iter(self.rows.values())).show_summary(summary)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), colours().sidebar)
        painter.setPen(colours().hairline)
        painter.drawLine(self.rect().topRight(), self.rect().bottomRight())

    def _row(self, place: Place) -> SidebarRow:
        row = SidebarRow(place)
        self._group.addButton(row)
        self.rows[place.key] = row
        return row

    @Slot(QAbstractButton)
    def _on_clicked(self, button: QAbstractButton) -> None:
        if isinstance(button, SidebarRow):
            self.gone_to.emit(button.place.key)


class SidebarRow(QAbstractButton):
    """One row. Arrow keys go from row to row."""

    def __init__(self, place: Place, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.place = place
        self._count = ""
        self._glyph = "", Tone.OK
        self.setText(place.title)
        self.setAccessibleName(place.title)
        self.setCheckable(True)
        self.setFixedHeight(SIDEBAR_ROW)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(SIDEBAR - 2 * _SIDE, SIDEBAR_ROW)

    def ring(self) -> tuple[QRectF, float]:
        """Return what the ring of the focus goes around, and how round that is: inside, as rows stand close."""
        return QRectF(self.rect()).adjusted(4, 4, -4, -4), ROW_RADIUS - 2

    def show_summary(self, summary: Summary) -> None:
        """Show how many tunnels work, of how many where some do not; nothing while none is on."""
        works, total = len(summary.working), len(summary.working) + len(summary.troubled)
        if summary.troubled:
            count, glyph = tr("{works} of {total}", works=works, total=total), ("triangle", Tone.WARN)
        elif summary.starting:
            count, glyph = str(works or ""), ("busy", Tone.BUSY)
        else:
            count, glyph = str(works or ""), ("disc_tick", Tone.OK)
        if not summary.on:
            glyph = "", Tone.OK
        if (count, glyph) != (self._count, self._glyph):
            self._count, self._glyph = count, glyph
            name = self.place.title
            self.setAccessibleName(f"{name}, {summary.headline}" if summary.on else name)
            self.update()

    def show_count(self, count: int) -> None:
        """Show how many there are on the page; nothing while there are none."""
        shown = QLocale().toString(count) if count else ""
        if shown != self._count:
            self._count = shown
            self.setAccessibleName(", ".join(filter(None, (self.place.title, shown))))
            self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        now = colours()
        ground = now.sidebar_selected if self.isChecked() else now.sidebar
        painter.setPen(Qt.PenStyle.NoPen)
        if self.isChecked() or self.underMouse():
            painter.setBrush(ground if self.isChecked() else now.hairline)
            painter.drawRoundedRect(QRectF(self.rect()), ROW_RADIUS, ROW_RADIUS)
        if self.isChecked():
            painter.setBrush(now.accent)
            painter.drawRoundedRect(QRectF(0, 6, _BAR, self.height() - 12), 1.5, 1.5)
        icon = QRectF(12, (self.height() - ICON) / 2, ICON, ICON)
        paint(painter, self.place.drawing, icon, now.text if self.isChecked() else now.muted, ground)
        painter.setFont(sized(1.0, QFont.Weight.Medium if self.isChecked() else QFont.Weight.Normal))
        painter.setPen(now.text)
        room = self.rect().adjusted(38, 0, -8 - self._paint_count(painter, ground), 0)
        shown = painter.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter) | Qt.TextFlag.TextSingleLine, shown)

    def _paint_count(self, painter: QPainter, ground: QColor) -> int:
        """Paint glyph and number at the right end; return the room that they take."""
        glyph, tone = self._glyph
        number = QFontMetrics(painter.font()).horizontalAdvance(self._count)
        right = self.width() - 10
        flags = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight)
        painter.drawText(self.rect().adjusted(0, 0, -10, 0), flags, self._count)
        if not glyph:
            return number
        place = QRectF(right - number - (6 if number else 0) - 13, (self.height() - 13) / 2, 13, 13)
        paint(painter, glyph, place, selected_colour(tone) if self.isChecked() else tone_colour(tone), ground)
        return number + 30


class NarrowHead(QWidget):
    """The bar of a narrow window: its menu names the page and leads to all others."""

    gone_to = Signal(str)

    def __init__(self, places: tuple[Place, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._places = places
        self.setFixedHeight(44)
        self.button = IconButton("menu", tr("Pages"))
        self.button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._menu = QMenu(self.button)
        for place in places:
            action = QAction(place.title, self._menu)
            action.setData(place.key)
            action.triggered.connect(self._on_chosen)
            self._menu.addAction(action)
        self.button.setMenu(self._menu)
        self._draw()
        self._title = Line(weight=QFont.Weight.DemiBold, size=1.08)
        row = QHBoxLayout(self)
        row.setContentsMargins(5, 0, 12, 0)
        row.setSpacing(2)
        row.addWidget(self.button)
        row.addWidget(self._title, 1)

    def select(self, key: str) -> None:
        """Name the page."""
        title = next((place.title for place in self._places if place.key == key), "")
        self._title.setText(title)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._draw()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(colours().hairline)
        painter.drawLine(self.rect().bottomLeft(), self.rect().bottomRight())

    def _draw(self) -> None:
        for place, action in zip(self._places, self._menu.actions(), strict=True):
            action.setIcon(pictogram(place.drawing, tone_colour(Tone.MUTED)))

    @Slot()
    def _on_chosen(self) -> None:
        action = self.sender()
        if isinstance(action, QAction):
            self.gone_to.emit(str(action.data()))
