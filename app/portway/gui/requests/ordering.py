"""Rows in the order of a column, in which the place of each is found without a look at all the others."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import IntEnum
from typing import Any

from portway.core.hub import RequestRow
from portway.gui.requests.words import kind_of

_ONE_BY_ONE = 8  # at most one in so many is put in or taken out by itself; for more, all are sorted

Key = tuple[Any, int]  # a number or a text, always the same kind for one column; and what orders equal ones


class Column(IntEnum):
    """In the order in which they are shown."""

    TIME = 0
    METHOD = 1
    PATH = 2
    STATUS = 3
    TYPE = 4
    SIZE = 5
    DURATION = 6
    TUNNEL = 7
    VISITOR = 8


class OrderedRows:
    """Equal ones stand in the order of time, the newest first, whatever the order is.

    Keeps them the smallest first; `in_order` turns that around where it has to.
    """

    def __init__(self, column: Column, titles: Mapping[str, str], *, descending: bool) -> None:
        self._value = _value_of(column, titles)
        self._descending = descending
        self._keys: list[Key] = []
        self._rows: list[RequestRow] = []
        self._known: dict[int, Key] = {}  # by the number of the row: what it is compared by may be another one by now

    def in_order(self) -> list[RequestRow]:
        """Return all of them, as they are shown."""
        return self._rows[::-1] if self._descending else self._rows[:]

    def fill(self, rows: Iterable[RequestRow]) -> None:
        """Begin anew with these."""
        by_number = {row.id: row for row in rows}
        self._known = {number: self._key(row) for number, row in by_number.items()}
        self._keys = sorted(self._known.values())
        self._rows = [by_number[abs(number)] for _, number in self._keys]

    def change(self, gone: Sequence[int], new: Sequence[RequestRow]) -> None:
        """Take some out, by their numbers, and put others in."""
        if (len(gone) + len(new)) * _ONE_BY_ONE > len(self._rows):
            left = {*gone}
            self.fill([*(row for row in self._rows if row.id not in left), *new])
            return
        for number in gone:
            place = self._find(number)
            if place >= 0:
                del self._keys[place], self._rows[place], self._known[number]
        for row in new:
            key = self._known[row.id] = self._key(row)
            place = bisect_left(self._keys, key)
            self._keys.insert(place, key)
            self._rows.insert(place, row)

    def place_of(self, number: int) -> int:
        """Return where a row stands as it is shown, by its number; -1 where it does not."""
        place = self._find(number)
        return len(self._rows) - 1 - place if place >= 0 and self._descending else place

    def _find(self, number: int) -> int:
        key = self._known.get(number)
        return -1 if key is None else bisect_left(self._keys, key)

    def _key(self, row: RequestRow) -> Key:
        return self._value(row), row.id if self._descending else -row.id


def _value_of(column: Column, titles: Mapping[str, str]) -> Callable[[RequestRow], float | str]:
    """Return what rows are compared by."""
    match column:
        case Column.TIME:
            return lambda row: row.id
        case Column.STATUS:
            return lambda row: f"{row.status:03}{row.state}"
        case Column.SIZE:
            return lambda row: row.response_bytes
        case Column.DURATION:
            return lambda row: -1 if row.duration_ms is None else row.duration_ms
        case Column.METHOD:
            return lambda row: row.method
        case Column.PATH:
            return lambda row: row.path
        case Column.TYPE:
            return lambda row: kind_of(row.content_type, row.status)
        case Column.TUNNEL:
            return lambda row: titles.get(row.tunnel, row.tunnel).lower()
        case Column.VISITOR:
            return lambda row: row.client
