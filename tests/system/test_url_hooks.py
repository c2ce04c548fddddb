from __future__ import annotations

import os
import stat
import sys
import time
from pathlib import Path

import pytest

from portway.core.codes import Code
from portway.core.errors import TunnelError
from portway.system.processes.child import Children
from portway.system.url_hooks import run_hook, with_line, write_line
from tests.limits import AT_ONCE, SEEN

KEY, URL = "BASE_URL", "https://new.example"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", f"BASE_URL={URL}\n"),
        ("A=1\n", f"A=1\nBASE_URL={URL}\n"),
        ("A=1", f"A=1\nBASE_URL={URL}\n"),
        ("A=1\r\n", f"A=1\r\nBASE_URL={URL}\r\n"),
        ("BASE_URL=old\nB=2\n", f"BASE_URL={URL}\nB=2\n"),
        ("export BASE_URL=old\n", f"export BASE_URL={URL}\n"),
        ("BASE_URL='old'\n", f"BASE_URL='{URL}'\n"),
        ('  export BASE_URL = "old one"  # mine\r\n', f'  export BASE_URL = "{URL}"  # mine\r\n'),
        ("BASE_URL=old # mine\n", f"BASE_URL={URL} # mine\n"),
        ("BASE_URL=", f"BASE_URL={URL}"),
        ("\ufeffBASE_URL=old\r\nB=2\r\n", f"\ufeffBASE_URL={URL}\r\nB=2\r\n"),
        ("# BASE_URL=old\n", f"# BASE_URL=old\nBASE_URL={URL}\n"),
        ("MY_BASE_URL=old\nBASE_URL_2=x\n", f"MY_BASE_URL=old\nBASE_URL_2=x\nBASE_URL={URL}\n"),
        ("BASE_URL=a\nBASE_URL=b\n", f"BASE_URL=a\nBASE_URL={URL}\n"),
        ("\\n in a value=\\1\nBASE_URL=\\g<0>\n", f"\\n in a value=\\1\nBASE_URL={URL}\n"),
    ],
)
def test_only_the_line_of_the_key_changes(before: str, after: str) -> None:
    assert with_line(before, KEY, URL) == after
    assert with_line(after, KEY, URL) == after


def test_an_absent_file_is_made_for_its_owner_alone(tmp_path: Path) -> None:
    write_line(tmp_path / ".env", KEY, URL)
    assert (tmp_path / ".env").read_text() == f"BASE_URL={URL}\n"
    assert stat.S_IMODE((tmp_path / ".env").stat().st_mode) == 0o600


def test_mode_and_foreign_bytes_of_a_file_stay_and_so_does_that_of_its_folder(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_bytes(b"NAME=\xff\xfe\nBASE_URL=old\n")
    file.chmod(0o664)
    tmp_path.chmod(0o755)
    write_line(file, KEY, URL)
    assert file.read_bytes() == b"NAME=\xff\xfe\nBASE_URL=" + URL.encode() + b"\n"
    assert stat.S_IMODE(file.stat().st_mode) == 0o664
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o755


def test_a_link_goes_on_leading_to_the_file(tmp_path: Path) -> None:
    (tmp_path / "real").write_text("BASE_URL=old\n")
    (tmp_path / ".env").symlink_to("real")
    write_line(tmp_path / ".env", KEY, URL)
    assert (tmp_path / ".env").is_symlink()
    assert (tmp_path / "real").read_text() == f"BASE_URL={URL}\n"


@pytest.mark.parametrize("place", ["missing/.env", "."])
def test_a_place_that_cannot_hold_it_is_told(tmp_path: Path, place: str) -> None:
    with pytest.raises(TunnelError) as refused:
        write_line(tmp_path / place, KEY, URL)
    assert refused.value.code is Code.STORAGE_FAILED


@pytest.mark.children
def test_the_command_gets_the_facts_and_no_secret_of_ours(tmp_path: Path) -> None:
    script = f"import os, pathlib; pathlib.Path({str(tmp_path / 'seen')!r}).write_text(repr(dict(os.environ)))"
    environment = {**os.environ, "NGROK_AUTHTOKEN": "secret", "PORTWAY_API_TOKEN": "secret"}
    assert run_hook(Children(), f'"{sys.executable}" -c "{script}"', {"PORTWAY_URL": URL}, environment, SEEN) is None
    seen = (tmp_path / "seen").read_text()
    assert URL in seen
    assert "secret" not in seen


@pytest.mark.children
def test_no_shell_reads_the_command(tmp_path: Path) -> None:
    assert run_hook(Children(), f"true; touch {tmp_path}/made", {}, os.environ, SEEN) is not None
    assert not list(tmp_path.iterdir())


@pytest.mark.children
@pytest.mark.parametrize(
    ("command", "code", "words"),
    [
        ("sh -c 'echo first; echo it is full >&2; exit 3'", Code.PROCESS_DIED, "it is full"),
        ("sh -c 'exit 3'", Code.PROCESS_DIED, "it ended with 3"),
        ("no-such-program-here x", Code.NOT_INSTALLED, "no-such-program-here"),
    ],
)
def test_its_failure_is_told_in_a_sentence(command: str, code: Code, words: str) -> None:
    problem = run_hook(Children(), command, {}, os.environ, SEEN)
    assert problem is not None
    assert (problem.code, words in problem.sentence) == (code, True)


@pytest.mark.children
def test_one_that_hangs_is_ended_with_all_that_it_started() -> None:
    begin = time.monotonic()
    problem = run_hook(Children(), "sh -c 'sleep 60 & sleep 60'", {}, os.environ, 0.2)
    assert problem is not None
    assert problem.code is Code.START_TIMEOUT
    assert time.monotonic() - begin < AT_ONCE
