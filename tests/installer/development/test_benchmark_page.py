from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from tests.benchmarks.measure import beside, left_out, report
from tests.benchmarks.written import page
from tests.benchmarks.written.figures import Figure, figures
from tests.benchmarks.written.page import Circumstances, page_of, peers_of, plots_of, write_page

WHERE = Circumstances(datetime(2026, 11, 29, tzinfo=UTC), "a machine", minutes=7.6, others=3.4)
FIGURE = Figure("a name", "1.2", " s", "", "", "≤ 2")

Captured = pytest.CaptureFixture[str]


def printed(capsys: Captured) -> list[str]:
    report("time to a URL", 0.1234, 0.1, "≤ 1.4", " s")
    report("memory: idle", 91.5, None, "≤ 70", " MB")
    report("grown", -0.5, None, "≤ 2", " MB")
    left_out("against mitmdump", "it is not there")
    return ["a word meanwhile", *capsys.readouterr().out.splitlines()]


def of_peers(capsys: Captured) -> list[str]:
    beside("Portway", "memory", 60.4, " MB")
    beside("Portway", "start", 171.2, " ms")
    beside("another one", "memory", 212, " MB")
    left_out("a third", "`apt-get install it` brings it")
    return capsys.readouterr().out.splitlines()


def test_each_figure_is_a_row_with_its_floor_and_whether_its_goal_is_met(capsys: Captured) -> None:
    made = page_of({"several_tunnels": printed(capsys)}, {"several_tunnels": "What they cost."}, WHERE)
    assert "## several tunnels\n\nWhat they cost.\n" in made
    assert "| time to a URL | 0.1234 s | 0.1 s | 1.234 | ≤ 1.4 | met |" in made
    assert "| memory: idle | 91.5 MB |  |  | ≤ 70 | **missed** |" in made
    assert "| grown | -0.5 MB |  |  | ≤ 2 | met |" in made
    assert "a word meanwhile" not in made
    assert "](pictures/benchmarks/several_tunnels.svg)" in made


def test_the_page_says_when_where_and_how_busy_it_was() -> None:
    made = page_of({"cli": []}, {}, WHERE)
    assert "29 November 2026, in 8 minutes, on a machine" in made
    assert "took 3 % of the processors" in made.replace("\n", " ")
    assert "## cli" not in made, "a group without figures has no table"


def test_the_page_says_first_what_misses_its_goal_and_what_could_not_be_measured(capsys: Captured) -> None:
    made = page_of({"several_tunnels": printed(capsys)}, {}, WHERE)
    assert "**2 of 3 figures meet their goals.**" in made
    assert "| memory: idle | [several tunnels](#several-tunnels) | 91.5 | ≤ 70 |" in made
    assert "- against mitmdump: it is not there" in made
    assert "Nothing." in page_of({"cli": []}, {}, WHERE)


@pytest.mark.parametrize(
    ("changes", "used"),
    [
        ({}, 0.6),
        ({"value": "3"}, 1.5),
        ({"value": "9"}, 2.0),
        ({"value": "-1"}, 0.0),
        ({"value": "0", "goal": "≤ 0"}, 0.0),
        ({"value": "3", "goal": "≤ 0"}, 2.0),
        ({"value": "30", "floor": "20", "ratio": "1.5", "goal": "≥ 0.75"}, 0.5),
        ({"value": "30", "floor": "60", "ratio": "0.5", "goal": "≥ 0.75"}, 1.5),
        ({"value": "0", "goal": "≥ 1"}, 2.0),
    ],
)
def test_a_bar_is_as_long_as_the_part_of_the_goal_that_is_used(changes: dict[str, str], used: float) -> None:
    figure = replace(FIGURE, **changes)
    assert figure.used == used
    assert figure.met is (used <= 1)


def test_a_plot_is_a_picture_with_a_bar_for_each_figure_and_words_for_who_cannot_see_it(capsys: Captured) -> None:
    lines = printed(capsys)
    (plot,) = plots_of({"several_tunnels": lines, "cli": []}).values()
    root = ET.fromstring(plot)  # noqa: S314 - our own
    assert root.get("aria-label") == "several tunnels: 2 of 3 meet their goals"
    kinds = [one.get("class") for one in root.iter("{http://www.w3.org/2000/svg}rect")]
    assert (kinds.count("met"), kinds.count("missed")) == (2, 1)
    assert len(figures(lines)) == 3


def test_other_programs_stand_beside_portway_with_what_was_measured_of_each(capsys: Captured) -> None:
    made = peers_of(of_peers(capsys), WHERE)
    assert "| program | memory | start |" in made
    assert "| Portway | 60.4 MB | 171.2 ms |" in made
    assert "| another one | 212 MB |  |" in made
    assert "- a third: `apt-get install it` brings it" in made


def test_a_look_at_other_programs_is_kept_until_there_is_a_newer_one(
    capsys: Captured, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page, "PAGE", tmp_path / "benchmarks.md")
    lines = printed(capsys)
    write_page({"several_tunnels": lines, "peers": of_peers(capsys)}, {}, WHERE)
    later = replace(WHERE, when=datetime(2027, 1, 2, tzinfo=UTC))
    made = write_page({"cli": lines}, {}, later).read_text(encoding="utf-8")
    assert "02 January 2027" in made
    assert "Measured on 29 November 2026" in made
    assert "| another one | 212 MB |  |" in made
    assert [one.name for one in (tmp_path / "pictures" / "benchmarks").iterdir()] == ["cli.svg"]
