"""The manual is made from the help of the commands, and what lies in docs/ is what is made."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from portway.backends.registry import build_backends
from portway.cli import main
from tests.cli.conftest import Portway, Starts

DOCS = Path(__file__).parents[3] / "docs"


@pytest.mark.parametrize(
    ("file", "words"), [("cli.md", ("man", "--markdown")), ("man/portway.1", ("man",))], ids=["cli.md", "portway.1"]
)
def test_the_pages_in_docs_are_those_of_this_version(
    capsys: pytest.CaptureFixture[str], environment: dict[str, str], starts: Starts, file: str, words: tuple[str, ...]
) -> None:
    assert main(starts, words, environment, build_backends) == 0
    made = capsys.readouterr().out
    written = (DOCS / file).read_text(encoding="utf-8")
    assert made == written, f"docs/{file} is stale: portway {' '.join(words)} > docs/{file}"


def test_every_command_with_its_options_and_examples_is_in_it(portway: Portway) -> None:
    text = portway("man", "--markdown").out
    assert "## portway expose\n\n```\nportway expose [OPTIONS] TARGET\n```" in text
    assert "```sh\nportway expose 3000\nportway expose 8080 --qr\n" in text
    assert "## portway enable toy\n" in text
    assert "| `--colour [red\\|blue]` | Of the toy. |" in text
    assert "--tied" not in text


@pytest.mark.children
def test_the_page_reads_as_it_was_written(portway: Portway) -> None:
    page = portway("man").out
    assert "\\-\\-via WAY" in page
    man = shutil.which("man")
    if man is None:
        pytest.skip("there is no man to read it")
    shown = subprocess.run([man, "--warnings", "-l", "-"], input=page, capture_output=True, text=True, check=True)
    assert "--via WAY" in shown.stdout
    assert shown.stderr == ""
