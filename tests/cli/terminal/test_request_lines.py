"""One line for each request, in whatever room a terminal has."""

from __future__ import annotations

import click
import pytest

from portway.cli.terminal.request_lines import RequestLines, shortened, width_of
from tests.fakes.portway.rest_double import row_of

LONG = "/assets/" + "a" * 90 + "/index.css"
ROWS = [
    row_of(1, "toy"),
    row_of(99999, "cloudflared", path=LONG, method="PROPPATCH", durationMs=59_999.0),
    row_of(3, "toy", path="/日本語/" * 20, client="2001:db8:85a3:8d3:1319:8a2e:370:7348", replayOf=7),
    row_of(4, "toy", refusedBy="password", status=401),
    row_of(5, "toy", state="cut", status=0, durationMs=7_200_000.0),
    row_of(6, "toy", state="open", status=101, durationMs=None),
]


@pytest.fixture(autouse=True)
def _on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)


@pytest.mark.parametrize("columns", [24, 36, 48, 60, 80, 100, 132, 300])
@pytest.mark.parametrize("row", ROWS, ids=lambda row: str(row["id"]))
@pytest.mark.parametrize("listed", [False, True])
def test_none_is_wider_than_the_terminal(
    monkeypatch: pytest.MonkeyPatch, columns: int, row: dict[str, object], *, listed: bool
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    lines = RequestLines(numbered=listed, mixed=listed)
    (title,) = lines.title()
    for line in map(click.unstyle, (title, lines.of(row))):
        assert width_of(line) <= columns
        assert line.startswith("  ")


@pytest.mark.parametrize(
    ("columns", "there", "gone"),
    [
        (80, ("03:04:05", "12 ms", "203.0.113.7", "/assets/"), ()),
        (60, ("03:04:05", "12 ms", "index.css"), ("203.0.113.7",)),
        (44, ("12 ms", "ex.css"), ("203.0.113.7", "03:04:05")),
        (30, ("GET", "/as", "200"), ("203.0.113.7", "03:04:05", "12 ms")),
    ],
)
def test_the_path_takes_the_rest_and_the_visitor_goes_first(
    monkeypatch: pytest.MonkeyPatch, columns: int, there: tuple[str, ...], gone: tuple[str, ...]
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    monkeypatch.setattr("portway.cli.terminal.request_lines.clock", lambda _row: "03:04:05")
    line = click.unstyle(RequestLines().of(row_of(1, "toy", path=LONG)))
    assert [part for part in there if part not in line] == []
    assert [part for part in gone if part in line] == []


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (ROWS[1], "60.0 s"),
        (ROWS[2], "you, again 7"),
        (ROWS[3], "203.0.113.7  kept out: password"),
        (ROWS[4], "cut       2.0 h"),
        (ROWS[5], "101        open"),
        (row_of(1, "toy", status=0, state="unanswered"), "silent"),
        (row_of(1, "toy", status=502, state="unanswered"), "502"),
    ],
)
def test_what_became_of_it_is_said_in_words(monkeypatch: pytest.MonkeyPatch, row: dict[str, object], said: str) -> None:
    monkeypatch.setenv("COLUMNS", "132")
    assert said in click.unstyle(RequestLines().of(row))


@pytest.mark.parametrize(
    ("text", "width", "shown"),
    [
        ("/short", 6, "/short"),
        ("/a-long-path", 6, "/a-…th"),
        ("/a-long-path", 7, "/a-…ath"),
        ("/日本語日本語", 8, "/日…本語"),
        ("/日本語日本語", 1, "…"),
        ("e\u0301" * 4, 4, "e\u0301" * 4),
    ],
)
def test_a_text_loses_its_middle(text: str, width: int, shown: str) -> None:
    assert (shortened(text, width), width_of(shown) <= width) == (shown, True)
