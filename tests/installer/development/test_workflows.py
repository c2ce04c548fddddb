"""The workflows use what cannot be changed under them, keep no credentials, and start commands that there are."""

import re
from pathlib import Path

import pytest

from development.commands import COMMANDS

ROOT = Path(__file__).parents[3]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
each_workflow = pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: str(path.stem))


@each_workflow
def test_every_action_of_others_is_pinned_to_a_commit_with_its_version_beside_it(path: Path) -> None:
    used = re.findall(r"uses: (?!\./)(.+)", path.read_text(encoding="utf-8"))
    assert used
    assert [line for line in used if not re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40} # v[0-9.]+", line)] == []


@each_workflow
def test_no_checkout_leaves_its_credentials_behind(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count("actions/checkout@") == text.count("persist-credentials: false") > 0


@each_workflow
def test_only_what_publishes_may_write(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    before_publish = text.partition("\n  publish:")[0]
    assert ": write" not in before_publish
    assert re.search(r"^permissions:( \{\}|\n  contents: read)$", text, re.MULTILINE)


@each_workflow
def test_the_commands_and_files_that_it_names_exist(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert set(re.findall(r"dev\.py (\w+)", text)) <= set(COMMANDS)
    named = re.findall(r"\b(installer/[\w./-]+\.\w+)", text)
    assert [name for name in named if not (ROOT / name).is_file()] == []


def test_whatever_a_release_builds_is_told_first_where_it_comes_from() -> None:
    text = (ROOT / ".github" / "workflows" / "release.yml").read_text(encoding="utf-8")
    jobs = re.split(r"^  (?=\w+:$)", text, flags=re.MULTILINE)
    building = [job for job in jobs if "dev.py build" in job or "hatchling build" in job]
    assert len(building) == 2
    for job in building:
        assert (
            0
            < job.find("dev.py origin")
            < min(job.find(word) % len(job) for word in ("dev.py build", "hatchling build"))
        )


def test_the_checksums_of_a_release_cover_each_of_its_files() -> None:
    """As the look for newer versions demands."""
    text = (ROOT / ".github" / "workflows" / "release.yml").read_text(encoding="utf-8")
    assert "sha256sum portway* > SHA256SUMS" in text
    uploaded = re.findall(r"^ +(?:path: )?(dist/\S+)$", text, re.MULTILINE)
    assert uploaded == ["dist/portway-*", "dist/portway_*", "dist/*", "dist/*"]
