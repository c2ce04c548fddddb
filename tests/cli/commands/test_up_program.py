"""`portway up` and `down` as a person runs them: real processes, real signals, two real servers behind real URLs."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from portway.cli.project.tunnels import FILE_NAME
from portway.core.target import Target
from portway.system.storage.folders import Folders
from tests.cli.commands.test_expose_program import all_gone, fetch, is_open, nothing_is_left
from tests.fakes.backends.news import wait_until
from tests.fakes.origins.http import content, http_origin
from tests.fakes.origins.page import PAGE
from tests.fakes.portway.command_line import LIMIT, Running, Terminal, command_line

pytestmark = [
    pytest.mark.children,
    pytest.mark.skipif(sys.platform == "win32", reason="signals reach no other process there"),
]


class Project:
    """A folder with a file that names two tunnels, and what is run for it."""

    def __init__(self, folder: Path, environment: dict[str, str], logs: Path, stack: contextlib.ExitStack) -> None:
        self.folder = folder
        self.environment = environment
        self._logs = logs
        self._stack = stack

    def write(self, text: str) -> None:
        (self.folder / FILE_NAME).write_text(text)

    @property
    def digest(self) -> str:
        return hashlib.sha256((self.folder / FILE_NAME).read_bytes()).hexdigest()

    def start(self, *words: str) -> Running:
        """Run a command as a script does."""
        place = ("--file", str(self.folder)) if words[0] in ("up", "down") else ()
        return self._stack.enter_context(command_line(self.environment, self._logs, *words, *place))

    def run(self, *words: str) -> Running:
        """Run a command to its end."""
        command = self.start(*words)
        command.ended()
        return command

    def terminal(self, **answers: str) -> Terminal:
        """Run `up` at a terminal, where a person answers so to the question that begins with a word."""
        terminal = Terminal(self.environment, "up", "--file", str(self.folder))
        self._stack.callback(terminal.close)
        for question, answer in answers.items():
            terminal.shows(f"{question} this from now on")
            terminal.type(f"{answer}\n")
        return terminal


def stop(terminal: Terminal) -> None:
    """End `up` at a terminal as Ctrl-C does, once all is open."""
    terminal.shows("Ctrl-C stops what it opened.")
    os.kill(terminal.process.pid, signal.SIGINT)
    assert terminal.ended() == 0


def urls(up: Running, count: int) -> dict[str, str]:
    """Wait for so many URLs, and return them by the name of their tunnel."""
    wait_until(lambda: up.out.count("\n") >= count or up.process.poll() is not None, LIMIT)
    found = dict(line.split() for line in up.out.splitlines())
    assert len(found) == count, up.err + up.out
    return found


@pytest.fixture
def project(environment: dict[str, str], folders: Folders, tmp_path: Path) -> Iterator[Project]:
    profile = {**environment, "PORTWAY_API_PORT": "0", "PORTWAY_LAN_ADDRESS": "127.0.0.2"}
    folder = tmp_path / "shop"
    folder.mkdir()
    with contextlib.ExitStack() as stack:
        yield Project(folder, profile, tmp_path, stack)
    with contextlib.suppress(FileNotFoundError, psutil.NoSuchProcess):  # one that stays, in a test that failed
        psutil.Process(json.loads((folders.run / "api.json").read_text())["pid"]).kill()


@pytest.fixture
def second() -> Iterator[Target]:
    with http_origin() as site:
        yield site.target


def text_of(web: Target, api: Target, more: str = "") -> str:
    return f"[tunnel.web]\ntarget = {web.port}\n{more}\n[tunnel.api]\ntarget = {api.port}\n"


def test_a_folder_is_opened_visited_changed_refused_until_agreed_and_closed(
    project: Project, origin: Target, second: Target, folders: Folders
) -> None:
    project.write(text_of(origin, second))
    refused = project.run("up", "--detach")
    assert (refused.process.returncode, refused.out) == (1, "")
    assert not (folders.run / "api.json").exists()
    stop(project.terminal(Open="y"))
    up = project.run("up", "--detach")
    assert up.process.returncode == 0, up.err
    first = urls(up, 2)
    assert fetch(first["web"]) == PAGE
    assert fetch(f"{first['api']}/bytes/3") == content(3)
    project.write(text_of(origin, second, "guard = { readOnly = true }\nenv = { file = '.env', key = 'BASE' }"))
    changed = project.run("up", "--detach")
    assert (changed.process.returncode, changed.out) == (1, "")
    assert "has changed since you agreed to it" in changed.err
    assert not (project.folder / ".env").exists()
    again = project.run("up", "--detach", "--agree", project.digest)
    assert urls(again, 2) == first  # what has changed holds under the same URLs
    assert (project.folder / ".env").read_text() == f"BASE={first['web']}\n"
    assert fetch(first["web"]) == PAGE
    family = [psutil.Process(json.loads((folders.run / "api.json").read_text())["pid"])]
    down = project.run("down")
    assert (down.process.returncode, down.err) == (0, "Closed api, web.\n")
    assert not is_open(first["web"])
    assert not is_open(first["api"])
    assert project.run("quit").process.returncode == 0
    nothing_is_left(family, first["web"], folders)


def test_a_command_of_the_file_runs_once_a_person_has_agreed_to_it(
    project: Project, origin: Target, second: Target
) -> None:
    said = project.folder / "said"
    project.write(text_of(origin, second, "command = 'sh -c \"echo $PORTWAY_EVENT >> said\"'"))
    stop(project.terminal(Open="y", Run="n"))
    assert not said.exists()
    terminal = project.terminal(Run="y")
    wait_until(said.exists, LIMIT)
    stop(terminal)
    assert said.read_text() == "up\ndown\n"


@pytest.mark.parametrize("end", [(signal.SIGTERM, 0), (signal.SIGKILL, -9)], ids=["SIGTERM", "SIGKILL"])
def test_however_it_ends_nothing_is_left(
    project: Project, origin: Target, second: Target, folders: Folders, end: tuple[int, int]
) -> None:
    project.write(text_of(origin, second))
    up = project.start("up", "--agree", project.digest)
    found = urls(up, 2)
    assert fetch(found["web"]) == PAGE
    family = up.family()
    assert len(family) > 1
    number, code = end
    assert up.end(number) == code
    nothing_is_left(family, found["web"], folders)
    assert not is_open(found["api"])


def test_beside_another_portway_it_closes_its_own_alone(
    project: Project, origin: Target, second: Target, folders: Folders
) -> None:
    project.write(text_of(origin, second))
    portway = project.start("--headless")
    wait_until((folders.run / "api.json").exists, LIMIT)
    assert project.run("enable", "lan", "--target", str(origin.port)).process.returncode == 0
    up = project.start("up", "--agree", project.digest)
    found = urls(up, 2)
    assert len(up.family()) == 1
    down = project.run("down", "web")
    assert down.err == "Closed web.\n"
    up.says("web: It was turned off elsewhere.")
    assert is_open(found["api"])
    assert up.end(signal.SIGINT) == 0
    assert not is_open(found["api"])
    status = project.run("status", "lan")
    assert status.out.startswith("lan: running\n")
    assert project.run("quit").process.returncode == 0
    assert portway.ended() == 0


def test_what_lies_in_the_folder_is_not_run_in_the_place_of_portway(
    project: Project, origin: Target, second: Target, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake = project.folder / "portway"
    fake.mkdir()
    for name in ("__init__.py", "__main__.py"):
        (fake / name).write_text(f"open({str(tmp_path / 'hijacked')!r}, 'w')\n")
    project.write(text_of(origin, second))
    script = Path(sys.executable).with_name("portway")
    monkeypatch.chdir(project.folder)
    monkeypatch.setattr("tests.fakes.portway.command_line.PORTWAY", (sys.executable, "-P", str(script)))
    up = project.start("up", "--agree", project.digest)
    found = urls(up, 2)
    family = up.family()
    assert up.end() == 0
    wait_until(lambda: all_gone(family), LIMIT)
    assert not is_open(found["web"])
    assert not (tmp_path / "hijacked").exists()
