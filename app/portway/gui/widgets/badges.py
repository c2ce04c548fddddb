"""Badges: what holds for a tunnel, in a word or two with a drawing; a press leads to what changes it."""

from collections.abc import Iterable

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QStyle, QWidget

from portway.gui.theme.look import ROW_RADIUS, colours, sized
from portway.gui.widgets.pictograms import paint

BADGE = 24  # px high
_LEFT, _DRAWING, _GAP, _RIGHT = 7, 14, 5, 9
_BETWEEN = 6
_MOST = 5  # in one row


class Badge(QAbstractButton):
    """A small button; `outlined` where it only tells what is open to everybody."""

    def __init__(
        self, icon: str = "", text: str = "", *, outlined: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._icon, self._outlined = icon, outlined
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFont(sized(0.92))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.say(icon, text, text, outlined=outlined)

    def say(self, icon: str, text: str, name: str, *, outlined: bool) -> None:
        """Show another thing. `name` is what is heard of it."""
        self._icon, self._outlined = icon, outlined
        self.setText(text.replace("&", "&&"))  # a path may hold one, and it marks no key
        self.setAccessibleName(name)
        self.setToolTip(name)
        self.setFixedHeight(max(BADGE, self.fontMetrics().height() + 6))
        self.updateGeometry()
        self.update()

    def ring(self) -> tuple[QRectF, float]:
        """Return what the ring of the focus goes around, and how round that is."""
        return QRectF(self.rect()), ROW_RADIUS

    def sizeHint(self) -> QSize:
        words = self.fontMetrics().horizontalAdvance(self._words())
        return QSize(_LEFT + _DRAWING + _GAP + words + _RIGHT, self.height())

    def minimumSizeHint(self) -> QSize:
        return QSize(_LEFT + _DRAWING + _RIGHT, self.height())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses it too."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        now, ground, touched = colours(), self._ground(), self.isDown() or self.underMouse()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(now.hairline, 1) if self._outlined else Qt.PenStyle.NoPen)
        painter.setBrush(ground)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), ROW_RADIUS, ROW_RADIUS)
        place = QRectF(_LEFT, (self.height() - _DRAWING) / 2, _DRAWING, _DRAWING)
        paint(painter, self._icon, place, now.text if touched else now.muted, ground)
        painter.setPen(now.muted if self._outlined and not touched else now.text)
        room = self.rect().adjusted(_LEFT + _DRAWING + _GAP, 0, -_RIGHT + 2, 0)
        words = self.fontMetrics().elidedText(self._words(), Qt.TextElideMode.ElideMiddle, room.width())
        painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter) | Qt.TextFlag.TextSingleLine, words)

    def _words(self) -> str:
        return self.text().replace("&&", "&")

    def _ground(self) -> QColor:
        now = colours()
        if self.isDown():
            return now.button.pressed
        if self.underMouse():
            return now.button.hover
        return now.card if self._outlined else now.inset


class BadgeRow(QWidget):
    """Badges side by side, on more lines where they do not fit on one. Made once: none loses the focus to another."""

    clicked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.all = tuple(Badge(parent=self) for _ in range(_MOST))
        self._badges: tuple[Badge, ...] = ()
        for badge in self.all:
            badge.hide()
            badge.clicked.connect(self.clicked)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def show_badges(self, badges: Iterable[tuple[str, str, str, bool]]) -> None:
        """Show these alone: of each its drawing, its words, what is heard of it, and whether it is outlined."""
        told = tuple(badges)
        self._badges = self.all[: len(told)]
        for badge, (icon, text, name, outlined) in zip(self._badges, told, strict=True):
            badge.say(icon, text, name, outlined=outlined)
            badge.show()
        for badge in self.all[len(told) :]:
            badge.setAccessibleName("")
            badge.hide()
        self._place(self.width())
        self.updateGeometry()

    def hasHeightForWidth(self) -> bool:  # noqa: N802 - Qt's name
        return True

    def heightForWidth(self, width: int) -> int:  # noqa: N802 - Qt's name
        return self._lay_out(width)[1]

    def sizeHint(self) -> QSize:
        width = sum(badge.sizeHint().width() + _BETWEEN for badge in self._badges) - _BETWEEN
        return QSize(max(width, 0), BADGE)

    def minimumSizeHint(self) -> QSize:
        return QSize(max((badge.minimumSizeHint().width() for badge in self._badges), default=0), BADGE)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place(self.width())

    def _place(self, width: int) -> None:
        for badge, corner in zip(self._badges, self._lay_out(width)[0], strict=True):
            badge.move(QStyle.visualPos(self.layoutDirection(), self.rect(), corner))
            badge.resize(min(badge.sizeHint().width(), self.width()), badge.height())

    def _lay_out(self, width: int) -> tuple[list[QPoint], int]:
        """Return where each begins, and how high all are."""
        corners, left, top = [], 0, 0
        for badge in self._badges:
            needed = badge.sizeHint().width()
            if left and left + needed > width:
                left, top = 0, top + badge.height() + _BETWEEN
            corners.append(QPoint(left, top))
            left += needed + _BETWEEN
        return corners, top + max((badge.height() for badge in self._badges), default=0)
