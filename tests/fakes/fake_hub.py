"""A hub and a vault for tests of the REST API: they answer at once, or when the test says so.

The four backends only declare what the API promises of each; nothing runs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from portway.backends.lan.declaration import LanExtras, LanOptions
from portway.backends.ngrok.declaration import NgrokExtras, NgrokOptions
from portway.core.backend import Answer, Command, Context, Session
from portway.core.codes import Code
from portway.core.errors import Problem, TunnelError
from portway.core.hub import Ask, JobDone, JobFailed, JobNews, Unsubscribe
from portway.core.options import Kind, NoOptions, option
from portway.core.secret import Secret
from portway.core.settings import Settings
from portway.core.status import BackendId, Installation, NoExtras, Phase, Reach, TunnelStatus
from portway.core.target import Target, parse_target

LOGIN_PAGE = "https://login.tailscale.com/a/0123456789ab"
FUNNEL_PAGE = "https://login.tailscale.com/f/funnel?node=n0123"
NEEDS_LOGIN = Problem(Code.NEEDS_LOGIN, parameters={"service": "Tailscale"}, action_url=LOGIN_PAGE)
FUNNEL_OFF = Problem(Code.FUNNEL_NOT_ENABLED, action_url=FUNNEL_PAGE)
NEEDS_TOKEN = Problem(Code.NEEDS_TOKEN, parameters={"service": "ngrok"}, action_url="https://dashboard.ngrok.com/")
NO_NETWORK = Problem(Code.NO_NETWORK, "service", {"service": "Cloudflare"})


@dataclass(frozen=True, slots=True, kw_only=True)
class HostHeaderOptions:
    host_header: str = option(
        "", label="Host header", help="The Host that the local server gets.", kind=Kind.TEXT, body="hostHeader",
        pattern=r"[A-Za-z0-9.-]+(?::\d{1,5})?", expected="a host like localhost:3000",
    )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateOptions:
    update: bool = option(False, label="Update", help="Also where one is there.", kind=Kind.FLAG, body="update")


@dataclass(frozen=True, slots=True, kw_only=True)
class RightsOptions:
    sudo_password: Secret | None = option(  # noqa: RUF009 - `option` makes a field
        None, label="Password", help="Of this account.", kind=Kind.SECRET, body="sudoPassword",
    )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class HostnameOptions:
    hostname: str = option(
        "", label="Host name", help="The first part of the address.", kind=Kind.TEXT, body="hostname",
        pattern=r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?", expected="a host name like my-laptop",
    )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class LoginOptions(HostnameOptions):
    sudo_password: Secret | None = option(  # noqa: RUF009 - `option` makes a field
        None, label="Password", help="Of this account.", kind=Kind.SECRET, body="sudoPassword",
    )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class TailscaleExtras:
    tunnel_url: str | None = None
    logged_in: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckAnswer:
    installed: bool = False
    logged_in: bool = False
    daemon_running: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LoginAnswer:
    auth_url: str = ""
    already_logged_in: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FunnelAnswer:
    tunnel_url: str = ""
    needs_login: bool = False
    auth_url: str = ""
    funnel_not_enabled: bool = False
    enable_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaredBackend:
    """Implements core.backend.Backend as far as it declares something."""

    id: BackendId
    title: str
    reach: Reach = Reach.INTERNET
    options: type = NoOptions
    no_extras: object = NoExtras()
    commands: tuple[Command, ...] = ()
    can_stay: bool = False
    refusals_allowed: int = 0

    def inspect(self) -> Installation:
        raise NotImplementedError

    def reclaim(self, context: Context) -> Session | None:
        raise NotImplementedError

    def open(self, context: Context) -> Session:
        raise NotImplementedError

    def still_blocked(self, code: Code) -> bool:
        raise NotImplementedError


def four_backends() -> tuple[DeclaredBackend, ...]:
    """Return them as people see them."""
    return (
        DeclaredBackend(
            id=BackendId("lan"), title="Local network", reach=Reach.NETWORK, options=LanOptions, no_extras=LanExtras()
        ),
        DeclaredBackend(
            id=BackendId("cloudflared"), title="Cloudflare", options=HostHeaderOptions,
            commands=(_command("install", options=UpdateOptions, streams=True),),
        ),
        DeclaredBackend(id=BackendId("ngrok"), title="ngrok", options=NgrokOptions, no_extras=NgrokExtras()),
        DeclaredBackend(
            id=BackendId("tailscale"), title="Tailscale", options=HostnameOptions, no_extras=TailscaleExtras(),
            commands=(
                replace(_command("check", answer=CheckAnswer), method="GET"),
                _command("install", options=RightsOptions, streams=True),
                _command("start-daemon", options=RightsOptions),
                _command("operator", options=RightsOptions),
                _command("login", options=LoginOptions, answer=LoginAnswer),
                replace(_command("enable", options=LoginOptions, answer=FunnelAnswer), run=None, action="enable",
                        shape=_shape),
                replace(_command("disable", options=RightsOptions), run=None, action="disable"),
            ),
        ),
    )  # fmt: skip


def _command(name: str, *, options: type = NoOptions, answer: type = NoOptions, streams: bool = False) -> Command:
    return Command(
        name=name, method="POST", path=name, label=name.title(), options=options, answer=answer, streams=streams,
        run=_never,
    )  # fmt: skip


def _never(_context: Context) -> Answer:
    raise NotImplementedError


def _shape(status: TunnelStatus) -> Answer:
    """Return the extra fields of an enable's answer, as OmniRoute's scripts read them."""
    match status.code:
        case Code.NEEDS_LOGIN:
            return {"needs_login": True, "auth_url": status.action_url or ""}
        case Code.FUNNEL_NOT_ENABLED:
            return {"funnel_not_enabled": True, "enable_url": status.action_url or ""}
        case _:
            return {} if status.public_url is None else {"tunnel_url": status.public_url}


class FakeJob:
    """Implements core.hub.Job; `tell` gives it news."""

    def __init__(self) -> None:
        self.cancelled = False
        self.latest: JobNews | None = None
        self.listeners: dict[object, Callable[[JobNews], None]] = {}

    def subscribe(self, listener: Callable[[JobNews], None]) -> Unsubscribe:
        key = object()
        self.listeners[key] = listener
        if self.latest is not None:
            listener(self.latest)
        return lambda: self.listeners.pop(key, None) and None

    def cancel(self) -> None:
        self.cancelled = True
        self.tell(JobFailed(Problem(Code.CANCELLED)))

    def tell(self, news: JobNews) -> None:
        self.latest = news
        for listener in tuple(self.listeners.values()):
            listener(news)


@dataclass
class FakeVault:
    """Implements core.hub.Vault. `problem` is what a put or remove comes to; while `silent`, it does not answer."""

    problem: Problem | None = None
    silent: bool = False
    held: dict[tuple[str, str], Secret] = field(default_factory=dict)
    waiting: list[Callable[[], None]] = field(default_factory=list)

    def get(self, owner: str, name: str, done: Callable[[Secret | None], None]) -> None:
        self._answer(lambda: done(self.held.get((owner, name))))

    def put(self, owner: str, name: str, secret: Secret, done: Callable[[Problem | None], None]) -> None:
        self.held[(owner, name)] = secret
        self._answer(lambda: done(self.problem))

    def remove(self, owner: str, name: str, done: Callable[[Problem | None], None]) -> None:
        self.held.pop((owner, name), None)
        self._answer(lambda: done(self.problem))

    def _answer(self, answer: Callable[[], None]) -> None:
        if self.silent:
            self.waiting.append(answer)
        else:
            answer()


@dataclass
class FakeHub:
    """Implements core.hub.Hub.

    An enable comes out at once as `outcomes` says of its backend, by default running; while `holds`, it stays
    `starting` until the test shows something else. A command comes to `found` at once, or to nothing while `holds`.
    """

    backends: tuple[DeclaredBackend, ...] = field(default_factory=four_backends)
    settings: Settings = field(default_factory=Settings)
    outcomes: dict[str, dict[str, Any]] = field(default_factory=dict)
    found: Mapping[str, JobNews] = field(default_factory=dict)
    holds: bool = False
    bug: BaseException | None = None  # what every call raises
    ports: frozenset[int] = frozenset()
    enabled: list[tuple[str, Ask]] = field(default_factory=list)
    disabled: list[tuple[str, Ask | None]] = field(default_factory=list)
    commands: list[tuple[str, str, Ask]] = field(default_factory=list)
    jobs: dict[tuple[str, str], FakeJob] = field(default_factory=dict)
    reloads: int = 0
    quits: int = 0

    def __post_init__(self) -> None:
        target = parse_target(self.settings.general.target).url
        self._statuses = {
            backend.id: TunnelStatus(
                backend=backend.id, reach=backend.reach, target_url=target, extras=backend.no_extras
            )
            for backend in self.backends
        }
        self.listeners: dict[object, Callable[[TunnelStatus], None]] = {}

    def show(self, backend: str, **changes: Any) -> TunnelStatus:  # noqa: ANN401 - of any field
        """Let one status be another one, and tell it."""
        status = replace(self._statuses[BackendId(backend)], **changes)
        self._statuses[status.backend] = status
        for listener in tuple(self.listeners.values()):
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
        self.listeners[key] = listener
        return lambda: self.listeners.pop(key, None) and None

    def own_ports(self) -> frozenset[int]:
        return self.ports

    def enable(self, backend: BackendId, ask: Ask) -> None:
        self._stumble()
        before = self._statuses[backend]
        target: Target = ask.target or parse_target(before.target_url)
        if target.port in self.ports:
            raise TunnelError(Code.BAD_REQUEST, "target_own_port", field="target", port=target.port)
        self.enabled.append((backend, ask))
        if before.running and before.wanted and before.target_url == target.url:
            return
        self.show(
            backend, phase=Phase.STARTING, wanted=True, target_url=target.url, attempt=1, public_url=None, problem=None,
            retry_at=None,
        )  # fmt: skip
        if not self.holds:
            self.show(backend, **self.outcomes.get(backend, up(backend)))

    def disable(self, backend: BackendId, ask: Ask | None = None) -> None:
        self._stumble()
        self.disabled.append((backend, ask))
        if self.holds and self._statuses[backend].phase in (Phase.STARTING, Phase.RUNNING):
            self.show(backend, wanted=False, problem=None, retry_at=None)
        else:
            self.show(backend, **DOWN)

    def disable_all(self) -> None:
        for backend in self.backends:
            self.disable(backend.id)

    def command(self, backend: BackendId, name: str, ask: Ask) -> FakeJob:
        self._stumble()
        self.commands.append((backend, name, ask))
        if not self.holds:
            job = FakeJob()
            job.tell(self.found.get(name, JobDone({})))
            return job
        return self.jobs.setdefault((backend, name), FakeJob())

    def job(self, backend: BackendId, name: str) -> FakeJob | None:
        return self.jobs.get((backend, name))

    def reload(self) -> None:
        self._stumble()
        self.reloads += 1

    def quit(self) -> None:
        self._stumble()
        self.quits += 1

    def _stumble(self) -> None:
        if self.bug is not None:
            raise self.bug


DOWN: dict[str, Any] = {
    "phase": Phase.STOPPED, "wanted": False, "public_url": None, "problem": None, "retry_at": None, "attempt": 0,
}  # fmt: skip


def up(backend: str) -> dict[str, Any]:
    """Return the changes that make a status a running one."""
    return {"phase": Phase.RUNNING, "public_url": f"https://{backend}.example"}


def blocked(problem: Problem) -> dict[str, Any]:
    """Return the changes that make a status one that a person has to help."""
    return {"phase": Phase.NEEDS_AUTH, "public_url": None, "problem": problem}
