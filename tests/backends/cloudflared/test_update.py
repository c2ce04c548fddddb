"""A copy that is there already: kept, replaced by a newer one, or put back."""

from __future__ import annotations

from pathlib import Path

import pytest

from portway.backends.cloudflared.backend import CloudflaredBackend
from portway.core.backend import Context
from portway.core.codes import Code
from portway.core.errors import TunnelError
from portway.core.target import Target
from tests.backends.cloudflared.conftest import INSTALLED, CloudflaredWorld, copies, install
from tests.contract import make_context
from tests.fakes.backends.news import RecordedNews
from tests.fakes.cloudflared.release_server import (
    FILE,
    LIST,
    ReleaseServer,
)
from tests.fakes.origins.page import PAGE

pytestmark = pytest.mark.children


@pytest.fixture
def context(bare: CloudflaredWorld, origin: Target, news: RecordedNews) -> Context:
    return make_context(bare, origin, news)


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
