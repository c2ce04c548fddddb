"""A named tunnel: under a host name of one's own domain, by the token that Cloudflare's dashboard gives."""

from __future__ import annotations

import base64
import dataclasses
import json
import threading
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psutil
import pytest

from portway.backends.cloudflared.backend import CloudflaredBackend, CloudflaredOptions, Shared
from portway.backends.cloudflared.declaration import CloudflaredTiming, Managed
from portway.backends.cloudflared.name_look import name_is_known
from portway.core.backend import Context, Session
from portway.core.cancel import CancelToken
from portway.core.codes import Code
from portway.core.errors import AuthNeeded, TunnelError
from portway.core.target import Target
from portway.system.services import Services
from tests.backends.cloudflared.conftest import FOREIGN_CONFIG, CloudflaredWorld, has_ended, token_of
from tests.contract import nothing_left
from tests.fakes.backends.news import KnownSecrets, RecordedNews
from tests.fakes.origins.page import PAGE
from tests.fakes.outside.world import NAME as OUTSIDE_NAME
from tests.fakes.outside.world import outside_world
from tests.limits import NEVER, SEEN

pytestmark = pytest.mark.children

HOST = "app.example.test"
URL = f"https://{HOST}"
ELSEWHERE = "http://localhost:9"
NOBODY = {"service": "http_status:404"}


def asking(context: Context, token: str, **options: Any) -> Context:  # noqa: ANN401 - of the options
    """Return the context of an attempt at the named tunnel."""
    secrets = KnownSecrets({"tunnel_token": token} if token else {})
    asked = CloudflaredOptions(**{"hostname": HOST, **options})
    return dataclasses.replace(context, options=asked, secrets=secrets, cancel=CancelToken())


def limited(world: CloudflaredWorld, **seconds: float) -> Services:
    """Return its services with other limits."""
    return dataclasses.replace(
        world.services, timing=dataclasses.replace(CloudflaredTiming.of(world.services.timing), **seconds)
    )


def waiting(world: CloudflaredWorld, **seconds: float) -> CloudflaredBackend:
    """Return the backend with other limits."""
    return CloudflaredBackend(limited(world, **seconds))


def rules(service: str) -> list[dict[str, Any]]:
    """Return what the dashboard says where visitors of our name come to this."""
    return [{"hostname": HOST, "service": service}, NOBODY]


def managed(session: Session) -> Managed | None:
    extras: Any = session.extras  # type: ignore[attr-defined]
    found: Managed | None = extras.managed
    return found


def test_it_is_up_under_its_own_name_and_leads_where_we_say(world: CloudflaredWorld, context: Context) -> None:
    context = asking(context, world.named(HOST))
    session = world.backend.open(context)
    assert (session.public_url, managed(session)) == (URL, Managed.LOCAL)
    assert session.extras.tunnel_id in world.tunnels
    assert world.fetch(URL) == PAGE
    assert world.service.names == 0  # nobody was asked for a name
    session.close(context)


def test_its_token_is_in_the_environment_of_the_program_alone(world: CloudflaredWorld, context: Context) -> None:
    token = world.named(HOST)
    hostile = {**world.services.environment, "TUNNEL_TOKEN": "another", "TUNNEL_ORIGIN_CERT": "/x"}
    backend = CloudflaredBackend(dataclasses.replace(world.services, environment=hostile))
    context = asking(context, token, protocol="quic", host_header="localhost:3000")
    session = backend.open(context)
    process = psutil.Process(session.pid or 0)
    line, environment = process.cmdline(), process.environ()
    session.close(context)
    before, after = line[: line.index("run")], line[line.index("run") + 1 :]
    assert {"--config", "--no-autoupdate", "--metrics", "--protocol", "--grace-period"} <= set(before)
    assert before[before.index("--config") + 1] == ""
    assert after == ["--url", context.origin.url, "--http-host-header", "localhost:3000"]
    assert token not in " ".join(line)
    assert {name for name in environment if name.startswith("TUNNEL_")} == {"TUNNEL_TOKEN", "TUNNEL_NO_PRECHECKS"}
    assert environment["TUNNEL_TOKEN"] == token


def test_the_persons_own_configuration_is_kept_out(world: CloudflaredWorld, context: Context, tmp_path: Path) -> None:
    folder = tmp_path / "home" / ".cloudflared"
    folder.mkdir(parents=True)
    (folder / "config.yml").write_text(FOREIGN_CONFIG, encoding="utf-8")
    environment = {**world.services.environment, "HOME": str(tmp_path / "home")}
    backend = CloudflaredBackend(dataclasses.replace(world.services, environment=environment))
    context = asking(context, world.named(HOST))
    session = backend.open(context)
    assert world.fetch(URL) == PAGE
    session.close(context)


def test_without_its_token_it_asks_for_that_at_once(world: CloudflaredWorld, context: Context) -> None:
    with nothing_left(), pytest.raises(AuthNeeded) as caught:
        world.backend.open(asking(context, ""))
    assert (caught.value.code, caught.value.problem.parameters["host"]) == (Code.NEEDS_TOKEN, HOST)
    assert world.backend.still_blocked(Code.NEEDS_TOKEN)


def test_a_token_without_a_name_makes_a_quick_tunnel(world: CloudflaredWorld, context: Context) -> None:
    context = asking(context, world.named(HOST), hostname="")
    session = world.backend.open(context)
    assert session.public_url.endswith(".trycloudflare.com")
    assert managed(session) is Managed.QUICK
    session.close(context)


GOOD = token_of("0b9e2ba4-7ad3-4f5c-a5fb-2f7fd2a4ef11", "AAAA")
BAD_TOKENS = {
    "junk": "junk",
    "cut": GOOD[:-9],
    "quoted": f'"{GOOD}',
    "empty object": base64.b64encode(b"{}").decode(),
    "a list": base64.b64encode(b"[]").decode(),
    "no id": base64.b64encode(json.dumps({"a": "0", "t": "x", "s": "AAAA"}).encode()).decode(),
    "no secret": base64.b64encode(json.dumps({"a": "0", "t": "0" * 32, "s": "!"}).encode()).decode(),
}


@pytest.mark.parametrize("token", BAD_TOKENS.values(), ids=BAD_TOKENS)
def test_what_is_no_token_is_refused_before_anything_is_started(
    world: CloudflaredWorld, context: Context, token: str
) -> None:
    context = asking(context, token)
    with nothing_left(), pytest.raises(AuthNeeded) as caught:
        world.backend.open(context)
    assert caught.value.problem.key == "token_rejected.tunnel_shape"
    assert isinstance(context.secrets, KnownSecrets)
    assert context.secrets.forgotten == ["tunnel_token"]


REFUSED = [({"secret": "b3RoZXI="}, "token_rejected.tunnel"), ({"gone": True}, "token_rejected.tunnel_deleted")]


@pytest.mark.parametrize(("facts", "key"), REFUSED)
def test_a_token_that_is_refused_three_times_is_given_up(
    world: CloudflaredWorld, context: Context, facts: dict[str, Any], key: str
) -> None:
    context = asking(context, world.named(HOST))
    world.plan(tunnels={tunnel: {**known, **facts} for tunnel, known in world.tunnels.items()})
    with nothing_left(), pytest.raises(AuthNeeded) as caught:
        world.backend.open(context)
    assert (caught.value.problem.key, caught.value.problem.action_url is None) == (key, False)
    assert isinstance(context.secrets, KnownSecrets)
    assert context.secrets.forgotten == ["tunnel_token"]


def test_one_that_is_not_known_everywhere_yet_comes_up(world: CloudflaredWorld, context: Context) -> None:
    context = asking(context, world.named(HOST, late=2))
    session = world.backend.open(context)
    assert world.fetch(URL) == PAGE
    session.close(context)


def test_a_refusal_that_is_not_repeated_is_given_up_in_time(world: CloudflaredWorld, context: Context) -> None:
    token = world.named(HOST, gone=True)
    world.plan(tunnels=world.tunnels, knocks=NEVER)
    with nothing_left(), pytest.raises(AuthNeeded) as caught:
        waiting(world, token_doubt=0.2).open(asking(context, token))
    assert caught.value.problem.key == "token_rejected.tunnel_deleted"


class TestWhereTheDashboardDecides:
    def test_it_is_up_where_that_leads_to_us(self, world: CloudflaredWorld, context: Context) -> None:
        ours = f"http://localhost:{context.origin.port}"
        context = asking(context, world.named(HOST, remote=rules(ours), after=0.2))
        session = waiting(world, push_wait=NEVER).open(context)
        assert (session.public_url, managed(session)) == (URL, Managed.REMOTE)
        assert world.fetch(URL) == PAGE
        session.close(context)

    @pytest.mark.parametrize(
        ("remote", "key", "named"),
        [
            (rules(ELSEWHERE), "other_target", ELSEWHERE),
            (rules("unix:/run/x.sock"), "other_target", "unix:/run/x.sock"),
            ([{"hostname": HOST, "path": "^/api", "service": ELSEWHERE}, *rules("OURS")], "other_target", ELSEWHERE),
            ([{"hostname": "*.example.test", "service": ELSEWHERE}, NOBODY], "other_target", ELSEWHERE),
            ([{"hostname": "other.example.test", "service": "OURS"}, NOBODY], "other_target.no_route", HOST),
            ([NOBODY], "other_target.no_route", HOST),
        ],
    )
    def test_another_server_is_named_with_ours(
        self, world: CloudflaredWorld, context: Context, remote: list[dict[str, Any]], key: str, named: str
    ) -> None:
        pushed = json.loads(json.dumps(remote).replace("OURS", context.origin.url))
        context = asking(context, world.named(HOST, remote=pushed))
        with nothing_left(), pytest.raises(TunnelError) as caught:
            waiting(world, push_wait=NEVER).open(context)
        problem = caught.value.problem
        assert (problem.code, problem.key, problem.action_url is None) == (Code.OTHER_TARGET, key, False)
        assert named in problem.sentence
        assert context.origin.url in problem.sentence

    def test_what_leads_all_others_to_us_leads_us_too(self, world: CloudflaredWorld, context: Context) -> None:
        everybody = [{"hostname": "", "service": context.origin.url}]
        context = asking(context, world.named(HOST, remote=everybody))
        session = waiting(world, push_wait=NEVER).open(context)
        assert managed(session) is Managed.REMOTE
        session.close(context)

    @pytest.mark.expected_logs
    def test_a_change_there_to_another_server_ends_it(
        self, world: CloudflaredWorld, context: Context, news: RecordedNews
    ) -> None:
        context = asking(context, world.named(HOST))
        session = world.backend.open(context)
        world.ask(f"/_fake/push/{quote(json.dumps(rules(ELSEWHERE)))}")
        news.wait_for(lambda heard: heard.losses)
        assert [problem.code for problem in news.losses] == [Code.OTHER_TARGET]
        assert has_ended(session.pid or 0)
        session.close(context)

    def test_a_change_there_that_still_leads_to_us_is_fine(
        self, world: CloudflaredWorld, context: Context, news: RecordedNews
    ) -> None:
        context = asking(context, world.named(HOST))
        session = world.backend.open(context)
        world.ask(f"/_fake/push/{quote(json.dumps(rules(context.origin.url)))}")
        news.wait_for(lambda heard: [one for one, _ in heard.reports if getattr(one, "managed", None) == "remote"])
        assert (news.losses, news.recoverings) == ([], [])
        assert world.fetch(URL) == PAGE
        session.close(context)


class TestTheNextStart:
    def test_need_not_wait_for_a_dashboard_that_said_nothing(self, world: CloudflaredWorld, context: Context) -> None:
        context = asking(context, world.named(HOST))
        world.backend.open(context).close(context)
        session = waiting(world, push_wait=NEVER).open(context)  # which would be too late
        assert managed(session) is Managed.LOCAL
        session.close(context)

    def test_waits_for_a_dashboard_that_has_decided(self, world: CloudflaredWorld, context: Context) -> None:
        ours = rules(context.origin.url)
        context = asking(context, world.named(HOST, remote=ours))
        waiting(world, push_wait=NEVER).open(context).close(context)
        world.named(HOST, remote=rules(ELSEWHERE), after=0.5)
        with pytest.raises(TunnelError) as caught:
            waiting(world, push_wait=0.0, push_missing=NEVER).open(context)
        assert caught.value.code is Code.OTHER_TARGET

    def test_knows_nothing_of_another_tunnel(self, world: CloudflaredWorld, context: Context) -> None:
        first = asking(context, world.named(HOST))
        world.backend.open(first).close(first)
        token = world.named("b.example.test", remote=rules(ELSEWHERE)[1:], after=0.3)
        with pytest.raises(TunnelError) as caught:
            waiting(world, push_wait=NEVER).open(asking(context, token, hostname="b.example.test"))
        assert caught.value.code is Code.OTHER_TARGET


class TestItsName:
    """Whether it is in the DNS is asked once, beside the start."""

    NAME = "app.portway.dev"  # one that could be somebody's

    def backend(self, world: CloudflaredWorld, answers: list[bool | None]) -> CloudflaredBackend:
        """Return one that hears this of its name, in turn; another question is a fault."""
        self.asked: list[str] = []

        def known(name: str, _limit: float) -> bool | None:
            self.asked.append(name)
            return answers.pop(0)

        return CloudflaredBackend(world.services, shared=Shared(world.services, known))

    def test_one_that_nobody_finds_is_told_once_and_then_not_in_the_way(
        self, world: CloudflaredWorld, context: Context
    ) -> None:
        backend = self.backend(world, [False])
        context = asking(context, world.named(self.NAME), hostname=self.NAME)
        with nothing_left(), pytest.raises(TunnelError) as caught:
            backend.open(context)
        assert (caught.value.code, caught.value.problem.key) == (
            Code.DOMAIN_NOT_YOURS,
            "domain_not_yours.no_record",
        )
        session = backend.open(context)  # the resolver may remember for a while what was not there
        assert session.public_url == f"https://{self.NAME}"
        session.close(context)

    def test_one_that_was_found_is_not_asked_for_again(self, world: CloudflaredWorld, context: Context) -> None:
        backend = self.backend(world, [None, True])
        context = asking(context, world.named(self.NAME), hostname=self.NAME)
        for _ in range(3):
            backend.open(context).close(context)
        assert self.asked == [self.NAME] * 2

    def test_a_resolver_that_does_not_answer_is_not_waited_for(self, world: CloudflaredWorld, context: Context) -> None:
        services = limited(world, probe_limit=0.3)
        answered = threading.Event()
        backend = CloudflaredBackend(services, shared=Shared(services, lambda *_: answered.wait(NEVER)))
        context = asking(context, world.named(self.NAME), hostname=self.NAME)
        session = backend.open(context)
        answered.set()
        session.close(context)

    @pytest.mark.parametrize(("name", "proxy"), [(HOST, ""), (NAME, "http://proxy.example.test:3128")])
    def test_what_no_answer_would_tell_is_not_asked(
        self, world: CloudflaredWorld, context: Context, name: str, proxy: str
    ) -> None:
        world.services = dataclasses.replace(
            world.services, environment={**world.services.environment, "HTTPS_PROXY": proxy}
        )
        backend = self.backend(world, [])
        context = asking(context, world.named(name), hostname=name)
        backend.open(context).close(context)
        assert self.asked == []

    def test_it_is_asked_of_a_resolver_on_the_internet(self) -> None:
        with outside_world() as outside:
            assert name_is_known(OUTSIDE_NAME, SEEN, outside.outside()) is True
            outside.knows_name = False
            assert name_is_known(OUTSIDE_NAME, SEEN, outside.outside()) is False
            outside.resolver_status = 500
            assert name_is_known(OUTSIDE_NAME, SEEN, outside.outside()) is None
            assert set(outside.asked) == {OUTSIDE_NAME}


def test_a_lost_edge_keeps_the_url_and_comes_back(
    world: CloudflaredWorld, context: Context, news: RecordedNews
) -> None:
    context = asking(context, world.named(HOST))
    session = world.backend.open(context)
    world.ask("/_fake/edge-down")
    news.wait_for(lambda heard: heard.recoverings)
    world.ask("/_fake/edge-up")
    news.wait_for(lambda heard: heard.recovered_urls == [URL])
    assert news.losses == []
    session.close(context)


@pytest.mark.expected_logs
def test_one_that_is_deleted_while_it_is_up_is_told_and_ended(
    world: CloudflaredWorld, context: Context, news: RecordedNews
) -> None:
    context = asking(context, world.named(HOST))
    session = world.backend.open(context)
    world.ask("/_fake/delete")
    news.wait_for(lambda heard: heard.losses)
    assert [problem.key for problem in news.losses] == ["token_rejected.tunnel_deleted"]
    assert has_ended(session.pid or 0)
    session.close(context)


def test_a_second_program_with_the_same_token_is_no_error(world: CloudflaredWorld, context: Context) -> None:
    context = asking(context, world.named(HOST))
    first, second = world.backend.open(context), world.backend.another("shop").open(context)
    assert first.public_url == second.public_url == URL
    for session in (first, second):
        session.close(context)


class TestAdoption:
    @pytest.fixture
    def left_up(self, world: CloudflaredWorld, context: Context) -> Context:
        """One was left up, as a killed Portway leaves it; returns with what it was asked for."""
        context = asking(context, world.named(HOST))
        world.backend.open(context).leave()
        return context

    def test_it_is_known_again_by_the_id_of_its_tunnel(self, world: CloudflaredWorld, left_up: Context) -> None:
        began, pid = world.record["startedAt"], world.record["pid"]
        session = waiting(world, push_wait=NEVER).reclaim(left_up)
        assert session is not None
        assert session.since is not None
        assert (session.public_url, session.pid, session.since.isoformat()) == (URL, pid, began)
        assert world.fetch(URL) == PAGE
        session.close(left_up)
        assert has_ended(pid)

    @pytest.mark.parametrize("hostname", ["", "other.example.test"])
    def test_under_another_name_it_is_of_no_use(self, world: CloudflaredWorld, left_up: Context, hostname: str) -> None:
        pid = world.record["pid"]
        options = dataclasses.replace(left_up.options, hostname=hostname)
        assert world.backend.reclaim(dataclasses.replace(left_up, options=options)) is None
        assert has_ended(pid)

    def test_one_that_leads_elsewhere_by_now_is_ended(self, world: CloudflaredWorld, left_up: Context) -> None:
        pid = world.record["pid"]
        world.ask(f"/_fake/push/{quote(json.dumps(rules(ELSEWHERE)))}")
        assert world.backend.reclaim(left_up) is None
        assert has_ended(pid)

    def test_a_program_that_serves_another_tunnel_is_not_taken_for_it(
        self, world: CloudflaredWorld, left_up: Context
    ) -> None:
        file = world.services.folders.state / "cloudflared-state.json"
        record = {**world.record, "tunnelId": "0b9e2ba4-7ad3-4f5c-a5fb-2f7fd2a4ef11"}
        file.write_text(json.dumps(record), encoding="utf-8")
        assert waiting(world, start_limit=0.2).reclaim(left_up) is None
        assert has_ended(record["pid"])


def test_two_tunnels_of_one_name_are_warned_of(world: CloudflaredWorld) -> None:
    one, same, other = (CloudflaredOptions(hostname=name) for name in (HOST, HOST.upper(), "b.example.test"))
    assert world.backend.caution(one, [other, same])
    assert not world.backend.caution(one, [other])
    assert not world.backend.caution(CloudflaredOptions(), [CloudflaredOptions()])


def test_the_record_holds_no_token(world: CloudflaredWorld, context: Context, origin: Target) -> None:
    token = world.named(HOST)
    context = asking(context, token)
    session = world.backend.open(context)
    written = b"".join(path.read_bytes() for path in world.services.folders.state.rglob("*") if path.is_file())
    session.close(context)
    assert HOST.encode() in written
    assert token.encode() not in written
