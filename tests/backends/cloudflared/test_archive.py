"""A release that is packed: the one program in it, and nothing else of it."""

from __future__ import annotations

import io
import stat
import tarfile
from hashlib import sha256
from pathlib import Path

import pytest

from portway.backends.cloudflared.archive import UnusableArchiveError, extract
from portway.core.backend import Context
from portway.core.codes import Code
from portway.core.errors import TunnelError
from portway.core.target import Target
from tests.backends.cloudflared.conftest import INSTALLED, CloudflaredWorld, copies, install
from tests.contract import make_context
from tests.fakes.backends.news import RecordedNews
from tests.fakes.cloudflared.release_server import (
    ReleaseServer,
)

ARCHIVE = "cloudflared-darwin-arm64.tgz"


@pytest.fixture
def context(bare: CloudflaredWorld, origin: Target, news: RecordedNews) -> Context:
    return make_context(bare, origin, news)


def packed(path: Path, *members: tarfile.TarInfo, content: bytes = b"") -> Path:
    with tarfile.open(path, "w:gz") as tar:
        for member in members:
            member.size = len(content) if member.isreg() else 0
            tar.addfile(member, io.BytesIO(content))
    return path


def member(name: str, kind: bytes = tarfile.REGTYPE, link: str = "") -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.linkname, info.mode = kind, link, 0o4777
    return info


@pytest.mark.parametrize(
    "members",
    [
        (),
        (member("../cloudflared"),),
        (member("/srv/cloudflared"),),
        (member("cloudflared", tarfile.SYMTYPE, "/etc/passwd"),),
        (member("cloudflared", tarfile.LNKTYPE, "../../secret"),),
        (member("cloudflared", tarfile.FIFOTYPE),),
        (member("cloudflared", tarfile.DIRTYPE),),
        (*(member(f"filler-{number}") for number in range(200)), member("cloudflared")),
    ],
)
def test_a_hostile_archive_writes_nothing(tmp_path: Path, members: tuple[tarfile.TarInfo, ...]) -> None:
    archive = packed(tmp_path / "archive.tgz", *members)
    with pytest.raises(UnusableArchiveError):
        extract(archive, tmp_path / "program", 1000)
    assert [path.name for path in tmp_path.iterdir()] == ["archive.tgz"]


def test_a_program_that_is_too_large_is_not_unpacked(tmp_path: Path) -> None:
    archive = packed(tmp_path / "archive.tgz", member("cloudflared"), content=b"x" * 1001)
    with pytest.raises(UnusableArchiveError):
        extract(archive, tmp_path / "program", 1000)


def test_an_archive_gives_the_one_program_without_its_rights(tmp_path: Path) -> None:
    archive = packed(tmp_path / "archive.tgz", member("README"), member("cloudflared"), content=b"program")
    assert extract(archive, tmp_path / "program", 1000) == sha256(b"program").hexdigest()
    assert (tmp_path / "program").read_bytes() == b"program"
    assert stat.S_IMODE((tmp_path / "program").stat().st_mode) == 0o600


@pytest.mark.children
@pytest.mark.parametrize(
    ("named", "code"), [("program", None), ("archive", None), ("nothing", None), ("other", Code.CHECKSUM_MISMATCH)]
)
def test_the_notes_of_a_release_may_name_the_archive_or_the_program(  # noqa: PLR0917 - a table and its fixtures
    bare: CloudflaredWorld, releases: ReleaseServer, context: Context, tmp_path: Path, named: str, code: Code | None
) -> None:
    program = releases.content
    releases.asset = ARCHIVE
    releases.content = packed(tmp_path / "archive.tgz", member("cloudflared"), content=program).read_bytes()
    digests = {"program": sha256(program), "archive": sha256(releases.content), "other": sha256(b"")}
    if named in digests:
        releases.body = f"### SHA256 Checksums:\n```\n{ARCHIVE}: {digests[named].hexdigest()}\n```"
    if code is None:
        install(bare, context)
        assert copies(bare) == INSTALLED
        return
    with pytest.raises(TunnelError) as caught:
        install(bare, context)
    assert caught.value.code is code
    assert copies(bare) == []


@pytest.mark.parametrize("content", [b"not gzip", b"\x1f\x8b\x08\x00broken"])
def test_a_broken_archive_is_told(
    bare: CloudflaredWorld, releases: ReleaseServer, context: Context, content: bytes
) -> None:
    releases.asset, releases.content = ARCHIVE, content
    with pytest.raises(TunnelError, match="does not hold the program"):
        install(bare, context)
    assert copies(bare) == []
