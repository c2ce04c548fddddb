"""Text of others cannot steer a terminal, forge a line or turn the direction of reading."""

from __future__ import annotations

import pytest

from portway.core.foreign_text import harmless, harmless_line


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain, ünïcode and 👩‍💻", "plain, ünïcode and 👩‍💻"),
        ("\x1b]0;title\x07", "\\x1b]0;title\\x07"),
        ("\x1b[2J\x1b[H", "\\x1b[2J\\x1b[H"),
        ("\x1b[1;31mred\x1b[0m", "red"),
        ("\x9b31mred", "\\x9b31mred"),
        ("ok\rforged", "ok\\rforged"),
        ("windows\r\nlines\r", "windows\nlines"),
        ("exe.\u202egpj.scr", "exe.\\u202egpj.scr"),
        ("a\u2066b\u2069\u061c\u200f", "a\\u2066b\\u2069\\u061c\\u200f"),
        ("two\u2028lines\x85more\x0b\x0c", "two\\u2028lines\\x85more\\x0b\\x0c"),
        ("\udcff", "\\udcff"),
        ("\ufeffmark \x00 \x7f", "\\ufeffmark \\x00 \\x7f"),
        ("\U000e0041", "\\U000e0041"),
        ("tab\tand\nline", "tab\tand\nline"),
    ],
)
def test_what_steers_is_shown_instead(text: str, shown: str) -> None:
    assert harmless(text) == shown
    assert harmless(shown) == shown


def test_a_line_stays_one_line() -> None:
    assert harmless_line("one\ntwo\tthree\x1b") == "one\\ntwo\\tthree\\x1b"
    assert len(harmless_line("a\x0bb\x0cc\x1cd\x85e\u2028f\u2029g\rh\ni").splitlines()) == 1
