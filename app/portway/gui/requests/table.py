"""The table of requests: rows of one height, drawn by us; new ones come in on top and move nothing that is read."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QEvent, QItemSelectionModel, QModelIndex, QPoint, QRect, QRectF, Qt, Signal, Slot
from PySide6.QtGui import QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QTableView, QWidget

from portway.core.hub import RequestRow
from portway.gui.i18n.contexts import requests as tr
from portway.gui.requests.cells import EDGE, ROW, SIDE, CellDelegate, Look, cell_font, inside, title_font
from portway.gui.requests.model import ROW_ROLE, RequestModel, column_title
from portway.gui.requests.ordering import Column
from portway.gui.theme.look import colours, sized
from portway.gui.widgets.buttons import Button, Weight
from portway.gui.widgets.pictograms import paint

_LEAST_PATH = 130
_WIDTHS: Mapping[Column, int] = {
    Column.TIME: 108,
    Column.METHOD: 70,
    Column.STATUS: 72,
    Column.TYPE: 92,
    Column.SIZE: 74,
    Column.DURATION: 124,
    Column.TUNNEL: 112,
    Column.VISITOR: 128,
}
_SHORT_TIME = 76
# What is left out first where there is no room, and what a table beside an open request does without.
_LESS_NEEDED = (Column.TYPE, Column.SIZE, Column.TUNNEL, Column.VISITOR, Column.DURATION, Column.TIME)
_BESIDE_DETAIL = frozenset({Column.TIME, Column.METHOD, Column.PATH, Column.STATUS, Column.DURATION})


class RequestTable(QTableView):
    """A native table for those who listen. Keys: Enter opens, Space pauses; a click opens, too."""

    opened = Signal(int)  # the number of a request: by a click or Enter
    moved_to = Signal(int)  # the same, as arrow keys went there
    pause_asked = Signal()
    menu_asked = Signal(QPoint)  # on the screen
    widths_changed = Signal()

    def __init__(self, model: RequestModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._requests = model
        self._kept: dict[str, int] = {}  # widths that a person chose, by the names of columns
        self._beside = False
        self._before = 0  # the newest request that was known
        self._anchor: tuple[int, int] | None = None  # the request at the top, and how far it is scrolled
        self._chosen = 0
        self._unseen: set[int] = set()
        self.hovered = -1
        self.setModel(model)
        self._delegate = CellDelegate(self, model)
        self.setItemDelegate(self._delegate)
        self.setAccessibleName(tr("Requests"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setMouseTracking(True)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._on_menu)
        self.viewport().setAutoFillBackground(False)
        self.setHorizontalHeader(_Header(self))
        rows = self.verticalHeader()
        rows.setVisible(False)
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setMinimumSectionSize(ROW)
        rows.setDefaultSectionSize(ROW)
        self._begin_header()
        self._colour()
        self.newer = Button("", icon="up", weight=Weight.SOLID, parent=self)
        self.newer.hide()
        self.newer.clicked.connect(self.scrollToTop)
        model.changing.connect(self._on_changing)
        model.changed.connect(self._on_changed)
        self.verticalScrollBar().valueChanged.connect(self._on_scrolled)
        self.selectionModel().currentRowChanged.connect(self._on_current)

    @property
    def chosen(self) -> int:
        """The number of the request that is selected, 0 for none."""
        return self._chosen

    @property
    def is_at_top(self) -> bool:
        """Whether the newest is in sight."""
        return self.verticalScrollBar().value() <= 0

    def chosen_row(self) -> RequestRow | None:
        """Return the request that is selected, shown or not."""
        return self._requests.all_rows.get(self._chosen)

    def choose(self, number: int) -> None:
        """Select a request and bring it into sight; 0 or one that is not shown selects none."""
        self._chosen = number
        place = self._requests.place_of(number) if number else -1
        if place < 0:
            self.clearSelection()
            return
        self._select(place)
        self.scrollTo(self._requests.index(place, 0))

    def fit(self, *, beside_detail: bool) -> None:
        """Show the columns for which there is room; beside an open request the few that matter."""
        self._beside = beside_detail
        self._arrange()

    @property
    def widths(self) -> Mapping[str, int]:
        """The widths that a person chose, by the names of columns."""
        return self._kept

    def restore_widths(self, widths: Mapping[str, int]) -> None:
        """Take those of an earlier start."""
        self._kept = {name: width for name, width in widths.items() if name.upper() in Column.__members__}
        self._arrange()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._colour()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()
        self._place_button()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        match event.key():
            case Qt.Key.Key_Return | Qt.Key.Key_Enter if self._chosen:
                self.opened.emit(self._chosen)
            case Qt.Key.Key_Space:
                self.pause_asked.emit()
            case Qt.Key.Key_Escape:
                event.ignore()  # the window decides
            case _:
                super().keyPressEvent(event)

    def keyboardSearch(self, _search: str) -> None:  # noqa: N802 - Qt's name
        """Nothing: letters are the keys of what can be done with a request."""

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        if event.button() == Qt.MouseButton.LeftButton and self.indexAt(event.position().toPoint()).isValid():
            self.opened.emit(self._chosen)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        self._hover(self.indexAt(event.position().toPoint()).row())

    def leaveEvent(self, event: object) -> None:
        super().leaveEvent(event)  # type: ignore[arg-type] # a QEvent
        self._hover(-1)

    def paintEvent(self, event: QPaintEvent) -> None:
        self._delegate.look = Look(self, self.hovered)
        self._paint_hovered()
        super().paintEvent(event)
        if self._requests.rowCount():
            return
        painter = QPainter(self.viewport())
        painter.setFont(sized(1.0))
        painter.setPen(colours().muted)
        flags = int(Qt.AlignmentFlag.AlignCenter) | Qt.TextFlag.TextWordWrap
        painter.drawText(self.viewport().rect().adjusted(16, 0, -16, 0), flags, tr("No request is like that."))

    def _paint_hovered(self) -> None:
        """Paint the ground of a row as a whole: between cells a scaled screen would show gaps."""
        if self.hovered >= 0:
            place = QRect(0, self.rowViewportPosition(self.hovered), self.viewport().width(), ROW)
            QPainter(self.viewport()).fillRect(place, colours().row_hover)

    def _colour(self) -> None:
        """Let the style paint what lies below a selected row in our colour, too."""
        wanted = colours().row_selected
        if self.palette().color(QPalette.ColorRole.Highlight) != wanted:  # else each change would bring another one
            palette = QPalette()
            palette.setColor(QPalette.ColorRole.Highlight, wanted)
            self.setPalette(palette)

    def _begin_header(self) -> None:
        header = self.horizontalHeader()
        header.setSectionsClickable(True)
        header.setHighlightSections(False)
        header.setMinimumSectionSize(44)
        header.setSortIndicatorShown(True)
        header.setSortIndicator(Column.TIME, Qt.SortOrder.DescendingOrder)
        for column in Column:
            stretches = column is Column.PATH
            header.setSectionResizeMode(
                column, QHeaderView.ResizeMode.Stretch if stretches else QHeaderView.ResizeMode.Interactive
            )
        header.sectionResized.connect(self._on_section_resized)
        self.setSortingEnabled(True)

    def _arrange(self) -> None:
        """Leave out what has no room, so that a path can be read."""
        room = self.viewport().width() - _LEAST_PATH
        shown = set(_BESIDE_DETAIL if self._beside else Column)
        for column in _LESS_NEEDED:
            if sum(self._width(one) for one in shown if one is not Column.PATH) <= room:
                break
            shown.discard(column)
        header = self.horizontalHeader()
        header.blockSignals(True)
        for column in Column:
            self.setColumnHidden(column, column not in shown)
            if column is not Column.PATH and column in shown:
                self.setColumnWidth(column, self._width(column))
        header.blockSignals(False)
        self.updateGeometries()
        self.viewport().update()
        header.viewport().update()

    def _width(self, column: Column) -> int:
        kept = self._kept.get(column.name.lower())
        if kept is not None:
            return kept
        own = _SHORT_TIME if column is Column.TIME and self._beside else _WIDTHS[column]
        title = QFontMetrics(title_font()).horizontalAdvance(column_title(column)) + 2 * SIDE
        if column is not Column.TIME:
            return max(own, title)
        example = "00:00:00" if self._beside else "00:00:00.000"
        return max(own, title, QFontMetrics(cell_font()).horizontalAdvance(example) + 2 * SIDE + EDGE)

    def _select(self, place: int) -> None:
        flags = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
        selection = self.selectionModel()
        selection.blockSignals(True)
        selection.setCurrentIndex(self._requests.index(place, 0), flags)
        selection.blockSignals(False)
        self.viewport().update()

    def _hover(self, place: int) -> None:
        if place != self.hovered:
            self.hovered = place
            self.viewport().update()

    def _place_button(self) -> None:
        self.newer.adjustSize()
        left = (self.viewport().width() - self.newer.width()) // 2
        self.newer.move(left, self.horizontalHeader().height() + 8)

    @Slot()
    def _on_changing(self) -> None:
        """Remember what is read, where that is not the top."""
        top = self.rowAt(0)
        self._before = self._requests.newest
        if self.is_at_top or top < 0:
            self._anchor = None
            return
        self._anchor = self._requests.rows[top].id, -self.rowViewportPosition(top)

    @Slot()
    def _on_changed(self) -> None:
        """Show the same rows at the same place, whatever came in above them."""
        self.executeDelayedItemsLayout()  # now: else all is painted once more when that is due
        if self._anchor is not None:
            number, hidden = self._anchor
            place = self._requests.place_of(number)
            if place >= 0:
                self.verticalScrollBar().setValue(place * ROW + hidden)
        place = self._requests.place_of(self._chosen) if self._chosen else -1
        if place >= 0 and self.currentIndex().row() != place:
            self._select(place)
        elif place < 0:
            self.selectionModel().clear()
        self._count_unseen()

    def _count_unseen(self) -> None:
        if self._anchor is None or self.is_at_top or not self._requests.newest_first:
            self._unseen.clear()
        else:
            for number in reversed(tuple(self._requests.all_rows)):
                if number <= self._before:
                    break
                if self._requests.place_of(number) >= 0:
                    self._unseen.add(number)
        self._show_unseen()

    def _show_unseen(self) -> None:
        self.newer.setVisible(bool(self._unseen))
        if self._unseen:
            self.newer.call(tr("%n new", "", len(self._unseen)))
            self._place_button()

    @Slot(int)
    def _on_scrolled(self, value: int) -> None:
        if value <= 0 and self._unseen:
            self._unseen.clear()
            self._show_unseen()

    @Slot(QModelIndex, QModelIndex)
    def _on_current(self, index: QModelIndex, _before: QModelIndex) -> None:
        row = index.data(ROW_ROLE)
        if isinstance(row, RequestRow) and row.id != self._chosen:
            self._chosen = row.id
            self.moved_to.emit(row.id)

    @Slot(int, int, int)
    def _on_section_resized(self, section: int, _before: int, width: int) -> None:
        """Keep what the person has dragged: all other changes are silent."""
        column = Column(section)
        if column is not Column.PATH and width and self.isVisible():
            self._kept[column.name.lower()] = width
            self.widths_changed.emit()

    @Slot(QPoint)
    def _on_menu(self, place: QPoint) -> None:
        if self.indexAt(place).isValid():
            self.menu_asked.emit(self.viewport().mapToGlobal(place))
        elif self._chosen and self.currentIndex().isValid():  # by the menu key
            self.menu_asked.emit(self.viewport().mapToGlobal(self.visualRect(self.currentIndex()).bottomLeft()))


class _Header(QHeaderView):
    """Flat: words, the arrow of the sorted column, and a hairline below."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setAccessibleName(tr("Columns"))
        self.setFixedHeight(ROW + 2)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.viewport().setAutoFillBackground(False)

    def paintSection(self, painter: QPainter, place: QRect, section: int) -> None:  # noqa: N802 - Qt's name
        column = Column(section)
        painter.save()
        painter.fillRect(QRect(place.left(), place.bottom(), place.width(), 1), colours().hairline)
        painter.setFont(title_font())
        painter.setPen(colours().muted)
        room = inside(place, first=self.visualIndex(section) == 0)
        title = column_title(column)
        align = Qt.AlignmentFlag.AlignRight if column is Column.SIZE else Qt.AlignmentFlag.AlignLeft
        painter.drawText(room, int(align | Qt.AlignmentFlag.AlignVCenter) | Qt.TextFlag.TextSingleLine, title)
        if self.sortIndicatorSection() == section:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            left = room.left() + painter.fontMetrics().horizontalAdvance(title) + 4
            if column is Column.SIZE:
                left = room.right() - painter.fontMetrics().horizontalAdvance(title) - 14
            arrow = QRectF(left, room.center().y() - 4.5, 10, 10)
            if self.sortIndicatorOrder() is Qt.SortOrder.AscendingOrder:
                painter.translate(arrow.center())
                painter.rotate(180)
                painter.translate(-arrow.center())
            paint(painter, "down", arrow, colours().muted, colours().card)
        painter.restore()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self.viewport())
        painter.fillRect(QRect(0, self.height() - 1, self.width(), 1), colours().hairline)
