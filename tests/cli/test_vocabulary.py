"""What the help lists without a look at the backends is what they declare; and what was meant by a word."""

from __future__ import annotations

import subprocess
import sys

import pytest

from portway.cli.vocabulary import ALIASES, COMMANDS, LISTED, meant
from tests.cli.conftest import Portway
from tests.fakes.portway.rest_double import RestDouble, status_of


def test_the_help_lists_what_the_backends_declare(real_portway: Portway, monkeypatch: pytest.MonkeyPatch) -> None:
    listed = real_portway("--help").out
    monkeypatch.setattr("portway.cli.program.LISTED", None)
    assert real_portway("--help").out == listed
    assert set(ALIASES.values()) <= LISTED.ways.keys()


@pytest.mark.children
def test_the_help_imports_no_backend() -> None:
    code = "from portway.cli import main; import sys; main(None, ['--help']); print(*sys.modules, file=sys.stderr)"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "tailscale" in ran.stdout
    assert "portway.cli.program" in ran.stderr
    assert not [name for name in ran.stderr.split() if name.startswith(("portway.backends", "http.client"))]


@pytest.mark.parametrize(
    ("word", "word_meant"),
    [
        ("statsu", "status"),
        ("exspose", "expose"),
        ("Enable", "enable"),
        ("cloudfare", "cloudflare"),
        ("ngork", "ngrok"),
        ("tailscal", "tailscale"),
        ("2abcDEFghiJKLmnoPQRstu_5vwxYZabcDEFghi", None),
        ("hunter2", None),
        ("statusstatus", None),
        ("", None),
    ],
)
def test_a_misspelt_word_is_recognised_and_nothing_else(word: str, word_meant: str | None) -> None:
    assert meant(word, [*COMMANDS, *LISTED.ways, *ALIASES]) == word_meant


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("statsu",), "There is no command “statsu”. Did you mean “status”?"),
        (("hunter2",), "There is no such command. “portway --help” lists them."),
        (("enable", "tyo"), "There is no way “tyo”. Did you mean “toy”?"),
        (("enable", "hunter2"), "There is no such way. Choose one of: lan, toy."),
        (("expose", "3000", "--via", "tyo"), "--via: There is no way “tyo”. Did you mean “toy”?"),
        (("status", "tyo"), "There is no way “tyo”. Did you mean “toy”?"),
        (("url", "hunter2"), "There is no such way. Choose one of: lan, toy."),
        (("logs", "tyo"), "There is no way “tyo”. Did you mean “toy”?"),
        (("enable", "toy", "--colour", "bleu"), "--colour: it has to be one of: red, blue. Did you mean “blue”?"),
        (("enable", "toy", "--colou", "blue"), "Did you mean"),
        (("enable", "toy", "hunter2"), "There is a word too many."),
        (("enable", "toy", "--hunter2=x"), "There is no such option."),
        (("completion", "hunter2"), "SHELL: it has to be one of: bash, zsh, fish."),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_who_types_something_else_is_told_what_was_meant(
    portway: Portway, double: RestDouble, words: tuple[str, ...], sentence: str
) -> None:
    double.tell(status_of("toy"))
    said = portway(*words)
    assert said.code == 2
    assert sentence in said.err
    assert "hunter2" not in said.err
