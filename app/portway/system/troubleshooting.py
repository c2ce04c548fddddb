"""The page about trouble, section by section: what you see, why, what to do. It comes along with the program."""

import re
from dataclasses import dataclass

from portway.system.storage.resources import guide

PAGE = "troubleshooting.md"
_CODE = r"`[a-z_]+`"
_CODES = re.compile(rf"{_CODE}(?: · {_CODE})*", re.ASCII)


@dataclass(frozen=True, slots=True)
class Section:
    """One section. `codes` are those that it is about; `text` is Markdown, without the title and the codes."""

    title: str
    codes: tuple[str, ...]
    text: str


def read_sections() -> tuple[Section, ...]:
    """Return all of them, in their order."""
    _, *parts = guide(PAGE).read_text(encoding="utf-8").split("\n## ")
    return tuple(map(_section, parts))


def _section(part: str) -> Section:
    title, _, rest = part.partition("\n")
    first, _, others = rest.strip().partition("\n\n")
    if _CODES.fullmatch(first) is None:
        return Section(title, (), rest.strip())
    return Section(title, tuple(code.strip("`") for code in first.split(" · ")), others.strip())
