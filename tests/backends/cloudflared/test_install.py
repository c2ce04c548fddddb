"""A copy of its own: fetched, verified before it may run, and never worse than the one before."""

from __future__ import annotations

import contextlib
import dataclasses
import io
import json
import resource
import socket
import ssl
import stat
import tarfile
import threading
import time
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest
import trustme

from portway.backends.cloudflared import CloudflaredBackend
from portway.backends.cloudflared.archive import UnusableArchiveError, extract
from portway.core.backend import Answer, Context
from portway.core.codes import Code
from portway.core.errors import Cancelled, TunnelError
from portway.core.target import Target
from tests.backends.cloudflared.conftest import CloudflaredWorld
from tests.contract import cancelled_after, make_context
from tests.fakes.news import RecordedNews
from tests.fakes.origin import PAGE
from tests.fakes.release_server import (
    FILE,
    LIST,
    Fault,
    ReleaseServer,
    answers,
    ends_early,
    hangs,
    is_said_to_be_huge,
    never_ends,
    once,
    release_server,
    stands_still,
)

ASSET = "cloudflared-linux-amd64"
ARCHIVE = "cloudflared-darwin-arm64.tgz"
QUOTA = json.dumps({"message": "API rate limit exceeded for 192.0.2.1."}).encode()


@pytest.fixture
def releases(program: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ReleaseServer]:
    with release_server(ASSET) as server:
        server.content = program.read_bytes()
        monkeypatch.setattr("portway.backends.cloudflared.installer.asset_name", lambda *_: server.asset)
        yield server


@pytest.fixture
def bare(world: CloudflaredWorld, releases: ReleaseServer) -> CloudflaredWorld:
    """A computer without cloudflared, but with a release host."""
    environment = {**world.services.environment, "PORTWAY_CLOUDFLARED_RELEASES": releases.releases, "PATH": "/usr/bin"}
    del environment["CLOUDFLARED_BIN"]
    timing = dataclasses.replace(world.services.timing, stall_limit=0.3)
    world.services = dataclasses.replace(world.services, environment=environment, timing=timing)
    world.backend = CloudflaredBackend(world.services)
    return world


@pytest.fixture
def news() -> RecordedNews:
    return RecordedNews()


@pytest.fixture
def context(bare: CloudflaredWorld, origin: Target, news: RecordedNews) -> Context:
    return make_context(bare, origin, news)


def install(world: CloudflaredWorld, context: Context, *, update: bool = False) -> Answer:
    (command,) = world.backend.commands
    assert command.run is not None
    return command.run(dataclasses.replace(context, options=command.options(update=update)))


def copies(world: CloudflaredWorld) -> list[str]:
    """Return the names of what lies in the folder of our copies."""
    folder = world.services.folders.data / "cloudflared"
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


INSTALLED = ["cloudflared-2026.8.2", "release.json"]


def test_the_first_start_fetches_it(bare: CloudflaredWorld, context: Context, news: RecordedNews) -> None:
    assert not bare.backend.inspect().installed
    session = bare.backend.open(context)
    assert bare.fetch(session.public_url) == PAGE
    session.close(context)
    found = bare.backend.inspect()
    assert (found.version, found.source, found.managed) == ("2026.8.2", "managed", True)
    assert stat.S_IMODE(Path(found.binary_path or "").stat().st_mode) == 0o700
    assert copies(bare) == INSTALLED
    steps = [None if progress is None else progress.step for progress in news.progresses]
    assert [step for step in dict.fromkeys(steps) if step] == ["release", "download", "verify", "request", "connect"]


def test_its_progress_counts_bytes(
    bare: CloudflaredWorld, releases: ReleaseServer, context: Context, news: RecordedNews
) -> None:
    releases.content += b"\n#" + b"x" * (3 << 20)
    assert install(bare, context) == {"version": "2026.8.2"}
    downloads = [one for one in news.progresses if one is not None and one.step == "download"]
    assert {one.total for one in downloads} == {len(releases.content)}
    received = [one.received or 0 for one in downloads]
    assert received == sorted(received)
    assert received[-1] == len(releases.content)


@pytest.mark.parametrize(
    ("path", "fault", "code"),
    [
        (LIST, answers(404), Code.INSTALL_FAILED),
        (LIST, answers(403, QUOTA), Code.INSTALL_FAILED),
        (LIST, answers(200, b"<html>log in to the hotel"), Code.INSTALL_FAILED),
        (LIST, answers(200, b"[" * 100_000), Code.INSTALL_FAILED),
        (LIST, answers(200, b'{"tag_name": "../../evil", "assets": []}'), Code.INSTALL_FAILED),
        (LIST, answers(200, b'{"tag_name": "2026.8.2", "assets": []}'), Code.INSTALL_FAILED),
        (LIST, answers(500), Code.INSTALL_FAILED),
        (LIST, hangs, Code.INSTALL_FAILED),
        (LIST, never_ends, Code.INSTALL_FAILED),
        (LIST, answers(302, location="http://192.0.2.1/latest"), Code.INSTALL_FAILED),
        (LIST, answers(302, location=LIST), Code.INSTALL_FAILED),
        (FILE, answers(404), Code.INSTALL_FAILED),
        (FILE, answers(403, QUOTA), Code.INSTALL_FAILED),
        (FILE, answers(200, b"<html>"), Code.CHECKSUM_MISMATCH),
        (FILE, answers(302, location="http://192.0.2.1/file"), Code.INSTALL_FAILED),
        (FILE, answers(302, location="file:///etc/passwd"), Code.INSTALL_FAILED),
        (FILE, hangs, Code.INSTALL_FAILED),
        (FILE, stands_still, Code.INSTALL_FAILED),
        (FILE, ends_early, Code.INSTALL_FAILED),
        (FILE, is_said_to_be_huge, Code.INSTALL_FAILED),
    ],
)
def test_a_release_that_cannot_be_had_is_told_and_leaves_nothing(  # noqa: PLR0917 - a table and its fixtures
    bare: CloudflaredWorld, releases: ReleaseServer, context: Context, path: str, fault: Fault, code: Code
) -> None:
    releases.faults[path] = fault
    with pytest.raises(TunnelError) as caught:
        bare.backend.open(context)
    assert caught.value.code is code
    if code is Code.INSTALL_FAILED:
        assert "CLOUDFLARED_BIN" in caught.value.problem.sentence
        assert caught.value.problem.action_url
    assert copies(bare) == []


@pytest.mark.parametrize("changes", [{"digest": None}, {"digest": "md5:00"}, {"digest": "sha256:" + "0" * 64}])
def test_nothing_unverified_is_installed(
    bare: CloudflaredWorld, releases: ReleaseServer, context: Context, changes: dict[str, object]
) -> None:
    releases.changes = changes
    with pytest.raises(TunnelError) as caught:
        install(bare, context)
    assert caught.value.code is Code.CHECKSUM_MISMATCH
    assert copies(bare) == []


@pytest.mark.parametrize("fault", [answers(503), ends_early, stands_still])
def test_what_passes_is_tried_again(
    bare: CloudflaredWorld, releases: ReleaseServer, context: Context, fault: Fault
) -> None:
    releases.faults[FILE] = once(fault)
    install(bare, context)
    assert releases.asked == [LIST, FILE, FILE]


def test_a_host_that_is_not_there_is_no_network(bare: CloudflaredWorld, context: Context) -> None:
    environment = {**bare.services.environment, "PORTWAY_CLOUDFLARED_RELEASES": "http://127.0.0.1:1/latest"}
    backend = CloudflaredBackend(dataclasses.replace(bare.services, environment=environment))
    with pytest.raises(TunnelError) as caught:
        backend.open(context)
    assert caught.value.code is Code.NO_NETWORK


def test_a_host_whose_certificate_is_not_genuine_is_an_interception(bare: CloudflaredWorld, context: Context) -> None:
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(tls)

    def meet(listening: socket.socket) -> None:
        client, _ = listening.accept()
        with client, contextlib.suppress(OSError):
            tls.wrap_socket(client, server_side=True).close()

    with socket.create_server(("127.0.0.1", 0)) as listening:
        meeting = threading.Thread(target=meet, args=(listening,))
        meeting.start()
        releases = f"https://127.0.0.1:{listening.getsockname()[1]}/latest"
        environment = {**bare.services.environment, "PORTWAY_CLOUDFLARED_RELEASES": releases}
        with pytest.raises(TunnelError) as caught:
            CloudflaredBackend(dataclasses.replace(bare.services, environment=environment)).open(context)
        meeting.join(5)
    assert caught.value.code is Code.TLS_INTERCEPTED


def test_a_proxy_of_the_environment_is_used(
    bare: CloudflaredWorld, releases: ReleaseServer, context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", releases.url)
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    environment = {**bare.services.environment, "PORTWAY_CLOUDFLARED_RELEASES": "http://127.0.0.1:1/latest"}
    bare.backend = CloudflaredBackend(dataclasses.replace(bare.services, environment=environment))
    assert install(bare, context) == {"version": "2026.8.2"}


@pytest.mark.parametrize(("path", "fault"), [(LIST, hangs), (FILE, hangs), (FILE, stands_still)])
def test_it_can_be_cancelled_at_once(  # noqa: PLR0917 - a table and its fixtures
    bare: CloudflaredWorld, releases: ReleaseServer, context: Context, news: RecordedNews, path: str, fault: Fault
) -> None:
    bare.backend = CloudflaredBackend(
        dataclasses.replace(bare.services, timing=dataclasses.replace(bare.services.timing, stall_limit=20.0))
    )
    releases.faults[path] = fault
    with cancelled_after(context.cancel, 0.2) as cancelled_at, pytest.raises(Cancelled):
        install(bare, context)
    assert time.monotonic() - cancelled_at() < 1.0
    assert copies(bare) == []
    assert news.progresses[-1] is None


def test_a_second_installation_waits_for_the_first_and_can_be_cancelled(
    bare: CloudflaredWorld, releases: ReleaseServer, context: Context
) -> None:
    releases.faults[LIST] = hangs
    second = make_context(bare, context.target, RecordedNews())

    def begin() -> None:
        with pytest.raises(TunnelError):
            install(bare, context)

    first = threading.Thread(target=begin)
    first.start()
    with cancelled_after(second.cancel, 0.2), pytest.raises(Cancelled):
        install(bare, second)
    context.cancel.cancel()
    first.join(5)


def test_a_full_disk_is_told_and_leaves_nothing(
    bare: CloudflaredWorld, releases: ReleaseServer, context: Context
) -> None:
    releases.content += b"\n#" + b"x" * (1 << 20)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 19, hard))  # stands for a disk that takes no more
    try:
        with pytest.raises(TunnelError) as caught:
            install(bare, context)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert caught.value.code is Code.STORAGE_FAILED
    assert copies(bare) == []


@pytest.mark.expected_logs
def test_a_program_that_does_not_run_is_not_kept(
    bare: CloudflaredWorld, releases: ReleaseServer, context: Context
) -> None:
    releases.content = b"\x7fELF for another machine"
    with pytest.raises(TunnelError) as caught:
        install(bare, context)
    assert caught.value.code is Code.BINARY_UNUSABLE
    assert copies(bare) == []
    assert not bare.backend.inspect().installed


class TestUpdate:
    @pytest.fixture(autouse=True)
    def installed(self, bare: CloudflaredWorld, releases: ReleaseServer, context: Context) -> None:
        install(bare, context)
        releases.asked.clear()

    def test_a_copy_that_is_there_is_good_enough(
        self, bare: CloudflaredWorld, releases: ReleaseServer, context: Context
    ) -> None:
        assert install(bare, context) == {"version": "2026.8.2"}
        assert releases.asked == []

    def test_the_newest_is_not_fetched_twice(
        self, bare: CloudflaredWorld, releases: ReleaseServer, context: Context
    ) -> None:
        assert install(bare, context, update=True) == {"version": "2026.8.2"}
        assert releases.asked == [LIST]

    def test_the_older_one_stays_until_the_newer_one_has_run(
        self, bare: CloudflaredWorld, releases: ReleaseServer, context: Context
    ) -> None:
        releases.version, releases.content = "2026.11.1", releases.content.replace(b"2026.8.2", b"2026.11.1")
        assert install(bare, context, update=True) == {"version": "2026.11.1"}
        assert copies(bare) == ["cloudflared-2026.11.1", *INSTALLED]
        bare.backend.open(context).close(context)
        assert copies(bare) == ["cloudflared-2026.11.1", "release.json"]
        assert bare.backend.inspect().version == "2026.11.1"

    @pytest.mark.expected_logs
    def test_the_older_one_comes_back_where_the_newer_one_is_unfit(
        self, bare: CloudflaredWorld, releases: ReleaseServer, context: Context
    ) -> None:
        releases.version, releases.content = "2026.11.1", releases.content.replace(b'"--quick-service"', b'"--renamed"')
        install(bare, context, update=True)
        session = bare.backend.open(context)
        assert bare.fetch(session.public_url) == PAGE
        session.close(context)
        assert copies(bare) == INSTALLED

    @pytest.mark.expected_logs
    def test_one_that_does_not_even_run_changes_nothing(
        self, bare: CloudflaredWorld, releases: ReleaseServer, context: Context
    ) -> None:
        releases.version, releases.content = "2026.11.1", b"\x7fELF for another machine"
        with pytest.raises(TunnelError, match="older one was kept"):
            install(bare, context, update=True)
        assert copies(bare) == INSTALLED

    def test_a_failed_update_keeps_the_older_one(
        self, bare: CloudflaredWorld, releases: ReleaseServer, context: Context
    ) -> None:
        releases.version, releases.changes = "2026.11.1", {"digest": "sha256:" + "0" * 64}
        with pytest.raises(TunnelError):
            install(bare, context, update=True)
        assert copies(bare) == INSTALLED

    def test_a_release_older_than_ours_is_refused(
        self, bare: CloudflaredWorld, releases: ReleaseServer, context: Context
    ) -> None:
        releases.version = "2024.12.0"
        with pytest.raises(TunnelError, match="older than the copy here"):
            install(bare, context, update=True)
        assert copies(bare) == INSTALLED

    def test_a_running_tunnel_is_still_ours_after_an_update(
        self, bare: CloudflaredWorld, releases: ReleaseServer, context: Context
    ) -> None:
        session = bare.backend.open(context)
        releases.version, releases.content = "2026.11.1", releases.content + b"\n"
        install(bare, context, update=True)
        session.leave()
        again = CloudflaredBackend(bare.services).reclaim(context)
        assert again is not None
        assert again.public_url == session.public_url
        again.close(context)

    def test_a_changed_file_is_refused_and_can_be_installed_again(
        self, bare: CloudflaredWorld, releases: ReleaseServer, context: Context
    ) -> None:
        with (bare.services.folders.data / "cloudflared" / "cloudflared-2026.8.2").open("ab") as file:
            file.write(b"\n# evil")
        with pytest.raises(TunnelError) as caught:
            bare.backend.open(context)
        assert caught.value.code is Code.CHECKSUM_MISMATCH
        assert "is not the file that Portway installed" in caught.value.problem.sentence
        install(bare, context)
        bare.backend.open(context).close(context)
        assert releases.asked == [LIST, FILE]

    def test_a_look_at_the_machine_does_not_run_a_changed_file(self, bare: CloudflaredWorld, tmp_path: Path) -> None:
        trace = tmp_path / "trace"
        copy = bare.services.folders.data / "cloudflared" / "cloudflared-2026.8.2"
        copy.write_text(f"#!/bin/sh\ntouch {trace}\n", encoding="utf-8")
        assert CloudflaredBackend(bare.services).inspect().version == "2026.8.2"
        assert not trace.exists()


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


def test_a_link_in_the_place_of_a_download_is_not_followed(
    bare: CloudflaredWorld, context: Context, tmp_path: Path
) -> None:
    folder = bare.services.folders.data / "cloudflared"
    folder.mkdir(parents=True)
    victim = tmp_path / "victim"
    victim.write_bytes(b"mine")
    (folder / "download.part").symlink_to(victim)
    with pytest.raises(TunnelError):
        install(bare, context)
    assert victim.read_bytes() == b"mine"


def test_a_system_without_a_release_is_not_supported(
    bare: CloudflaredWorld, context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("installer", "whereabouts"):
        monkeypatch.setattr(f"portway.backends.cloudflared.{module}.asset_name", lambda *_: None)
    assert not bare.backend.inspect().supported
    with pytest.raises(TunnelError) as caught:
        install(bare, context)
    assert caught.value.code is Code.UNSUPPORTED_PLATFORM
