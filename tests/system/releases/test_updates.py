"""A newer version is told once its checksums are right; what goes wrong is told in a sentence."""

from __future__ import annotations

import hashlib
import json
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from portway.core.codes import Code
from portway.core.errors import TunnelError
from portway.system.releases.origin import FILE_NAME, Origin
from portway.system.releases.updates import CHECKSUMS, Updates, known_origin, known_updates
from portway.system.releases.versions import Newest
from tests.fakes.cloudflared.release_server import (
    FILE,
    LIST,
    Fault,
    ReleaseServer,
    answers,
    hangs,
    is_said_to_be_huge,
    never_ends,
    release_server,
    stands_still,
)
from tests.limits import NEVER
from tests.system.releases.test_origin import GOOD

_PACKAGE = hashlib.sha256(b"a package").hexdigest()
_OTHER = hashlib.sha256(b"another one").hexdigest()


@pytest.fixture
def server() -> Iterator[ReleaseServer]:
    with release_server(CHECKSUMS) as releases:
        releases.version = "v1.3.0"
        publish(releases, {"portway_1.3.0_amd64.deb": _PACKAGE}, {"portway_1.3.0_amd64.deb": _PACKAGE})
        yield releases


def publish(releases: ReleaseServer, files: dict[str, str], sums: dict[str, str]) -> None:
    """Let these files be there, with their digests, and these be in the list of checksums."""
    releases.content = "".join(f"{digest}  {name}\n" for name, digest in sums.items()).encode()
    there = [{"name": name, "digest": f"sha256:{digest}"} for name, digest in files.items()]
    releases.others = [{"name": "notes.txt"}, *there]


def updates(releases: ReleaseServer, *, version: str = "1.2.0", limit: float = NEVER) -> Updates:
    return Updates(Origin(releases.url, f"{releases.url}/docs", releases.releases), version=version, limit=limit)


def refused(one: Updates) -> TunnelError:
    with pytest.raises(TunnelError) as caught:
        one.look()
    return caught.value


def test_a_newer_version_is_told_once_its_checksums_are_right(server: ReleaseServer) -> None:
    page = f"{server.url}/releases/tag/v1.3.0"
    assert updates(server).look() == Newest("1.3.0", newer=True, page=page)
    assert server.asked == [LIST, FILE], "no package is fetched"


@pytest.mark.parametrize("version", ["1.3.0", "1.3", "1.3.1.dev1", "1.4.0"])
def test_a_copy_as_new_as_the_newest_asks_no_further(server: ReleaseServer, version: str) -> None:
    found = updates(server, version=version).look()
    assert (found.version, found.newer) == ("1.3.0", False)
    assert server.asked == [LIST]


@pytest.mark.parametrize(
    ("files", "sums"),
    [
        ({"portway.deb": _PACKAGE}, {"portway.deb": _OTHER}),
        ({"portway.deb": _PACKAGE, "portway.rpm": _OTHER}, {"portway.deb": _PACKAGE}),
        ({"portway.deb": _PACKAGE}, {}),
    ],
    ids=["another file lies there", "a file is in no list", "the list is empty"],
)
def test_files_that_are_not_those_of_the_checksums_are_not_offered(
    server: ReleaseServer, files: dict[str, str], sums: dict[str, str]
) -> None:
    publish(server, files, sums)
    error = refused(updates(server))
    assert error.code is Code.CHECKSUM_MISMATCH
    assert "1.3.0" in str(error)


def test_checksums_that_are_not_what_was_published_are_not_believed(server: ReleaseServer) -> None:
    server.faults[FILE] = answers(200, server.content + b"\n")
    assert refused(updates(server)).code is Code.CHECKSUM_MISMATCH


@pytest.mark.parametrize(
    ("fault", "code", "said"),
    [
        (answers(404), Code.REFUSED_BY_SERVICE, "nothing has been released there yet"),
        (answers(403), Code.RATE_LIMITED, "Ask again in an hour"),
        (answers(429), Code.RATE_LIMITED, "Ask again in an hour"),
        (answers(500), Code.REFUSED_BY_SERVICE, "answered 500"),
        (answers(200, b"<html>log in to the hotel"), Code.REFUSED_BY_SERVICE, "is no release"),
        (answers(200, b"[" * 100_000), Code.REFUSED_BY_SERVICE, "is no release"),
        (answers(200, b"[]"), Code.REFUSED_BY_SERVICE, "names no version"),
        (answers(200, b'{"tag_name": "../../evil"}'), Code.REFUSED_BY_SERVICE, "names no version"),
        (answers(200, b'{"tag_name": "v9", "assets": null}'), Code.REFUSED_BY_SERVICE, "no files with checksums"),
        (answers(200, b'{"tag_name": "v9", "assets": [1, {"name": 2}]}'), Code.REFUSED_BY_SERVICE, "no files"),
        (
            answers(200, b'{"tag_name": "v9", "assets": [{"name": "portway.deb"}]}'),
            Code.REFUSED_BY_SERVICE,
            "has no checksum",
        ),
        (answers(302, location="http://portway.example/latest"), Code.REFUSED_BY_SERVICE, "insecure connection"),
        (is_said_to_be_huge, Code.REFUSED_BY_SERVICE, "larger than it may be"),
        (never_ends, Code.REFUSED_BY_SERVICE, "larger than it may be"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_what_cannot_be_had_is_told_in_a_sentence(server: ReleaseServer, fault: Fault, code: Code, said: str) -> None:
    server.faults[LIST] = fault
    error = refused(updates(server))
    assert error.code is code
    assert said in str(error)
    assert str(error).startswith("127.0.0.1 ")


@pytest.mark.parametrize(("path", "fault"), [(LIST, hangs), (FILE, hangs), (FILE, stands_still)])
def test_a_host_that_says_nothing_is_left_after_the_limit(server: ReleaseServer, path: str, fault: Fault) -> None:
    server.content += b" " * 2000
    server.faults[path] = fault
    error = refused(updates(server, limit=0.5))
    assert error.code is Code.START_TIMEOUT
    assert str(error).startswith("127.0.0.1 did not answer within")


def test_a_host_that_is_not_there_is_told() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))  # taken, and nobody listens
        url = f"http://127.0.0.1:{closed.getsockname()[1]}"
        error = refused(Updates(Origin(url, url, f"{url}/latest"), version="1.0", limit=NEVER))
    assert error.code is Code.NO_NETWORK


def test_only_hosts_of_github_are_asked_by_a_copy_that_comes_from_there(server: ReleaseServer) -> None:
    origin = Origin(GOOD["site"], GOOD["docs"], server.releases)
    error = refused(Updates(origin, version="1.0", limit=NEVER))
    assert "not a host of the project" in str(error)
    assert server.asked == []


@pytest.mark.parametrize("holds", [b"", b"{", b"[" * 100_000, json.dumps({**GOOD, "site": "http://x"}).encode()])
@pytest.mark.expected_logs
def test_a_file_that_is_not_right_is_as_none(tmp_path: Path, holds: bytes) -> None:
    (tmp_path / FILE_NAME).write_bytes(holds)
    assert known_origin(lambda name: tmp_path / name) is None


def test_a_copy_knows_what_was_written_down_at_its_release(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def find(name: str) -> Path:
        return tmp_path / name

    assert known_origin(find) is None
    (tmp_path / FILE_NAME).write_text(json.dumps(GOOD), encoding="utf-8")
    found = known_origin(find)
    assert found is not None
    assert found.site == GOOD["site"]
    monkeypatch.setattr("portway.system.releases.updates.known_origin", lambda: found)
    known = known_updates()
    assert known is not None
    assert known.origin is found
