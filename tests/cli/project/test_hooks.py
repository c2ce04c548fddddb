"""What takes the URL of a tunnel of a project: lines of files below its folder, and a command there."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from portway.cli.project.hooks import TunnelHooks
from portway.cli.project.tunnels import FileHook, ProjectTunnel
from tests.fakes.portway.rest_double import status_of

UP = status_of("toy", id="web-1a2b3c", publicUrl="https://toy.example:8443")
LOST = {**UP, "publicUrl": None, "running": False, "phase": "starting"}
OTHER = {**UP, "publicUrl": "https://other.example"}
NOTE = (
    "import os; from pathlib import Path; "
    "names = ('EVENT', 'URL', 'OLD_URL', 'TUNNEL', 'BACKEND'); "
    "Path('said').open('a').write(' '.join(os.environ['PORTWAY_' + name] or '-' for name in names) + chr(10))"
)


class Subject:
    """The hooks of one tunnel in a folder, and what they have told."""

    def __init__(self, folder: Path, *files: FileHook, command: str = "", commands: bool = True) -> None:
        self.told: list[str] = []
        tunnel = ProjectTunnel(word="web", target="3000", way="toy", files=files, command=command)
        self.hooks = TunnelHooks(tunnel, folder, {}, self.told.append, commands=commands)


def test_each_line_is_written_with_the_url_or_its_host(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("A=1\nBASE=old\n")
    files = (FileHook(".env", "BASE"), FileHook(".env", "HOST", "{host}"), FileHook("x.env", "API", "{url}/api"))
    subject = Subject(tmp_path, *files)
    subject.hooks.take(UP)
    assert (tmp_path / ".env").read_text() == "A=1\nBASE=https://toy.example:8443\nHOST=toy.example:8443\n"
    assert (tmp_path / "x.env").read_text() == "API=https://toy.example:8443/api\n"
    subject.hooks.take(LOST)
    subject.hooks.take(OTHER)
    assert (tmp_path / "x.env").read_text() == "API=https://other.example/api\n"
    subject.hooks.end()
    assert (tmp_path / "x.env").read_text() == "API=https://other.example/api\n"
    assert subject.told == []


@pytest.mark.skipif(sys.platform == "win32", reason="links need a right there")
def test_nothing_outside_the_folder_is_written(tmp_path: Path) -> None:
    folder = tmp_path / "shop"
    folder.mkdir()
    outside = tmp_path / "precious"
    outside.write_text("mine\n")
    (folder / ".env").symlink_to(outside)
    subject = Subject(folder, FileHook(".env", "BASE"), FileHook("../other.env", "BASE"))
    subject.hooks.take(UP)
    assert outside.read_text() == "mine\n"
    assert not (tmp_path / "other.env").exists()
    assert [text.endswith("leads out of the project's folder, so it was not written.") for text in subject.told] == [
        True,
        True,
    ]


def test_a_file_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / ".env").mkdir()
    subject = Subject(tmp_path, FileHook(".env", "BASE"))
    subject.hooks.take(UP)
    assert len(subject.told) == 1


@pytest.mark.children
def test_a_command_runs_in_the_folder_at_each_change_and_at_the_end(tmp_path: Path) -> None:
    subject = Subject(tmp_path, command=f'"{Path(sys.executable).as_posix()}" -c "{NOTE}"')
    for status in (UP, UP, LOST, OTHER, LOST):
        subject.hooks.take(status)
    subject.hooks.end()
    subject.hooks.end()
    assert (tmp_path / "said").read_text().splitlines() == [
        "up https://toy.example:8443 - web-1a2b3c toy",
        "changed https://other.example https://toy.example:8443 web-1a2b3c toy",
        "down - https://other.example web-1a2b3c toy",
    ]
    assert subject.told == []


@pytest.mark.children
@pytest.mark.parametrize(
    ("command", "said"),
    [
        (f'"{Path(sys.executable).as_posix()}" -c "exit(3)"', "Its command failed: it ended with 3."),
        ("no-such-program-here", "The program no-such-program-here of its command was not found."),
    ],
)
def test_one_that_fails_is_told(tmp_path: Path, command: str, said: str) -> None:
    subject = Subject(tmp_path, command=command)
    subject.hooks.take(UP)
    assert subject.told == [said]


def test_one_that_was_not_agreed_to_never_runs(tmp_path: Path) -> None:
    subject = Subject(tmp_path, command="touch said", commands=False)
    subject.hooks.take(UP)
    subject.hooks.end()
    assert (list(tmp_path.iterdir()), subject.told) == ([], [])
