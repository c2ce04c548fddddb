"""Versions are told apart as Python's packages tell them apart."""

import itertools

import pytest
from packaging.version import InvalidVersion
from packaging.version import Version as Reference

from portway.system.releases.versions import read_version

# From the oldest to the newest; what stands in one row is the same version.
ORDER = (
    ("0.1.dev1",),
    ("0.1.0a1.dev2",),
    ("0.1.0a1", "v0.1-alpha.1", "0.1.0-a1", "0.1ALPHA1"),
    ("0.1.0b0", "0.1.0beta"),
    ("0.1.0b2",),
    ("0.1.0rc1", "0.1.0-rc.1", "0.1.0c1", "0.1.0-preview1", "0.1.0pre1"),
    ("0.1.0", "v0.1.0", "0.1", "0.1.0.0", "V0.1.0", "0.1.0+deb12.1"),
    ("0.1.0.post1.dev3",),
    ("0.1.0.post1", "0.1.0-1", "0.1.0-r1", "0.1.0.rev1"),
    ("0.1.1",),
    ("0.2.0",),
    ("0.10.0",),
    ("1",),
    ("1.0.0.1",),
    ("2026.8.2",),
    ("1!0.1",),
)
# Every combination of these, as releases spell them and as nobody does.
PARTS = (
    ("", "v", "1!"),
    ("0", "1.0", "1.0.0", "1.0.1", "1.10", "2"),
    ("", "a", "-alpha1", ".b2", "_beta.3", "c", "rc1", "-pre", "preview10"),
    ("", "-1", ".post", "-post2", "rev2", "-r.11"),
    ("", ".dev", "dev3", "-DEV.12"),
)


def test_a_later_version_is_greater_and_spelling_makes_no_difference() -> None:
    for earlier, later in itertools.pairwise(ORDER):
        for one, other in itertools.product(earlier, later):
            assert read_version(one) < read_version(other), (one, other)
    for same in ORDER:
        assert len({read_version(text) for text in same}) == 1, same


def test_every_spelling_is_as_in_packaging() -> None:
    spelt = ["".join(parts) for parts in itertools.product(*PARTS)]
    spelt.sort(key=Reference)
    for one, other in itertools.pairwise(spelt):
        earlier, later = read_version(one), read_version(other)
        assert (earlier < later, earlier == later) == (
            Reference(one) < Reference(other),
            Reference(one) == Reference(other),
        )


@pytest.mark.parametrize(
    "text",
    [
        "",
        "v",
        "latest",
        "1.0 ",
        " 1.0",
        "1..0",
        "1.",
        "1.0-",
        "1.0-beta-gamma",
        "1.0\n",
        "\u0661.\u0660",
        "1.0/../..",
        "../1",
    ],
)
def test_what_is_no_version_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no version"):
        read_version(text)
    if text.strip() == text:
        with pytest.raises(InvalidVersion):
            Reference(text)


def test_a_version_as_long_as_a_page_is_refused() -> None:
    with pytest.raises(ValueError, match="no version"):
        read_version("1." * 5000 + "1")


def test_it_is_shown_as_it_is_written_without_the_v_of_its_tag() -> None:
    assert [read_version(text).text for text in ("v1.2.0-rc1", "1.2")] == ["1.2.0-rc1", "1.2"]
