"""The page that says where things are is about this source: its tree draws every folder, and its names exist."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[3]
APP = ROOT / "app" / "portway"
PAGE = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")


def folders_in_the_tree() -> set[str]:
    """Return the folders below app/portway that the page draws, by indentation."""
    drawn = PAGE.split("app/portway/", 1)[1].split("\nresources/", 1)[0]
    found, above = set[str](), list[str]()
    for spaces, name in re.findall(r"^( +)([a-z0-9_]+)/ ", drawn, re.MULTILINE):
        above[len(spaces) // 2 - 1 :] = [name]
        found.add("/".join(above))
    return found


def test_the_tree_draws_every_folder_and_no_other() -> None:
    folders = {path.parent.relative_to(APP).as_posix() for path in APP.rglob("__init__.py")} - {"."}
    assert folders_in_the_tree() == folders


def test_modules_that_are_named_exist() -> None:
    named = re.findall(r"`((?:core|system|relay|backends|runtime|rest|cli|gui)(?:\.[a-z_]+)+)(?:\.[A-Za-z_]+)?`", PAGE)
    assert named
    missing = [name for name in named if not (_is_there(name) or _is_there(name.rpartition(".")[0]))]
    assert not missing


def _is_there(name: str) -> bool:
    path = APP.joinpath(*name.split("."))
    return path.is_dir() or path.with_suffix(".py").is_file()


def test_pages_that_are_linked_exist() -> None:
    for page in (ROOT / "ARCHITECTURE.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs" / "decisions").glob("*.md")):
        links = re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8"))
        assert all((page.parent / link).exists() for link in links), (page.name, links)
