"""The whole program where its files are damaged, or where it can write none."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from portway.core.target import Target
from portway.system.storage.folders import find_folders
from tests.fakes.backends.news import wait_until
from tests.fakes.origins.page import PAGE
from tests.fakes.portway.program import HEADLESS, LOOPBACK_ONLY, Start, call_api, fetch, starter
from tests.limits import NEVER

pytestmark = pytest.mark.children


@pytest.fixture
def environment(environment: dict[str, str]) -> dict[str, str]:
    return {**environment, **LOOPBACK_ONLY}


@pytest.fixture
def start(environment: dict[str, str], tmp_path: Path) -> Start:
    return starter(environment, tmp_path)


_LINK = "a link"
_FOLDER = "a folder"
_DAMAGE: dict[str, bytes | str] = {
    "empty": b"",
    "half": b'{"wishes": {"lan": {"tar',
    "list": b"[1, 2, 3]",
    "wrong-types": b'{"bootId": 7, "clean": "no", "wishes": {"lan": 3, "x": {"target": 5}}, "lanPorts": []}',
    "nul": b"\0" * 4096,
    "not-utf-8": b"\xff\xfe{}",
    "deep": b"[" * 100_000,
    "large": b" " * (10 << 20),
    "future": b'{"version": 99, "general": {"target": "gopher://x", "apiPort": -1, "new": true}}',
    "folder": _FOLDER,
    "link": _LINK,
}


@pytest.mark.parametrize("damage", _DAMAGE.values(), ids=_DAMAGE)
def test_damaged_files_are_moved_aside_and_never_fatal(
    environment: dict[str, str], start: Start, origin: Target, tmp_path: Path, damage: bytes | str
) -> None:
    folders = find_folders(environment)
    files = [folders.config / "settings.toml", folders.state / "wishes.json", folders.state / "app.json"]
    for path in files:
        path.parent.mkdir(parents=True, exist_ok=True)
        if damage == _FOLDER:
            path.mkdir()
        elif damage == _LINK:
            (tmp_path / "precious").write_text("not ours")
            path.symlink_to(tmp_path / "precious")
        else:
            path.write_bytes(damage if isinstance(damage, bytes) else damage.encode())
    with start() as program:
        assert fetch(program.enable(origin)) == PAGE
        assert program.call("POST", "/api/quit")[0] == 200
        assert program.ended() == 0
        assert "Traceback" not in program.said
    log = folders.log / "portway.log"
    assert not log.exists() or "Traceback" not in log.read_text()
    assert json.loads((folders.state / "wishes.json").read_text())["clean"] is True
    if damage == _LINK:
        assert (tmp_path / "precious").read_text() == "not ours"


def _can_mount() -> bool:
    probe = ["unshare", "--mount", "mount", "-t", "tmpfs", "none", "/mnt"]
    try:
        return subprocess.run(probe, capture_output=True, timeout=NEVER, check=False).returncode == 0
    except OSError:
        return False


_READ_ONLY = 'mount --bind "$0" "$0" && mount -o remount,bind,ro "$0" && exec "$@"'
_FULL = 'mount -t tmpfs -o size=16k none "$0" && { head -c 1M /dev/zero > "$0/filler" 2>&-; :; } && exec "$@"'


@pytest.mark.skipif(not _can_mount(), reason="takes the right to mount in a namespace of its own")
def test_works_from_memory_where_the_disk_is_full(environment: dict[str, str], start: Start, origin: Target) -> None:
    home = Path(environment["PORTWAY_HOME"])
    home.mkdir()
    token = "t" * 30
    command = ("unshare", "--mount", "sh", "-c", _FULL, str(home), *HEADLESS)
    with start(command, PORTWAY_API_TOKEN=token) as program:
        wait_until(lambda: "API is at" in program.said, NEVER, "the API")
        port = int(program.said.rpartition("127.0.0.1:")[2].split(".")[0])
        body = {"action": "enable", "target": origin.url}
        status, answer = call_api(port, token, "POST", "/api/tunnels/lan", body)
        assert (status, answer["success"]) == (200, True)
        assert fetch(answer["status"]["publicUrl"]) == PAGE
        assert call_api(port, token, "POST", "/api/quit")[0] == 200
        assert program.ended() == 0
        assert "Traceback" not in program.said
    assert list(home.iterdir()) == []


@pytest.mark.skipif(not _can_mount(), reason="takes the right to mount in a namespace of its own")
def test_a_home_that_is_read_only_is_one_sentence_and_no_start(environment: dict[str, str], start: Start) -> None:
    home = Path(environment["PORTWAY_HOME"])
    home.mkdir()
    with start(("unshare", "--mount", "sh", "-c", _READ_ONLY, str(home), *HEADLESS)) as program:
        assert program.ended() == 1
        assert _is_refused(program.said, str(home))


_BAD_HOMES: dict[str, bytes] = {
    "no UTF-8": b"%s/\xff",
    "nobody's": b"~nosuchuser/x",
    "a file": b"%s/file",
    "in a file": b"%s/file/below",
}


@pytest.mark.skipif(sys.platform == "win32", reason="names and users of POSIX systems")
@pytest.mark.parametrize("home", _BAD_HOMES.values(), ids=_BAD_HOMES)
@pytest.mark.parametrize("command", [("--headless",), ("status",)], ids=" ".join)
def test_a_home_that_cannot_be_is_one_sentence(
    environment: dict[str, str], tmp_path: Path, home: bytes, command: tuple[str, ...]
) -> None:
    (tmp_path / "file").write_text("not ours")
    named = home.replace(b"%s", os.fsencode(tmp_path))
    words = [sys.executable, "-m", "portway", *command]
    done = subprocess.run(
        words,
        env={**environment, "PORTWAY_HOME": os.fsdecode(named)},
        capture_output=True,
        timeout=NEVER,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    said = done.stderr.decode()
    runs = command == ("status",) and home.startswith(b"%s/file")
    assert done.returncode == (3 if runs else 1), said
    assert runs or _is_refused(said, named.decode(errors="replace"))
    assert not done.stdout
    assert [path.name for path in tmp_path.iterdir() if path.name != "home"] == ["file"]


def _is_refused(said: str, home: str) -> bool:
    [line] = said.splitlines()
    return line.removeprefix("portway: ").startswith(f"Portway cannot keep its files in {home}") and "_HOME" in line
