"""One choice of a few, each with more to say than its name: rows of a list, and tiles beside each other.

Native radio buttons for keyboard and for those who listen, painted flat. Those with one parent exclude each other.
"""

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QRadioButton, QSizePolicy, QStyle, QWidget

from portway.gui.theme.look import FIELD_RADIUS, ICON, INSET_RADIUS, colours, selected_colour, sized, tone_colour
from portway.gui.theme.tone import Tone
from portway.gui.widgets.labels import plain_tip
from portway.gui.widgets.pictograms import known, paint

ROW_HEIGHT = 40  # px, the height of a row
_SIDE, _DOT, _GAP = 12, 16, 12
_NAME, _PROGRAM = 50, 112  # px, of the columns of a row
_TILE_TOP, _TILE_LEAST = 10, 150
_WAY_HEIGHT, _WAY_LEAST = 56, 240
_LINE = int(Qt.AlignmentFlag.AlignVCenter) | Qt.TextFlag.TextSingleLine


class RadioRow(QRadioButton):
    """A row: what it is called, what it is, more about that, and at the end a note."""

    def __init__(  # noqa: PLR0913 - each is a text of its own
        self,
        title: str,
        *,
        weight: QFont.Weight = QFont.Weight.DemiBold,
        kind: str = "",
        about: str = "",
        note: str = "",
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._title, self._weight, self._kind, self._about, self._note = title, weight, kind, about, note
        self.setFixedHeight(ROW_HEIGHT)
        self.setAccessibleName(row_name(title, kind, about, note))
        self.setToolTip(plain_tip(about))
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def ring(self) -> tuple[QRectF, float]:
        """Return what the ring of the focus goes around, and how round that is."""
        return QRectF(self.rect()).adjusted(5, 5, -5, -5), FIELD_RADIUS

    def hitButton(self, pos: QPoint) -> bool:  # noqa: N802 - Qt's name
        return self.rect().contains(pos)

    def sizeHint(self) -> QSize:
        title = QFontMetrics(sized(1.0, self._weight)).horizontalAdvance(self._title)
        return QSize(2 * _SIDE + _DOT + _GAP + max(_NAME, title) + 4, ROW_HEIGHT)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        now, chosen = colours(), self.isChecked()
        ground = now.row_selected if chosen else now.row_hover if self.underMouse() else None
        if ground is not None:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(ground)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(3, 3, -3, -3), FIELD_RADIUS, FIELD_RADIUS)
        _paint_dot(painter, self._place(_SIDE, _DOT), chosen=chosen)
        muted = selected_colour(Tone.MUTED) if chosen else tone_colour(Tone.MUTED)
        left, end = _SIDE + _DOT + _GAP, self.width() - _SIDE
        self._write(painter, left, end, self._title, now.text, self._weight)
        if self._note:
            room = QFontMetrics(sized(1.0)).horizontalAdvance(self._note) + 2
            self._write(painter, end - room, end, self._note, muted)
            end -= room + _GAP
        left += _NAME + 8
        if self._kind:
            self._write(painter, left, min(left + _PROGRAM - 8, end), self._kind, now.text)
            left += _PROGRAM
        if self._about and left < end:
            self._write(painter, left, end, self._about, muted)

    def _write(  # noqa: PLR0913, PLR0917 - a place is two numbers
        self,
        painter: QPainter,
        left: int,
        right: int,
        text: str,
        ink: QColor,
        weight: QFont.Weight = QFont.Weight.Normal,
    ) -> None:
        font = sized(1.0, weight)
        painter.setFont(font)
        painter.setPen(ink)
        shown = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, right - left)
        painter.drawText(self._place(left, right - left), _LINE, shown)

    def _place(self, left: int, width: int) -> QRect:
        return QStyle.visualRect(self.layoutDirection(), self.rect(), QRect(left, 0, width, self.height()))


class RadioWay(QRadioButton):
    """A higher row: a drawing, what it is called, below that what it means, and at the end a note, which may change."""

    def __init__(self, drawing: str, title: str, about: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._drawing, self._title, self._about, self._note = known(drawing), title, about, ""
        self.setFixedHeight(_WAY_HEIGHT)
        self.setAccessibleName(title)
        self.setAccessibleDescription(about)
        self.setToolTip(plain_tip(about))
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    @property
    def note(self) -> str:
        """What stands at its end."""
        return self._note

    def show_note(self, note: str) -> None:
        """Say this at its end."""
        if note != self._note:
            self._note = note
            self.setAccessibleName(row_name(self._title, note))
            self.update()

    def ring(self) -> tuple[QRectF, float]:
        """Return what the ring of the focus goes around, and how round that is."""
        return QRectF(self.rect()).adjusted(5, 5, -5, -5), FIELD_RADIUS

    def hitButton(self, pos: QPoint) -> bool:  # noqa: N802 - Qt's name
        return self.rect().contains(pos)

    def sizeHint(self) -> QSize:
        return QSize(_WAY_LEAST, _WAY_HEIGHT)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        now, chosen = colours(), self.isChecked()
        ground = now.row_selected if chosen else now.row_hover if self.underMouse() else now.card
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ground)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(3, 3, -3, -3), FIELD_RADIUS, FIELD_RADIUS)
        _paint_dot(painter, self._place(_SIDE, _DOT, self.height()), chosen=chosen)
        ink = now.text if self.isEnabled() else now.disabled
        side = self._place(_SIDE + _DOT + _GAP, ICON, self.height())
        side = QRect(side.left(), (self.height() - ICON) // 2, ICON, ICON)
        paint(painter, self._drawing, QRectF(side), ink, ground)
        muted = selected_colour(Tone.MUTED) if chosen else tone_colour(Tone.MUTED)
        muted = muted if self.isEnabled() else now.disabled
        left, end = _SIDE + _DOT + 2 * _GAP + ICON, self.width() - _SIDE
        if self._note:
            room = QFontMetrics(sized(0.95)).horizontalAdvance(self._note) + 2
            self._write(painter, self._place(end - room, room, self.height()), self._note, muted, sized(0.95))
            end -= room + _GAP
        half = self.height() // 2
        above = self._place(left, end - left, half).adjusted(0, 6, 0, 4)
        below = self._place(left, end - left, half).adjusted(0, half - 3, 0, half - 7)
        self._write(painter, above, self._title, ink, sized(1.0, QFont.Weight.DemiBold))
        self._write(painter, below, self._about, muted, sized(0.95))

    def _write(self, painter: QPainter, place: QRect, text: str, ink: QColor, font: QFont) -> None:
        painter.setFont(font)
        painter.setPen(ink)
        painter.drawText(place, _LINE, QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, place.width()))

    def _place(self, left: int, width: int, height: int) -> QRect:
        return QStyle.visualRect(self.layoutDirection(), self.rect(), QRect(left, 0, width, height))


class RadioTile(QRadioButton):
    """A tile: a drawing with its title, and below that a sentence that wraps."""

    def __init__(self, drawing: str, title: str, about: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._drawing, self._title, self._about = known(drawing), title, about
        self.setAccessibleName(title)
        self.setAccessibleDescription(about)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def ring(self) -> tuple[QRectF, float]:
        """Return what the ring of the focus goes around, and how round that is."""
        return QRectF(self.rect()), INSET_RADIUS

    def hitButton(self, pos: QPoint) -> bool:  # noqa: N802 - Qt's name
        return self.rect().contains(pos)

    def hasHeightForWidth(self) -> bool:  # noqa: N802 - Qt's name
        return True

    def heightForWidth(self, width: int) -> int:  # noqa: N802 - Qt's name
        room = QRect(0, 0, max(width - 2 * _SIDE, 1), 10_000)
        about = QFontMetrics(sized(0.95)).boundingRect(room, Qt.TextFlag.TextWordWrap, self._about)
        return 2 * _TILE_TOP + self._head() + 3 + about.height()

    def sizeHint(self) -> QSize:
        title = QFontMetrics(sized(1.0, QFont.Weight.DemiBold)).horizontalAdvance(self._title)
        width = max(_TILE_LEAST, 2 * _SIDE + ICON + 8 + title)
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        return QSize(self.sizeHint().width(), 2 * _TILE_TOP + self._head())

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        now, chosen = colours(), self.isChecked()
        ground = now.row_selected if chosen else now.row_hover if self.underMouse() else now.card
        wide = 2 if chosen else 1
        painter.setPen(QPen(now.accent if chosen else now.button_edge, wide))
        painter.setBrush(ground)
        box = QRectF(self.rect()).adjusted(wide / 2, wide / 2, -wide / 2, -wide / 2)
        painter.drawRoundedRect(box, INSET_RADIUS, INSET_RADIUS)
        ink = now.text if self.isEnabled() else now.disabled
        head = self.rect().adjusted(_SIDE, _TILE_TOP, -_SIDE, 0)
        head.setHeight(self._head())
        side = QRect(head.left(), head.top() + (head.height() - ICON) // 2, ICON, ICON)
        paint(painter, self._drawing, QRectF(QStyle.visualRect(self.layoutDirection(), head, side)), ink, ground)
        painter.setPen(ink)
        painter.setFont(sized(1.0, QFont.Weight.DemiBold))
        title = QStyle.visualRect(self.layoutDirection(), head, head.adjusted(ICON + 8, 0, 0, 0))
        painter.drawText(title, _LINE, self._title)
        muted = selected_colour(Tone.MUTED) if chosen else tone_colour(Tone.MUTED)
        painter.setPen(muted if self.isEnabled() else now.disabled)
        painter.setFont(sized(0.95))
        below = self.rect().adjusted(_SIDE, _TILE_TOP + head.height() + 3, -_SIDE, -_TILE_TOP + 2)
        painter.drawText(below, int(Qt.TextFlag.TextWordWrap), self._about)

    @staticmethod
    def _head() -> int:
        return max(ICON, QFontMetrics(sized(1.0, QFont.Weight.DemiBold)).height())


def row_name(*parts: str) -> str:
    """Return what a row is called for those who listen."""
    return ", ".join(filter(None, parts))


def _paint_dot(painter: QPainter, place: QRect, *, chosen: bool) -> None:
    """Paint what tells that of these only one can be chosen, also where colours cannot be told apart."""
    now = colours()
    circle = QRectF(0, 0, _DOT, _DOT)
    circle.moveCenter(QRectF(place).center())
    if chosen:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(now.accent)
        painter.drawEllipse(circle)
        painter.setBrush(now.card)
        painter.drawEllipse(circle.adjusted(5, 5, -5, -5))
    else:
        painter.setPen(QPen(now.control_edge, 1.35))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawEllipse(circle.adjusted(0.7, 0.7, -0.7, -0.7))
