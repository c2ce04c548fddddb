"""A home that cannot hold the files is refused in one sentence, and what is missing is made for this user alone."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

import pytest

from portway.core.codes import Code
from portway.core.errors import TunnelError
from portway.system.storage import folders as storage_folders
from portway.system.storage.files import private_folder, storage_failed
from portway.system.storage.folders import find_folders, make_usable


@pytest.mark.parametrize("home", ["~no-such-user-here/portway", "/tmp/bad\udcff", "/tmp/a\0b"])  # noqa: S108 - never made
def test_a_home_that_cannot_be_is_refused_with_its_name(home: str) -> None:
    with pytest.raises(TunnelError) as refused:
        find_folders({"PORTWAY_HOME": home})
    assert refused.value.code is Code.STORAGE_FAILED


def test_what_is_missing_is_made_for_this_user_alone(tmp_path: Path) -> None:
    folders = find_folders({"PORTWAY_HOME": str(tmp_path / "deep" / "home")})
    make_usable(folders)
    for path in (folders.state, folders.run, folders.log):
        assert stat.S_IMODE(path.stat().st_mode) == 0o700


def test_a_file_where_a_folder_should_be_is_told(tmp_path: Path) -> None:
    folders = find_folders({"PORTWAY_HOME": str(tmp_path)})
    folders.log.write_text("here I am")
    with pytest.raises(TunnelError, match="it is a file"):
        make_usable(folders)


@pytest.mark.parametrize(("number", "refused"), [(errno.ENOSPC, False), (errno.EROFS, True), (errno.EACCES, True)])
def test_a_full_disk_is_no_reason_not_to_start(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    number: int,
    refused: bool,  # noqa: FBT001 - a column of the table
) -> None:
    def fail(path: Path) -> None:
        error = OSError(number, os.strerror(number))
        raise storage_failed(path, error) from error

    monkeypatch.setattr(storage_folders, private_folder.__name__, fail)
    folders = find_folders({"PORTWAY_HOME": str(tmp_path)})
    if refused:
        with pytest.raises(TunnelError) as told:
            make_usable(folders)
        assert told.value.code is Code.STORAGE_FAILED
    else:
        make_usable(folders)


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda *_: False)  # root may write everywhere
    with pytest.raises(TunnelError, match="it cannot be written"):
        make_usable(find_folders({"PORTWAY_HOME": str(tmp_path)}))
