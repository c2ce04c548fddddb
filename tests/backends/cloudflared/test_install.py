"""A copy of its own: fetched, verified before it may run, and nothing left where that fails."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import resource
import socket
import ssl
import stat
import threading
import time
from pathlib import Path

import pytest
import trustme

from portway.backends.cloudflared.backend import CloudflaredBackend
from portway.core.backend import Context
from portway.core.codes import Code
from portway.core.errors import Cancelled, TunnelError
from portway.core.target import Target
from tests.backends.cloudflared.conftest import INSTALLED, CloudflaredWorld, copies, give_up_downloads_after, install
from tests.contract import cancelled_after, make_context
from tests.fakes.backends.news import RecordedNews
from tests.fakes.cloudflared.release_server import (
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
    stands_still,
)
from tests.fakes.origins.page import PAGE
from tests.limits import AT_ONCE, NEVER

QUOTA = json.dumps({"message": "API rate limit exceeded for 192.0.2.1."}).encode()


@pytest.fixture
def context(bare: CloudflaredWorld, origin: Target, news: RecordedNews) -> Context:
    return make_context(bare, origin, news)


@pytest.mark.children
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


@pytest.mark.children
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
    if fault in (hangs, stands_still):
        give_up_downloads_after(0.3, bare)
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


@pytest.mark.children
@pytest.mark.parametrize("fault", [answers(503), ends_early, stands_still])
def test_what_passes_is_tried_again(
    bare: CloudflaredWorld, releases: ReleaseServer, context: Context, fault: Fault
) -> None:
    releases.faults[FILE] = once(fault)
    if fault is stands_still:
        give_up_downloads_after(2.0, bare)
    install(bare, context)
    assert releases.asked == [LIST, FILE, FILE]


def test_a_file_without_an_end_is_cut_off(
    bare: CloudflaredWorld, releases: ReleaseServer, context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portway.backends.cloudflared.installer._LARGEST_PROGRAM", 1 << 20)
    releases.faults[FILE] = never_ends
    with pytest.raises(TunnelError, match="larger than it may be") as caught:
        install(bare, context)
    assert caught.value.code is Code.INSTALL_FAILED
    assert copies(bare) == []


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
        meeting.join(AT_ONCE)
    assert caught.value.code is Code.TLS_INTERCEPTED


@pytest.mark.children
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
    give_up_downloads_after(NEVER, bare)
    releases.faults[path] = fault
    with cancelled_after(context.cancel, 0.2) as cancelled_at, pytest.raises(Cancelled):
        install(bare, context)
    assert time.monotonic() - cancelled_at() < AT_ONCE
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
    first.join(AT_ONCE)


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


@pytest.mark.children
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
    for module in ("installer", "binary_locator"):
        monkeypatch.setattr(f"portway.backends.cloudflared.{module}.asset_name", lambda *_: None)
    assert not bare.backend.inspect().supported
    with pytest.raises(TunnelError) as caught:
        install(bare, context)
    assert caught.value.code is Code.UNSUPPORTED_PLATFORM


@pytest.mark.children
def test_what_was_installed_is_told_at_once(bare: CloudflaredWorld, context: Context, news: RecordedNews) -> None:
    session = bare.backend.open(context)
    session.close(context)
    (found,) = news.installations
    assert (found.installed, found.version, found.source, found.managed) == (True, "2026.8.2", "managed", True)
    assert found.binary_path is not None
    assert news.installations == [bare.backend.inspect()]


def test_what_a_killed_installation_left_is_swept(bare: CloudflaredWorld, context: Context) -> None:
    folder = bare.services.folders.data / "cloudflared"
    folder.mkdir(parents=True, mode=0o700)
    for name in ("releases.part", "download.part", "unpacked.part"):
        (folder / name).write_bytes(b"half")
    assert bare.backend.reclaim(context) is None
    assert copies(bare) == []


@pytest.mark.parametrize("tag", ["\uff12\uff10\uff12\uff16.1.1", "2026.\u0661.1"])
def test_digits_of_other_scripts_are_no_version(
    bare: CloudflaredWorld, releases: ReleaseServer, context: Context, tag: str
) -> None:
    releases.version = tag
    with pytest.raises(TunnelError) as caught:
        install(bare, context)
    assert caught.value.code is Code.INSTALL_FAILED
