"""The lines that the log page shows: the latest few thousand by moment, filtered by source, level and text."""

from bisect import bisect_right, insort
from collections.abc import Iterable
from datetime import datetime

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from portway.gui.log.lines import Level, LogLine

_KEPT = 5000
_INSERTED = 50  # lines that come late; more of them are a new list
LINE_ROLE = Qt.ItemDataRole.UserRole

Index = QModelIndex | QPersistentModelIndex


class LogModel(QAbstractListModel):
    """Rows are lines; `LINE_ROLE` gives the LogLine, the text of a row is what is copied."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._all: list[LogLine] = []
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
        """Add lines of several files, each at its place in time; the oldest go."""
        new = sorted(lines, key=_place)
        first_late = bisect_right(new, _place(self._all[-1]), key=_place) if self._all else 0
        late, latest = new[:first_late], new[first_late:]
        if len(late) > _INSERTED or len(self._all) + len(new) > _KEPT:
            self._all = sorted([*self._all, *new], key=_place)[-_KEPT:]
            self._filter_all()
            return
        for line in late:
            insort(self._all, line, key=_place)
            if self._fits(line):
                self._insert(bisect_right(self._shown, _place(line), key=_place), [line])
        self._all.extend(latest)
        self._insert(len(self._shown), [line for line in latest if self._fits(line)])

    def _insert(self, row: int, lines: list[LogLine]) -> None:
        if lines:
            self.beginInsertRows(QModelIndex(), row, row + len(lines) - 1)
            self._shown[row:row] = lines
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
    return "\n".join(f"{_stamp(line):<19} {line.level.name.lower():<7} {line.source:<11} {line.text}" for line in lines)


def _place(line: LogLine) -> tuple[datetime, str]:
    """Return by what lines are sorted: those of one source and moment keep their order, and stay together."""
    return line.moment, line.source


def _stamp(line: LogLine) -> str:
    return "" if line.continues else f"{line.local:%Y-%m-%d %H:%M:%S}"
