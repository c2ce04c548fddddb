"""Where the command refuses, because Tailscale is asleep, ours is taken out by the daemon's own interface."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from portway.backends.tailscale import TailscaleBackend
from portway.core.backend import Context
from portway.core.codes import Code
from portway.core.errors import TunnelError
from portway.system.services import Services
from tests.fakes.local_api import FakeLocalApi, local_api
from tests.fakes.news import RecordedNews
from tests.fakes.tailscale import DECOY, HOST, RUNNING, FakeTailscale


@pytest.fixture
def socket_path() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:  # shorter than tmp_path: a socket's path ends at 107 bytes
        yield Path(folder, "tailscaled.sock")


@pytest.fixture
def api(tailscale: FakeTailscale, socket_path: Path) -> Iterator[FakeLocalApi]:
    with local_api(tailscale, socket_path) as fake:
        yield fake


@pytest.fixture
def backend(services: Services, socket_path: Path) -> TailscaleBackend:
    return TailscaleBackend(services, socket=socket_path)


def test_one_that_was_lost_to_a_stop_does_not_come_back_by_itself(
    tailscale: FakeTailscale, api: FakeLocalApi, backend: TailscaleBackend, context: Context, news: RecordedNews
) -> None:
    session = backend.open(context)
    tailscale.node(BackendState="Stopped")
    news.wait_for(lambda heard: heard.losses)
    session.close(context)
    assert api.writes == 1
    assert tailscale.world["config"] == DECOY
    assert backend.reclaim(replace(context, wanted=False)) is None


def test_what_others_add_at_the_same_moment_is_kept(
    tailscale: FakeTailscale, api: FakeLocalApi, backend: TailscaleBackend, context: Context
) -> None:
    session = backend.open(context)
    tailscale.node(BackendState="Stopped")
    api.meanwhile.append(lambda: tailscale.publish(443, "/theirs", "http://127.0.0.1:7009"))
    session.close(replace(context, wanted=False))
    web = tailscale.world["config"]["Web"][f"{HOST}:443"]["Handlers"]
    assert web == {"/theirs": {"Proxy": "http://127.0.0.1:7009"}}
    assert tailscale.world["config"]["TCP"]["443"] == {"HTTPS": True}
    tailscale.take_down(443)


def test_without_the_right_to_edit_it_says_so(
    tailscale: FakeTailscale, api: FakeLocalApi, backend: TailscaleBackend, context: Context
) -> None:
    session = backend.open(context)
    tailscale.node(BackendState="Stopped")
    api.denied = True
    with pytest.raises(TunnelError) as caught:
        session.close(replace(context, wanted=False))
    assert caught.value.code is Code.TAILSCALE_STOPPED
    tailscale.become(RUNNING)
    session.close(replace(context, wanted=False))
    assert tailscale.world["config"] == DECOY
