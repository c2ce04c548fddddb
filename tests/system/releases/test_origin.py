"""What says where a copy comes from is believed only whole, and only about one repository of GitHub."""

import pytest

from portway.system.releases.origin import read_origin

SITE = "https://github.com/some-body/portway"
GOOD = {
    "site": SITE,
    "docs": f"{SITE}/blob/v1.2.0/docs/index.md",
    "releases": "https://api.github.com/repos/some-body/portway/releases/latest",
}


def test_a_copy_of_a_release_knows_where_it_comes_from() -> None:
    origin = read_origin(GOOD)
    assert (origin.site, origin.host) == (SITE, "github.com")
    assert origin.page_of("v1.3.0") == f"{SITE}/releases/tag/v1.3.0"


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("site", "http://github.com/some-body/portway"),
        ("site", "https://github.com.evil.example/some-body/portway"),
        ("site", "https://me@github.com/some-body/portway"),
        ("site", "https://github.com:8443/some-body/portway"),
        ("site", "https://github.com/some-body/portway/"),
        ("site", "https://github.com/some-body"),
        ("site", "https://github.com/some-body/.."),
        ("site", "https://github.com/some-body/portway?x=1"),
        ("site", "https://github.com/some-body/portway\n"),
        ("site", "https://gitlab.com/some-body/portway"),
        ("site", "javascript:alert(1)"),
        ("site", "https://github.com/some-body/pörtway"),
        ("docs", "http://github.com/some-body/portway/blob/main/docs/index.md"),
        ("docs", "https://elsewhere.example/docs"),
        ("docs", f"{SITE}-evil/docs"),
        ("docs", f"{SITE}/../other"),
        ("docs", SITE),
        ("docs", f"{SITE}/docs/"),
        ("releases", "http://api.github.com/repos/some-body/portway/releases/latest"),
        ("releases", "https://api.github.com/repos/another/portway/releases/latest"),
        ("releases", "https://api.github.com.evil.example/repos/some-body/portway/releases/latest"),
        ("releases", ""),
        ("releases", None),
        ("site", 1),
    ],
)
def test_anything_else_is_refused(key: str, value: object) -> None:
    with pytest.raises(ValueError, match=r"^its? "):
        read_origin({**GOOD, key: value})


@pytest.mark.parametrize("record", [None, [], "text", {}, {**GOOD, "more": "x"}, {"site": SITE}])
def test_another_shape_is_refused(record: object) -> None:
    with pytest.raises(ValueError, match="it does not say"):
        read_origin(record)
