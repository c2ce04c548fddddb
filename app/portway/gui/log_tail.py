"""The last lines of one tunnel's log, below its card."""

from __future__ import annotations

import re
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QVBoxLayout, QWidget

from portway.gui.buttons import LinkButton
from portway.gui.labels import Line
from portway.gui.look import Ink
from portway.gui.surfaces import Ground
from portway.gui.words import tr
from portway.system.log_reader import read_tail

_LINES = 6
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
        self._lines = [Line(size=_SIZE, ink=Ink.TEXT) for _ in range(_LINES)]
        for line in self._lines:
            font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
            font.setPointSizeF(line.font().pointSizeF())
            line.setFont(font)
            self._layout.addWidget(line)
        self._link = LinkButton(tr("Open the whole log"))
        self._link.clicked.connect(self.whole_asked)
        self._layout.addWidget(self._link, 0, Qt.AlignmentFlag.AlignRight)

    def refresh(self, path: str | None) -> None:
        """Read the lines anew."""
        lines = read_tail(Path(path), _LINES) if path else []
        shown = [short_line(line) for line in lines] or [tr("Nothing has been written yet.")]
        for index, line in enumerate(self._lines):
            line.setVisible(index < len(shown))
            if index < len(shown):
                line.setText(shown[index])
                line.set_ink(_ink(shown[index]))


def short_line(line: str) -> str:
    """Return time, level and text of a line of ours; another one as it is."""
    match = _LINE.match(line)
    return f"{match[1]}  {match[2].lower():<7}  {match[3]}" if match else line


def _ink(line: str) -> Ink:
    if "  warning  " in line:
        return Ink.WARN
    return Ink.BAD if "  error  " in line or "  critical  " in line else Ink.TEXT
