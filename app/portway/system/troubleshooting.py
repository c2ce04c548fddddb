"""The page about trouble, section by section: what you see, why, what to do. It comes along with the program."""

import re
from dataclasses import dataclass

from portway.system.storage.resources import guide

PAGE = "troubleshooting.md"  # in English; each translation has its language in its name
_CODE = r"`[a-z_]+`"
_CODES = re.compile(rf"{_CODE}(?: · {_CODE})*", re.ASCII)


@dataclass(frozen=True, slots=True)
class Section:
    """One section. `codes` are those that it is about; `text` is Markdown, without the title and the codes."""

    title: str
    codes: tuple[str, ...]
    text: str


def page_in(language: str) -> str:
    """Return the name of the page in a language, like "de"; of the English one where it is not translated."""
    translated = PAGE.replace(".md", f"_{language}.md")
    return translated if guide(translated).is_file() else PAGE


def read_sections(language: str) -> tuple[Section, ...]:
    """Return all of them in a language, in their order, which is the same in each; English where there is no page."""
    _, *parts = guide(page_in(language)).read_text(encoding="utf-8").split("\n## ")
    return tuple(map(_section, parts))


def _section(part: str) -> Section:
    title, _, rest = part.partition("\n")
    first, _, others = rest.strip().partition("\n\n")
    if _CODES.fullmatch(first) is None:
        return Section(title, (), rest.strip())
    return Section(title, tuple(code.strip("`") for code in first.split(" · ")), others.strip())
