"""The whole program where its files are damaged, or where it can write none."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from portway.core.target import Target
from portway.system.folders import find_folders
from tests.fakes.news import wait_until
from tests.fakes.origin import PAGE
from tests.fakes.program import HEADLESS, LOOPBACK_ONLY, Start, call_api, fetch, starter


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
        return subprocess.run(probe, capture_output=True, timeout=10, check=False).returncode == 0
    except OSError:
        return False


_READ_ONLY = 'mount --bind "$0" "$0" && mount -o remount,bind,ro "$0" && exec "$@"'
_FULL = 'mount -t tmpfs -o size=16k none "$0" && { head -c 1M /dev/zero > "$0/filler" 2>&-; :; } && exec "$@"'


@pytest.mark.skipif(not _can_mount(), reason="takes the right to mount in a namespace of its own")
@pytest.mark.parametrize("trouble", [_READ_ONLY, _FULL], ids=["read-only", "full"])
def test_works_from_memory_where_nothing_can_be_written(
    environment: dict[str, str], start: Start, origin: Target, trouble: str
) -> None:
    home = Path(environment["PORTWAY_HOME"])
    home.mkdir()
    token = "t" * 30
    command = ("unshare", "--mount", "sh", "-c", trouble, str(home), *HEADLESS)
    with start(command, PORTWAY_API_TOKEN=token) as program:
        wait_until(lambda: "API is at" in program.said, 20, program.said)
        port = int(program.said.rpartition("127.0.0.1:")[2].split(".")[0])
        body = {"action": "enable", "target": origin.url}
        status, answer = call_api(port, token, "POST", "/api/tunnels/lan", body)
        assert (status, answer["success"]) == (200, True)
        assert fetch(answer["status"]["publicUrl"]) == PAGE
        assert call_api(port, token, "POST", "/api/quit")[0] == 200
        assert program.ended() == 0
        assert "Traceback" not in program.said
    assert list(home.iterdir()) == []
