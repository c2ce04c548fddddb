"""The source keeps its shape: small folders, no circles, and few files to open for one trip."""

from __future__ import annotations

from pathlib import Path

import pytest

from development import shape
from development.shape import Package, Step, Trip, read_package

ROOT = Path(__file__).parents[3]
NOT_YET = {
    "imports": "small modules and one import for each name: fuller modules bring it down",
    "lines": "to be merged and simplified",
}
GOALS = [
    pytest.param(goal, marks=pytest.mark.xfail(reason=NOT_YET[goal], strict=True)) if goal in NOT_YET else goal
    for goal in ("circles", "folders", "functions", "trips", "imports", "lines")
]
SOURCES = {
    "__init__.py": '"""Nothing to read."""\n',
    "a.py": "import os\nfrom typing import TYPE_CHECKING\n\nif TYPE_CHECKING:\n    from toy.inner import b\n",
    "inner/__init__.py": "",
    "inner/b.py": "from toy.inner.c import (\n    Thing,\n)\n\n\ndef follow() -> None:\n    from .. import a\n",
    "inner/c.py": "class Thing:\n    def go(self) -> int:\n        return 1\n",
}


@pytest.fixture
def toy(tmp_path: Path) -> Package:
    for name, text in SOURCES.items():
        path = tmp_path / "toy" / name
        path.parent.mkdir(exist_ok=True, parents=True)
        path.write_text(text, encoding="utf-8")
    return read_package(tmp_path / "toy")


def trip(*steps: str) -> Trip:
    return Trip("a trip", tuple(Step(*step.split(":")) for step in steps), most=2)


def test_late_imports_and_those_for_type_checkers_make_a_circle_too(toy: Package) -> None:
    assert toy.circles == [["toy.a", "toy.inner.b"]]


def test_files_that_hold_nothing_do_not_count_in_their_folder(toy: Package) -> None:
    assert toy.folders == {"toy": 1, "toy/inner": 2}


def test_every_line_of_an_import_counts(toy: Package) -> None:
    assert toy.import_share == pytest.approx((3 + 4) / (1 + 5 + 0 + 7 + 3))


def test_methods_are_functions(toy: Package) -> None:
    assert [(function.name, function.lines) for function in toy.functions] == [("follow", 2), ("go", 2)]


@pytest.mark.parametrize(
    ("steps", "fault"),
    [
        (("toy.inner.b:follow", "toy.inner.c:Thing.go"), []),
        (("toy.inner.b:follow", "toy.inner.c:Thing.stop"), ["a trip: toy.inner.c has no Thing.stop"]),
        (("toy.gone:follow",), ["a trip: toy.gone has no follow"]),
    ],
)
def test_a_trip_is_there_or_its_fault_is_told(toy: Package, steps: tuple[str, ...], fault: list[str]) -> None:
    assert shape.faults(trip(*steps), toy) == fault


def test_a_trip_of_files_that_nothing_joins_is_none(tmp_path: Path) -> None:
    (tmp_path / "toy").mkdir()
    for name in ("one", "two"):
        (tmp_path / "toy" / f"{name}.py").write_text(f"def {name}() -> None: ...\n", encoding="utf-8")
    package = read_package(tmp_path / "toy")
    assert shape.faults(trip("toy.one:one", "toy.two:two"), package) == ["a trip: no import joins toy.two to the rest"]


@pytest.fixture(scope="module")
def missed() -> dict[str, list[str]]:
    return shape.misses(read_package(ROOT / "app" / "portway"), shape.read_trips())


def test_every_goal_is_claimed_here(missed: dict[str, list[str]]) -> None:
    assert missed.keys() == {getattr(goal, "values", (goal,))[0] for goal in GOALS}


@pytest.mark.parametrize("goal", GOALS)
def test_the_source_has_the_shape_that_it_should_have(missed: dict[str, list[str]], goal: str) -> None:
    assert not missed[goal]
