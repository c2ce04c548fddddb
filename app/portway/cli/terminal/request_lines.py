"""Recorded requests, one line each: in columns where a person looks, whole where a program reads."""

import shutil
import sys
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import click

from portway.cli.client.client import Record

_WIDEST = 140  # columns: the eye loses a longer line
_SHORTEST_PATH = 12  # columns; other columns go before it gets less
_VISITOR_GROWS_FROM = 100  # columns of the terminal
_LONGEST_ADDRESS = 39  # columns
_GAP = "  "
_SECOND, _MINUTE, _HOUR = 1_000, 60_000, 3_600_000  # milliseconds
_COLOURS = {"1": "blue", "2": "green", "3": "green", "4": "yellow"}  # all else is a failure


def clock(row: Record) -> str:
    """Return when a request began, in this computer's time."""
    return datetime.fromisoformat(row["startedAt"]).astimezone().strftime("%H:%M:%S")


def took(row: Record) -> str:
    """Return how long a request took, or that it is still open."""
    milliseconds = row["durationMs"]
    if milliseconds is None:
        return "open"
    if milliseconds < _SECOND:
        return f"{milliseconds:.0f} ms"
    if milliseconds < _MINUTE:
        return f"{milliseconds / _SECOND:.1f} s"
    return f"{milliseconds / _MINUTE:.0f} min" if milliseconds < _HOUR else f"{milliseconds / _HOUR:.1f} h"


def outcome(row: Record) -> str:
    """Return the status of the answer, or a word where it did not come whole."""
    if row["status"] and row["state"] != "cut":
        return str(row["status"])
    return "silent" if row["state"] == "unanswered" else str(row["state"])


def visitor(row: Record, width: int) -> str:
    """Return who asked, or what is special about it."""
    if row["replayOf"]:
        return f"you, again {row['replayOf']}"
    if not row["refusedBy"]:
        return str(row["client"])
    texts = (f"{row['client']}  kept out: {row['refusedBy']}", f"kept out: {row['refusedBy']}")
    return next((text for text in texts if width_of(text) <= width), "kept out")


_Style = Mapping[str, Any]
_PLAIN: _Style = {}
_DIM: _Style = {"dim": True}
_BLUE: _Style = {"fg": "blue"}
_FAILED: _Style = {"fg": "red"}


def _style(row: Record) -> _Style:
    colour = _COLOURS.get(outcome(row)[0])
    return _FAILED if colour is None else {"fg": colour}


@dataclass(frozen=True, slots=True)
class _Column:
    """`rank`: where there is no room, the columns of the highest one go first. The path has none: it gives way."""

    title: str
    width: int
    rank: int
    text: Callable[[Record, int], str]
    style: Callable[[Record], _Style] = lambda _row: _PLAIN
    right: bool = False

    def cell(self, row: Record | None) -> str:
        """Return its field, as wide as it is; of no row its title."""
        text = self.title if row is None else shortened(self.text(row, self.width), self.width)
        style = _PLAIN if row is None else self.style(row)
        blanks = " " * (self.width - width_of(text))
        styled = click.style(text, **style) if style else text
        return blanks + styled if self.right else styled + blanks


_NUMBER = _Column("ID", 5, 1, lambda row, _: str(row["id"]), right=True)
_TIME = _Column("WHEN", 8, 3, lambda row, _: clock(row), lambda _row: _DIM)
_TUNNEL = _Column("TUNNEL", 11, 2, lambda row, _: str(row["tunnel"]))
_METHOD = _Column("METHOD", 6, 0, lambda row, _: str(row["method"]))
_PATH = _Column("PATH", 0, 0, lambda row, _: str(row["path"]))
_STATUS = _Column("STATUS", 6, 0, lambda row, _: outcome(row), _style)
_TOOK = _Column(
    "TOOK", 7, 1, lambda row, _: took(row), lambda row: _FAILED if _style(row) is _FAILED else _PLAIN, right=True
)
_VISITOR = _Column("VISITOR", 15, 4, visitor, lambda row: _BLUE if row["replayOf"] else _DIM)


class RequestLines:
    """Lines for a terminal, as wide as it is just now: the path takes what the others leave. For a pipe whole ones.

    `numbered`: with the number of each request, by which it can be shown or sent again; `mixed`: with its tunnel.
    """

    def __init__(self, *, numbered: bool = False, mixed: bool = False) -> None:
        before = (*[_NUMBER] * numbered, _TIME, *[_TUNNEL] * mixed, _METHOD)
        self._columns = (*before, _PATH, _STATUS, _TOOK, _VISITOR)
        self._is_terminal = sys.stdout.isatty()

    def title(self) -> Iterator[str]:
        """Yield the line above the others, if there is one."""
        if self._is_terminal:
            yield click.style(self._line(None), dim=True)

    def of(self, row: Record) -> str:
        """Return the line of one request, or the one that stands for those that came too fast to be told one by one."""
        if "more" in row:
            return click.style(f"{_GAP}… {row['more']} more", dim=True)
        return self._line(row) if self._is_terminal else _whole(row)

    def _line(self, row: Record | None) -> str:
        width = shutil.get_terminal_size().columns
        return (_GAP + _GAP.join(column.cell(row) for column in _fitting(self._columns, width))).rstrip()


def _fitting(columns: tuple[_Column, ...], terminal: int) -> Iterator[_Column]:
    """Yield those for which there is room, each as wide as it may be."""
    own = min(max(_VISITOR.width, _VISITOR.width + terminal - _VISITOR_GROWS_FROM), _LONGEST_ADDRESS)
    columns = tuple(replace(column, width=own) if column is _VISITOR else column for column in columns)
    width = min(terminal, _WIDEST)
    while (room := _room(columns, width)) < _SHORTEST_PATH:
        least = max(columns, key=lambda column: column.rank)
        if least.rank == 0:
            break
        columns = tuple(column for column in columns if column is not least)
    for column in columns:
        yield replace(column, width=max(room, 1)) if column is _PATH else column


def _room(columns: tuple[_Column, ...], width: int) -> int:
    """Return what is left for the path, with a gap before each column."""
    return width - sum(len(_GAP) + column.width for column in columns)


def _whole(row: Record) -> str:
    again = f"  (again: {row['replayOf']})" if row["replayOf"] else ""
    fields = f"{row['id']:>5}  {clock(row)}  {row['tunnel']}  {row['method']:<6}  {outcome(row):>4}  {took(row):>8}"
    return f"{fields}  {row['path']}{again}"


def width_of(text: str) -> int:
    """Return how many columns a text takes on a terminal: some signs take two, and some none."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(sign) else 2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text
    )


def shortened(text: str, width: int) -> str:
    """Return a text with its middle left out where it takes more than `width` columns: both ends tell the most."""
    if width_of(text) <= width:
        return text
    head, tail = "", ""
    for front, back in zip(text, reversed(text), strict=True):
        if width_of(head + front + tail) >= width:
            break
        head += front
        if width_of(head + back + tail) >= width:
            break
        tail = back + tail
    return f"{head}…{tail}"
