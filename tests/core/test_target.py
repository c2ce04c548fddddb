"""The grammar of a target: what may be exposed, and the sentence for what may not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portway.core.codes import Code
from portway.core.errors import TunnelError
from portway.core.target import Target, parse_target, port_target

OWN_PORT = 20129


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("3000", "http://localhost:3000"),
        (" 3000 ", "http://localhost:3000"),
        ("1", "http://localhost:1"),
        ("65535", "http://localhost:65535"),
        ("http://localhost:3000", "http://localhost:3000"),
        ("HTTP://LocalHost:3000/", "http://localhost:3000"),
        ("https://127.0.0.1:8443", "https://127.0.0.1:8443"),
        ("http://127.8.9.10:80", "http://127.8.9.10:80"),
        ("http://[::1]:5173", "http://[::1]:5173"),
        ("http://[0:0:0:0:0:0:0:1]:5173/", "http://[::1]:5173"),
        (":3000", "http://localhost:3000"),
        ("localhost:3000", "http://localhost:3000"),
        ("127.0.0.1:3000/", "http://127.0.0.1:3000"),
        ("[::1]:3000", "http://[::1]:3000"),
        ("http://0.0.0.0:8000", "http://127.0.0.1:8000"),
        ("0.0.0.0:8000", "http://127.0.0.1:8000"),
        ("http://[::]:3000", "http://[::1]:3000"),
        ("http://localhost", "http://localhost:80"),
        ("https://localhost/", "https://localhost:443"),
        ("http://127.0.0.1", "http://127.0.0.1:80"),
        ("http://Shop.Test", "http://shop.test:80"),
        ("my_app.localhost:5173", "http://my_app.localhost:5173"),
    ],
)
def test_a_port_or_a_loopback_address_is_a_target(text: str, url: str) -> None:
    assert parse_target(text).url == url


@pytest.mark.parametrize(
    ("text", "variant"),
    [
        ("", "not_a_url"),
        (":", "not_a_url"),
        ("hello", "not_a_url"),
        ("localhost", "not_a_url"),
        ("http://", "not_a_url"),
        ("http://:3000", "not_a_url"),
        ("http://localhost:", "port"),
        ("localhost:", "port"),
        ("ftp://localhost:21", "scheme"),
        ("javascript://localhost:1", "scheme"),
        ("http://192.168.1.5:80", "host"),
        ("192.168.1.5:80", "host"),
        ("http://2130706433:3000", "host"),
        ("http://0x7f.1:3000", "host"),
        ("http://127.1:3000", "host"),
        ("http://shop.test.:3000", "host"),
        ("http://sh op:3000", "host"),
        ("http://[127.0.0.1]:3000", "host"),
        ("http://[::ffff:127.0.0.1]:3000", "host"),
        ("http://[::1%lo]:3000", "host"),
        ("http://::1:3000", "not_a_url"),
        ("http://localhost:3000/path", "path"),
        ("localhost:3000/path", "path"),
        ("http://localhost/path", "path"),
        ("http://localhost:3000?x=1", "path"),
        ("http://localhost:3000#x", "path"),
        ("http://localhost:3000//", "path"),
        ("http://me:secret@localhost:3000", "user"),
        ("me:secret@localhost:3000", "user"),
        ("http://localhost:0", "port"),
        ("0", "port"),
        (":0", "port"),
        ("65536", "port"),
        ("99999999999999999999", "port"),
        ("http://localhost:65536", "port"),
        ("http://localhost:-1", "port"),
        ("http://localhost:٣", "port"),
        ("-3000", "not_a_url"),
        ("::3000", "not_a_url"),
        ("http://localhost:30\n00", "port"),
    ],
)
def test_anything_else_is_refused_with_a_sentence_that_names_the_field(text: str, variant: str) -> None:
    with pytest.raises(TunnelError) as caught:
        parse_target(text)
    assert caught.value.problem.key == f"bad_request.target_{variant}"
    assert str(caught.value).startswith("target: ")


@pytest.mark.parametrize(
    "text",
    [
        "http://me:{}@localhost:3000",
        "{}",
        "{}://localhost:1",
        "http://127.1.{}:1",
        "http://localhost:{}",
        "http://localhost:1/{}",
        "http://[{}]:1",
    ],
)
def test_nothing_of_what_was_given_is_repeated(text: str) -> None:
    with pytest.raises(TunnelError) as caught:
        parse_target(text.format("5hunter-2"))
    assert "hunter" not in str(caught.value)


@pytest.mark.parametrize(
    "text",
    ["20129", "http://localhost:20129", "http://127.0.0.1:20129", "http://127.0.0.2:20129", "https://[::1]:20129"],
)
def test_our_own_port_is_never_exposed_in_any_spelling(text: str) -> None:
    with pytest.raises(TunnelError, match="port 20129 is Portway's own") as caught:
        parse_target(text, {OWN_PORT})
    assert caught.value.code is Code.BAD_REQUEST


def test_a_refused_port_names_its_own_field() -> None:
    with pytest.raises(TunnelError, match=r"^port: "):
        port_target(0)


@pytest.mark.parametrize(
    ("text", "candidates"),
    [
        ("3000", ("127.0.0.1", "::1")),
        ("http://localhost:3000", ("127.0.0.1", "::1")),
        ("http://127.0.0.1:3000", ("127.0.0.1",)),
        ("http://[::1]:3000", ("::1",)),
        ("http://shop.test:3000", ()),
    ],
)
def test_only_localhost_has_more_than_one_address_and_a_name_none_yet(text: str, candidates: tuple[str, ...]) -> None:
    assert parse_target(text).candidates == candidates


def test_a_target_at_an_address_is_a_url_with_brackets_where_needed() -> None:
    assert parse_target("3000").at("::1").url == "http://[::1]:3000"


@given(st.text(max_size=60))
def test_no_text_does_anything_but_parse_or_be_refused(text: str) -> None:
    try:
        target = parse_target(text)
    except TunnelError as error:
        assert error.code is Code.BAD_REQUEST  # noqa: PT017 - the other outcome is checked below
    else:
        assert parse_target(target.url) == target


@given(
    st.sampled_from(["http", "https"]),
    st.sampled_from(["localhost", "127.0.0.1", "::1", "shop.test"]),
    st.integers(1, 65535),
)
def test_every_target_reads_back_from_its_url(scheme: str, host: str, port: int) -> None:
    target = Target(scheme, host, port)
    assert parse_target(target.url) == target
