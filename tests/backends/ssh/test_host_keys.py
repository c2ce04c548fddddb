"""A server is trusted once a person has said yes to just its fingerprint, and never again asked for."""

from __future__ import annotations

import dataclasses
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest

from portway.backends.ssh import causes
from portway.backends.ssh.backend import SshBackend, SshExtras
from portway.core.backend import Context
from portway.core.codes import Code
from portway.core.errors import AuthNeeded, Problem, TunnelError
from portway.core.status import Phase, TunnelStatus
from portway.gui.model.callout_rules import callout_of
from portway.gui.model.card_view import Act, CardState
from tests.backends.ssh.conftest import SshWorld
from tests.fakes.backends.news import RecordedNews
from tests.fakes.origins.page import PAGE

pytestmark = pytest.mark.children

OTHER = "SHA256:" + "A" * 43


def with_key(world: SshWorld, context: Context, fingerprint: str) -> Context:
    return dataclasses.replace(context, options=dataclasses.replace(world.options, host_key=fingerprint))


def kept(world: SshWorld) -> Path:
    return world.services.folders.data / "ssh" / "known_hosts"


@pytest.fixture
def stranger(world: SshWorld) -> SshWorld:
    """A server that the person has never logged in to."""
    world.known_hosts.write_text("")
    return world


def test_an_unknown_server_is_asked_about_by_its_fingerprint(
    stranger: SshWorld, context: Context, news: RecordedNews
) -> None:
    with pytest.raises(AuthNeeded) as caught:
        stranger.backend.open(context)
    assert caught.value.code is Code.UNKNOWN_HOST
    assert stranger.server.fingerprint in str(caught.value)
    assert news.reports[-1] == (SshExtras(host_key=stranger.server.fingerprint), None)
    assert list(kept(stranger).parent.iterdir()) == []
    assert "Accepted" not in stranger.server.log  # nobody logged in meanwhile


def test_a_yes_to_it_holds_for_good_and_for_other_tunnels(stranger: SshWorld, context: Context) -> None:
    first = stranger.backend.open(with_key(stranger, context, stranger.server.fingerprint))
    assert stranger.fetch(first.public_url) == PAGE
    first.close(context)
    assert stat.S_IMODE(kept(stranger).stat().st_mode) == 0o600
    assert kept(stranger).read_text() == stranger.server.known_line
    assert stranger.known_hosts.read_text() == ""
    for backend in (stranger.backend.another("shop"), SshBackend(stranger.services)):
        backend.open(context).close(context)
    assert kept(stranger).read_text() == stranger.server.known_line


def test_a_yes_to_another_fingerprint_is_none(stranger: SshWorld, context: Context) -> None:
    with pytest.raises(AuthNeeded) as caught:
        stranger.backend.open(with_key(stranger, context, OTHER))
    assert caught.value.code is Code.UNKNOWN_HOST
    assert not kept(stranger).exists()


@pytest.mark.parametrize("by_us", [False, True])
def test_a_changed_key_is_refused_whoever_says_yes(world: SshWorld, context: Context, *, by_us: bool) -> None:
    if by_us:
        world.known_hosts.write_text("")
        world.backend.open(with_key(world, context, world.server.fingerprint)).close(context)
    file = kept(world) if by_us else world.known_hosts
    before = file.read_text()
    world.server.stop()
    world.server.renew_host_key()
    world.server.start()
    with pytest.raises(TunnelError) as caught:
        world.backend.open(with_key(world, context, world.server.fingerprint))
    assert caught.value.problem.declared is causes.HOST_CHANGED
    assert caught.value.problem.parameters["file"] == str(file)
    assert not causes.HOST_CHANGED.offers
    assert file.read_text() == before


def test_whoever_logs_in_elsewhere_meanwhile_is_not_asked_any_more(stranger: SshWorld, context: Context) -> None:
    with pytest.raises(AuthNeeded):
        stranger.backend.open(context)
    assert stranger.backend.still_blocked(Code.UNKNOWN_HOST)
    stranger.know()
    assert not stranger.backend.still_blocked(Code.UNKNOWN_HOST)
    stranger.backend.open(context).close(context)


def test_the_card_has_a_button_for_one_that_is_unknown_and_none_for_one_that_changed(world: SshWorld) -> None:
    def acts(phase: Phase, problem: Problem) -> list[tuple[Act, str]]:
        status = TunnelStatus(
            backend=world.backend.kind,
            reach=world.backend.reach,
            target_url="http://127.0.0.1:3000",
            phase=phase,
            problem=problem,
            wanted=True,
            since=datetime.now(UTC),
        )
        callout = callout_of(world.backend, status, CardState(), status.target_url)
        return [] if callout is None else [(action.act, action.value) for action in callout.actions]

    unknown = TunnelError(causes.UNKNOWN_HOST, server="box", fingerprint=OTHER).problem
    changed = TunnelError(causes.HOST_CHANGED, server="box", file="known_hosts").problem
    assert (Act.USE_SETTING, f"hostKey={OTHER}") in acts(Phase.NEEDS_AUTH, unknown)
    assert {act for act, _ in acts(Phase.ERROR, changed)} == {Act.SHOW_LOG, Act.TRY_AGAIN}
