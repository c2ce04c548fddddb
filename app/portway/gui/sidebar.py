"""The sidebar: where one is, and where one can go. In a narrow window a menu button stands for it."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QAction, QFont, QFontMetrics, QPainter, QPaintEvent
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

from portway.gui.buttons import IconButton
from portway.gui.labels import Line, Text
from portway.gui.look import ICON, ROW_RADIUS, SIDEBAR, SIDEBAR_ROW, Ink, colours, ink_colour, ring_shown, sized
from portway.gui.pictograms import known, paint, pictogram
from portway.gui.words import tr

_SIDE = 10
_BAR = 3


@dataclass(frozen=True, slots=True)
class Place:
    """One page that can be gone to. Its drawing has the same name as its key."""

    key: str
    title: str


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
        heading = Text(tr("Settings"), ink=Ink.MUTED, size=0.95, weight=QFont.Weight.Medium)
        heading.setContentsMargins(12, 14, 0, 4)
        column.addWidget(heading)
        for place in settings:
            column.addWidget(self._row(place))
        column.addStretch(1)
        column.addWidget(self._row(last))

    def select(self, key: str) -> None:
        """Show where one is."""
        self.rows[key].setChecked(True)

    def show_count(self, up: int) -> None:
        """Say at the first row how many tunnels are up."""
        next(iter(self.rows.values())).show_count(up)

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
        self._up = 0
        self.setText(place.title)
        self.setAccessibleName(place.title)
        self.setCheckable(True)
        self.setFixedHeight(SIDEBAR_ROW)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(SIDEBAR - 2 * _SIDE, SIDEBAR_ROW)

    def show_count(self, up: int) -> None:
        """Show how many tunnels are up; none shows nothing."""
        if up != self._up:
            self._up = up
            name = self.place.title
            self.setAccessibleName(name if not up else tr("{page}, {count} up", page=name, count=up))
            self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        now = colours()
        ground = now.selected_row if self.isChecked() else now.sidebar
        painter.setPen(Qt.PenStyle.NoPen)
        if self.isChecked() or self.underMouse():
            painter.setBrush(ground if self.isChecked() else now.hairline)
            painter.drawRoundedRect(QRectF(self.rect()), ROW_RADIUS, ROW_RADIUS)
        if self.isChecked():
            painter.setBrush(now.accent)
            painter.drawRoundedRect(QRectF(0, 6, _BAR, self.height() - 12), 1.5, 1.5)
        if ring_shown(self):
            painter.setPen(ink_colour(Ink.LINK))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), ROW_RADIUS, ROW_RADIUS)
        icon = QRectF(12, (self.height() - ICON) / 2, ICON, ICON)
        paint(painter, known(self.place.key), icon, now.text if self.isChecked() else now.muted, ground)
        painter.setFont(sized(1.0, QFont.Weight.Medium if self.isChecked() else QFont.Weight.Normal))
        painter.setPen(now.text)
        room = self.rect().adjusted(38, 0, -8 - self._paint_count(painter), 0)
        shown = painter.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter) | Qt.TextFlag.TextSingleLine, shown)

    def _paint_count(self, painter: QPainter) -> int:
        """Paint tick and number at the right end; return the room that they take."""
        if not self._up:
            return 0
        number = QFontMetrics(painter.font()).horizontalAdvance(str(self._up))
        right = self.width() - 10
        flags = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight)
        painter.drawText(self.rect().adjusted(0, 0, -10, 0), flags, str(self._up))
        place = QRectF(right - number - 12 - 13, (self.height() - 13) / 2, 13, 13)
        paint(painter, "disc_tick", place, colours().ok.colour, colours().selected_row)
        return number + 36


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
        for action in self._menu.actions():
            action.setIcon(pictogram(known(str(action.data())), ink_colour(Ink.MUTED)))

    @Slot()
    def _on_chosen(self) -> None:
        action = self.sender()
        if isinstance(action, QAction):
            self.gone_to.emit(str(action.data()))
