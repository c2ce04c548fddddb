"""Texts of the window: coloured by role, sized relative to the system's font, never cut without a tooltip."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRect, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from portway.gui.look import Ink, ink_colour, sized

_LEAST_LINE = 40  # px that an elided line keeps


class Text(QLabel):
    """A wrapping text. Plain: nothing in it is read as markup."""

    def __init__(
        self,
        text: str = "",
        *,
        ink: Ink = Ink.TEXT,
        size: float = 1.0,
        weight: QFont.Weight = QFont.Weight.Normal,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, parent)
        self._ink, self._size, self._weight = ink, size, weight
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self.setFont(sized(size, weight))
        self._colour()

    def set_ink(self, ink: Ink) -> None:
        """Change its role."""
        if ink is not self._ink:
            self._ink = ink
            self._colour()

    def set_size(self, size: float) -> None:
        """Change its size."""
        if size != self._size:
            self._size = size
            self.setFont(sized(size, self._weight))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.EnabledChange):
            self._colour()
        elif event.type() == QEvent.Type.ApplicationFontChange:
            self.setFont(sized(self._size, self._weight))

    def _colour(self) -> None:
        wanted = ink_colour(self._ink)
        if self.palette().color(QPalette.ColorRole.WindowText) != wanted:  # else each change would bring another one
            palette = QPalette()
            palette.setColor(QPalette.ColorRole.WindowText, wanted)
            self.setPalette(palette)


class Line(Text):
    """One line that is shortened where it does not fit; then the tooltip has all of it."""

    def __init__(
        self,
        text: str = "",
        *,
        ink: Ink = Ink.TEXT,
        size: float = 1.0,
        weight: QFont.Weight = QFont.Weight.Normal,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, ink=ink, size=size, weight=weight, parent=parent)
        self.setWordWrap(False)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def setText(self, text: str) -> None:  # noqa: N802 - Qt's name
        if text != self.text():
            super().setText(text)
            self._explain()

    def minimumSizeHint(self) -> QSize:
        hint = super().minimumSizeHint()
        return QSize(min(hint.width(), _LEAST_LINE), hint.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._explain()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        room = self.contentsRect()
        shown = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, int(self.alignment()) | Qt.TextFlag.TextSingleLine, shown)

    def _explain(self) -> None:
        cut = self.fontMetrics().horizontalAdvance(self.text()) > self.contentsRect().width()
        self.setToolTip(self.text() if cut else "")


class UrlLine(Line):
    """A URL: shortened in the middle, its scheme muted, the whole of it in the tooltip."""

    def set_live(self, live: bool) -> None:  # noqa: FBT001 - a setter
        """Mute it while visitors do not get in."""
        self.set_ink(Ink.TEXT if live else Ink.MUTED)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        room, metrics = self.contentsRect(), self.fontMetrics()
        scheme, host = _split(self.text())
        taken = metrics.horizontalAdvance(scheme)
        rest = QRect(room.left() + taken, room.top(), room.width() - taken, room.height())
        flags = int(Qt.AlignmentFlag.AlignVCenter) | Qt.TextFlag.TextSingleLine
        painter.drawText(rest, flags, metrics.elidedText(host, Qt.TextElideMode.ElideMiddle, rest.width()))
        painter.setPen(ink_colour(Ink.MUTED))
        painter.drawText(room, flags, scheme)

    def _explain(self) -> None:
        self.setToolTip(self.text())


def least_width(font: QFont, text: str) -> int:
    """Return the room that `text` takes on one line."""
    return QFontMetrics(font).horizontalAdvance(text)


def _split(url: str) -> tuple[str, str]:
    scheme, mark, host = url.partition("://")
    return (scheme + mark, host) if mark else ("", url)
