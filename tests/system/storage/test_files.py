"""Files of ours are private, whole, and never trusted."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from portway.core.codes import Code
from portway.core.errors import TunnelError
from portway.system.storage.files import DamagedFileError, move_aside, private_folder, read_trusted, remove, write_whole

POSIX_ONLY = pytest.mark.skipif(sys.platform == "win32", reason="modes and links of POSIX systems")


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_written_file_reads_back(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "down" / "record"
    write_whole(path, b"first")
    write_whole(path, b"second")
    assert read_trusted(path) == b"second"
    assert [entry.name for entry in path.parent.iterdir()] == ["record"]


@POSIX_ONLY
def test_files_and_folders_are_for_this_user_alone_whatever_the_umask(tmp_path: Path) -> None:
    path = tmp_path / "profile" / "folder" / "record"
    before = os.umask(0)
    try:
        write_whole(path, b"content")
    finally:
        os.umask(before)
    assert mode_of(path) == 0o600
    assert mode_of(path.parent) == 0o700
    assert mode_of(path.parent.parent) == 0o700


@POSIX_ONLY
def test_a_folder_that_others_can_enter_is_closed(tmp_path: Path) -> None:
    folder = tmp_path / "open"
    folder.mkdir(mode=0o755)
    private_folder(folder)
    assert mode_of(folder) == 0o700


@POSIX_ONLY
def test_a_link_is_replaced_and_never_followed(tmp_path: Path) -> None:
    precious = tmp_path / "precious"
    precious.write_bytes(b"precious")
    link = tmp_path / "record"
    link.symlink_to(precious)
    write_whole(link, b"ours")
    assert precious.read_bytes() == b"precious"
    assert not link.is_symlink()


def plant_link(path: Path) -> None:
    path.symlink_to("/etc/hostname")


def plant_pipe(path: Path) -> None:
    os.mkfifo(path)


def plant_folder(path: Path) -> None:
    path.mkdir()


def plant_much(path: Path) -> None:
    path.write_bytes(b"x" * 2000)


@POSIX_ONLY
@pytest.mark.parametrize("plant", [plant_link, plant_pipe, plant_folder, plant_much])
def test_what_is_planted_in_place_of_a_file_is_not_read(tmp_path: Path, plant: object) -> None:
    assert callable(plant)
    path = tmp_path / "record"
    plant(path)
    with pytest.raises(DamagedFileError):
        read_trusted(path, largest=1000)


def test_a_file_that_is_not_there_is_none(tmp_path: Path) -> None:
    assert read_trusted(tmp_path / "nothing") is None


def test_a_damaged_file_is_kept_aside(tmp_path: Path, expected_logs: pytest.LogCaptureFixture) -> None:
    path = tmp_path / "record"
    path.write_bytes(b"damaged")
    move_aside(path, "it is no JSON")
    assert "it is no JSON" in expected_logs.text
    assert not path.exists()
    assert [entry.read_bytes() for entry in tmp_path.glob("record.bad-*")] == [b"damaged"]


def test_removing_twice_is_fine(tmp_path: Path) -> None:
    path = tmp_path / "record"
    write_whole(path, b"")
    remove(path)
    remove(path)
    assert not path.exists()


FULL_DISK = """
import sys
from pathlib import Path
from portway.core.errors import TunnelError
from portway.system.storage.files import write_whole
path = Path(sys.argv[1]) / "record"
write_whole(path, b"old" * 1000)
try:
    write_whole(path, b"new" * 1_000_000)
except TunnelError as error:
    print(error.code)
print(path.read_bytes() == b"old" * 1000, [entry.name for entry in path.parent.iterdir()])
"""


@pytest.mark.children
@pytest.mark.skipif(sys.platform != "linux" or os.geteuid() != 0, reason="mounting a small disk needs root on Linux")
def test_a_full_disk_leaves_the_old_content_and_nothing_else(tmp_path: Path) -> None:
    script = f'mount -t tmpfs -o size=256k none "{tmp_path}" && exec "{sys.executable}" -c "$1" "{tmp_path}"'
    done = subprocess.run(
        ["unshare", "-m", "sh", "-c", script, "sh", FULL_DISK],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    if done.returncode != 0 and "unshare" in done.stderr:
        pytest.skip(f"no mount namespace here: {done.stderr.strip()}")
    assert done.stdout.splitlines() == ["storage_failed", "True ['record']"], done.stderr


@POSIX_ONLY
def test_somebody_elses_folder_is_refused(tmp_path: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can give a folder away")
    folder = tmp_path / "theirs"
    folder.mkdir()
    os.chown(folder, 65534, 65534)
    with pytest.raises(TunnelError, match="somebody else") as caught:
        private_folder(folder)
    assert caught.value.code is Code.STORAGE_FAILED
