"""The tunnels as clients see them (tray, window, REST), with a test in the place of all that runs; and a keyring."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from portway.core.backend import Backend
from portway.core.codes import Code
from portway.core.errors import Problem, TunnelError
from portway.core.guard.reasons import Reason, why
from portway.core.hub import (
    NO_OPTIONS,
    EnableRequest,
    GuardRequest,
    JobDone,
    JobEvent,
    JobFailed,
    KeptOut,
    ReplayRequest,
    RequestRow,
    StreamsTest,
    TunnelNews,
    Unsubscribe,
)
from portway.core.secret import Secret
from portway.core.settings import SavedTunnel, Settings, check_tunnel_id
from portway.core.status import (
    BackendId,
    Passage,
    Phase,
    Progress,
    Proof,
    StreamCheck,
    StreamTest,
    TunnelId,
    TunnelStatus,
    Verified,
)
from portway.core.target import parse_target
from portway.relay.capture.replay import replay
from portway.runtime.tunnel.request_log import LateRequestLog

DOWN: dict[str, Any] = {
    "phase": Phase.STOPPED,
    "wanted": False,
    "public_url": None,
    "problem": None,
    "retry_at": None,
    "attempt": 0,
}


def up(backend: str) -> dict[str, Any]:
    """Return the changes that make a status a running one."""
    return {"phase": Phase.RUNNING, "public_url": f"https://{backend}.example"}


def blocked(problem: Problem) -> dict[str, Any]:
    """Return the changes that make a status one that a person has to help."""
    return {"phase": Phase.NEEDS_AUTH, "public_url": None, "problem": problem}


class FakeJob:
    """Implements core.hub.Job; `tell` gives it news, its end too, as one that is cancelled takes a while to end."""

    def __init__(self) -> None:
        self.cancelled = False
        self.listeners: dict[object, Callable[[JobEvent], None]] = {}
        self._latest: JobEvent | None = None

    def subscribe(self, listener: Callable[[JobEvent], None]) -> Unsubscribe:
        key = object()
        self.listeners[key] = listener
        if self._latest is not None:
            listener(self._latest)
        return lambda: self.listeners.pop(key, None) and None

    def cancel(self) -> None:
        self.cancelled = True

    def tell(self, news: JobEvent) -> None:
        self._latest = news
        for listener in tuple(self.listeners.values()):
            listener(news)


@dataclass
class FakeHub:
    """Implements core.hub.Hub: asks are kept in lists, statuses are what a test shows.

    While `holds`, an enable stays `starting` and a command at work until the test tells more; else the one comes to
    what `outcomes` says of its backend, running if nothing, and the other to `found`. A disable is done at once unless
    `keeps_up`.
    """

    backends: tuple[Backend, ...]
    load: Callable[[], Settings] = Settings
    holds: bool = True
    keeps_up: bool = False
    outcomes: dict[str, dict[str, Any]] = field(default_factory=dict)
    found: Mapping[str, JobEvent] = field(default_factory=dict)
    storing: Problem | None = None  # what is wrong with the keeping of a token that is to be remembered
    refusal: TunnelError | None = None  # what an enable raises
    cautions: dict[str, str] = field(default_factory=dict)  # by backend, while another of its tunnels is wanted
    bug: BaseException | None = None  # what every call raises
    found_outside: Verified = field(
        default_factory=lambda: Verified(state=Proof.OK, ms=26)
    )  # what a look from there finds
    ports: frozenset[int] = frozenset()
    enabled: list[tuple[str, EnableRequest]] = field(default_factory=list)
    disabled: list[str] = field(default_factory=list)
    ways_down: list[EnableRequest | None] = field(default_factory=list)  # what was named with each disable
    commands: list[tuple[str, str, EnableRequest]] = field(default_factory=list)
    jobs: dict[tuple[str, str], FakeJob] = field(default_factory=dict)
    saved: dict[str, SavedTunnel] = field(default_factory=dict)
    removed: list[str] = field(default_factory=list)
    requests: LateRequestLog = field(default_factory=LateRequestLog)
    followers: list[Callable[[tuple[RequestRow, ...], Mapping[str, int]], None]] = field(default_factory=list)
    guarded: list[tuple[str, GuardRequest]] = field(default_factory=list)
    extended: list[tuple[str, float]] = field(default_factory=list)
    left_tests: list[str] = field(default_factory=list)  # tunnels whose test of streams was left
    guard_problem: Problem | None = None  # what comes of a change of who may open a tunnel
    link: str | None = None
    kept: dict[str, tuple[KeptOut, ...]] = field(default_factory=dict)  # who was kept out of a tunnel
    visited: dict[str, dict[str, datetime]] = field(default_factory=dict)  # by whom who may come, by tunnel
    quits: int = 0
    reloads: int = 0

    def __post_init__(self) -> None:
        self.settings = self.load()
        self._statuses: dict[str, TunnelStatus] = {}
        self._tunnel_followers: dict[object, Callable[[TunnelNews], None]] = {}
        self._listeners: dict[object, Callable[[TunnelStatus], None]] = {}
        self.have(*self.backends)

    def have(self, *backends: Backend) -> None:
        """Let there be these tunnels, in this order; those that were there before stay as they are."""
        self.tunnels: tuple[Backend, ...] = backends
        target = parse_target(self.settings.general.target).url
        fresh = {
            backend.id: TunnelStatus(
                backend=backend.kind,
                id=backend.id,
                name=backend.title,
                reach=backend.reach,
                target_url=target,
                extras=backend.no_extras,
            )
            for backend in backends
        }
        self._statuses = {identity: self._statuses.get(identity, status) for identity, status in fresh.items()}

    def show(self, backend: str, **changes: Any) -> TunnelStatus:  # noqa: ANN401 - any field of a status
        """Let one status be another one, and tell it."""
        status = replace(self._statuses[backend], **changes)
        self._statuses[status.id] = status
        for listener in tuple(self._listeners.values()):
            listener(status)
        return status

    def status(self, tunnel: TunnelId) -> TunnelStatus:
        self._stumble()
        return self._statuses[tunnel]

    def statuses(self) -> tuple[TunnelStatus, ...]:
        self._stumble()
        return tuple(self._statuses.values())

    def subscribe(self, listener: Callable[[TunnelStatus], None]) -> Unsubscribe:
        key = object()
        self._listeners[key] = listener
        return lambda: self._listeners.pop(key, None) and None  # without the listener: it would keep itself alive

    def guard(self, tunnel: TunnelId, request: GuardRequest, done: Callable[[Problem | None], None]) -> None:
        self._stumble()
        self.guarded.append((tunnel, request))
        self.show(tunnel, guard=request.change.of(self._statuses[tunnel].guard))
        done(self.guard_problem)

    def extend(self, tunnel: TunnelId, seconds: float) -> None:
        self._stumble()
        if self.refusal is not None:
            raise self.refusal
        self.extended.append((tunnel, seconds))

    def verify(self, tunnel: TunnelId, done: Callable[[TunnelStatus], None]) -> None:
        self._stumble()
        if self.refusal is not None:
            raise self.refusal
        done(self.show(tunnel, verified=self.found_outside))

    def test_streams(self, tunnel: TunnelId) -> StreamsTest:
        self._stumble()
        if self.refusal is not None:
            raise self.refusal

        def begin(told: Callable[[StreamCheck | None], None]) -> Unsubscribe:
            for test in StreamTest:
                told(StreamCheck(test, Passage.OK, why(Reason.EVENTS_FLOW), 26))
            if not self.holds:
                told(None)
            return lambda: self.left_tests.append(tunnel)

        return begin

    def one_time_link(self, tunnel: TunnelId) -> str | None:
        return self.link

    def link_waits(self, tunnel: TunnelId, link: str) -> bool:
        return link == self.link

    def kept_out(self, tunnel: TunnelId) -> tuple[KeptOut, ...]:
        return self.kept.get(tunnel, ())

    def visits(self, tunnel: TunnelId) -> Mapping[str, datetime]:
        return self.visited.get(tunnel, {})

    def follow_tunnels(self, listener: Callable[[TunnelNews], None]) -> Unsubscribe:
        key = object()
        self._tunnel_followers[key] = listener
        return lambda: self._tunnel_followers.pop(key, None) and None

    def add(self, tunnel: SavedTunnel) -> None:
        self._stumble()
        check_tunnel_id(tunnel.id, [backend.kind for backend in self.backends])
        if tunnel.id in self._statuses:
            raise TunnelError(Code.NAME_TAKEN, name=tunnel.id)
        self.saved[tunnel.id] = tunnel
        self._take_saved()
        self._add(tunnel.backend, tunnel.id, tunnel.name or tunnel.id, tunnel.target, saved=True)

    def add_temporary(self, backend: BackendId, word: str = "", name: str = "") -> TunnelId:
        self._stumble()
        free = next(word for word in (f"{backend}-{number}" for number in range(2, 99)) if word not in self._statuses)
        if word in self._statuses:
            raise TunnelError(Code.NAME_TAKEN, name=word)
        made = word or free
        self._add(backend, made, name or made, "", saved=False)
        return made

    def change(self, tunnel: SavedTunnel) -> None:
        self._stumble()
        if tunnel.id not in self.saved:
            raise TunnelError(Code.BUILT_IN, name=tunnel.id)
        self.saved[tunnel.id] = tunnel
        self._take_saved()
        target = parse_target(tunnel.target or self.settings.general.target).url
        self.show(tunnel.id, name=tunnel.name or tunnel.id, target_url=target)
        self._tell(TunnelNews(tunnel.id, "changed"))

    def remove(self, tunnel: TunnelId) -> None:
        self._stumble()
        if tunnel in [backend.kind for backend in self.backends]:
            raise TunnelError(Code.BUILT_IN, name=tunnel)
        self.saved.pop(tunnel, None)
        self._take_saved()
        self.removed.append(tunnel)
        self.have(*(one for one in self.tunnels if one.id != tunnel))
        self._tell(TunnelNews(tunnel, "removed"))

    def move(self, tunnel: TunnelId, before: TunnelId | None) -> None:
        self._stumble()
        if tunnel not in self.saved or (before is not None and before not in self.saved):
            raise TunnelError(Code.BUILT_IN, name=tunnel)
        moved = next(one for one in self.tunnels if one.id == tunnel)
        rest = [one for one in self.tunnels if one is not moved]
        place = next((index for index, one in enumerate(rest) if one.id == before), len(rest))
        self.have(*rest[:place], moved, *rest[place:])
        self._tell(TunnelNews(tunnel, "changed"))

    def _take_saved(self) -> None:
        self.settings = replace(self.settings, tunnels=dict(self.saved))

    def _add(self, kind: BackendId, name: TunnelId, title: str, target: str, *, saved: bool) -> None:
        made = next(one for one in self.backends if one.kind == kind).another(name)
        built_in = len(self.backends)
        self.have(*self.tunnels[:built_in], made, *self.tunnels[built_in:])
        url = parse_target(target or self.settings.general.target).url
        self._statuses[name] = replace(
            self._statuses[name], name=title, saved=saved, target_url=url, own_target=bool(target)
        )
        self._tell(TunnelNews(name, "added"))

    def _tell(self, news: TunnelNews) -> None:
        for listener in tuple(self._tunnel_followers.values()):
            listener(news)

    def caution(self, backend: BackendId, tunnel: TunnelId = "", options: Mapping[str, object] = NO_OPTIONS) -> str:
        others = [one for one in self.statuses() if one.backend == backend and one.id != tunnel and one.wanted]
        return self.cautions.get(backend, "") if others else ""

    def own_ports(self) -> frozenset[int]:
        return self.ports

    def enable(self, tunnel: TunnelId, ask: EnableRequest) -> None:
        self._stumble()
        if self.refusal is not None:
            raise self.refusal
        before = self._statuses[tunnel]
        target = ask.target or parse_target(before.target_url)
        if target.port in self.ports:
            raise TunnelError(Code.BAD_REQUEST, "target_own_port", field="target", port=target.port)
        self.enabled.append((tunnel, ask))
        if not self.holds and before.running and before.wanted and before.target_url == target.url:
            self.store(ask)
            return
        self.show(
            tunnel,
            phase=Phase.STARTING,
            wanted=True,
            target_url=target.url,
            attempt=1,
            public_url=None,
            problem=None,
            retry_at=None,
        )
        if not self.holds and self.show(tunnel, **self.outcomes.get(tunnel, up(tunnel))).running:
            self.store(ask)

    def store(self, ask: EnableRequest) -> None:
        """Say how the keeping of a token went that was to be remembered."""
        for tell in ask.on_stored:
            tell(self.storing)

    def disable(self, tunnel: TunnelId, ask: EnableRequest | None = None) -> None:
        self._stumble()
        self.disabled.append(tunnel)
        self.ways_down.append(ask)
        if self.keeps_up and self._statuses[tunnel].phase in (Phase.STARTING, Phase.RUNNING):
            self.show(tunnel, wanted=False, problem=None, retry_at=None)
        else:
            self.show(tunnel, **DOWN)

    def disable_all(self) -> None:
        for backend in self.backends:
            self.disable(backend.id)

    def command(self, tunnel: TunnelId, name: str, ask: EnableRequest) -> FakeJob:
        self._stumble()
        self.commands.append((tunnel, name, ask))
        if self.holds:
            return self.jobs.setdefault((tunnel, name), FakeJob())
        job = FakeJob()
        job.tell(self.found.get(name, JobDone({})))
        return job

    def fetch(self, tunnel: TunnelId, name: str) -> FakeJob:
        return self.jobs.setdefault((tunnel, f"fetch {name}"), FakeJob())

    def job(self, tunnel: TunnelId, name: str) -> FakeJob | None:
        return self.jobs.get((tunnel, name))

    def end_job(self, backend: str, name: str, news: JobDone | JobFailed) -> None:
        """End a running command."""
        self.jobs.pop((backend, name)).tell(news)

    def move_job(self, backend: str, name: str, progress: Progress) -> None:
        """Let a running command move on."""
        self.jobs[(backend, name)].tell(progress)

    def replay(
        self, tunnel: TunnelId, number: int, changes: ReplayRequest, done: Callable[[RequestRow | Problem], None]
    ) -> None:
        self._stumble()
        target = parse_target(self._statuses[tunnel].target_url).first
        try:
            done(replay(self.requests.store, tunnel, number, target, changes).row())
        except TunnelError as error:
            done(error.problem)

    def follow_requests(self, listener: Callable[[tuple[RequestRow, ...], Mapping[str, int]], None]) -> Unsubscribe:
        self.followers.append(listener)
        return lambda: self.followers.remove(listener)

    def aside(self, call: Callable[[], object], done: Callable[[object], None]) -> None:
        self._stumble()
        try:
            done(call())
        except TunnelError as error:
            done(error.problem)

    def reload(self) -> None:
        self._stumble()
        self.reloads += 1
        self.settings = self.load()
        if self.saved:
            self._take_saved()
        target = parse_target(self.settings.general.target).url
        for status in self.statuses():
            if status.phase in (Phase.STOPPED, Phase.NEEDS_AUTH, Phase.ERROR) and status.target_url != target:
                self.show(status.id, target_url=target)

    def quit(self) -> None:
        self._stumble()
        self.quits += 1

    def _stumble(self) -> None:
        if self.bug is not None:
            raise self.bug


@dataclass
class FakeVault:
    """Implements core.hub.Vault. `problem` is what a put or remove comes to; while `silent`, it does not answer."""

    problem: Problem | None = None
    silent: bool = False
    secrets: dict[tuple[str, str], Secret] = field(default_factory=dict)
    waiting: list[Callable[[], None]] = field(default_factory=list)
    puts: int = 0

    def get(self, owner: str, name: str, done: Callable[[Secret | None], None]) -> None:
        self._answer(lambda: done(self.secrets.get((owner, name))))

    def known(self, owner: str, name: str) -> bool | None:
        return (owner, name) in self.secrets

    def put(self, owner: str, name: str, secret: Secret, done: Callable[[Problem | None], None]) -> None:
        self.secrets[(owner, name)] = secret
        self.puts += 1
        self._answer(lambda: done(self.problem))

    def remove(self, owner: str, name: str, done: Callable[[Problem | None], None]) -> None:
        self.secrets.pop((owner, name), None)
        self._answer(lambda: done(self.problem))

    def _answer(self, answer: Callable[[], None]) -> None:
        if self.silent:
            self.waiting.append(answer)
        else:
            answer()
