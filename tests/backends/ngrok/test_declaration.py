"""What ngrok's options take, and what is refused before anything is sent."""

from __future__ import annotations

import pytest

from portway.backends.ngrok.backend import NgrokBackend, NgrokOptions
from portway.backends.ngrok.declaration import ONE_ADDRESS, SAME_DOMAIN
from portway.core.errors import TunnelError
from portway.core.options import Kind, check_value, declared
from portway.system.services import Services

OPTIONS = declared(NgrokOptions)
TOKEN = "2abcdefghijKLMNOPQRSTuvw" + "_" + "5xYz0123456789abcdefg"  # made up, in ngrok's form


@pytest.mark.parametrize("text", [TOKEN, f"  {TOKEN}\t", f"{TOKEN}\n"])
def test_a_token_is_taken_without_blanks_around_it(text: str) -> None:
    assert check_value(OPTIONS["auth_token"], text) == TOKEN


@pytest.mark.parametrize(
    "text",
    [
        TOKEN.replace("_", " "),
        TOKEN.replace("_", ""),
        f"{TOKEN[:10]}\n{TOKEN[10:]}",
        f"{TOKEN}\x00x",
        "ak_2abcdefghijKLMNOPQRSTuvwxyz",  # the id of an API key
        "cr_2abcdefghijKLMNOPQRSTuvwxyz",  # the id of an authtoken
        "short_token",
        "é" * 50,
        TOKEN * 100,
        f"{TOKEN}; rm -rf /",
    ],
)
def test_what_is_no_token_is_refused_and_not_shown(text: str) -> None:
    with pytest.raises(TunnelError) as caught:
        check_value(OPTIONS["auth_token"], text)
    assert "authToken" in caught.value.problem.sentence
    assert text not in caught.value.problem.sentence
    assert text not in repr(caught.value.problem)


@pytest.mark.parametrize("text", ["mine.ngrok-free.app", "a.b.example.co", "MINE.ngrok.app", "x1-2.example.com", ""])
def test_a_domain_is_taken(text: str) -> None:
    assert check_value(OPTIONS["domain"], text) == text


@pytest.mark.parametrize(
    "text",
    [
        "mine",
        "mine.ngrok.app:443",
        "-a.example.com",
        "a-.example.com",
        "a..example.com",
        ".example.com",
        "example.com.",
        "a b.example.com",
        "*.example.com",
        "mïne.example.com",
        "127.0.0.1",
        f"{'a' * 64}.example.com",
        ".".join(["a" * 60] * 5) + ".com",
    ],
)
def test_a_malformed_domain_is_refused_before_sending(text: str) -> None:
    with pytest.raises(TunnelError) as caught:
        check_value(OPTIONS["domain"], text)
    assert caught.value.problem.sentence.startswith("domain: ")


@pytest.mark.parametrize(
    "text", ["mine.ngrok.app", "https://mine.ngrok.app", "mine.ngrok.app/", "http://mine.ngrok.app/"]
)
def test_a_domain_is_taken_as_a_browser_shows_it(text: str) -> None:
    assert check_value(OPTIONS["domain"], text) == "mine.ngrok.app"


@pytest.mark.parametrize(
    ("text", "taken"),
    [
        ("localhost:3000", True),
        ("app.local", True),
        ("127.0.0.1:8080", True),
        ("", True),
        ("a b", False),
        ("a\r\nX: y", False),
        ("http://a", False),
        ("a:b", False),
        ('a"', False),
    ],
)
def test_a_host_header_is_a_host(text: str, taken: bool) -> None:  # noqa: FBT001 - a column of the table
    try:
        check_value(OPTIONS["host_header"], text)
    except TunnelError:
        assert not taken
    else:
        assert taken


def test_the_token_is_stored_only_when_asked_and_has_its_pages() -> None:
    token = OPTIONS["auth_token"]
    assert token.kind is Kind.SECRET
    assert token.stored
    assert token.environment == ("NGROK_AUTHTOKEN",)
    assert str(token.page).startswith("https://dashboard.ngrok.com/")
    assert str(token.sign_up_page).startswith("https://dashboard.ngrok.com/")


@pytest.mark.parametrize(
    ("own", "others", "words"),
    [
        ("", [], ""),
        ("", [""], ONE_ADDRESS),
        ("", ["mine.example.com"], ""),
        ("mine.example.com", [""], ""),
        ("mine.example.com", ["other.example.com"], ""),
        ("mine.example.com", ["other.example.com", "Mine.example.com"], SAME_DOMAIN),
    ],
)
def test_that_an_account_has_one_address_is_known_before_a_second_one_is_tried(
    services: Services, own: str, others: list[str], words: str
) -> None:
    asked = NgrokOptions(domain=own)
    assert NgrokBackend(services).caution(asked, [NgrokOptions(domain=other) for other in others]) == words
