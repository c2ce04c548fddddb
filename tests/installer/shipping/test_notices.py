from pathlib import Path

import pytest

from development.locks import split_requirements
from shipping.notices import notices, python_parts, required, system_parts

LOCK = (Path(__file__).parents[3] / "installer" / "requirements.txt").read_text(encoding="utf-8")


def test_what_is_required_is_followed_to_its_end_and_is_in_the_lock() -> None:
    names = set(required())
    assert {"click", "pyside6-essentials", "shiboken6", "urllib3"} <= names
    assert names <= {name for name, _ in split_requirements(LOCK)}
    assert "hatchling" not in names, "what builds Portway is not inside"


def test_every_part_has_a_licence_and_its_text() -> None:
    parts = list(python_parts())
    assert [part.name for part in parts if not part.licence or not any(len(text) > 300 for text in part.texts)] == []


def test_the_page_names_each_part_once_and_holds_the_texts() -> None:
    page = notices([])
    assert page.count("\nclick ") == 1
    assert "  click  " in page
    assert "GNU LESSER GENERAL PUBLIC LICENSE" in page
    assert "PYTHON SOFTWARE FOUNDATION LICENSE" in page


@pytest.mark.children
def test_a_library_of_debian_brings_the_page_of_its_package() -> None:
    libraries = sorted(Path("/lib").glob("*-linux-gnu/libz.so.1"))
    if not libraries or not Path("/usr/share/doc/zlib1g/copyright").is_file():
        pytest.skip("this system has no zlib of Debian's")
    (part,) = system_parts(libraries)
    assert part.name == "zlib1g"
    assert "Jean-loup Gailly" in part.texts[0]
