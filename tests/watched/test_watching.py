"""What is watched in every test: answers of the REST API, and programs that it starts. Shown by a run of examples."""

from __future__ import annotations

import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from tests.limits import NEVER
from tests.watched import examples

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.children


def run(*arguments: str) -> str:
    command = [sys.executable, "-m", "pytest", str(Path(examples.__file__)), "-p", "no:cacheprovider", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=2 * NEVER).stdout


def test_whatever_is_wrong_fails_and_nothing_else(tmp_path: Path) -> None:
    report = tmp_path / "report.xml"
    said = run(f"--junit-xml={report}")
    assert report.exists(), said
    failed = {case.attrib["name"]: case.find("error") is not None for case in ET.parse(report).iter("testcase")}  # noqa: S314 - our own
    names = [name for name in vars(examples) if name.startswith("test_")]
    assert failed == {name: name.startswith("test_wrong") for name in names}, said
    assert set(failed.values()) == {True, False}


def test_the_fast_tests_are_those_that_start_no_program() -> None:
    collected = {
        line.rpartition("::")[2] for line in run("--fast", "--collect-only", "-q").splitlines() if "::" in line
    }
    tests = {name: value for name, value in vars(examples).items() if name.startswith("test_")}
    marked = {
        name for name, test in tests.items() if "children" in {mark.name for mark in getattr(test, "pytestmark", ())}
    }
    assert marked
    assert collected == tests.keys() - marked
