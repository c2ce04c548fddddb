"""Which requests are listed, in which order, and how they change while they are looked at."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import pytest
from PySide6.QtCore import Qt
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from portway.core.hub import RequestRow
from portway.gui.requests.feed import MOST_ROWS
from portway.gui.requests.model import RequestModel, Wanted
from portway.gui.requests.ordering import Column
from portway.gui.requests.plot import BAR_SECONDS, BARS, Pace
from portway.gui.requests.words import duration_of, kind_of, line_of, milliseconds, outcome, size, state_of
from tests.gui.requests.visits import row

DOWN, UP = Qt.SortOrder.DescendingOrder, Qt.SortOrder.AscendingOrder


@pytest.fixture
def model(qtbot: QtBot) -> RequestModel:
    return RequestModel({"lan": "Local network"})


def numbers(model: RequestModel) -> list[int]:
    return [one.id for one in model.rows]


def test_the_newest_is_on_top_and_the_oldest_of_too_many_are_gone(model: RequestModel) -> None:
    model.load([row(number) for number in range(1, MOST_ROWS)])
    model.add([row(number) for number in range(MOST_ROWS, MOST_ROWS + 4)])
    assert numbers(model)[:3] == [MOST_ROWS + 3, MOST_ROWS + 2, MOST_ROWS + 1]
    assert (model.rowCount(), numbers(model)[-1], len(model.all_rows)) == (MOST_ROWS, 4, MOST_ROWS)


def test_what_has_become_of_a_request_is_shown_in_its_place(model: RequestModel) -> None:
    model.load([row(1), row(2, status=0, took=None), row(3)])
    inserted: list[int] = []
    model.rowsInserted.connect(lambda _parent, first, _last: inserted.append(first))
    model.add([row(2, status=500, took=80.0), row(4)])
    assert numbers(model) == [4, 3, 2, 1]
    assert inserted == [0]
    assert model.data(model.index(2, Column.STATUS)) == "500"
    assert model.slowest == 80.0


FILTERS = [
    (Wanted(text="cart"), [1]),
    (Wanted(text="198.51"), [3]),
    (Wanted(text="nowhere", found=frozenset({2})), [2]),
    (Wanted(method="POST"), [2]),
    (Wanted(status="5xx"), [3]),
    (Wanted(tunnel="lan"), [4]),
    (Wanted(tunnel="lan", status="5xx"), []),
    (Wanted(), [4, 3, 2, 1]),
]


@pytest.mark.parametrize(("wanted", "shown"), FILTERS)
def test_it_shows_what_is_wanted_of_what_is_there_and_of_what_comes(
    model: RequestModel, wanted: Wanted, shown: list[int]
) -> None:
    rows = [
        row(1, "/Cart"),
        row(2, method="POST"),
        row(3, status=502, client="198.51.100.20"),
        row(4, tunnel="lan"),
    ]
    model.load(rows)
    model.filter(wanted)
    assert numbers(model) == shown
    model.load([])
    model.add(rows)
    assert numbers(model) == shown


def test_views_are_told_of_every_change_as_qt_wants_it(model: RequestModel, qtmodeltester: ModelTester) -> None:
    qtmodeltester.check(model, force_py=True)  # type: ignore[no-untyped-call] # looks at every signal from now on
    model.load([row(number) for number in range(1, 30)])
    model.filter(Wanted(status="2xx"))
    model.add([row(3, status=500), row(30), row(31)])
    model.sort(Column.DURATION, UP)
    model.add([row(3), row(32)])
    assert model.rowCount() == 32


def test_a_request_comes_and_goes_as_it_begins_or_ceases_to_be_wanted(model: RequestModel) -> None:
    model.load([row(number, status=0, took=None) for number in range(1, 200)])
    model.filter(Wanted(status="5xx"))
    assert numbers(model) == []
    model.add([row(number, status=500 if number % 2 else 200) for number in range(1, 11)])
    assert numbers(model) == [9, 7, 5, 3, 1]
    model.add([row(3, status=204), row(200, status=503)])
    assert numbers(model) == [200, 9, 7, 5, 1]
    model.add([row(number, status=500) for number in range(1, 200)])  # so many that the list is made anew
    assert len(numbers(model)) == 200


@pytest.mark.parametrize(
    ("column", "order", "sorted_numbers"),
    [
        (Column.TIME, DOWN, [3, 2, 1]),
        (Column.TIME, UP, [1, 2, 3]),
        (Column.PATH, UP, [2, 3, 1]),
        (Column.STATUS, DOWN, [2, 3, 1]),
        (Column.DURATION, DOWN, [1, 2, 3]),
        (Column.SIZE, UP, [3, 1, 2]),
        (Column.METHOD, DOWN, [2, 3, 1]),
        (Column.TYPE, DOWN, [3, 2, 1]),
        (Column.TUNNEL, DOWN, [3, 1, 2]),
        (Column.VISITOR, UP, [3, 2, 1]),
    ],
)
def test_it_is_sorted_by_any_column_also_with_what_comes_later(
    model: RequestModel, column: Column, order: Qt.SortOrder, sorted_numbers: list[int]
) -> None:
    model.sort(Column.VISITOR, DOWN)
    model.sort(column, order)
    model.load(
        [
            row(1, "/c", status=200, took=90.0, response_bytes=20, method="DELETE", client="c", tunnel="lan"),
            row(
                2,
                "/a",
                status=500,
                took=9.0,
                response_bytes=30,
                method="POST",
                client="b",
                tunnel="api",
                content_type="text/javascript",
            ),
        ]
    )
    model.add(
        [
            row(3, "/b", status=404, took=1.0, response_bytes=10, content_type="text/css", client="a", tunnel="ngrok"),
        ]
    )
    assert numbers(model) == sorted_numbers


@pytest.mark.parametrize("order", [DOWN, UP])
@pytest.mark.parametrize("column", list(Column))
@pytest.mark.parametrize("wanted", [Wanted(), Wanted(status="2xx")])
def test_what_comes_is_put_where_a_new_sort_of_all_would_put_it(
    qtbot: QtBot, model: RequestModel, column: Column, order: Qt.SortOrder, wanted: Wanted
) -> None:
    chance = random.Random(3)

    def some(number: int) -> RequestRow:
        tunnel, took = chance.choice(("lan", "api", "ngrok")), chance.choice((None, 1.0, 90.0, 4.5))
        status, size = chance.choice((0, 200, 204, 500)), chance.randrange(4)
        kind = chance.choice(("text/css", "text/html"))
        path, method, client = chance.choice("ab"), chance.choice(("GET", "POST")), chance.choice("xyz")
        return row(
            number,
            path,
            status=status,
            took=took,
            response_bytes=size,
            method=method,
            client=client,
            tunnel=tunnel,
            content_type=kind,
        )

    again = RequestModel({"lan": "Local network"})
    for one in (model, again):
        one.filter(wanted)
    again.sort(column, order)
    model.load([some(number) for number in range(1, 300)])
    model.sort(column, order)
    for first in range(300, 360, 6):
        model.add([some(number) for number in (*chance.sample(range(1, first), 5), *range(first, first + 6))])
        again.load([*model.all_rows.values()])
        assert numbers(model) == numbers(again)
        assert [model.place_of(number) for number in numbers(model)] == list(range(model.rowCount()))
        assert model.slowest == again.slowest
    assert model.place_of(0) == -1


def test_what_comes_into_a_sorted_list_is_compared_with_few_of_the_others(model: RequestModel) -> None:
    """So that one turn of the main thread stays short, however much is in the list."""
    model.load([row(number, took=float(number % 700)) for number in range(1, MOST_ROWS + 1)])
    model.sort(Column.DURATION, DOWN)
    compared = []

    class Counted(float):
        def __lt__(self, other: float) -> bool:
            compared.append(other)
            return float(self) < float(other)

    model.add([row(number, took=Counted(number % 700)) for number in range(MOST_ROWS + 1, MOST_ROWS + 201)])
    assert model.rowCount() == MOST_ROWS
    assert 0 < len(compared) < 200 * 2 * MOST_ROWS.bit_length()


def test_a_sorted_list_stays_whole_when_a_tunnel_gets_another_name(qtbot: QtBot) -> None:
    titles = {"lan": "Local network"}
    model = RequestModel(titles)
    model.load([row(1, tunnel="lan"), row(2, tunnel="ngrok"), *(row(number, tunnel="lan") for number in range(3, 60))])
    model.sort(Column.TUNNEL, UP)
    titles["lan"] = "zoo"
    model.add([row(1, tunnel="lan", status=500), row(60, tunnel="lan")])
    assert sorted(numbers(model)) == list(range(1, 61))


def test_what_was_recorded_of_one_tunnel_is_forgotten_alone(model: RequestModel) -> None:
    model.load([row(1), row(2, tunnel="lan"), row(3)])
    model.forget("lan")
    assert numbers(model) == [3, 1]
    model.forget("")
    assert numbers(model) == []


def test_a_row_says_what_it_is_in_words() -> None:
    said = [
        (row(1), ("disc", "200"), "It came to its end."),
        (row(1, status=404), ("triangle", "404"), "It came to its end."),
        (row(1, status=502, state="unanswered"), ("octagon", "502"), "Your server did not answer, so Portway did."),
        (row(1, status=200, state="cut"), ("octagon", "200"), "One side went before the end."),
        (row(1, status=0, state="cut"), ("octagon", "failed"), "One side went before the end."),
        (row(1, status=0, took=None), ("busy", "waits"), "It is still going on."),
        (row(1, status=101, took=None), ("disc", "101"), "A WebSocket that is open."),
        (row(1, status=403, refused_by="allow"), ("triangle", "403"), "Kept out by a rule"),
    ]
    for one, shown, told in said:
        assert (state_of(one).glyph, state_of(one).word) == shown
        assert outcome(one).startswith(told)


def test_sizes_times_and_kinds_are_short(qtbot: QtBot) -> None:
    assert [size(count) for count in (0, 999, 1000, 14_000, 412_345, 3_000_000, 5_000_000_000)] == [
        "0 B",
        "999 B",
        "1.0 KB",
        "14 KB",
        "412 KB",
        "3.0 MB",
        "5.0 GB",
    ]
    assert [milliseconds(time) for time in (None, 0.4, 18.3, 1234.0, 150_000.0)] == [
        "",
        "< 1 ms",
        "18 ms",
        "1.2 s",
        "2 min",
    ]
    kinds = {
        "application/problem+json": "json",
        "text/html; charset=utf-8": "document",
        "image/svg+xml": "image",
        "application/x-www-form-urlencoded": "form",
        "": "",
    }
    assert {kind: kind_of(kind) for kind in kinds} == kinds
    open_since = row(1, status=101, took=None, started_at=datetime.now(UTC) - timedelta(seconds=44))
    assert duration_of(open_since) == "open for 44 s"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("/\x1b[31mred\x07", "/red\\x07"),
        ("/a\nb\tc", "/a\\nb\\tc"),
        ("/\u202egnp.exe", "/\\u202egnp.exe"),
        ("/<b>bold</b>", "/<b>bold</b>"),
    ],
)
def test_a_path_does_nothing_where_it_is_shown(text: str, shown: str) -> None:
    assert line_of(text) == shown
    assert len(line_of("/" * 60_000)) < 700


def test_the_plot_counts_each_request_once_in_its_five_seconds_and_says_how_fast_they_were() -> None:
    now = datetime(2026, 11, 29, 12, 0, 2, tzinfo=UTC)
    pace = Pace()

    def at(seconds: float, status: int = 200, took: float = 10.0, client: str = "a", state: str = "done") -> None:
        one = row(1, status=status, took=took, client=client, state=state, started_at=now - timedelta(seconds=seconds))
        pace.count(one)

    at(0)
    at(1, status=500, took=30.0, client="b")
    at(30, took=20.0)
    at(30, status=200, state="cut", took=20.0)
    at(596, took=20.0)
    at(700)
    bars = pace.bars(now.timestamp())
    assert len(bars) == BARS
    assert bars[-1] == (1, 1)
    assert bars[-1 - 30 // BAR_SECONDS] == (1, 1)
    assert bars[0] == (1, 0)
    figures = pace.figures(now.timestamp())
    assert (figures.failed, figures.median, figures.visitors) == (2 / 5, 20.0, 2)
    assert figures.per_second == 4 / 60
    later = pace.figures(now.timestamp() + 2 * BARS * BAR_SECONDS)
    assert (later.per_second, later.failed, later.median, later.visitors) == (0.0, 0.0, None, 0)
