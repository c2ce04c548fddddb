"""The lines that the log page shows: the latest few thousand, filtered by source, level and text."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from portway.gui.log_lines import Level, LogLine

_KEPT = 5000
LINE_ROLE = Qt.ItemDataRole.UserRole

Index = QModelIndex | QPersistentModelIndex


class LogModel(QAbstractListModel):
    """Rows are lines; `LINE_ROLE` gives the LogLine, the text of a row is what is copied."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._all: deque[LogLine] = deque(maxlen=_KEPT)
        self._shown: list[LogLine] = []
        self._source = ""
        self._level = Level.DEBUG
        self._text = ""

    @property
    def lines(self) -> tuple[LogLine, ...]:
        """What is shown."""
        return tuple(self._shown)

    def counts(self) -> tuple[int, int, int]:
        """Return how many lines, warnings and errors there are, shown or not."""
        warnings = sum(line.level is Level.WARNING for line in self._all)
        errors = sum(line.level is Level.ERROR for line in self._all)
        return len(self._all), warnings, errors

    def clear(self) -> None:
        """Forget all."""
        self.beginResetModel()
        self._all.clear()
        self._shown = []
        self.endResetModel()

    def add(self, lines: list[LogLine]) -> None:
        """Add lines at the end; the oldest go."""
        overflow = len(self._all) + len(lines) > _KEPT
        self._all.extend(lines)
        if overflow:
            self._filter_all()
            return
        new = [line for line in lines if self._fits(line)]
        if new:
            start = len(self._shown)
            self.beginInsertRows(QModelIndex(), start, start + len(new) - 1)
            self._shown.extend(new)
            self.endInsertRows()

    def filter(self, *, source: str, level: Level, text: str) -> None:
        """Show only these; an empty source means all."""
        wanted = (source, level, text.lower())
        if wanted != (self._source, self._level, self._text):
            self._source, self._level, self._text = wanted
            self._filter_all()

    def rowCount(self, parent: Index | None = None) -> int:  # noqa: N802 - Qt's name
        return 0 if parent is not None and parent.isValid() else len(self._shown)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        line = self._shown[index.row()]
        if role == LINE_ROLE:
            return line
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return as_text([line])
        return line.text if role == Qt.ItemDataRole.ToolTipRole else None

    def _fits(self, line: LogLine) -> bool:
        return (
            line.level >= self._level
            and self._source in ("", line.source)
            and (not self._text or self._text in line.text.lower())
        )

    def _filter_all(self) -> None:
        self.beginResetModel()
        self._shown = [line for line in self._all if self._fits(line)]
        self.endResetModel()


def as_text(lines: Iterable[LogLine]) -> str:
    """Return lines as they are copied and saved."""
    return "\n".join(f"{line.time:<8} {line.level.name.lower():<7} {line.source:<11} {line.text}" for line in lines)
