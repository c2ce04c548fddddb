"""Administrator rights: the least intrusive way that works, and a password that reaches nobody but sudo."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from portway.core.cancel import CancelToken
from portway.core.codes import Code
from portway.core.errors import TunnelError
from portway.core.secret import Secret
from portway.core.timing import Timing
from portway.system.processes.child import Children
from portway.system.processes.privileges import Account, Privileges, current_account, dialog_command, shown
from tests.fakes.backends.news import KnownSecrets
from tests.fakes.rights.sudo import FakeSudo
from tests.fakes.rights.throwaway_user import throwaway_user
from tests.limits import SEEN

PASSWORD = "p(a'r\"en$t)heses"
KINDS = ("sudo", "sudo-rs")
ALICE = Account(12345, "alice")

pytestmark = [pytest.mark.children, pytest.mark.skipif(sys.platform == "win32", reason="there is no sudo")]


@pytest.fixture
def sudo(tmp_path: Path) -> FakeSudo:
    folder = tmp_path / "bin"
    folder.mkdir()
    return FakeSudo(folder, PASSWORD)


@pytest.fixture
def child(tmp_path: Path) -> tuple[str, str]:
    """Return a command that writes what it could read, and as whom it ran, into a file."""
    script = (
        "import json, os, sys; "
        "json.dump({'stdin': sys.stdin.read(), 'admin': 'FAKE_SUDO' in os.environ, 'user': os.environ['USER']}, "
        f"open({str(tmp_path / 'told')!r}, 'w')); print('done')"
    )
    program = tmp_path / "child"
    program.write_text(f"#!{sys.executable} -IS\n{script}\n")
    program.chmod(0o755)
    return str(program), "an argument"


@pytest.fixture
def privileges(sudo: FakeSudo, environment: dict[str, str], timing: Timing) -> Privileges:
    environment["PATH"] = f"{sudo.folder}{os.pathsep}{environment['PATH']}"
    return Privileges(environment, replace(timing, password_limit=SEEN), Children(), ALICE)


def told(tmp_path: Path) -> Mapping[str, object]:
    record: Mapping[str, object] = json.loads((tmp_path / "told").read_text())
    return record


def test_an_administrator_needs_no_sudo(
    sudo: FakeSudo, child: tuple[str, str], environment: dict[str, str], timing: Timing
) -> None:
    environment["PATH"] = f"{sudo.folder}{os.pathsep}{environment['PATH']}"
    privileges = Privileges(environment, timing, Children(), Account(0, "root"))
    assert privileges.are_ours
    assert privileges.run(child, KnownSecrets({}), limit=SEEN).stdout == "done\n"
    assert sudo.calls == []


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("way", [{"no_password": True}, {"ticket": True}], ids=["NOPASSWD", "ticket"])
def test_where_no_password_is_asked_for_none_is_given(  # noqa: PLR0917 - fixtures
    sudo: FakeSudo, privileges: Privileges, child: tuple[str, str], tmp_path: Path, kind: str, way: dict[str, bool]
) -> None:
    sudo.behave(kind=kind, **way)
    finished = privileges.run(child, KnownSecrets({"sudo_password": PASSWORD}), limit=SEEN)
    assert finished.code == 0
    assert [call["argv"] for call in sudo.calls] == [["-n", "--", *child]]
    assert told(tmp_path) == {"stdin": "", "admin": True, "user": "alice"}


@pytest.mark.parametrize("kind", KINDS)
def test_the_right_password_opens_and_reaches_nobody_else(
    sudo: FakeSudo, privileges: Privileges, child: tuple[str, str], tmp_path: Path, kind: str
) -> None:
    sudo.behave(kind=kind)
    secrets = KnownSecrets({"sudo_password": PASSWORD})
    assert privileges.run(child, secrets, limit=SEEN).code == 0
    assert told(tmp_path) == {"stdin": "", "admin": True, "user": "alice"}
    assert PASSWORD not in json.dumps(sudo.calls)
    assert secrets.forgotten == []
    assert {call["environment"]["LC_ALL"] for call in sudo.calls} == {"C"}


@pytest.mark.parametrize("kind", KINDS)
def test_a_password_that_turns_out_not_to_be_asked_for_is_not_read_by_the_command(
    sudo: FakeSudo, privileges: Privileges, child: tuple[str, str], tmp_path: Path, kind: str
) -> None:
    class Late(KnownSecrets):
        def get(self, name: str, cancel: CancelToken | None = None) -> Secret | None:
            sudo.behave(kind=kind, no_password=True)  # the rules change between the probe and the call
            return super().get(name, cancel)

    sudo.behave(kind=kind)
    privileges.run(child, Late({"sudo_password": PASSWORD}), limit=SEEN)
    assert told(tmp_path)["stdin"] == ""


@pytest.mark.parametrize("kind", KINDS)
def test_one_wrong_password_is_enough(
    sudo: FakeSudo, privileges: Privileges, child: tuple[str, str], tmp_path: Path, kind: str
) -> None:
    sudo.behave(kind=kind)
    secrets = KnownSecrets({"sudo_password": "wrong"})
    with pytest.raises(TunnelError) as caught:
        privileges.run(child, secrets, limit=SEEN)
    assert caught.value.code is Code.WRONG_SUDO_PASSWORD
    assert secrets.forgotten == ["sudo_password"]
    assert len(sudo.calls) == 2
    assert not (tmp_path / "told").exists()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("texts", [{}, {"sudo_password": ""}, {"sudo_password": PASSWORD}], ids=["no", "empty", "a"])
def test_who_may_not_is_told_what_to_type(
    sudo: FakeSudo, privileges: Privileges, child: tuple[str, str], kind: str, texts: dict[str, str]
) -> None:
    sudo.behave(kind=kind, unknown_user=True)
    with pytest.raises(TunnelError) as caught:
        privileges.run(child, KnownSecrets(texts), limit=SEEN)
    assert caught.value.code is Code.NEEDS_PRIVILEGES
    assert f"sudo {child[0]} 'an argument'" in caught.value.problem.sentence


def test_the_exit_code_is_the_command_s_own(privileges: Privileges) -> None:
    finished = privileges.run(
        ["/bin/sh", "-c", "echo no >&2; exit 3"], KnownSecrets({"sudo_password": PASSWORD}), limit=SEEN
    )
    assert (finished.code, finished.stderr) == (3, "no\n")


@pytest.mark.parametrize("kind", KINDS)
def test_only_the_command_s_own_lines_are_told(
    sudo: FakeSudo, privileges: Privileges, child: tuple[str, str], kind: str
) -> None:
    sudo.behave(kind=kind)
    lines: list[str] = []
    secrets = KnownSecrets({"sudo_password": PASSWORD})
    privileges.run(child, secrets, limit=SEEN, on_line=lambda _stream, line: lines.append(line))
    assert lines == ["done"]


def test_a_sudo_that_hangs_is_given_up(
    sudo: FakeSudo, environment: dict[str, str], timing: Timing, child: tuple[str, str]
) -> None:
    sudo.behave(hangs=True)
    environment["PATH"] = f"{sudo.folder}{os.pathsep}{environment['PATH']}"
    privileges = Privileges(environment, replace(timing, password_limit=0.5), Children(), ALICE)
    with pytest.raises(TunnelError) as caught:
        privileges.run(child, KnownSecrets({"sudo_password": PASSWORD}), limit=SEEN)
    assert caught.value.code is Code.START_TIMEOUT


def test_the_account_is_measured_and_not_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("USER", "somebody-else")
    assert current_account().name != "somebody-else"
    assert current_account().uid == os.getuid()


def test_what_a_person_may_type_is_quoted() -> None:
    assert shown(["/bin/echo", "a b", "$HOME"]) == "sudo /bin/echo 'a b' '$HOME'"


def test_a_desktop_asks_by_its_own_dialog(tmp_path: Path) -> None:
    pkexec = tmp_path / "pkexec"
    pkexec.write_text("#!/bin/sh\n")
    pkexec.chmod(0o755)
    with_display = {"PATH": str(tmp_path), "DISPLAY": ":0"}
    assert dialog_command(["/bin/x"], "linux", with_display) == (str(pkexec), "/bin/x")
    assert dialog_command(["/bin/x"], "linux", {"PATH": str(tmp_path)}) is None
    mac = dialog_command(["/bin/x", 'a "b"\\'], "darwin", {})
    assert mac is not None
    assert mac[2] == 'do shell script "/bin/x \'a \\"b\\"\\\\\'" with administrator privileges'
    windows = dialog_command([r"C:\x.exe", "a b", "it's"], "win32", {})
    assert windows is not None
    assert windows[-1] == (
        "exit (Start-Process -FilePath 'C:\\x.exe' -Verb RunAs -Wait -PassThru -WindowStyle Hidden "
        "-ArgumentList '\"a b\"','it''s').ExitCode"
    )


def test_a_dialog_that_is_dismissed_leads_to_the_command(
    sudo: FakeSudo, environment: dict[str, str], timing: Timing, child: tuple[str, str]
) -> None:
    (sudo.folder / "pkexec").write_text("#!/bin/sh\nexit 126\n")
    (sudo.folder / "pkexec").chmod(0o755)
    environment |= {"PATH": f"{sudo.folder}{os.pathsep}{environment['PATH']}", "DISPLAY": ":0"}
    with pytest.raises(TunnelError) as caught:
        Privileges(environment, timing, Children(), ALICE).run(child, KnownSecrets({}), limit=SEEN, may_ask=True)
    assert caught.value.code is Code.NEEDS_PRIVILEGES


_AS_THAT_USER = """
import os
from portway.core.timing import Timing
from portway.system.processes.child import Children
from portway.system.processes.privileges import Privileges
from tests.fakes.backends.news import KnownSecrets
secrets = KnownSecrets({"sudo_password": sys.argv[1]})
privileges = Privileges(os.environ, Timing(), Children())
print(repr(privileges.run(["/bin/sh", "-c", "id -u; cat; tty"], secrets, limit=30).stdout))
"""


def test_the_real_sudo_gives_the_password_to_nobody() -> None:
    with throwaway_user(PASSWORD) as user:
        right, wrong = (
            subprocess.run(
                user.python(_AS_THAT_USER, password), capture_output=True, text=True, timeout=55, check=False
            )
            for password in (PASSWORD, "wrong")
        )
    assert right.stdout == repr("0\nnot a tty\n") + "\n", right.stderr
    assert "The password was not accepted" in wrong.stderr
