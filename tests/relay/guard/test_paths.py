"""Which paths all programs read alike. The others fail closed."""

from __future__ import annotations

from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portway.relay.guard.paths import _checked, plain_path


@pytest.mark.parametrize(
    ("target", "path"),
    [
        (b"/", "/"),
        (b"/webhooks/a?x=/../%2f//", "/webhooks/a"),
        (b"/a/", "/a/"),
        (b"/a%20b", "/a b"),
        (b"/%C3%BC", "ü"),
        (b"/.well-known/x", "/.well-known/x"),
        (b"/a.b..c/...d", "/a.b..c/...d"),
        (b"/100%25", "/100%"),
        (b"/a;v=1/b", "/a;v=1/b"),
    ],
)
def test_plain_paths_are_decoded_once(target: bytes, path: str) -> None:
    assert plain_path(target) == (path if path.startswith("/") else f"/{path}")


@pytest.mark.parametrize(
    "target",
    [
        b"/webhooks/../admin",
        b"/webhooks/./a",
        b"/webhooks/..",
        b"/.",
        b"/webhooks/%2e%2e/admin",
        b"/webhooks/%2E./admin",
        b"/webhooks/.%2e/admin",
        b"/webhooks%2fadmin",
        b"/webhooks/..%2fadmin",
        b"/webhooks%2F..%2Fadmin",
        b"/webhooks%5c..%5cadmin",
        b"/webhooks\\..\\admin",
        b"/webhooks//admin",
        b"//admin",
        b"/webhooks/%252e%252e/admin",
        b"/webhooks/%25%32%65",
        b"/webhooks/..;/admin",
        b"/webhooks/..;x=1/admin",
        b"/webhooks/;/admin",
        b"/webhooks/%2e%2e%3b/admin",
        b"/webhooks/.. /admin",
        b"/webhooks/..%20/admin",
        b"/webhooks/.../admin",
        b"/webhooks/%c0%ae%c0%ae/admin",
        b"/webhooks%c0%afadmin",
        b"/webhooks/%ef%bc%8e%ef%bc%8e/admin",
        b"/webhooks%ef%bc%8fadmin",
        b"/webhooks/%00",
        b"/webhooks/%0d%0aX: y",
        b"/webhooks/%",
        b"/webhooks/%2",
        b"/webhooks/%zz",
        b"/webhooks/%+1",
        b"/webhooks#/../admin",
        b"/\xff",
        b"*",
    ],
)
def test_tricks_have_no_path(target: bytes) -> None:
    assert plain_path(target) is None


@given(st.binary(max_size=40).map(lambda tail: b"/" + tail))
def test_what_is_plain_decodes_to_itself_and_climbs_nowhere(target: bytes) -> None:
    path = plain_path(target)
    if path is not None:
        assert unquote(path) == path
        assert not {".", ".."} & set(path.split("/"))
        assert path.count("/") == target.partition(b"?")[0].count(b"/")


@given(st.text("/.%;~-_aZ0 2eF?\\", max_size=12).map(str.encode))
def test_an_ordinary_path_is_read_as_every_other_one(target: bytes) -> None:
    assert plain_path(target) == _checked(target.partition(b"?")[0])
