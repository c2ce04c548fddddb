"""A Portway that a command starts for itself: found, too late, with its last words, or made to end."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from portway.cli.client.client import Client
from portway.cli.client.headless import HeadlessPortway
from portway.cli.failure import Failed
from tests.fakes.backends.news import wait_until

pytestmark = pytest.mark.children
_ENDS_WITH_INPUT = "import sys; sys.stdin.read()"
_NOBODY: Client | None = None


def started(folder: Path, script: str, environment: Mapping[str, str], *, tied: bool = False) -> HeadlessPortway:
    """Start what stands in for Portway; its arguments are those that Portway gets."""
    file = folder / "program.py"
    file.write_text(script)
    return HeadlessPortway([sys.executable, "-IS", str(file)], environment, tied=tied)


@pytest.mark.parametrize(
    ("script", "told"),
    [
        (
            "import sys; sys.exit('a warning of Qt\\nportway: The port is taken.\\nportway: Free it.')",
            "The port is taken.\nFree it.",
        ),
        (
            "import sys; sys.exit('first\\n\\x1b[31mImportError: no Qt')",
            "Portway could not be started; “portway logs” may tell why. Its last words: ",
        ),
        ("", "Portway could not be started; “portway logs” may tell why."),
    ],
    ids=["its sentences", "another line", "nothing"],
)
def test_what_ends_at_once_is_told_with_its_last_words(
    environment: dict[str, str], tmp_path: Path, script: str, told: str
) -> None:
    headless = started(tmp_path, script, environment)
    with pytest.raises(Failed) as caught:
        headless.wait_until_ready(lambda: _NOBODY)
    assert str(caught.value).startswith(told)
    assert "\x1b" not in str(caught.value)
    assert headless.ended


def test_the_client_of_the_one_that_was_faster_is_taken(environment: dict[str, str], tmp_path: Path) -> None:
    client = Client(1, "token")
    headless = started(tmp_path, "", environment)
    wait_until(lambda: headless.ended)
    assert headless.wait_until_ready(lambda: client) is client


@pytest.mark.parametrize("tied", [True, False])
def test_a_stop_ends_it(environment: dict[str, str], tmp_path: Path, *, tied: bool) -> None:
    notes = tmp_path / "notes"
    script = f"import sys, time; open({str(notes)!r}, 'w').write(' '.join(sys.argv[1:])); "
    headless = started(tmp_path, script + (_ENDS_WITH_INPUT if tied else "time.sleep(60)"), environment, tied=tied)
    wait_until(lambda: notes.exists() and notes.read_text(), 20, "its start")
    assert notes.read_text() == ("--headless --tied" if tied else "--headless")
    assert not headless.ended
    headless.stop()
    assert headless.ended
