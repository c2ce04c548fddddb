"""Texts of the window: coloured by role, sized relative to the system's font, never cut without a tooltip."""

import re

from PySide6.QtCore import QEvent, QRect, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from portway.gui.theme.look import sized, tone_colour
from portway.gui.theme.tone import Tone

_LEAST_LINE = 40  # px that an elided line keeps
_URL_SIZES = (1.3, 1.15, 1.08, 1.0)


class Text(QLabel):
    """A wrapping text. Plain: nothing in it is read as markup."""

    def __init__(
        self,
        text: str = "",
        *,
        tone: Tone = Tone.TEXT,
        size: float = 1.0,
        weight: QFont.Weight = QFont.Weight.Normal,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, parent)
        self._tone, self._size, self._weight = tone, size, weight
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self.setFont(sized(size, weight))
        self._colour()

    def set_tone(self, tone: Tone) -> None:
        """Change its role."""
        if tone is not self._tone:
            self._tone = tone
            self._colour()

    def set_size(self, size: float) -> None:
        """Change its size."""
        if size != self._size:
            self._size = size
            self.setFont(sized(size, self._weight))

    def set_weight(self, weight: QFont.Weight) -> None:
        """Change how bold it is."""
        if weight != self._weight:
            self._weight = weight
            self.setFont(sized(self._size, weight))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.EnabledChange):
            self._colour()
        elif event.type() == QEvent.Type.ApplicationFontChange:
            self.setFont(sized(self._size, self._weight))

    def _colour(self) -> None:
        wanted = tone_colour(self._tone)
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
        tone: Tone = Tone.TEXT,
        size: float = 1.0,
        weight: QFont.Weight = QFont.Weight.Normal,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, tone=tone, size=size, weight=weight, parent=parent)
        self._elide = Qt.TextElideMode.ElideRight
        self.setWordWrap(False)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def shorten(self, where: Qt.TextElideMode) -> None:
        """Say which part is left out."""
        self._elide = where

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
        shown = self.fontMetrics().elidedText(self.text(), self._elide, room.width())
        painter.drawText(room, int(self.alignment()) | Qt.TextFlag.TextSingleLine, shown)

    def _explain(self) -> None:
        cut = self.fontMetrics().horizontalAdvance(self.text()) > self.contentsRect().width()
        self.setToolTip(plain_tip(self.text()) if cut else "")


class UrlText(Text):
    """A URL that is never cut: smaller where it does not fit, then without https://, then on more lines.

    A person compares a URL letter by letter, or reads it out; what is left out of it could be anything.
    """

    def __init__(
        self,
        text: str = "",
        *,
        tone: Tone = Tone.TEXT,
        size: float = 1.0,
        weight: QFont.Weight = QFont.Weight.Normal,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, tone=tone, size=size, weight=weight, parent=parent)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def set_live(self, live: bool) -> None:  # noqa: FBT001 - a setter
        """Mute it while visitors do not get in."""
        self.set_tone(Tone.TEXT if live else Tone.MUTED)

    def hasHeightForWidth(self) -> bool:  # noqa: N802 - Qt's name
        return True

    def heightForWidth(self, width: int) -> int:  # noqa: N802 - Qt's name
        size, lines = self.layout_for(width)
        return QFontMetrics(self._sized(size)).height() * len(lines)

    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(self._sized(self._size))
        return QSize(metrics.horizontalAdvance(self.text()) + 1, metrics.height())

    def minimumSizeHint(self) -> QSize:
        return QSize(_LEAST_LINE, QFontMetrics(self._sized(self._size)).height())

    def layout_for(self, width: int) -> tuple[float, list[str]]:
        """Return the size and the lines in which it fits `width` px."""
        sizes = self._sizes()
        short = self.text().removeprefix("https://")  # http:// stays: whoever reads it should know
        for text, tried in ((self.text(), sizes[:2]), (short, sizes[1:])):
            for size in tried:
                if self._width(text, size) <= width:
                    return size, [text]
        size = sizes[1]
        return size, broken(self.text(), QFontMetrics(self._sized(size)), width)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        room = self.contentsRect()
        size, lines = self.layout_for(room.width())
        painter.setFont(self._sized(size))
        metrics = painter.fontMetrics()
        top = room.top() + max(0, (room.height() - metrics.height() * len(lines)) // 2)
        for number, line in enumerate(lines):
            free = room.width() - metrics.horizontalAdvance(line)
            left = room.left() + (max(0, free) // 2 if self.alignment() & Qt.AlignmentFlag.AlignHCenter else 0)
            place = QRect(left, top + number * metrics.height(), room.width(), metrics.height())
            scheme, rest = _split(line)
            flags = int(Qt.AlignmentFlag.AlignVCenter) | Qt.TextFlag.TextSingleLine
            painter.setPen(tone_colour(Tone.MUTED))
            painter.drawText(place, flags, scheme)
            painter.setPen(tone_colour(self._tone))
            painter.drawText(place.adjusted(metrics.horizontalAdvance(scheme), 0, 0, 0), flags, rest)

    def _sizes(self) -> tuple[float, ...]:
        """Return what is tried, the largest first."""
        return (self._size, *(size for size in _URL_SIZES if size < self._size), min(self._size, _URL_SIZES[-1]))

    def _width(self, text: str, size: float) -> int:
        return QFontMetrics(self._sized(size)).horizontalAdvance(text)

    def _sized(self, size: float) -> QFont:
        font = sized(size, self._weight)
        font.setFeature(QFont.Tag("calt"), 0)  # Inter draws an x between digits as a multiplication sign
        return font


def broken(url: str, metrics: QFontMetrics, width: int) -> list[str]:
    """Return the lines of a URL in `width` px: broken after a hyphen, a dot or a slash, else where it has to be."""
    lines = [""]
    for piece in re.findall(r"[^-./]*[-./]*", url):
        if metrics.horizontalAdvance(lines[-1] + piece) <= width:
            lines[-1] += piece
            continue
        if lines[-1]:
            lines.append("")
        for character in piece:
            if lines[-1] and metrics.horizontalAdvance(lines[-1] + character) > width:
                lines.append("")
            lines[-1] += character
    return lines


def plain_tip(text: str) -> str:
    """Return a text of others as a tooltip that shows it as it is: Qt takes what looks like markup for markup."""
    if "<" not in text:
        return text
    # Without the module html, which nothing else loads in a program at rest.
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return f"<span>{escaped}</span>"


def least_width(font: QFont, text: str) -> int:
    """Return the room that `text` takes on one line."""
    return QFontMetrics(font).horizontalAdvance(text)


def _split(url: str) -> tuple[str, str]:
    scheme, mark, host = url.partition("://")
    return (scheme + mark, host) if mark else ("", url)
