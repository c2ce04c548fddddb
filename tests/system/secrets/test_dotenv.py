"""One variable of a `.env` file, as people write such files."""

from __future__ import annotations

from pathlib import Path

import pytest

from portway.system.secrets.source import LARGEST, read_variable


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("TOKEN=abc", "abc"),
        ("export TOKEN=abc\n", "abc"),
        ("  TOKEN = abc  \r\n", "abc"),
        ("TOKEN='abc def'", "abc def"),
        ('TOKEN="abc#def" # mine', "abc#def"),
        ("TOKEN=abc # mine", "abc"),
        ("TOKEN=abc#def", "abc#def"),
        ("TOKEN=$HOME", "$HOME"),
        ("TOKEN=first\nTOKEN=second", "second"),
        ("\ufeffTOKEN=abc", "abc"),
        ("# TOKEN=abc", ""),
        ("OTHER_TOKEN=abc\nTOKENS=abc", ""),
        ("TOKEN=", ""),
        ("TOKEN", ""),
        ("", ""),
    ],
)
def test_reads_the_value(tmp_path: Path, text: str, value: str) -> None:
    path = tmp_path / ".env"
    path.write_text(text, newline="")
    assert read_variable(path, "TOKEN") == value


def test_a_file_that_is_not_there_is_empty(tmp_path: Path) -> None:
    assert read_variable(tmp_path / ".env", "TOKEN") == ""


@pytest.mark.expected_logs
def test_a_file_that_cannot_be_trusted_is_empty(tmp_path: Path) -> None:
    (tmp_path / "real").write_text("TOKEN=abc")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    (tmp_path / "large").write_text("TOKEN=abc\n" + "#" * LARGEST)
    assert read_variable(tmp_path / "link", "TOKEN") == ""
    assert read_variable(tmp_path / "large", "TOKEN") == ""


def test_bytes_that_are_no_text_do_not_hide_the_rest(tmp_path: Path) -> None:
    path = tmp_path / ".env"
    path.write_bytes(b"NAME=\xff\xfe\nTOKEN=abc\n")
    assert read_variable(path, "TOKEN") == "abc"
