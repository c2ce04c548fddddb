"""Which file is the one of a project, and which is none that may be used."""

from __future__ import annotations

import hashlib
import os
import sys
from pathlib import Path

import pytest

from portway.cli.project.finding import LARGEST, current_folder, find_file, inside, named_file, read_file
from portway.cli.project.tunnels import FILE_NAME, ProjectError, Words

needs_links = pytest.mark.skipif(sys.platform == "win32", reason="links need a right there")
TEXT = "[tunnel.web]\ntarget = 3000\n"


def write(folder: Path, text: str = TEXT) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / FILE_NAME
    file.write_text(text)
    return file


def test_it_is_in_the_folder_or_above_it_up_to_the_home_folder(tmp_path: Path) -> None:
    home = tmp_path / "home"
    deep = home / "shop" / "web" / "src"
    deep.mkdir(parents=True)
    write(tmp_path)
    assert find_file(deep, home) is None
    at_home = write(home)
    assert find_file(deep, home) == at_home
    near = write(home / "shop")
    assert find_file(deep, home) == near
    assert find_file(home / "shop", home) == near


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="folders have no such owner on Windows")
def test_above_the_folder_none_is_looked_into_that_belongs_to_somebody_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deep = tmp_path / "shared" / "mine"
    deep.mkdir(parents=True)
    planted = write(tmp_path / "shared")
    assert find_file(deep, None) == planted
    own = os.getuid()
    monkeypatch.setattr(os, "getuid", lambda: own + 1)
    assert find_file(deep, None) is None
    assert find_file(deep.parent, None) == planted  # whoever stands there means it


def test_it_is_read_with_the_hash_that_other_programs_make_of_it(tmp_path: Path) -> None:
    project = read_file(write(tmp_path), {"lan": {}}, "lan")
    assert project.digest == hashlib.sha256(TEXT.encode()).hexdigest()
    assert (project.folder, [tunnel.word for tunnel in project.tunnels]) == (tmp_path, ["web"])


@needs_links
def test_a_link_is_refused_wherever_it_leads(tmp_path: Path) -> None:
    file = write(tmp_path / "other")
    link = tmp_path / FILE_NAME
    for there in (file, tmp_path / "nowhere"):
        link.unlink(missing_ok=True)
        link.symlink_to(there)
        assert find_file(tmp_path, None) == link
        with pytest.raises(ProjectError, match="it is a link"):
            read_file(link, {"lan": {}}, "lan")


def test_one_that_is_too_large_or_no_file_is_refused(tmp_path: Path) -> None:
    file = write(tmp_path, TEXT + "#" * (LARGEST - len(TEXT)))
    assert read_file(file, {"lan": {}}, "lan").tunnels
    write(tmp_path, TEXT + "#" * (LARGEST - len(TEXT) + 1))
    with pytest.raises(ProjectError, match="larger than 65536 bytes"):
        read_file(file, {"lan": {}}, "lan")
    (tmp_path / "folder" / FILE_NAME).mkdir(parents=True)
    with pytest.raises(ProjectError):
        read_file(tmp_path / "folder" / FILE_NAME, {"lan": {}}, "lan")
    with pytest.raises(ProjectError, match="no such file"):
        read_file(tmp_path / "nowhere", {"lan": {}}, "lan")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no such pipes on Windows")
def test_a_pipe_keeps_nobody_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / FILE_NAME)
    with pytest.raises(ProjectError, match="not a plain file"):
        read_file(tmp_path / FILE_NAME, {"lan": {}}, "lan")


def test_a_folder_or_a_file_can_be_named(tmp_path: Path) -> None:
    assert named_file(tmp_path) == Path(os.path.realpath(tmp_path)) / FILE_NAME
    assert named_file(tmp_path / "other.toml") == Path(os.path.realpath(tmp_path)) / "other.toml"


def test_a_folder_that_is_gone_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def gone() -> Path:
        raise FileNotFoundError

    monkeypatch.setattr(Path, "cwd", gone)
    with pytest.raises(ProjectError, match="this folder is gone"):
        current_folder()


@needs_links
def test_a_link_out_of_the_folder_is_not_inside(tmp_path: Path) -> None:
    folder = tmp_path / "shop"
    folder.mkdir()
    (folder / ".env").symlink_to(folder / "real.env")
    (folder / "out.env").symlink_to(tmp_path / "other.env")
    (folder / "up").symlink_to(tmp_path)
    assert inside(folder, ".env") == Path(os.path.realpath(folder)) / "real.env"
    assert inside(folder, "out.env") is None
    assert inside(folder, "up/x.env") is None


def test_each_file_has_words_of_its_own_for_its_tunnels(tmp_path: Path) -> None:
    ours, other = Words(tmp_path / FILE_NAME), Words(tmp_path / "shop" / FILE_NAME)
    word = ours.tunnel("web")
    assert (ours.of(word), other.of(word)) == ("web", None)
    assert other.tunnel("web") != word
    assert [ours.of(name) for name in ("lan", "lan-2", "web", "cloudflared-2", f"Web{word[3:]}")] == [None] * 5
    assert ours.of(ours.tunnel("a" * 23)) == "a" * 23
