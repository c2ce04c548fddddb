"""Foreign code is shown to a person at a terminal before it runs as root, and only that one runs."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from portway.backends.tailscale.setup.script import Script
from portway.cli import main
from portway.core.backend import Backend, Command
from portway.core.cancel import CancelToken
from portway.core.codes import Code
from portway.core.errors import TunnelError
from portway.system.services import Services
from tests.cli.conftest import Said, Starts
from tests.fakes.backends.toy import ToyBackend
from tests.fakes.portway.rest_double import RestDouble, status_of

SHA256 = "9f2c" * 16
PATH = "/api/tunnels/toy/paint"
FACTS = f"source    https://toy.example/paint.sh\nsize      42 bytes\nSHA-256   {SHA256}\n"
Typing = Callable[..., Said]


class Keyboard(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def script(tmp_path: Path) -> Script:
    script = Script(tmp_path / "paint.sh", "https://toy.example/paint.sh", 42, SHA256)
    script.path.write_text("#!/bin/sh\n")
    return script


@pytest.fixture
def fetched(script: Script) -> list[Script | BaseException]:
    """Return what the next fetches bring."""
    return [script]


@pytest.fixture
def typing(  # noqa: PLR0917 - fixtures
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    environment: dict[str, str],
    starts: Starts,
    double: RestDouble,
    fetched: list[Script | BaseException],
) -> Typing:
    """Run the command line as a person who types `answer` does; `terminal` False: as a script does."""
    double.replies["POST", PATH] = [("done", {"success": True, "status": status_of("toy")})]

    def fetch(_cancel: CancelToken) -> Script:
        found = fetched.pop(0)
        if isinstance(found, BaseException):
            raise found
        return found

    class Foreign(ToyBackend):
        def declared_commands(self) -> tuple[Command, ...]:
            paint, *others = super().declared_commands()
            return (replace(paint, fetch=fetch), *others)

    def backends(services: Services) -> tuple[Backend, ...]:
        return (Foreign(services),)

    def run(*words: str, answer: str = "", terminal: bool = True) -> Said:
        monkeypatch.setattr(sys, "stdin", Keyboard(answer) if terminal else io.StringIO(answer))
        capsys.readouterr()
        code = main(starts, words, environment, backends)
        said = capsys.readouterr()
        return Said(code, said.out, said.err)

    return run


@pytest.mark.parametrize("answer", ["y\n", "yes\n"])
def test_a_yes_runs_the_one_that_was_shown_and_no_other(
    typing: Typing, double: RestDouble, script: Script, answer: str
) -> None:
    said = typing("paint", "toy", answer=answer)
    assert said.code == 0
    assert said.err.startswith(FACTS)
    assert "bears no signature and runs as root" in said.err
    assert "Run it as root? [y/N]: " in said.err
    assert double.asked("POST", PATH) == [{"sha256": SHA256}]
    assert not script.path.exists()


@pytest.mark.parametrize("answer", ["\n", "n\n"])
def test_anything_else_runs_nothing(typing: Typing, double: RestDouble, script: Script, answer: str) -> None:
    said = typing("paint", "toy", answer=answer)
    assert (said.code, said.out) == (1, "")
    assert said.err.endswith("It was not run.\n")
    assert double.asked("POST", PATH) == []
    assert not script.path.exists()


def test_whoever_leaves_the_question_open_runs_nothing(typing: Typing, double: RestDouble, script: Script) -> None:
    assert typing("paint", "toy").code == 1
    assert double.asked("POST", PATH) == []
    assert not script.path.exists()


@pytest.mark.parametrize("way", ["--yes", "a script"])
def test_who_has_agreed_already_and_who_cannot_answer_is_not_asked(
    typing: Typing, double: RestDouble, way: str
) -> None:
    words = ("--yes",) if way == "--yes" else ()
    said = typing("paint", "toy", *words, terminal=bool(words))
    assert (said.code, said.err) == (0, "")
    assert double.asked("POST", PATH) == [{}]


def test_a_fetch_that_fails_is_told(typing: Typing, double: RestDouble, fetched: list[Script | BaseException]) -> None:
    fetched[:] = [TunnelError(Code.NO_NETWORK), KeyboardInterrupt()]
    assert "no network" in typing("paint", "toy").err
    assert typing("paint", "toy").err == "It was cancelled.\n"
    assert double.asked("POST", PATH) == []


def test_only_what_runs_foreign_code_asks(typing: Typing) -> None:
    assert "--yes" in typing("paint", "toy", "--help").out
    assert "--yes" not in typing("check", "toy", "--help").out
