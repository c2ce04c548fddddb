"""Folders, the environment of children, and programs of others."""

from __future__ import annotations

import errno
import os
import sys
from pathlib import Path
from typing import Any

import pytest

from portway.core.codes import Code
from portway.core.errors import TunnelError
from portway.system.processes.environment import child_environment
from portway.system.processes.programs import fault_of, named_program, program_on_path
from portway.system.storage.folders import find_folders

POSIX_ONLY = pytest.mark.skipif(sys.platform == "win32", reason="modes of POSIX systems")


def make_program(path: Path, mode: int = 0o755) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("#!/bin/sh\n")
    path.chmod(mode)
    return path


def test_a_profile_keeps_everything_in_one_folder(tmp_path: Path) -> None:
    folders = find_folders({"PORTWAY_HOME": str(tmp_path)})
    assert {folder.parent for folder in folders.all} == {tmp_path.resolve()}
    assert sorted(folder.name for folder in folders.all) == ["cache", "config", "data", "log", "run", "state"]


def test_profiles_share_no_keyring_entry(tmp_path: Path) -> None:
    services = {find_folders({"PORTWAY_HOME": str(tmp_path / name)}).keyring_service for name in ("a", "b")} | {
        find_folders({}).keyring_service
    }
    assert len(services) == 3
    assert "portway" in services


def test_two_spellings_of_a_profile_are_one(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    real, link = (find_folders({"PORTWAY_HOME": str(tmp_path / name)}) for name in ("real", "link"))
    assert real == link


def test_sockets_have_a_short_path_even_in_a_deep_profile(tmp_path: Path) -> None:
    folders = find_folders({"PORTWAY_HOME": str(tmp_path / ("deep" * 40))})
    assert len(os.fsencode(folders.sockets / "portway.socket")) < 104
    assert folders.profile in folders.sockets.name


def test_children_get_what_they_need_and_no_secret() -> None:
    useful = {
        "PATH": "/usr/bin",
        "HOME": "/home/me",
        "LC_ALL": "C",
        "XDG_RUNTIME_DIR": "/run/user/1",
        "https_proxy": "http://p",
    }
    secret = dict.fromkeys(
        ("NGROK_AUTHTOKEN", "PORTWAY_API_TOKEN", "TAILSCALE_AUTHKEY", "AWS_SECRET", "TUNNEL_TOKEN"), "canary"
    )
    harmful = {"LD_LIBRARY_PATH": "/bundle", "PYTHONPATH": "/somewhere"}
    ours = {**useful, **secret, **harmful}
    theirs = child_environment(ours, TERM="dumb")
    assert theirs == {**useful, "TERM": "dumb"}


@POSIX_ONLY
@pytest.mark.parametrize(
    ("mode", "fault"),
    [(0o755, None), (0o700, None), (0o600, "not executable"), (0o757, "others may write"), (0o775, "others may write")],
)
def test_a_program_that_others_could_have_changed_is_refused(tmp_path: Path, mode: int, fault: str | None) -> None:
    if mode == 0o775 and os.getgid() == os.getuid():
        os.chown(make_program(tmp_path / "tool", mode), os.getuid(), 65534 if os.geteuid() == 0 else -1)
    found = fault_of(make_program(tmp_path / "tool", mode))
    if mode == 0o775 and os.geteuid() != 0:
        pytest.skip("giving a file to another group needs root")
    assert (found is None) if fault is None else (found is not None and fault in found)


@POSIX_ONLY
def test_a_program_of_another_user_is_refused(tmp_path: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can give a file away")
    program = make_program(tmp_path / "tool")
    os.chown(program, 65534, 65534)
    assert fault_of(program) == "it belongs to another user"


@pytest.mark.parametrize("text", ["tool", "./tool", "/nowhere/tool", "/etc"])
def test_a_variable_that_names_nothing_usable_is_an_error_that_names_it(text: str) -> None:
    with pytest.raises(TunnelError, match="TOOL_BIN") as caught:
        named_program({"TOOL_BIN": text}, "TOOL_BIN", "tool")
    assert caught.value.code is Code.BINARY_UNUSABLE


def test_a_variable_that_is_empty_or_not_set_names_nothing() -> None:
    assert named_program({}, "TOOL_BIN", "tool") is None
    assert named_program({"TOOL_BIN": ""}, "TOOL_BIN", "tool") is None


@POSIX_ONLY
def test_the_search_skips_relative_and_open_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    make_program(tmp_path / "relative" / "tool")
    make_program(tmp_path / "open" / "tool")
    (tmp_path / "open").chmod(0o777)
    good = make_program(tmp_path / "good" / "tool")
    path = os.pathsep.join(["relative", "", str(tmp_path / "open"), str(tmp_path / "good")])
    found = program_on_path({"PATH": path}, "tool")
    assert found is not None
    assert (found.path, found.source) == (good, "path")


def test_known_places_come_after_the_search_path(tmp_path: Path) -> None:
    known = make_program(tmp_path / "known" / "tool")
    found = program_on_path({"PATH": str(tmp_path)}, "tool", [tmp_path / "absent", known])
    assert found is not None
    assert (found.path, found.source) == (known, "system")
    assert program_on_path({"PATH": str(tmp_path)}, "tool") is None


@POSIX_ONLY
def test_what_others_could_have_put_there_is_refused_in_a_sentence(tmp_path: Path) -> None:
    program = make_program(tmp_path / "open" / "tool")
    program.parent.chmod(0o777)
    with pytest.raises(TunnelError, match="others may write to its folder") as caught:
        program_on_path({"PATH": str(program.parent)}, "tool", title="tool")
    assert caught.value.code is Code.BINARY_UNUSABLE
    good = make_program(tmp_path / "good" / "tool")
    found = program_on_path({"PATH": f"{program.parent}{os.pathsep}{good.parent}"}, "tool", title="tool")
    assert found is not None
    assert found.path == good


@POSIX_ONLY
def test_a_folder_of_another_user_is_refused(tmp_path: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can give a folder away")
    program = make_program(tmp_path / "theirs" / "tool")
    os.chown(program.parent, 65534, 65534)
    with pytest.raises(TunnelError, match="its folder belongs to another user"):
        program_on_path({"PATH": str(program.parent)}, "tool", title="tool")


@POSIX_ONLY
def test_a_folder_that_may_not_be_looked_into_is_skipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    closed, good = tmp_path / "closed" / "tool", make_program(tmp_path / "good" / "tool")
    real = os.stat

    def stat(path: Any, *arguments: Any, **options: Any) -> os.stat_result:  # noqa: ANN401 - those of os.stat
        if str(path) == str(closed):
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return real(path, *arguments, **options)

    monkeypatch.setattr(os, "stat", stat)
    found = program_on_path({"PATH": f"{closed.parent}{os.pathsep}{good.parent}"}, "tool", title="tool")
    assert found is not None
    assert found.path == good
