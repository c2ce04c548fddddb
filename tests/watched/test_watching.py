"""An answer of the REST API outside its document fails whichever test gets it: shown by a run of tests about that."""

from __future__ import annotations

import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

from tests.watched import examples

ROOT = Path(__file__).parents[2]


def test_whatever_is_wrong_fails_and_nothing_else(tmp_path: Path) -> None:
    report = tmp_path / "report.xml"
    command = [
        sys.executable, "-m", "pytest", str(Path(examples.__file__)), f"--junit-xml={report}", "-p", "no:cacheprovider",
    ]  # fmt: skip
    said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=50).stdout
    assert report.exists(), said
    failed = {case.attrib["name"]: case.find("error") is not None for case in ET.parse(report).iter("testcase")}  # noqa: S314 - our own
    names = [name for name in vars(examples) if name.startswith("test_")]
    assert failed == {name: name.startswith("test_wrong") for name in names}, said
    assert set(failed.values()) == {True, False}
