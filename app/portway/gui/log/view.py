"""Draws log lines in columns: time, level with its shape, source, text and, where it changes, the day."""

from collections.abc import Mapping

from PySide6.QtCore import QDate, QLocale, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QFontMetrics, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from portway.gui.log.lines import Level, LogLine
from portway.gui.log.model import LINE_ROLE, Index
from portway.gui.theme.colours import mix
from portway.gui.theme.look import colours, sized, tone_colour
from portway.gui.theme.tone import Tone
from portway.gui.widgets.pictograms import paint

_ROW = 24
_SIZE = 0.92
_GLYPH = 12
_GAP = 14
_MARK = QColor("#ffd479")
_NARROW = 520  # px below which the source has no column
_LEVELS = {
    Level.DEBUG: ("debug", Tone.MUTED, ""),
    Level.INFO: ("info", Tone.MUTED, ""),
    Level.WARNING: ("warn", Tone.WARN, "triangle"),
    Level.ERROR: ("error", Tone.BAD, "octagon"),
}


class LogView(QListView):
    """A native list with our delegate."""

    def __init__(self, titles: Mapping[str, str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.delegate = _LineDelegate(titles, self)
        self.setItemDelegate(self.delegate)
        self.setUniformItemSizes(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().setAutoFillBackground(False)


class _LineDelegate(QStyledItemDelegate):
    def __init__(self, titles: Mapping[str, str], parent: QWidget) -> None:
        super().__init__(parent)
        self._titles = titles
        self.searched = ""

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(100, max(_ROW, QFontMetrics(_fixed()).height() + 6))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        line = index.data(LINE_ROLE)
        if not isinstance(line, LogLine):
            return
        place: QRect = option.rect
        state = option.state
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground = colours().card
        if state & QStyle.StateFlag.State_Selected:
            ground = mix(colours().card, colours().accent, 0.18)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(ground)
            painter.drawRoundedRect(QRectF(place).adjusted(4, 0, -4, 0), 4, 4)
        room = self._paint_day(painter, _new_day(index, line), place.adjusted(12, 0, -12, 0))
        self._paint_line(painter, line, room, ground)
        painter.restore()

    def _paint_line(self, painter: QPainter, line: LogLine, room: QRect, ground: QColor) -> None:
        word, tone, glyph = _LEVELS[line.level]
        fixed, metrics = _fixed(), QFontMetrics(_fixed())
        left = room.left()
        painter.setFont(fixed)
        painter.setPen(tone_colour(Tone.MUTED))
        left = _column(painter, room, left, line.time, metrics.horizontalAdvance("00:00:00"))
        if glyph:
            place = QRectF(left, room.center().y() - _GLYPH / 2 + 0.5, _GLYPH, _GLYPH)
            paint(painter, glyph, place, tone_colour(tone), ground)
        left += _GLYPH + 5
        painter.setPen(tone_colour(tone))
        left = _column(painter, room, left, word if line.time else "", metrics.horizontalAdvance("error"))
        if room.width() >= _NARROW:
            painter.setFont(sized(_SIZE))
            widest = max(QFontMetrics(sized(_SIZE)).horizontalAdvance(title) for title in self._titles.values())
            title = self._titles.get(line.source, line.source) if line.time else ""
            painter.setPen(tone_colour(Tone.MUTED))
            left = _column(painter, room, left, title, widest)
        painter.setFont(fixed)
        self._paint_text(painter, line.text, QRect(QPoint(left, room.top()), room.bottomRight()), metrics)

    @staticmethod
    def _paint_day(painter: QPainter, day: str, room: QRect) -> QRect:
        """Draw it at the end of the line; return the room that is left."""
        if not day:
            return room
        painter.setFont(sized(_SIZE))
        painter.setPen(tone_colour(Tone.MUTED))
        painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight), day)
        return room.adjusted(0, 0, -(QFontMetrics(sized(_SIZE)).horizontalAdvance(day) + _GAP), 0)

    def _paint_text(self, painter: QPainter, text: str, room: QRect, metrics: QFontMetrics) -> None:
        shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, room.width())
        at = shown.lower().find(self.searched) if self.searched else -1
        if at >= 0:
            before = metrics.horizontalAdvance(shown[:at])
            width = metrics.horizontalAdvance(shown[at : at + len(self.searched)])
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(mix(colours().card, _MARK, 0.3 if colours().dark else 0.85))
            painter.drawRoundedRect(
                QRectF(room.left() + before - 1, room.top() + 2, width + 2, room.height() - 4), 3, 3
            )
        painter.setPen(colours().text)
        painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter) | Qt.TextFlag.TextSingleLine, shown)


def _new_day(index: Index, line: LogLine) -> str:
    """Return the day of a line, as people write it, where the line before is of another one."""
    before = index.sibling(index.row() - 1, 0).data(LINE_ROLE) if index.row() else None
    if line.continues or (isinstance(before, LogLine) and before.local.date() == line.local.date()):
        return ""
    day = QDate(line.local.year, line.local.month, line.local.day)
    return QLocale().toString(day, QLocale.FormatType.ShortFormat)


def _column(painter: QPainter, room: QRect, left: int, text: str, width: int) -> int:
    """Draw one cell; return where the next one begins."""
    place = QRect(left, room.top(), width, room.height())
    painter.drawText(place, int(Qt.AlignmentFlag.AlignVCenter) | Qt.TextFlag.TextSingleLine, text)
    return left + width + _GAP


def _fixed() -> QFont:
    font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
    font.setPointSizeF(sized(_SIZE).pointSizeF())
    return font
