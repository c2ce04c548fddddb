from __future__ import annotations

import pytest

from portway.core.errors import TunnelError
from portway.core.foreign_text import check_command, unwrap_host, unwrap_token


def test_words_are_split_as_in_a_shell() -> None:
    assert check_command('/bin/tool --name "my project" x\\ y') == ("/bin/tool", "--name", "my project", "x y")


def test_an_open_quotation_mark_is_refused() -> None:
    with pytest.raises(TunnelError, match="hookCommand: a quotation mark"):
        check_command('tool "open', field="general.hookCommand")


TOKEN = "2abcDEFghiJKLmnoPQRstu_5vwxYZabcDEFghi"


@pytest.mark.parametrize(
    "pasted",
    [
        "{}",
        " {} ",
        '"{}"',
        "“{}”",
        "`{}`",
        "ngrok config add-authtoken {}",
        "$ ngrok config add-authtoken {}",
        "ngrok authtoken {}",
        "NGROK_AUTHTOKEN={}",
        "export NGROK_AUTHTOKEN='{}'",
        '$env:NGROK_AUTHTOKEN="{}"',
        "NGROK_AUTHTOKEN={} ngrok http 80",
        "ngrok http --authtoken {} 80",
        "ngrok http --authtoken={} 80",
        "authtoken: {}",
        "cloudflared tunnel run --token {}",
        "sudo cloudflared service install {}",
    ],
)
def test_a_token_is_taken_out_of_what_it_was_copied_with(pasted: str) -> None:
    assert unwrap_token(pasted.format(TOKEN)) == TOKEN


@pytest.mark.parametrize("token", ["", "eyJhIjoiYiJ9==", "A1B2C3==", "tskey-auth-k1-2", "two words"])
def test_a_token_alone_stays_as_it_is(token: str) -> None:
    assert unwrap_token(token) == token


@pytest.mark.parametrize("pasted", ["{}", "https://{}", "HTTP://{}/", '"https://{}"', " {} "])
def test_a_host_is_taken_out_of_its_address(pasted: str) -> None:
    assert unwrap_host(pasted.format("mine.ngrok-free.app")) == "mine.ngrok-free.app"


@pytest.mark.parametrize("text", ["", "https://mine.app/path", "https://me@mine.app", "ftp://mine.app"])
def test_what_is_more_than_a_host_is_left_for_the_check(text: str) -> None:
    assert unwrap_host(text) == text
