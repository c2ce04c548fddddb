"""What an option takes, whoever gives it."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from portway.core.codes import Code
from portway.core.errors import TunnelError
from portway.core.options import Kind, Option, check_value, declared, option, read_value
from portway.core.target import parse_target


@dataclass(frozen=True, slots=True)
class Sample:
    name: str = option(
        "", label="Name", help="", kind=Kind.TEXT, body="hostName", pattern=r"[a-z]+", expected="a lower-case word"
    )
    shape: str = option("a", label="Shape", help="", kind=Kind.CHOICE, body="shape", choices=("a", "b"))
    port: int = option(0, label="Port", help="", kind=Kind.PORT, body="port")
    any_port: int = option(0, label="Port", help="", kind=Kind.PORT, body="anyPort", lowest_port=0)
    quiet: bool = option(False, label="Quiet", help="", kind=Kind.FLAG, body="quiet")
    place: str = option("", label="Place", help="", kind=Kind.PATH, body="place")
    target: str = option("", label="Target", help="", kind=Kind.TEXT, body="target", grammar=parse_target)
    token: str = option(
        "", label="Token", help="", kind=Kind.SECRET, body="token", pattern=r"\w{4}", expected="a token of four letters"
    )
    password: str = option("", label="Password", help="", kind=Kind.SECRET, body="password", verbatim=True)


OPTIONS = declared(Sample)


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("name", " abc ", "abc"),
        ("name", "", ""),
        ("shape", "b", "b"),
        ("port", 65535, 65535),
        ("any_port", 0, 0),
        ("quiet", True, True),
        ("place", "/a/b", "/a/b"),
        ("target", "http://localhost:3000", "http://localhost:3000"),
        ("token", " abcd\n", "abcd"),
        ("password", " ab c ", " ab c "),
        ("password", " ", " "),
        ("password", """(a) "b" 'c' $(d) `e` \\ é""", """(a) "b" 'c' $(d) `e` \\ é"""),
    ],
)
def test_a_good_value_is_taken(name: str, value: object, expected: object) -> None:
    assert check_value(OPTIONS[name], value) == expected


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("name", 3, "hostName: a text is expected."),
        ("name", "ABC", "hostName: what was given is not a lower-case word."),
        ("name", "a\nb", "hostName: line breaks and control characters are not allowed."),
        ("name", "a" * 5000, "hostName: the text is longer than 4096 characters."),
        ("shape", " a", "shape: it has to be one of: a, b."),
        ("shape", "a\n", "shape: it has to be one of: a, b."),
        ("shape", "", "shape: it has to be one of: a, b."),
        ("shape", "c", "shape: it has to be one of: a, b."),
        ("port", 0, "port: a port is a whole number from 1 to 65535."),
        ("port", 65536, "port: a port is a whole number from 1 to 65535."),
        ("port", True, "port: a port is a whole number from 1 to 65535."),
        ("port", 80.0, "port: a port is a whole number from 1 to 65535."),
        ("port", "80", "port: a port is a whole number from 1 to 65535."),
        ("port", [80], "port: a port is a whole number from 1 to 65535."),
        pytest.param(
            "port",
            10**5000,
            "port: a port is a whole number from 1 to 65535.",
            id="port-of-5000-digits",
        ),
        ("quiet", 1, "quiet: true or false is expected."),
        ("place", "a/b", "place: what was given is not an absolute path."),
        ("password", "", "password: it must not be empty."),
        ("password", "secret\n", "password: line breaks and control characters are not allowed."),
        ("password", "a\0b", "password: line breaks and control characters are not allowed."),
        ("password", "x" * 20_000, "password: the text is longer than 4096 characters."),
        ("target", "ftp://localhost:1", "target: only http and https can be exposed."),
    ],
)
def test_a_bad_value_is_refused_with_a_sentence_that_names_the_field(name: str, value: object, sentence: str) -> None:
    with pytest.raises(TunnelError) as caught:
        check_value(OPTIONS[name], value)
    assert caught.value.code is Code.BAD_REQUEST
    assert str(caught.value) == sentence


def test_a_refused_secret_is_not_shown() -> None:
    with pytest.raises(TunnelError, match=r"^token: what was given is not a token of four letters\.$"):
        check_value(OPTIONS["token"], "hunter2hunter2")


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("quiet", "Yes", True),
        ("quiet", "off", False),
        ("port", " 80 ", 80),
        ("name", " abc ", "abc"),
        ("password", " a ", " a "),
    ],
)
def test_a_typed_value_gets_the_type_of_its_option(name: str, text: str, value: object) -> None:
    assert read_value(OPTIONS[name], text) == value


@pytest.mark.parametrize(("name", "text"), [("quiet", "maybe"), ("port", "eighty"), ("port", "8²"), ("port", "-1")])
def test_a_typed_value_of_another_type_is_refused_under_the_name_it_was_given(name: str, text: str) -> None:
    with pytest.raises(TunnelError, match=r"^MY_VARIABLE: "):
        read_value(OPTIONS[name], text, field="MY_VARIABLE")


def test_every_kind_has_a_rule() -> None:
    assert {item.kind for item in OPTIONS.values()} == set(Kind)
    assert isinstance(OPTIONS["name"], Option)
