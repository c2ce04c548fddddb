"""`portway up` and `portway down` with a Portway that runs already: what is asked of it, shown, and closed again."""

from __future__ import annotations

import hashlib
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import click
import pytest
from click.shell_completion import ShellComplete

from portway.cli.program import portway as program
from portway.cli.project.tunnels import FILE_NAME, Words
from tests.cli.conftest import Portway, Said, once_read
from tests.fakes.backends.news import wait_until
from tests.fakes.portway.rest_double import OPEN_TO_ALL, Record, RestDouble, row_of, status_of

WEB, API = "[tunnel.web]\ntarget = 3000\nvia = 'toy'\n", "[tunnel.api]\ntarget = 8000\n"
FAR, NEAR = "https://toy.example", "http://192.168.1.23:34567"
OURS = (("web", "toy"), ("api", "lan"))
POSIX = pytest.mark.skipif(sys.platform == "win32", reason="signals reach no other process there")


class Folder:
    """A project's folder, with the file in it."""

    def __init__(self, path: Path, portway: Portway) -> None:
        self.path = path
        self._portway = portway

    def write(self, text: str) -> None:
        (self.path / FILE_NAME).write_text(text)

    @property
    def digest(self) -> str:
        return hashlib.sha256((self.path / FILE_NAME).read_bytes()).hexdigest()

    def id(self, word: str) -> str:
        return Words(Path(os.path.realpath(self.path)) / FILE_NAME).tunnel(word)

    def up(self, *words: str, stdin: str = "") -> Said:
        """Run it as a script that agrees to the file as it is."""
        return self._portway("up", *words, "--agree", self.digest, stdin=stdin)

    def open(self, word: str, backend: str, url: str | None, **changes: object) -> Record:
        """Return the status of a tunnel of this folder that is up."""
        reach = "network" if backend == "lan" else "internet"
        return status_of(backend, id=self.id(word), name=word, publicUrl=url, reach=reach, **changes)


@pytest.fixture
def folder(tmp_path: Path, portway: Portway, monkeypatch: pytest.MonkeyPatch) -> Folder:
    path = tmp_path / "shop"
    path.mkdir()
    monkeypatch.chdir(path)
    found = Folder(path, portway)
    found.write(WEB + API)
    return found


def comes_up(double: RestDouble, folder: Folder) -> None:
    double.outcomes[folder.id("web")] = [folder.open("web", "toy", FAR)]
    double.outcomes[folder.id("api")] = [folder.open("api", "lan", NEAR)]


def enabled(double: RestDouble, name: str) -> list[Any]:
    bodies = double.asked("POST", f"/api/tunnels/{name}")
    return [body for body in bodies if body is not None and body["action"] == "enable"]


def test_nothing_is_opened_that_was_not_agreed_to(portway: Portway, double: RestDouble, folder: Folder) -> None:
    said = portway("up", stdin="y\n")
    assert (said.code, said.out) == (1, "")
    assert "was not agreed to yet, so nothing was opened" in said.err
    assert portway("up", "--agree", "0" * 64).code == 1
    assert [call.method for call in double.calls if call.method != "GET"] == []


def test_printing_says_all_and_does_nothing(portway: Portway, double: RestDouble, folder: Folder) -> None:
    folder.write(
        f"{WEB}name = 'My shop'\nfor = '8h'\nguard = {{ password = true, readOnly = true }}\n"
        f"env = {{ file = '.env', key = 'BASE' }}\ncommand = 'node hook.mjs'\n{API}hostHeader = 'x.test'\n"
    )
    said = portway("up", "--print")
    assert said.code == 0
    lines = [" ".join(line.split()) for line in said.out.splitlines()]
    for line in (
        "web “My shop”",
        "server http://localhost:3000",
        "who anyone with the link and the password",
        "stops by itself after 8h",
        "writes BASE={url} into .env",
        "who devices on this network",
        "with Host header: x.test",
        "node hook.mjs",
        f"SHA-256 {folder.digest}",
        "agreed no",
    ):
        assert line in lines
    assert "api" not in portway("up", "--print", "web").out
    folder.write(f"{API}for = 'logout'")
    assert "when you log out, or the computer goes to sleep" in portway("up", "--print").out
    assert double.calls == []
    assert sorted(path.name for path in folder.path.iterdir()) == [FILE_NAME]


def test_detached_each_is_opened_under_a_word_of_this_folder(double: RestDouble, folder: Folder) -> None:
    comes_up(double, folder)
    said = folder.up("--detach")
    assert (said.code, said.out) == (0, f"web {FAR}\napi {NEAR}\n")
    assert said.err == "Anyone with the link reaches http://localhost:3000.\n"
    made = [{"id": folder.id(word), "backend": way, "name": word, "lasting": False} for word, way in OURS]
    assert double.asked("POST", "/api/tunnels") == made
    assert enabled(double, folder.id("web")) == [
        {"action": "enable", "target": "3000", "lasting": False, "inspect": True}
    ]


def test_with_names_only_those_are_opened(double: RestDouble, folder: Folder) -> None:
    comes_up(double, folder)
    assert folder.up("--detach", "api").out == f"api {NEAR}\n"
    wrong = folder.up("--detach", "wep")
    assert (wrong.code, "Did you mean “web”?" in wrong.err) == (2, True)


def test_what_the_file_says_reaches_the_tunnel_with_a_password_that_was_made(
    double: RestDouble, folder: Folder
) -> None:
    folder.write(f"{WEB}for = '8h'\nguard = {{ password = true, rateLimit = 9 }}\n")
    comes_up(double, folder)
    said = folder.up("--detach", "--no-inspect")
    (body,) = enabled(double, folder.id("web"))
    password = body["guard"].pop("password")
    assert body == {
        "action": "enable",
        "target": "3000",
        "lasting": False,
        "guard": {"rateLimit": 9},
        "expiresIn": "8h",
        "inspect": False,
    }
    assert f"The password of web is {password}\n" in said.err
    assert password not in (folder.path / FILE_NAME).read_text()


def test_a_password_may_come_from_standard_input(double: RestDouble, folder: Folder) -> None:
    folder.write(f"{WEB}guard = {{ password = true }}\n{API}")
    comes_up(double, folder)
    said = folder.up("--detach", "--password-stdin", stdin="open sesame\n")
    assert enabled(double, folder.id("web"))[0]["guard"] == {"password": "open sesame"}
    assert "guard" not in enabled(double, folder.id("api"))[0]
    assert said.code == 0
    assert folder.up("--detach", "--password-stdin", stdin="short\n").code == 2


def test_once_more_the_same_changes_nothing_and_what_has_changed_is_changed(double: RestDouble, folder: Folder) -> None:
    folder.write(f"{WEB}for = '8h'\nhostHeader = 'a.test'\nguard = {{ password = true, readOnly = true }}\n")
    up = folder.open("web", "toy", FAR, expiresAt="2026-01-02T03:04:05Z", guard={**OPEN_TO_ALL, "password": True})
    double.outcomes[folder.id("web")] = [up]
    folder.up("--detach")
    again = folder.up("--detach")
    assert (again.code, again.out, again.err) == (0, f"web {FAR}\n", "")
    rules = {key: None for key in OPEN_TO_ALL if key not in {"password", "notes"}}  # whose they are stays as it is
    assert enabled(double, folder.id("web"))[1] == {
        "action": "enable",
        "target": "3000",
        "lasting": False,
        "inspect": True,
        "hostHeader": "a.test",
        "guard": {**rules, "readOnly": True},  # the password that visitors know stays, and so does the end
    }
    folder.write(WEB)
    double.replies["PUT", f"/api/tunnels/{folder.id('web')}/guard"] = 200, up
    folder.up("--detach")
    assert enabled(double, folder.id("web"))[2] == {
        "action": "enable",
        "target": "3000",
        "lasting": False,
        "inspect": True,
        "hostHeader": "",
        "guard": {**rules, "password": None},
    }
    assert double.asked("PUT", f"/api/tunnels/{folder.id('web')}/guard") == [{"expiresIn": None}]
    assert len(double.asked("POST", "/api/tunnels")) == 1


@pytest.mark.parametrize(
    ("first", "then"),
    [(WEB, "[tunnel.web]\ntarget = 3000\n"), ("[tunnel.web]\ntarget = 3000\nlistenPort = 4000\n", API + WEB[:26])],
    ids=["another way", "an option less"],
)
def test_what_cannot_be_changed_is_opened_anew(double: RestDouble, folder: Folder, first: str, then: str) -> None:
    folder.write(first)
    double.outcomes[folder.id("web")] = [folder.open("web", "toy" if "toy" in first else "lan", FAR)]
    folder.up("--detach")
    folder.write(then)
    double.outcomes[folder.id("web")] = [folder.open("web", "lan", NEAR)]
    double.outcomes[folder.id("api")] = [folder.open("api", "lan", f"{NEAR}8")]
    assert f"web {NEAR}\n" in folder.up("--detach").out
    made = [body["backend"] for body in double.asked("POST", "/api/tunnels") if body and body["id"] == folder.id("web")]
    assert (len(made), made[-1]) == (2, "lan")


def test_what_is_not_in_the_file_any_more_is_closed(double: RestDouble, folder: Folder) -> None:
    comes_up(double, folder)
    folder.up("--detach")
    folder.write(API)
    assert folder.up("--detach", "api").code == 0
    assert folder.id("web") in double.statuses
    assert folder.up("--detach").out == f"api {NEAR}\n"
    assert {*double.statuses} == {"lan", "toy", folder.id("api")}


def test_one_that_fails_is_told_and_the_others_are_open(double: RestDouble, folder: Folder) -> None:
    comes_up(double, folder)
    failed = folder.open("web", "toy", None, wanted=True, phase="error", code="process_died", lastError="Toy has died.")
    double.outcomes[folder.id("web")] = [failed]
    said = folder.up("--detach")
    assert (said.code, said.out) == (1, f"api {NEAR}\n")
    assert said.err.endswith("web: Toy has died.\n")


@pytest.mark.children
def test_what_it_writes_is_written_and_its_command_runs_only_where_that_is_allowed_too(
    double: RestDouble, folder: Folder
) -> None:
    folder.write(f"{WEB}env = {{ file = '.env', key = 'BASE' }}\ncommand = 'no-such-program-here'\n")
    comes_up(double, folder)
    assert folder.up("--detach").err == "Anyone with the link reaches http://localhost:3000.\n"
    assert (folder.path / ".env").read_text() == f"BASE={FAR}\n"
    double.statuses.pop(folder.id("web"))
    assert "web: The program no-such-program-here" in folder.up("--detach", "--allow-commands").err


def test_down_closes_what_belongs_to_this_folder_alone(portway: Portway, double: RestDouble, folder: Folder) -> None:
    comes_up(double, folder)
    folder.up("--detach")
    for other in (status_of("toy", id="toy-2", publicUrl=f"{FAR}2"), status_of("lan", id="web-000000", publicUrl=NEAR)):
        double.tell(other)
    assert portway("down", "wep").code == 2
    assert portway("down", "web").err == "Closed web.\n"
    assert folder.id("api") in double.statuses
    (folder.path / FILE_NAME).write_text("broken = [")
    assert portway("down").err == "Closed api.\n"
    assert {*double.statuses} == {"lan", "toy", "toy-2", "web-000000"}
    again = portway("down")
    assert (again.code, again.err) == (0, "Nothing of this folder is open.\n")


def test_down_works_where_the_file_is_gone_but_its_folder_is_named(
    portway: Portway, double: RestDouble, folder: Folder
) -> None:
    comes_up(double, folder)
    folder.up("--detach")
    (folder.path / FILE_NAME).unlink()
    assert portway("down", "--file", ".").err == "Closed api, web.\n"


def test_without_a_running_portway_nothing_is_open(portway: Portway, folder: Folder) -> None:
    said = portway("down")
    assert (said.code, said.err) == (0, "Nothing of this folder is open.\n")


@pytest.mark.parametrize("command", ["up", "down"])
def test_where_there_is_no_file_it_says_what_one_looks_like(
    portway: Portway, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("portway.cli.commands.up_down.home_folder", lambda: tmp_path)
    said = portway(command)
    assert (said.code, said.out) == (1, "")
    assert "There is no .portway.toml in this folder" in said.err


def test_a_file_that_is_wrong_is_told_with_its_line(portway: Portway, double: RestDouble, folder: Folder) -> None:
    folder.write(f"{WEB}{API}targt = 1\n")
    for words in (("up",), ("up", "--print"), ("up", "--agree", "0" * 64)):
        said = portway(*words)
        assert (said.code, said.out) == (1, "")
        assert said.err.startswith(f"{os.path.realpath(folder.path / FILE_NAME)}, line 6: ")
    assert double.calls == []


def test_a_name_that_a_saved_tunnel_has_already_is_not_taken_over(double: RestDouble, folder: Folder) -> None:
    folder.write(WEB)
    double.tell({**folder.open("web", "toy", FAR), "saved": True})
    said = folder.up("--detach")
    assert (said.code, "already" in said.err) == (1, True)
    assert enabled(double, folder.id("web")) == []


def test_the_shell_completes_the_names_in_the_file(
    folder: Folder,
) -> None:
    completion = ShellComplete(program, {}, "portway", "_PORTWAY_COMPLETE")
    assert [item.value for item in completion.get_completions(["up"], "w")] == ["web"]
    assert [item.value for item in completion.get_completions(["down"], "")] == ["web", "api"]
    folder.write("broken = [")
    assert completion.get_completions(["down"], "") == []


@contextmanager
def then_stopped(double: RestDouble, *changes: Callable[[], None], shown: str) -> Iterator[None]:
    """Make the changes once the events are read; once `shown` is there, send this process what Ctrl-C sends."""

    def stop() -> None:
        wait_until(lambda: shown in sys.stdout.getvalue() + sys.stderr.getvalue())  # type: ignore[union-attr]
        os.kill(os.getpid(), signal.SIGINT)

    with once_read(double, *changes, stop):
        yield


@POSIX
def test_in_the_foreground_ctrl_c_closes_what_it_opened_and_leaves_what_was_on(
    double: RestDouble, folder: Folder
) -> None:
    comes_up(double, folder)
    folder.up("--detach", "web")
    with then_stopped(double, shown=NEAR):
        said = folder.up()
    assert said.code == 0
    assert sorted(said.out.splitlines()) == [f"api {NEAR}", f"web {FAR}"]
    assert {*double.statuses} == {"lan", "toy", folder.id("web")}


@POSIX
def test_in_the_foreground_trouble_is_told_with_the_name_and_the_others_go_on(
    double: RestDouble, folder: Folder
) -> None:
    comes_up(double, folder)
    starting = folder.open("web", "toy", None, phase="starting", wanted=True)
    double.outcomes[folder.id("web")] = [starting]
    failed = {**starting, "phase": "error", "code": "process_died", "lastError": "Toy has died."}
    down = {**folder.open("api", "lan", NEAR), "code": "origin_down", "lastError": "It does not answer."}
    changes = [
        lambda: double.tell(failed),
        lambda: double.tell(down),
        lambda: double.tell(folder.open("api", "lan", NEAR)),
    ]
    with then_stopped(double, *changes, shown="api: It works again."):
        said = folder.up()
    assert said.code == 0
    assert said.err.splitlines()[1:] == ["web: Toy has died.", "api: It does not answer.", "api: It works again."]
    assert {*double.statuses} == {"lan", "toy"}


@POSIX
def test_in_the_foreground_it_ends_when_all_are_turned_off_elsewhere(double: RestDouble, folder: Folder) -> None:
    folder.write(WEB)
    comes_up(double, folder)
    off = folder.open("web", "toy", None)
    with once_read(double, lambda: double.tell(off)):
        said = folder.up()
    assert (said.code, said.out) == (1, f"web {FAR}\n")
    assert said.err.endswith("web: It was turned off elsewhere.\n")


@POSIX
def test_on_a_terminal_it_shows_who_can_open_each_and_their_requests(
    double: RestDouble, folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", "100")
    comes_up(double, folder)
    rows = [row_of(1, folder.id("web")), {"tunnel": folder.id("api"), "more": 3}, row_of(2, "toy", path="/foreign")]
    with then_stopped(double, *[partial(double.tell_request, row) for row in rows], shown="3 more"):
        said = folder.up()
    lines = [" ".join(line.split()) for line in click.unstyle(said.out).splitlines()]
    for line in (f"✓ web {FAR}", "who anyone with the link", f"✓ api {NEAR}", "who devices on this network"):
        assert line in lines
    assert any("web GET" in line and "/shop" in line for line in lines)
    assert "/foreign" not in said.out
    assert "Ctrl-C stops what it opened." in said.out
    assert "Stopped web, api. The links no longer work." in said.out
