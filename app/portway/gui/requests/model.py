"""The requests that the page shows: the latest ten thousand, filtered and sorted in plain lists.

A QSortFilterProxyModel over a model in Python takes seconds for that: it asks for each value anew.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from portway.core.hub import RequestRow
from portway.gui.i18n.contexts import requests as tr
from portway.gui.requests.feed import MOST_ROWS
from portway.gui.requests.ordering import Column, OrderedRows
from portway.gui.requests.words import clock, duration_of, kind_of, line_of, size, state_of, visitor_of

ROW_ROLE = Qt.ItemDataRole.UserRole
_ONE_BY_ONE = 40  # rows that begin or cease to fit in one batch; more of them are a new list

Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which requests are shown; empty: all. `found` are numbers whose headers or bodies have the text."""

    text: str = ""
    method: str = ""
    status: str = ""  # "2xx" and so on
    tunnel: str = ""
    found: frozenset[int] = frozenset()

    def fits(self, row: RequestRow) -> bool:
        """Whether it is shown."""
        if self.tunnel and row.tunnel != self.tunnel:
            return False
        if self.method and row.method != self.method:
            return False
        if self.status and str(row.status)[0] != self.status[0]:
            return False
        if not self.text or row.id in self.found:
            return True
        return self.text in row.path.lower() or self.text in visitor_of(row).lower()


class RequestModel(QAbstractTableModel):
    """`ROW_ROLE` gives the RequestRow. `changing` and `changed` surround all that moves rows, resets too."""

    changing = Signal()
    changed = Signal()

    def __init__(self, titles: Mapping[str, str], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._titles = titles  # of tunnels, by their ids
        self._all: dict[int, RequestRow] = {}  # the oldest first
        self._shown: list[RequestRow] = []
        self._wanted = Wanted()
        self._column, self._order = Column.TIME, Qt.SortOrder.DescendingOrder
        self._ordered: OrderedRows | None = None  # of what is shown, where the newest is not first
        self._slowest = 0.0

    @property
    def rows(self) -> Sequence[RequestRow]:
        """What is shown, in its order."""
        return self._shown

    @property
    def all_rows(self) -> Mapping[int, RequestRow]:
        """What is known, shown or not, by its number, the oldest first."""
        return self._all

    @property
    def newest(self) -> int:
        """The number of the newest that is known, 0 where there is none."""
        return next(reversed(self._all), 0)

    @property
    def slowest(self) -> float:
        """The longest duration of those that are shown, in milliseconds."""
        return self._slowest

    @property
    def newest_first(self) -> bool:
        """Whether new ones come in on top."""
        return (self._column, self._order) == (Column.TIME, Qt.SortOrder.DescendingOrder)

    def load(self, rows: Sequence[RequestRow]) -> None:
        """Begin anew with these, the oldest first."""
        self.changing.emit()
        self._all = {row.id: row for row in rows[-MOST_ROWS:]}
        self._begin_anew()
        self.changed.emit()

    def add(self, rows: Sequence[RequestRow]) -> None:
        """Take what is new or has changed, the oldest first; the oldest of all go where there are too many."""
        self.changing.emit()
        known = [row for row in rows if row.id in self._all]
        new = [row for row in rows if row.id not in self._all]
        newest = self.newest
        out_of_order = bool(new) and new[0].id < newest
        self._all.update((row.id, row) for row in rows)
        if out_of_order:
            self._all = {number: self._all[number] for number in sorted(self._all)}
        if self._ordered is not None:
            self._put_in_order(self._ordered, rows)
        elif out_of_order or (len(known) > _ONE_BY_ONE and self._restless(known)):
            self._forget_oldest()
            self._begin_anew()
        else:
            self._change(known)
            self._insert(0, [row for row in reversed(new) if self._wanted.fits(row)])
            gone = max(self._forget_oldest(), default=0)
            self._remove(bisect_left(self._shown, -gone, key=lambda row: -row.id), len(self._shown) - 1)
        self.changed.emit()

    def forget(self, tunnel: str) -> None:
        """Forget those of one tunnel, of all where it is empty."""
        self.load([] if not tunnel else [row for row in self._all.values() if row.tunnel != tunnel])

    def filter(self, wanted: Wanted) -> None:
        """Show only these."""
        if wanted != self._wanted:
            self.changing.emit()
            self._wanted = wanted
            self._begin_anew()
            self.changed.emit()

    def place_of(self, number: int) -> int:
        """Return the row of a request; -1 where it is not shown."""
        if self._ordered is not None:
            return self._ordered.place_of(number)
        at = bisect_left(self._shown, -number, key=lambda row: -row.id)
        return at if at < len(self._shown) and self._shown[at].id == number else -1

    def rowCount(self, parent: Index | None = None) -> int:  # noqa: N802 - Qt's name
        return 0 if parent is not None and parent.isValid() else len(self._shown)

    def columnCount(self, parent: Index | None = None) -> int:  # noqa: N802 - Qt's name
        return 0 if parent is not None and parent.isValid() else len(Column)

    def headerData(  # noqa: N802 - Qt's name
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return column_title(Column(section))
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid() or index.row() >= len(self._shown):
            return None
        row = self._shown[index.row()]
        if role == ROW_ROLE:
            return row
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return self.text(row, Column(index.column()))
        return None

    def text(self, row: RequestRow, column: Column) -> str:
        """Return what a cell says."""
        match column:
            case Column.TIME:
                return clock(row, exact=True)
            case Column.METHOD:
                return line_of(row.method)
            case Column.PATH:
                return line_of(row.path)
            case Column.STATUS:
                return state_of(row).word
            case Column.TYPE:
                return kind_of(row.content_type, row.status)
            case Column.SIZE:
                return size(row.response_bytes)
            case Column.DURATION:
                return duration_of(row)
            case Column.TUNNEL:
                return self._titles.get(row.tunnel, row.tunnel)
            case Column.VISITOR:
                return visitor_of(row)

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by a column; equal ones stay in the order of time."""
        if (Column(column), order) == (self._column, self._order):
            return
        self.changing.emit()
        self._column, self._order = Column(column), order
        self._begin_anew()
        self.changed.emit()

    def _begin_anew(self) -> None:
        self.beginResetModel()
        shown = [row for row in reversed(self._all.values()) if self._wanted.fits(row)]
        self._ordered = None
        if not self.newest_first:
            descending = self._order is Qt.SortOrder.DescendingOrder
            self._ordered = OrderedRows(self._column, self._titles, descending=descending)
            self._ordered.fill(shown)
            shown = self._ordered.in_order()
        self._shown = shown
        self._find_slowest()
        self.endResetModel()

    def _find_slowest(self) -> None:
        self._slowest = max((row.duration_ms or 0.0 for row in self._shown), default=0.0)

    def _put_in_order(self, ordered: OrderedRows, rows: Sequence[RequestRow]) -> None:
        """Show these where they belong: a new list for those who look, of which only what is other was sorted."""
        self.beginResetModel()
        forgotten = self._forget_oldest()
        fitting = [row for row in rows if row.id in self._all and self._wanted.fits(row)]
        ordered.change([*(row.id for row in rows), *forgotten], fitting)
        self._shown = ordered.in_order()
        self._find_slowest()
        self.endResetModel()

    def _restless(self, known: Sequence[RequestRow]) -> bool:
        """Whether so many of these begin or cease to be shown that a new list is less work."""
        moved = sum((self.place_of(row.id) >= 0) != self._wanted.fits(row) for row in known)
        return moved > _ONE_BY_ONE

    def _change(self, known: Sequence[RequestRow]) -> None:
        """Show what has become of some that were known."""
        for row in known:
            place, fits = self.place_of(row.id), self._wanted.fits(row)
            if place >= 0 and fits:
                self._shown[place] = row
                self._slowest = max(self._slowest, row.duration_ms or 0.0)
            elif place >= 0:
                self._remove(place, place)
            elif fits:
                self._insert(bisect_left(self._shown, -row.id, key=lambda one: -one.id), [row])
        if known and self._shown:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._shown) - 1, len(Column) - 1))

    def _insert(self, place: int, rows: Sequence[RequestRow]) -> None:
        if rows:
            self.beginInsertRows(QModelIndex(), place, place + len(rows) - 1)
            self._shown[place:place] = rows
            self._slowest = max(self._slowest, *(row.duration_ms or 0.0 for row in rows))
            self.endInsertRows()

    def _remove(self, first: int, last: int) -> None:
        if first > last:
            return
        self.beginRemoveRows(QModelIndex(), first, last)
        gone = max(row.duration_ms or 0.0 for row in self._shown[first : last + 1])
        del self._shown[first : last + 1]
        self.endRemoveRows()
        if gone >= self._slowest:
            self._slowest = max((row.duration_ms or 0.0 for row in self._shown), default=0.0)

    def _forget_oldest(self) -> list[int]:
        """Return the numbers of those that are gone, the oldest first."""
        gone = list(islice(self._all, max(0, len(self._all) - MOST_ROWS)))
        for number in gone:
            del self._all[number]
        return gone


def column_title(column: Column) -> str:
    """Return what stands above it."""
    match column:
        case Column.TIME:
            return tr("Time")
        case Column.METHOD:
            return tr("Method")
        case Column.PATH:
            return tr("Path")
        case Column.STATUS:
            return tr("Status")
        case Column.TYPE:
            return tr("Type")
        case Column.SIZE:
            return tr("Size")
        case Column.DURATION:
            return tr("Duration")
        case Column.TUNNEL:
            return tr("Tunnel")
        case Column.VISITOR:
            return tr("Visitor")
