"""The tunnels as clients see them (tray, window, REST), with a test in the place of all that runs; and a keyring."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from portway.core.backend import Backend
from portway.core.codes import Code
from portway.core.errors import Problem, TunnelError
from portway.core.hub import Ask, JobDone, JobFailed, JobNews, Unsubscribe
from portway.core.secret import Secret
from portway.core.settings import Settings
from portway.core.status import BackendId, Phase, Progress, TunnelStatus
from portway.core.target import parse_target

DOWN: dict[str, Any] = {
    "phase": Phase.STOPPED, "wanted": False, "public_url": None, "problem": None, "retry_at": None, "attempt": 0,
}  # fmt: skip


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
        self.listeners: dict[object, Callable[[JobNews], None]] = {}
        self._latest: JobNews | None = None

    def subscribe(self, listener: Callable[[JobNews], None]) -> Unsubscribe:
        key = object()
        self.listeners[key] = listener
        if self._latest is not None:
            listener(self._latest)
        return lambda: self.listeners.pop(key, None) and None

    def cancel(self) -> None:
        self.cancelled = True

    def tell(self, news: JobNews) -> None:
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
    found: Mapping[str, JobNews] = field(default_factory=dict)
    storing: Problem | None = None  # what is wrong with the keeping of a token that is to be remembered
    refusal: TunnelError | None = None  # what an enable raises
    bug: BaseException | None = None  # what every call raises
    ports: frozenset[int] = frozenset()
    enabled: list[tuple[str, Ask]] = field(default_factory=list)
    disabled: list[str] = field(default_factory=list)
    ways_down: list[Ask | None] = field(default_factory=list)  # what was named with each disable
    commands: list[tuple[str, str, Ask]] = field(default_factory=list)
    jobs: dict[tuple[str, str], FakeJob] = field(default_factory=dict)
    quits: int = 0
    reloads: int = 0

    def __post_init__(self) -> None:
        self.settings = self.load()
        target = parse_target(self.settings.general.target).url
        self._statuses = {
            backend.id: TunnelStatus(
                backend=backend.id, reach=backend.reach, target_url=target, extras=backend.no_extras
            )
            for backend in self.backends
        }
        self._listeners: dict[object, Callable[[TunnelStatus], None]] = {}

    def show(self, backend: str, **changes: Any) -> TunnelStatus:  # noqa: ANN401 - any field of a status
        """Let one status be another one, and tell it."""
        status = replace(self._statuses[BackendId(backend)], **changes)
        self._statuses[status.backend] = status
        for listener in tuple(self._listeners.values()):
            listener(status)
        return status

    def status(self, backend: BackendId) -> TunnelStatus:
        self._stumble()
        return self._statuses[backend]

    def statuses(self) -> tuple[TunnelStatus, ...]:
        self._stumble()
        return tuple(self._statuses.values())

    def subscribe(self, listener: Callable[[TunnelStatus], None]) -> Unsubscribe:
        key = object()
        self._listeners[key] = listener
        return lambda: self._listeners.pop(key, None) and None  # without the listener: it would keep itself alive

    def own_ports(self) -> frozenset[int]:
        return self.ports

    def enable(self, backend: BackendId, ask: Ask) -> None:
        self._stumble()
        if self.refusal is not None:
            raise self.refusal
        before = self._statuses[backend]
        target = ask.target or parse_target(before.target_url)
        if target.port in self.ports:
            raise TunnelError(Code.BAD_REQUEST, "target_own_port", field="target", port=target.port)
        self.enabled.append((backend, ask))
        if not self.holds and before.running and before.wanted and before.target_url == target.url:
            self.store(ask)
            return
        self.show(
            backend, phase=Phase.STARTING, wanted=True, target_url=target.url, attempt=1, public_url=None, problem=None,
            retry_at=None,
        )  # fmt: skip
        if not self.holds and self.show(backend, **self.outcomes.get(backend, up(backend))).running:
            self.store(ask)

    def store(self, ask: Ask) -> None:
        """Say how the keeping of a token went that was to be remembered."""
        for tell in ask.on_stored:
            tell(self.storing)

    def disable(self, backend: BackendId, ask: Ask | None = None) -> None:
        self._stumble()
        self.disabled.append(backend)
        self.ways_down.append(ask)
        if self.keeps_up and self._statuses[backend].phase in (Phase.STARTING, Phase.RUNNING):
            self.show(backend, wanted=False, problem=None, retry_at=None)
        else:
            self.show(backend, **DOWN)

    def disable_all(self) -> None:
        for backend in self.backends:
            self.disable(backend.id)

    def command(self, backend: BackendId, name: str, ask: Ask) -> FakeJob:
        self._stumble()
        self.commands.append((backend, name, ask))
        if self.holds:
            return self.jobs.setdefault((backend, name), FakeJob())
        job = FakeJob()
        job.tell(self.found.get(name, JobDone({})))
        return job

    def fetch(self, backend: BackendId, name: str) -> FakeJob:
        return self.jobs.setdefault((backend, f"fetch {name}"), FakeJob())

    def job(self, backend: BackendId, name: str) -> FakeJob | None:
        return self.jobs.get((backend, name))

    def end_job(self, backend: str, name: str, news: JobDone | JobFailed) -> None:
        """End a running command."""
        self.jobs.pop((backend, name)).tell(news)

    def move_job(self, backend: str, name: str, progress: Progress) -> None:
        """Let a running command move on."""
        self.jobs[(backend, name)].tell(progress)

    def reload(self) -> None:
        self._stumble()
        self.reloads += 1
        self.settings = self.load()
        target = parse_target(self.settings.general.target).url
        for status in self.statuses():
            if status.phase in (Phase.STOPPED, Phase.NEEDS_AUTH, Phase.ERROR) and status.target_url != target:
                self.show(status.backend, target_url=target)

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
