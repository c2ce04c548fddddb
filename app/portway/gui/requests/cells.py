"""The cells of the table of requests: a status with its shape, a duration with its bar, a path with its mark."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QTableView

from portway.core.hub import RequestRow
from portway.gui.i18n.contexts import requests as tr
from portway.gui.requests.model import Index, RequestModel
from portway.gui.requests.ordering import Column
from portway.gui.requests.words import clock, failed, state_of
from portway.gui.theme.look import colours, selected_colour, sized, tone_colour
from portway.gui.theme.tone import Tone
from portway.gui.widgets.pictograms import paint

ROW = 28
SIDE = 8  # px at both sides of a cell
EDGE = 6  # px more at both ends of a row
_SIZE = 0.95
_GLYPH, _MARK = 11, 12
_BAR_HIGH, _BAR_WIDE, _BAR_LEAST = 8, 50, 2
_WIDE_TIME = 104  # px from which a time is shown to the millisecond
_ELIDED = Qt.TextElideMode.ElideRight
_LEFT = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft) | Qt.TextFlag.TextSingleLine
_RIGHT = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight) | Qt.TextFlag.TextSingleLine
_MUTED = frozenset({Column.TIME, Column.TYPE, Column.VISITOR})


class Look:
    """Fonts and colours for one painting: asking for them anew in each cell would take most of its time."""

    def __init__(self, table: QTableView, hovered: int) -> None:
        self.now = colours()
        self.fonts = {weight: cell_font(weight) for weight in (QFont.Weight.Normal, QFont.Weight.Medium)}
        self.metrics = {weight: QFontMetrics(font) for weight, font in self.fonts.items()}
        self.plain = {tone: tone_colour(tone) for tone in Tone}
        self.selected = {tone: selected_colour(tone) for tone in Tone}
        by_keyboard = table.window().testAttribute(Qt.WidgetAttribute.WA_KeyboardFocusChange)
        self.ringed = table.currentIndex().row() if table.hasFocus() and by_keyboard else -1
        self.wide = table.viewport().width()
        self.hovered = hovered


class CellDelegate(QStyledItemDelegate):
    """Draws cells; `look` is what they have in common, and is renewed for each painting."""

    def __init__(self, table: QTableView, model: RequestModel) -> None:
        super().__init__(table)  # kept nowhere else: it would hold what holds it
        self._model = model
        self.look = Look(table, -1)

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(60, ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        look, model, at = self.look, self._model, index.row()
        if at >= len(model.rows):
            return
        row, column, place = model.rows[at], Column(index.column()), option.rect
        selected = QStyle.StateFlag.State_Selected in option.state
        cell = _Cell(painter, inside(place, first=column is Column.TIME), look, selected=selected)
        if selected or at == look.hovered:
            cell.ground = look.now.row_selected if selected else look.now.row_hover
        if selected:
            painter.fillRect(place, cell.ground)
        match column:
            case Column.PATH:
                cell.paint_path(model.text(row, column), row)
            case Column.STATUS:
                cell.paint_status(row)
            case Column.DURATION:
                cell.paint_duration(model.text(row, column), row, model.slowest)
            case Column.TIME:
                short = place.width() < _WIDE_TIME
                cell.write(clock(row, exact=not short), Tone.MUTED)
            case Column.METHOD:
                cell.write(model.text(row, column), weight=QFont.Weight.Medium)
            case _:
                tone = Tone.MUTED if column in _MUTED else Tone.TEXT
                cell.write(model.text(row, column), tone, align=_RIGHT if column is Column.SIZE else _LEFT)
        if at == look.ringed:
            self._paint_ring(painter, place)

    def _paint_ring(self, painter: QPainter, place: QRect) -> None:
        """Paint the part that a cell has of the ring around its row."""
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setClipRect(place)
        painter.setPen(QPen(self.look.now.accent, 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(QRectF(1, place.top() + 1, self.look.wide - 2, place.height() - 2), 4, 4)
        painter.restore()


class _Cell:
    """Where one value is drawn."""

    def __init__(self, painter: QPainter, room: QRect, look: Look, *, selected: bool) -> None:
        self._painter, self._room, self._look = painter, room, look
        self._inks = look.selected if selected else look.plain
        self.ground = look.now.card

    def write(
        self,
        text: str,
        tone: Tone = Tone.TEXT,
        weight: QFont.Weight = QFont.Weight.Normal,
        align: int = _LEFT,
    ) -> str:
        """Draw a text, shortened where it does not fit; return what is to be read."""
        if not text:
            return text
        shown = self._look.metrics[weight].elidedText(text, _ELIDED, self._room.width())
        self._painter.setFont(self._look.fonts[weight])
        self._painter.setPen(self._inks[tone])
        self._painter.drawText(self._room, align, shown)
        return shown

    def paint_path(self, path: str, row: RequestRow) -> None:
        """Draw the path, and behind it what is special about the request."""
        mark = _mark_of(row)
        if mark is None:
            self.write(path)
            return
        glyph, tone, word = mark
        metrics = self._look.metrics[QFont.Weight.Normal]
        needed = SIDE + _MARK + 4 + metrics.horizontalAdvance(word) + 3
        whole = self._room
        self._room = whole.adjusted(0, 0, -needed, 0)
        end = self._room.left() + metrics.horizontalAdvance(self.write(path))
        self._glyph(glyph, tone, end + SIDE, _MARK)
        self._room = QRect(QPoint(end + SIDE + _MARK + 4, whole.top()), whole.bottomRight())
        self.write(word, tone)

    def paint_status(self, row: RequestRow) -> None:
        """Draw the status with its shape."""
        state = state_of(row)
        self._glyph(state.glyph, state.tone, self._room.left(), _GLYPH)
        self._room = self._room.adjusted(_GLYPH + 5, 0, 0, 0)
        self.write(state.word, state.tone, QFont.Weight.Medium)

    def paint_duration(self, text: str, row: RequestRow, slowest: float) -> None:
        """Draw a bar as long as it took, and the number beside it."""
        if row.duration_ms is None:
            self.write(text, Tone.MUTED)
            return
        share = row.duration_ms / slowest if slowest > 0 else 0.0
        widest = max(_BAR_LEAST, min(_BAR_WIDE, self._room.width() - 62))
        wide = max(_BAR_LEAST, round(widest * share))
        bar = QRectF(self._room.left(), self._room.center().y() - _BAR_HIGH / 2 + 1, wide, _BAR_HIGH)
        self._painter.setPen(Qt.PenStyle.NoPen)
        self._painter.setBrush(self._inks[Tone.BAD] if failed(row) else self._look.now.accent)
        self._painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._painter.drawRoundedRect(bar, 2, 2)
        self._room = self._room.adjusted(wide + 6, 0, 0, 0)
        self.write(text)

    def _glyph(self, name: str, tone: Tone, left: int, side: int) -> None:
        place = QRectF(left, self._room.center().y() - side / 2 + 0.5, side, side)
        self._painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint(self._painter, name, place, self._inks[tone], self.ground)


def _mark_of(row: RequestRow) -> tuple[str, Tone, str] | None:
    if row.replay_of is not None:
        return "replay", Tone.BUSY, tr("replayed")
    if row.refused_by:
        return "shield", Tone.WARN, tr("kept out")
    return None


def inside(place: QRect, *, first: bool) -> QRect:
    """Return the room for what is written in a cell; `first` where its row begins with it."""
    return place.adjusted(SIDE + (EDGE if first else 0), 0, -SIDE, 0)


def title_font() -> QFont:
    """Return the font of the titles of columns."""
    return sized(0.92, QFont.Weight.DemiBold)


def cell_font(weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    """Return the font of cells: as tables and addresses need it."""
    font = sized(_SIZE, weight)
    font.setFeature(QFont.Tag("calt"), 0)  # Inter draws an x between digits as a multiplication sign
    font.setFeature(QFont.Tag("tnum"), 1)  # digits below each other
    return font
