"""Coverage has a floor for each package."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from development import floors

APP = Path(__file__).parents[3] / "app" / "portway"


def report_of(**files: tuple[int, int]) -> dict[str, object]:
    return {
        "files": {
            name: {"summary": {"covered_lines": covered, "num_statements": whole}}
            for name, (covered, whole) in files.items()
        }
    }


def test_a_package_is_all_its_files_together() -> None:
    report = report_of(
        **{"app/portway/core/a.py": (1, 2), "app\\portway\\core\\deep\\b.py": (2, 2), "app/portway/gui/c.py": (9, 10)}
    )
    assert floors.percentages(report) == {"core": 75.0, "gui": 90.0}


def test_every_package_has_a_floor() -> None:
    packages = {path.parent.name for path in APP.glob("*/__init__.py")}
    assert packages <= floors.FLOORS.keys()


@pytest.mark.parametrize(("covered", "code"), [(95, 0), (94, 1)])
def test_below_its_floor_a_package_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], covered: int, code: int
) -> None:
    report = tmp_path / "coverage.json"
    report.write_text(json.dumps(report_of(**{"app/portway/core/a.py": (covered, 100)})), encoding="utf-8")
    assert floors.main(report) == code
    said = capsys.readouterr().out
    assert ("core: 94.0 % of its statements" in said) == (covered < 95)
