"""A hub and a vault that only remember what they were asked, and four backends that only declare."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from portway.backends.lan.declaration import LanExtras, LanOptions
from portway.core.backend import Answer, Backend, Command, Context, Session
from portway.core.codes import Code
from portway.core.errors import Problem, TunnelError
from portway.core.hub import Ask, JobDone, JobFailed, JobNews, Unsubscribe
from portway.core.options import Kind, NoOptions, option
from portway.core.secret import Secret
from portway.core.settings import Settings
from portway.core.status import BackendId, Installation, NoExtras, Phase, Progress, Reach, TunnelStatus
from portway.core.target import Target, parse_target


@dataclass(frozen=True, slots=True, kw_only=True)
class CloudflaredOptions:
    protocol: str = option(
        "http2", label="Protocol", help="How cloudflared talks to Cloudflare.", kind=Kind.CHOICE, body="protocol",
        choices=("http2", "quic", "auto"), environment=("CLOUDFLARED_PROTOCOL",),
    )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class NgrokOptions:
    auth_token: Secret | None = option(  # noqa: RUF009 - `option` makes a field
        None, label="Authtoken", help="From your ngrok dashboard.", kind=Kind.SECRET, body="authToken", stored=True,
        pattern=r"[\w.-]{4,}", expected="a token of ngrok", page="https://dashboard.ngrok.com/get-started/your-authtoken",
        environment=("NGROK_AUTHTOKEN",),
    )  # fmt: skip
    domain: str = option(
        "", label="Domain", help="Leave it empty for the domain of your account.", kind=Kind.TEXT, body="domain",
        pattern=r"[a-z0-9.-]*", expected="a host name like hooks.example.com",
    )  # fmt: skip
    host_header: str = option(
        "", label="Host header", help="The Host that your local server gets.", kind=Kind.TEXT, body="hostHeader",
    )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class TailscaleOptions:
    hostname: str = option(
        "", label="Host name", help="The first part of the address.", kind=Kind.TEXT, body="hostname",
    )  # fmt: skip
    public_port: str = option(
        "443", label="Public port", help="Funnel serves these three ports only.", kind=Kind.CHOICE, body="publicPort",
        choices=("443", "8443", "10000"),
    )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class RightsOptions:
    sudo_password: Secret | None = option(  # noqa: RUF009 - `option` makes a field
        None, label="Password", help="Yours on this computer.", kind=Kind.SECRET, body="sudoPassword",
    )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaredBackend:
    """Implements what the window reads of core.backend.Backend."""

    id: BackendId
    title: str
    reach: Reach
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


LAN, CLOUDFLARED, NGROK, TAILSCALE = (BackendId(name) for name in ("lan", "cloudflared", "ngrok", "tailscale"))


def _never(_context: Context) -> Answer:
    raise NotImplementedError


def _missing(status: TunnelStatus) -> bool:
    return not status.installation.installed


def four_backends() -> tuple[DeclaredBackend, ...]:
    """Return them as people see them."""
    install = Command(
        name="install", method="POST", path="install", label="Install…", streams=True, run=_never, offered=_missing
    )
    with_rights = replace(install, options=RightsOptions)
    login = Command(
        name="login", method="POST", path="login", label="Log in…", run=_never, options=RightsOptions,
        offered=lambda status: str(status.code) == "needs_login",
    )  # fmt: skip
    operator = Command(
        name="operator", method="POST", path="operator", label="Allow…", run=_never, options=RightsOptions,
        offered=lambda status: str(status.code) == "needs_privileges",
    )  # fmt: skip
    daemon = Command(
        name="start-daemon", method="POST", path="start-daemon", label="Start", run=_never, options=RightsOptions,
        offered=lambda status: str(status.code) == "daemon_not_running",
    )  # fmt: skip
    return (
        DeclaredBackend(
            id=LAN, title="Local network", reach=Reach.NETWORK, options=LanOptions, no_extras=LanExtras()
        ),
        DeclaredBackend(
            id=CLOUDFLARED, title="Cloudflare", reach=Reach.INTERNET, options=CloudflaredOptions, commands=(install,),
            can_stay=True,
        ),
        DeclaredBackend(id=NGROK, title="ngrok", reach=Reach.INTERNET, options=NgrokOptions),
        DeclaredBackend(
            id=TAILSCALE, title="Tailscale", reach=Reach.INTERNET, options=TailscaleOptions,
            commands=(with_rights, login, operator, daemon), can_stay=True,
        ),
    )  # fmt: skip


class FakeJob:
    """Implements core.hub.Job; a test tells its news."""

    def __init__(self) -> None:
        self.cancelled = False
        self._listeners: list[Callable[[JobNews], None]] = []
        self._latest: JobNews | None = None

    def subscribe(self, listener: Callable[[JobNews], None]) -> Unsubscribe:
        self._listeners.append(listener)
        if self._latest is not None:
            listener(self._latest)
        return lambda: self._listeners.remove(listener)

    def cancel(self) -> None:
        self.cancelled = True

    def tell(self, news: JobNews) -> None:
        self._latest = news
        for listener in tuple(self._listeners):
            listener(news)


@dataclass
class FakeHub:
    """Implements core.hub.Hub: asks are kept in lists, statuses are what a test shows."""

    backends: tuple[Backend, ...]
    load: Callable[[], Settings]
    enabled: list[tuple[str, Ask]] = field(default_factory=list)
    disabled: list[str] = field(default_factory=list)
    commands: list[tuple[str, str, Ask]] = field(default_factory=list)
    jobs: dict[tuple[str, str], FakeJob] = field(default_factory=dict)
    quits: int = 0
    reloads: int = 0
    refusal: TunnelError | None = None
    ports: frozenset[int] = frozenset()

    def __post_init__(self) -> None:
        self.settings = self.load()
        target = parse_target(self.settings.general.target).url
        self._statuses = {
            backend.id: TunnelStatus(
                backend=backend.id, reach=backend.reach, target_url=target, extras=backend.no_extras
            )
            for backend in self.backends
        }
        self._listeners: dict[int, Callable[[TunnelStatus], None]] = {}
        self._subscribed = 0

    def show(self, backend: str, **changes: Any) -> TunnelStatus:  # noqa: ANN401 - any field of a status
        """Let one status be another one, and tell it."""
        status = replace(self._statuses[BackendId(backend)], **changes)
        self._statuses[status.backend] = status
        for listener in tuple(self._listeners.values()):
            listener(status)
        return status

    def status(self, backend: BackendId) -> TunnelStatus:
        return self._statuses[backend]

    def statuses(self) -> tuple[TunnelStatus, ...]:
        return tuple(self._statuses.values())

    def subscribe(self, listener: Callable[[TunnelStatus], None]) -> Unsubscribe:
        self._subscribed += 1
        number = self._subscribed
        self._listeners[number] = listener
        return lambda: self._listeners.pop(number, None) and None  # without the listener: it would keep itself alive

    def own_ports(self) -> frozenset[int]:
        return self.ports

    def enable(self, backend: BackendId, ask: Ask) -> None:
        if self.refusal is not None:
            raise self.refusal
        self.enabled.append((backend, ask))
        target: Target | None = ask.target
        url = self._statuses[backend].target_url if target is None else target.url
        self.show(backend, phase=Phase.STARTING, wanted=True, target_url=url, attempt=1, public_url=None, problem=None,
                  retry_at=None)  # fmt: skip

    def disable(self, backend: BackendId, ask: Ask | None = None) -> None:
        self.disabled.append(backend)
        self.show(backend, phase=Phase.STOPPED, wanted=False, public_url=None, problem=None, retry_at=None)

    def disable_all(self) -> None:
        for backend in self.backends:
            self.disable(backend.id)

    def command(self, backend: BackendId, name: str, ask: Ask) -> FakeJob:
        self.commands.append((backend, name, ask))
        return self.jobs.setdefault((backend, name), FakeJob())

    def job(self, backend: BackendId, name: str) -> FakeJob | None:
        return self.jobs.get((backend, name))

    def end_job(self, backend: str, name: str, news: JobDone | JobFailed) -> None:
        """End a running command."""
        self.jobs.pop((backend, name)).tell(news)

    def move_job(self, backend: str, name: str, progress: Progress) -> None:
        """Let a running command move on."""
        self.jobs[(backend, name)].tell(progress)

    def reload(self) -> None:
        self.reloads += 1
        self.settings = self.load()
        target = parse_target(self.settings.general.target).url
        for status in self.statuses():
            if status.phase in (Phase.STOPPED, Phase.NEEDS_AUTH, Phase.ERROR) and status.target_url != target:
                self.show(status.backend, target_url=target)

    def quit(self) -> None:
        self.quits += 1


class FakeVault:
    """Implements core.hub.Vault; answers at once, with `problem` to a change."""

    def __init__(self) -> None:
        self.secrets: dict[tuple[str, str], Secret] = {}
        self.problem: Problem | None = None

    def get(self, owner: str, name: str, done: Callable[[Secret | None], None]) -> None:
        done(self.secrets.get((owner, name)))

    def put(self, owner: str, name: str, secret: Secret, done: Callable[[Problem | None], None]) -> None:
        self.secrets[(owner, name)] = secret
        done(self.problem)

    def remove(self, owner: str, name: str, done: Callable[[Problem | None], None]) -> None:
        self.secrets.pop((owner, name), None)
        done(self.problem)
