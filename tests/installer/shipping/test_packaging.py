import re
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from email import message_from_string
from pathlib import Path, PurePosixPath

import pytest

from portway.gui.i18n.language import LANGUAGES
from portway.system.troubleshooting import page_in
from tests.limits import NEVER

ROOT = Path(__file__).parents[3]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))

FREE_OF_QT = (
    "core",
    "system",
    "backends",
    "cli",
    "rest/api",
    "rest/auth",
    "rest/http",
)


def build(kind: str, source: Path, folder: Path) -> Path:
    """Build the wheel or the sdist of a source tree; return its file."""
    command = [sys.executable, "-m", "hatchling", "build", "--target", kind, "--directory", str(folder)]
    subprocess.run(command, cwd=source, check=True, capture_output=True, timeout=2 * NEVER)
    (path,) = folder.iterdir()
    return path


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    return zipfile.ZipFile(build("wheel", ROOT, tmp_path_factory.mktemp("wheel")))


def read_metadata(wheel: zipfile.ZipFile, file: str) -> str:
    (name,) = (name for name in wheel.namelist() if name.endswith(f".dist-info/{file}"))
    return wheel.read(name).decode()


@pytest.mark.children
def test_the_wheel_adds_one_name_to_what_can_be_imported(wheel: zipfile.ZipFile) -> None:
    top_level = {PurePosixPath(name).parts[0] for name in wheel.namelist()}
    assert {name for name in top_level if not name.endswith((".dist-info", ".data"))} == {"portway"}


def test_the_wheel_holds_the_resources(wheel: zipfile.ZipFile) -> None:
    files = {path for path in (ROOT / "resources").rglob("*") if path.is_file()}
    wanted = {f"portway/resources/{path.relative_to(ROOT / 'resources').as_posix()}" for path in files}
    assert "portway/resources/icons/portway.svg" in wanted
    guides = {f"portway/resources/guides/{page_in(language)}" for language in LANGUAGES}
    assert len(guides) == len(LANGUAGES)
    wanted |= guides
    assert wanted <= set(wheel.namelist())


def test_the_wheel_holds_every_module(wheel: zipfile.ZipFile) -> None:
    modules = {path.relative_to(ROOT / "app").as_posix() for path in (ROOT / "app").rglob("*.py")}
    assert modules <= set(wheel.namelist())


def test_the_wheel_starts_portway_with_and_without_a_console(wheel: zipfile.ZipFile) -> None:
    entry_points = read_metadata(wheel, "entry_points.txt")
    assert "[console_scripts]\nportway = portway.__main__:main\n" in entry_points
    assert "[gui_scripts]\nportway-tray = portway.__main__:tray\n" in entry_points


def test_the_wheel_says_its_licence_and_version(wheel: zipfile.ZipFile) -> None:
    metadata = message_from_string(read_metadata(wheel, "METADATA"))
    scope: dict[str, str] = {}
    exec((ROOT / "app" / "portway" / "__init__.py").read_text(encoding="utf-8"), scope)  # noqa: S102 - our own
    assert metadata["License-Expression"] == "GPL-3.0-or-later"
    assert metadata["Version"] == scope["__version__"]
    assert metadata["Requires-Python"] == ">=3.11"


def test_the_wheel_brings_the_manual_page(wheel: zipfile.ZipFile) -> None:
    (page,) = (name for name in wheel.namelist() if name.endswith(".data/data/share/man/man1/portway.1"))
    assert wheel.read(page) == (ROOT / "docs" / "man" / "portway.1").read_bytes()


@pytest.mark.children
def test_the_sdist_builds_the_same_wheel(wheel: zipfile.ZipFile, tmp_path: Path) -> None:
    with tarfile.open(build("sdist", ROOT, tmp_path / "sdist")) as packed:
        packed.extractall(tmp_path / "source", filter="data")
    (source,) = (tmp_path / "source").iterdir()
    rebuilt = zipfile.ZipFile(build("wheel", source, tmp_path / "wheel"))
    assert {entry.filename: entry.CRC for entry in rebuilt.infolist()} == {
        entry.filename: entry.CRC for entry in wheel.infolist()
    }


def test_the_page_of_the_package_index_leads_nowhere_that_is_not_there() -> None:
    page = (ROOT / PROJECT["project"]["readme"]).read_text(encoding="utf-8")
    assert re.findall(r"\]\((?!https://)[^)]*\)|<img|<a ", page) == []


def test_the_licence_is_whole() -> None:
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert "Version 3, 29 June 2007" in text
    assert "END OF TERMS AND CONDITIONS" in text
    assert "How to Apply These Terms to Your New Programs" in text


def test_the_core_is_kept_from_every_dependency() -> None:
    """The linter knows no "standard library only": its list must keep up with the dependencies."""
    (contract,) = (entry for entry in PROJECT["tool"]["importlinter"]["contracts"] if entry["id"] == "core")
    dependencies = {_module(requirement) for requirement in PROJECT["project"]["dependencies"]}
    assert dependencies <= set(contract["forbidden_modules"])


def test_every_part_that_is_meant_to_be_free_of_qt_is_in_its_contract() -> None:
    (contract,) = (entry for entry in PROJECT["tool"]["importlinter"]["contracts"] if entry["id"] == "qt")
    package = ROOT / "app" / "portway"
    there = {name for name in FREE_OF_QT if list(package.glob(f"{name}.py")) or (package / name).is_dir()}
    assert {f"portway.{name.replace('/', '.')}" for name in there} <= set(contract["source_modules"])


def test_every_ignored_rule_has_its_reason() -> None:
    lines = (ROOT / "pyproject.toml").read_text(encoding="utf-8").splitlines()
    start = lines.index("[tool.ruff.lint]")
    end = lines.index("[tool.ruff.lint.pep8-naming]")
    rules = [line for line in lines[start:end] if re.match(r' {4}"[A-Z]+[0-9]*"', line)]
    assert len(rules) > 10
    assert [line for line in rules if " # " not in line] == []


def _module(requirement: str) -> str:
    for mark in "<>=!;[ ":
        requirement = requirement.split(mark, maxsplit=1)[0]
    return "PySide6" if requirement.startswith("PySide6") else requirement
