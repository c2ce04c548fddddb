"""Versions of libraries are told without importing anything of them."""

from __future__ import annotations

import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest

from portway.system.installed import installed_version


@pytest.mark.parametrize(
    ("module", "distribution"),
    [("PySide6", "PySide6-Essentials"), ("PySide6", "PySide6-Addons"), ("keyring", ""), ("segno", "segno")],
)
def test_the_version_is_that_of_the_metadata(module: str, distribution: str) -> None:
    assert installed_version(module, distribution) == metadata.version(distribution or module)


@pytest.mark.parametrize("module", ["nothing_of_this_name", "json"])
def test_what_was_not_installed_has_none(module: str) -> None:
    assert installed_version(module) is None


def test_a_distribution_whose_name_only_begins_alike_is_another_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "made_up.py").touch()
    (tmp_path / "made_up").mkdir()
    (tmp_path / "made_up" / "__init__.py").touch()
    for name in ("made_up_more-2.0.dist-info", "Made.Up-1.5.dist-info"):
        (tmp_path / name).mkdir()
    monkeypatch.syspath_prepend(tmp_path)
    assert installed_version("made_up", "made-up") == "1.5"


@pytest.mark.children
def test_asking_imports_neither_it_nor_the_parsers_of_metadata() -> None:
    code = (
        "import sys; from portway.system.installed import installed_version; installed_version('keyring'); "
        "print({'keyring', 'importlib.metadata', 'email'} & set(sys.modules))"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "set()"
