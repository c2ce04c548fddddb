"""Tests are split by what they took the last time, and sensibly before there was one."""

from __future__ import annotations

from pathlib import Path

import pytest

from development.parts import LONG, seconds_of, split

ROOT = Path(__file__).parents[3]
REPORT = """\
<testsuites><testsuite>
<testcase classname="tests.core.test_a" name="test_one" time="1.5"/>
<testcase classname="tests.core.test_a.TestMore" name="test_two" time="0.5"/>
<testcase classname="tests.core.test_b" name="test_three" time="0.25"/>
</testsuite></testsuites>
"""


@pytest.fixture
def tests(tmp_path: Path) -> Path:
    folder = tmp_path / "tests"
    contents = {
        "core/test_a.py": "def test_one(): ...\n",
        "core/test_b.py": "def test_two(): ...\n",
        "core/test_c.py": "def test_three(): ...\n",
        "cli/test_d.py": "pytestmark = pytest.mark.children\ndef test_four(): ...\n",
        "desktop/test_e.py": "def test_five(): ...\n",
        "desktop/test_f.py": "def test_six(): ...\n",
        "desktop/helper.py": "",
    }
    for name, content in contents.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content, encoding="utf-8")
    return folder


def names(parts: list[list[Path]]) -> list[list[str]]:
    return [[path.name for path in part] for part in parts]


def test_what_took_longest_is_shared_out_first(tests: Path) -> None:
    seconds = {"tests.core.test_a": 9.0, "tests.core.test_b": 8.0, "tests.core.test_c": 2.0, "tests.cli.test_d": 1.0}
    seconds |= {"tests.desktop.test_e": 1.0, "tests.desktop.test_f": 1.0}
    parts = split(tests, 2, seconds)
    assert [part for part in names(parts) if "test_a.py" in part] != [
        part for part in names(parts) if "test_b.py" in part
    ]
    assert [sum(seconds[f"tests.{path.parent.name}.{path.stem}"] for path in part) for part in parts] == [11.0, 11.0]


def test_before_the_first_run_those_on_a_screen_and_with_programs_count_more(tests: Path) -> None:
    parts = names(split(tests, 2, {}))
    assert parts == [["test_d.py", "test_c.py", "test_e.py"], ["test_a.py", "test_b.py", "test_f.py"]]


def test_nothing_is_left_out_and_nothing_named_twice(tests: Path) -> None:
    for count in (1, 2, 3, 9):
        every = [name for part in names(split(tests, count, {})) for name in part]
        assert sorted(every) == [f"test_{letter}.py" for letter in "abcdef"]


def test_seconds_are_read_from_reports_by_module(tmp_path: Path) -> None:
    report, broken = tmp_path / "1.xml", tmp_path / "2.xml"
    report.write_text(REPORT, encoding="utf-8")
    broken.write_text("<testsuites>", encoding="utf-8")
    assert seconds_of([report, broken, tmp_path / "3.xml"]) == {"tests.core.test_a": 2.0, "tests.core.test_b": 0.25}


def test_what_is_known_to_take_long_is_there() -> None:
    assert [name for name in LONG if not (ROOT / Path(*name.split("."))).with_suffix(".py").exists()] == []
