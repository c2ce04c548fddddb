"""The last lines of one tunnel's log, below its card."""

from __future__ import annotations

import re
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFontDatabase, QPainter, QPaintEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from portway.gui.buttons import LinkButton
from portway.gui.labels import Line
from portway.gui.look import Ink, ink_colour
from portway.gui.surfaces import Ground
from portway.gui.words import tr
from portway.system.log_reader import read_tail

_LINES = 6
_LEVEL, _TEXT = 10, 17  # where they begin in a short line
_WORDS = {"WARNING": "warn", "CRITICAL": "error"}  # as in the whole log, where these are shorter
_SHORT = re.compile(r"\d\d:\d\d:\d\d  \w")
_SIZE = 0.92
# As system.logs writes them: 2026-11-25T14:02:11.123Z INFO    portway.backends.lan: text
_LINE = re.compile(r"\d{4}-\d\d-\d\dT(\d\d:\d\d:\d\d)\.\d+Z (\w+) +[\w.]+: (.*)")


class LogTail(Ground):
    """Reads when it is shown or refreshed: a few KB from the end of one file."""

    whole_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(12, 8, 8, 4)
        self._layout.setSpacing(2)
        self._lines = [_TailLine() for _ in range(_LINES)]
        for line in self._lines:
            self._layout.addWidget(line)
        self.link = LinkButton(tr("Open the whole log"))
        self.link.clicked.connect(self.whole_asked)
        self._layout.addWidget(self.link, 0, Qt.AlignmentFlag.AlignRight)

    def refresh(self, path: str | None) -> None:
        """Read the lines anew."""
        lines = read_tail(Path(path), _LINES) if path else []
        shown = [short_line(line) for line in lines] or [tr("Nothing has been written yet.")]
        for index, line in enumerate(self._lines):
            line.setVisible(index < len(shown))
            if index < len(shown):
                line.setText(shown[index])


def short_line(line: str) -> str:
    """Return time, level and text of a line of ours; another one as it is."""
    match = _LINE.match(line)
    return f"{match[1]}  {_WORDS.get(match[2], match[2].lower()):<5}  {match[3]}" if match else line


class _TailLine(Line):
    """Time and level stand back; a warning has its colour."""

    def __init__(self) -> None:
        super().__init__(size=_SIZE)
        font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        font.setPointSizeF(self.font().pointSizeF())
        self.setFont(font)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        text, room, metrics = self.text(), self.contentsRect(), self.fontMetrics()
        for part, ink in ((text[:_LEVEL], Ink.MUTED), (text[_LEVEL:_TEXT], _ink(text)), (text[_TEXT:], Ink.TEXT)):
            painter.setPen(ink_colour(ink if _SHORT.match(text) else Ink.TEXT))
            shown = metrics.elidedText(part, Qt.TextElideMode.ElideRight, room.width())
            painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter) | Qt.TextFlag.TextSingleLine, shown)
            room.setLeft(room.left() + metrics.horizontalAdvance(part))


def _ink(line: str) -> Ink:
    match line[_LEVEL:_TEXT].strip():
        case "warn":
            return Ink.WARN
        case "error":
            return Ink.BAD
        case _:
            return Ink.MUTED
