"""The page about trouble has a section about every code that the source has, and about no other, in each language."""

from __future__ import annotations

import re
from collections import Counter
from xml.etree import ElementTree as ET

import pytest

from portway.core.codes import Code
from portway.system.storage.resources import guide, resource
from portway.system.troubleshooting import PAGE, Section, page_in, read_sections
from tests.declared_causes import all_causes

PARTS = {
    "en": ("**What you see.** ", "**Why.** ", "**What to do.** "),
    "de": ("**Was Sie sehen.** ", "**Woran es liegt.** ", "**Was Sie tun können.** "),
}
SECTIONS = {language: read_sections(language) for language in PARTS}
ALL = [section for sections in SECTIONS.values() for section in sections]
_PART = re.compile(r"^\*\*\w[\w ]+\.\*\* ", re.MULTILINE)
# What GNOME calls a program, and Tailscale a setting.
_OF_OTHERS = {"Passwörter und Verschlüsselung", "Shields up"}
_EXAMPLES = {"target": "http://localhost:3000", "host": "localhost:3000", "seconds": "30"}
_CASES = [
    _EXAMPLES | {"service": name, "program": name, "scheme": scheme}
    for name in ("ngrok", "Tailscale", "Cloudflare")
    for scheme in ("http", "https")
]

each_language = pytest.mark.parametrize("language", PARTS)
each_section = pytest.mark.parametrize("section", ALL, ids=[section.title for section in ALL])


def filled(text: str, examples: dict[str, str]) -> str:
    return re.sub(r"\{(\w+)\}", lambda name: examples.get(name[1], "…"), text)


def german_texts() -> set[str]:
    """Return what a German window says, with examples in place of what changes."""
    file = resource("translations") / "portway_de.ts"
    words = {node.text or "" for node in ET.parse(file).iter("translation")}  # noqa: S314 - a file of this clone
    return {filled(text, examples) for examples in _CASES for text in words}


@each_language
def test_every_code_has_one_section_and_every_section_is_about_codes_that_there_are(language: str) -> None:
    told = Counter(code for section in SECTIONS[language] for code in section.codes)
    assert told == Counter(map(str, Code)), f"docs/{page_in(language)}: a section names its codes below its heading"


@each_language
def test_every_language_has_a_page_of_its_own_with_the_same_sections_in_the_same_order(language: str) -> None:
    assert (page_in(language) == PAGE) is (language == "en")
    assert [section.codes for section in SECTIONS[language]] == [section.codes for section in SECTIONS["en"]]


def test_a_language_without_a_page_gets_the_english_one() -> None:
    assert read_sections("fr") == SECTIONS["en"]


@each_language
def test_it_leads_to_the_same_pages_in_each_language(language: str) -> None:
    links = [re.findall(r"\]\(([^)]+)\)", section.text) for section in SECTIONS[language]]
    assert links == [re.findall(r"\]\(([^)]+)\)", section.text) for section in SECTIONS["en"]]


def test_what_the_german_page_quotes_is_what_the_german_window_says() -> None:
    page, said = guide(page_in("de")).read_text(encoding="utf-8"), german_texts()
    labels = set(re.findall(r"(?<!\*)\*([^*\n]+)\*(?!\*)", page))
    assert len(labels) > 20
    assert labels - said == set()
    quoted = set(re.findall(r"„([^“]+)“", page)) - _OF_OTHERS
    parts = {part.strip(" .") for quote in quoted for part in quote.split("…")} - {""}
    assert len(parts) > 30
    assert {part for part in parts if not any(part in text for text in said)} == set()


def test_every_code_has_a_sentence() -> None:
    assert {cause.code for cause in all_causes()} == set(Code)


@each_section
def test_each_part_says_something(section: Section) -> None:
    assert [len(part) > 20 for part in _PART.split(section.text)[1:]] == [True] * 3


@each_language
def test_each_says_what_one_sees_why_and_what_to_do_in_this_order(language: str) -> None:
    others = {section.title for section in SECTIONS[language] if tuple(_PART.findall(section.text)) != PARTS[language]}
    assert others == set()


@each_section
def test_it_has_no_heading_of_its_own_and_fits_on_a_screen(section: Section) -> None:
    assert "\n#" not in section.text
    assert len(section.text) < 1000
