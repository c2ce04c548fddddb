"""The page about trouble has a section about every code that the source has, and about no other."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from portway.core.codes import Code
from portway.system.troubleshooting import Section, read_sections
from tests.declared_causes import all_causes

SECTIONS = read_sections()
PARTS = ("**What you see.** ", "**Why.** ", "**What to do.** ")
each_section = pytest.mark.parametrize("section", SECTIONS, ids=[section.title for section in SECTIONS])


def test_every_code_has_one_section_and_every_section_is_about_codes_that_there_are() -> None:
    told = Counter(code for section in SECTIONS for code in section.codes)
    assert told == Counter(map(str, Code)), "docs/troubleshooting.md: a section names its codes below its heading"


def test_every_code_has_a_sentence() -> None:
    assert {cause.code for cause in all_causes()} == set(Code)


@each_section
def test_it_says_what_one_sees_why_and_what_to_do_in_this_order(section: Section) -> None:
    assert tuple(re.findall(r"^\*\*[A-Z][a-z ]+\.\*\* ", section.text, re.MULTILINE)) == PARTS
    assert [len(part) > 20 for part in re.split(r"^\*\*[A-Z][a-z ]+\.\*\* ", section.text, flags=re.MULTILINE)[1:]] == [
        True
    ] * len(PARTS)


@each_section
def test_it_has_no_heading_of_its_own_and_fits_on_a_screen(section: Section) -> None:
    assert "\n#" not in section.text
    assert len(section.text) < 1000
