"""What the pages lead to exists, and what they tell to type is understood."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from portway.cli.vocabulary import ALIASES, COMMANDS, LISTED
from shipping.site import BESIDE

ROOT = Path(__file__).parents[3]
PAGES = sorted({*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")})
# What the made page, which is held against the program, says in its tables.
_ROWS = re.findall(r"^\| `-.*$", (ROOT / "docs" / "cli.md").read_text(encoding="utf-8"), re.MULTILINE)
OPTIONS = set(re.findall(r"(?<![\w-])--?[a-z][a-z-]*", "\n".join(_ROWS)))
each_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())


def anchors(page: Path) -> set[str]:
    """Return the anchors of the headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def links(text: str) -> Iterator[str]:
    shown = re.sub(r"^```.*?^```|`[^`\n]*`", "", text, flags=re.MULTILINE | re.DOTALL)
    yield from re.findall(r"\]\(([^)\s]+)\)", shown)
    yield from re.findall(r'(?:src|srcset|href)="([^"]+)"', shown)


def commands(text: str) -> Iterator[list[str]]:
    """Yield the words of every call of portway in fenced code and in code between words."""
    fenced = "\n".join(re.findall(r"^```(?:sh|console)\n(.*?)^```", text, re.MULTILINE | re.DOTALL))
    lines = [*fenced.splitlines(), *re.findall(r"`([^`\n]+)`", text)]
    for line in lines:
        for call in re.findall(r"(?:^|[\s($])portway ((?:[a-z]|--)[^|)#;&]*)", line.partition("  #")[0]):
            yield shlex.split(call.replace("…", "").replace("'", ""))


@each_page
def test_every_link_inside_the_project_leads_somewhere(page: Path) -> None:
    for link in links(page.read_text(encoding="utf-8")):
        if link.startswith(("https://", "http://", "mailto:")):
            continue
        name, _, anchor = link.partition("#")
        target = (page.parent / name).resolve() if name else page
        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link


def test_every_promise_names_tests_that_are_there() -> None:
    text = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    table = text.partition("claimed by |\n| --- | --- | --- |\n")[2].partition("\n\n## What is promised besides")[0]
    claims = [re.findall(r"`(tests/[^`]+)`", row) for row in table.splitlines() if row]
    assert all(claims), table
    for claim in re.findall(r"`(tests/[^`]+)`", text):
        path, _, name = claim.partition("::")
        assert (ROOT / path).exists(), claim
        assert not name or f"\nclass {name}:" in (ROOT / path).read_text(encoding="utf-8"), claim


def test_what_the_pages_of_the_site_lead_to_beside_them_is_in_the_site() -> None:
    for page in (ROOT / "docs").rglob("*.md"):
        outside = [link for link in links(page.read_text(encoding="utf-8")) if link.startswith("../")]
        inside = (ROOT / "docs", *(ROOT / name for name in BESIDE))
        targets = [(page.parent / link.partition("#")[0]).resolve() for link in outside]
        assert [one for one in targets if not any(one.is_relative_to(place) for place in inside)] == [], page


@each_page
def test_every_command_that_is_shown_is_understood(page: Path) -> None:
    known = {*COMMANDS, *LISTED.verbs}
    for words in commands(page.read_text(encoding="utf-8")):
        options = {word.partition("=")[0] for word in words if re.fullmatch(r"--?[a-z][a-z-]*(=.*)?", word)}
        assert options <= OPTIONS
        (first, *_) = [word for word in words if not word.startswith("-")] or ["status"]
        if re.fullmatch(r"[a-z][a-z-]+", first):
            assert first in known, words


def test_the_names_by_which_ways_are_called_too_are_no_commands() -> None:
    assert not set(ALIASES) & set(COMMANDS)


def test_the_check_of_commands_sees_them() -> None:
    text = "```sh\nportway expose 3000 --qr  # so\nURL=$(portway url lan)\n```\nand `portway doctor`"
    assert list(commands(text)) == [["expose", "3000", "--qr"], ["url", "lan"], ["doctor"]]
