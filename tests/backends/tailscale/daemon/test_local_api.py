"""What the daemon's own interface does better than the command, and that nothing depends on its being there."""

from __future__ import annotations

import socket
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from portway.backends.tailscale.backend import TailscaleBackend, TailscaleExtras
from portway.backends.tailscale.daemon.local_api import LocalApi, NoAnswerError
from portway.backends.tailscale.daemon.socket import LocalApiTransport
from portway.core.backend import Context
from portway.core.cancel import CancelToken
from portway.core.codes import Code
from portway.core.errors import Cancelled, TunnelError
from portway.system.services import Services
from tests.fakes.backends.news import RecordedNews, wait_until
from tests.fakes.tailscale.cli import ENABLE
from tests.fakes.tailscale.computer import DECOY, HOST, RUNNING, URL, FakeTailscale
from tests.fakes.tailscale.local_api import TOKEN, FakeLocalApi, app_api, local_api

pytestmark = pytest.mark.children

FEATURES = "https://login.tailscale.com/admin/settings/features"


@pytest.fixture
def asked(socket_path: Path) -> LocalApi:
    return LocalApi(LocalApiTransport(socket_path, None), 5.0)


@pytest.fixture
def another_computer(tmp_path: Path, socket_path: Path) -> Iterator[FakeLocalApi]:
    """Put the daemon of another computer at the socket, as where the command belongs to a container."""
    other = FakeTailscale(tmp_path / "other")
    other.self_(ID="nOTHER")
    with local_api(other, socket_path) as fake:
        yield fake


def refused(backend: TailscaleBackend, context: Context) -> TunnelError:
    with pytest.raises(TunnelError) as caught:
        backend.open(context)
    return caught.value


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


def test_the_daemon_of_another_computer_is_not_believed(
    tailscale: FakeTailscale, another_computer: FakeLocalApi, backend: TailscaleBackend, context: Context
) -> None:
    session = backend.open(context)
    tailscale.node(BackendState="Stopped")
    with pytest.raises(TunnelError):
        session.close(replace(context, wanted=False))
    assert tailscale.world["config"]["AllowFunnel"][f"{HOST}:443"]
    assert another_computer.writes == 0
    tailscale.become(RUNNING)
    session.close(context)


def test_what_the_daemon_of_another_computer_tells_is_no_news(
    tailscale: FakeTailscale,
    another_computer: FakeLocalApi,
    backend: TailscaleBackend,
    context: Context,
    news: RecordedNews,
) -> None:
    session = backend.open(context)
    wait_until(lambda: another_computer.listeners)
    another_computer.tailscale.node(BackendState="Stopped")
    before = len(tailscale.calls_of("status"))
    wait_until(lambda: len(tailscale.calls_of("status")) >= before + 3)
    assert (news.losses, news.recoverings) == ([], [])
    session.close(context)


def test_what_is_under_an_old_name_is_taken_out(
    tailscale: FakeTailscale, api: FakeLocalApi, backend: TailscaleBackend, context: Context, news: RecordedNews
) -> None:
    session = backend.open(context)
    tailscale.self_(DNSName="shop.tailc0ffee.ts.net.")
    news.wait_for(lambda heard: heard.recovered_urls)
    assert f"{HOST}:443" not in tailscale.world["config"]["Web"]
    session.close(context)
    assert tailscale.world["config"] == DECOY
    assert api.writes == 1


ANSWERS: Mapping[str, tuple[Mapping[str, object], str]] = {
    "a page": ({"Text": "Funnel is not enabled", "URL": ENABLE, "ShouldWait": True}, ENABLE),
    "words only": ({"Text": "An admin has to enable it."}, FEATURES),
    "a page of somebody else": ({"URL": "https://login.tailscale.com.evil.example/f/funnel"}, FEATURES),
    "nonsense": ({"URL": 3, "Complete": "yes"}, FEATURES),
}


@pytest.mark.parametrize("answer", ANSWERS)
def test_that_funnel_is_off_is_known_without_the_command(  # noqa: PLR0917 - fixtures
    tailscale: FakeTailscale,
    api: FakeLocalApi,
    backend: TailscaleBackend,
    context: Context,
    news: RecordedNews,
    answer: str,
) -> None:
    api.feature, page = ANSWERS[answer]
    tailscale.self_(CapMap={"https": None})
    error = refused(backend, context)
    assert (error.code, error.problem.action_url) == (Code.FUNNEL_NOT_ENABLED, page)
    extras = news.reports[-1][0]
    assert isinstance(extras, TailscaleExtras)
    assert (extras.funnel_not_enabled, extras.enable_url) == (True, page)
    assert tailscale.changes == []


def test_that_https_is_off_is_known_without_the_command(
    tailscale: FakeTailscale, api: FakeLocalApi, backend: TailscaleBackend, context: Context
) -> None:
    page = ENABLE.replace("funnel?", "https?")
    api.feature = {"URL": page}
    tailscale.node(CertDomains=None)
    tailscale.self_(CapMap={"funnel": None})
    error = refused(backend, context)
    assert (error.code, error.problem.action_url) == (Code.HTTPS_NOT_ENABLED, page)
    assert tailscale.changes == []


@pytest.mark.parametrize("answer", [None, {"Complete": True}], ids=["no netmap", "allowed just now"])
def test_where_nothing_is_known_of_funnel_the_command_is_asked(
    tailscale: FakeTailscale,
    api: FakeLocalApi,
    backend: TailscaleBackend,
    context: Context,
    answer: Mapping[str, object] | None,
) -> None:
    api.feature = answer
    tailscale.self_(CapMap={"https": None})
    tailscale.behave(funnel_off="wait")
    assert refused(backend, context).problem.action_url == ENABLE
    assert "query-feature" in api.calls
    assert len(tailscale.calls_of("funnel")) == 1


def test_the_control_server_is_not_asked_for_another_computer(
    tailscale: FakeTailscale, another_computer: FakeLocalApi, backend: TailscaleBackend, context: Context
) -> None:
    another_computer.feature = {"URL": "https://login.tailscale.com/f/funnel?node=nOTHER"}
    tailscale.self_(CapMap={"https": None})
    tailscale.behave(funnel_off="wait")
    assert refused(backend, context).problem.action_url == ENABLE


def test_what_is_allowed_is_not_asked_for(
    tailscale: FakeTailscale, api: FakeLocalApi, backend: TailscaleBackend, context: Context
) -> None:
    backend.open(context).close(context)
    assert "query-feature" not in api.calls
    assert tailscale.proxy_of(URL) is None


def test_a_daemon_that_does_not_answer_is_given_up(socket_path: Path) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as silent:
        silent.bind(str(socket_path))
        silent.listen()
        with pytest.raises(NoAnswerError):
            LocalApi(LocalApiTransport(socket_path, None), 0.1).node()
        cancel = CancelToken()
        cancel.cancel()
        with pytest.raises(Cancelled):
            LocalApi(LocalApiTransport(socket_path, None), 60.0).node(cancel)


def test_another_answer_than_the_one_that_was_asked_for_is_none(
    tailscale: FakeTailscale, api: FakeLocalApi, asked: LocalApi
) -> None:
    assert asked.node().dns_name == HOST
    tailscale.become({"nonsense": True})
    with pytest.raises(NoAnswerError):
        asked.node()
    tailscale.become(RUNNING)


def test_the_app_of_macos_is_asked_at_its_port(tailscale: FakeTailscale, tmp_path: Path, socket_path: Path) -> None:
    with app_api(tailscale, tmp_path):
        asked = LocalApi(LocalApiTransport(socket_path, tmp_path), 5.0)
        assert (asked.node().dns_name, asked.config().record) == (HOST, DECOY)
        next(tmp_path.glob("sameuserproof-*")).write_text("another token")
        with pytest.raises(NoAnswerError, match="403"):
            asked.node()


def test_the_token_of_the_app_is_in_no_text(tailscale: FakeTailscale, tmp_path: Path, socket_path: Path) -> None:
    with app_api(tailscale, tmp_path), LocalApiTransport(socket_path, tmp_path).open(5.0) as way:
        assert "Authorization" in way.headers
        assert TOKEN not in repr(way)
        assert "Basic" not in repr(way)


@pytest.mark.parametrize("port", [None, "nonsense", "0", "70000", "/etc/passwd"])
def test_an_app_that_tells_no_port_is_not_asked(tmp_path: Path, socket_path: Path, port: str | None) -> None:
    if port is not None:
        (tmp_path / "ipnport").symlink_to(port)
    with pytest.raises(NoAnswerError):
        LocalApi(LocalApiTransport(socket_path, tmp_path), 5.0).node()


def test_a_system_without_such_sockets_goes_on_without(
    monkeypatch: pytest.MonkeyPatch, services: Services, context: Context, asked: LocalApi, tailscale: FakeTailscale
) -> None:
    monkeypatch.delattr(socket, "AF_UNIX")
    with pytest.raises(NoAnswerError):
        asked.node()
    TailscaleBackend(services).open(context).close(context)
    assert tailscale.proxy_of(URL) is None
