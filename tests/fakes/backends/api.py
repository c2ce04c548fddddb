"""Four backends as the REST API sees them: they only declare what it promises of each."""

from __future__ import annotations

from dataclasses import dataclass, replace

from portway.backends.cloudflared.declaration import CloudflaredOptions
from portway.backends.lan.declaration import LanExtras, LanOptions
from portway.backends.ngrok.declaration import NgrokExtras, NgrokOptions
from portway.backends.tailscale import causes
from portway.core.backend import Answer, Command
from portway.core.codes import Code
from portway.core.errors import Problem, problem_of
from portway.core.options import Kind, NoOptions, option
from portway.core.secret import Secret
from portway.core.status import BackendId, Extras, Reach, TunnelStatus
from tests.fakes.backends.declared import DeclaredBackend, never

LOGIN_PAGE = "https://login.tailscale.com/a/0123456789ab"
FUNNEL_PAGE = "https://login.tailscale.com/f/funnel?node=n0123"
NEEDS_LOGIN = Problem(Code.NEEDS_LOGIN, parameters={"service": "Tailscale"}, action_url=LOGIN_PAGE)
FUNNEL_OFF = problem_of(causes.FUNNEL_OFF, action_url=FUNNEL_PAGE)
NEEDS_TOKEN = Problem(Code.NEEDS_TOKEN, parameters={"service": "ngrok"}, action_url="https://dashboard.ngrok.com/")
NO_NETWORK = Problem(Code.NO_NETWORK, "service", {"service": "Cloudflare"})


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateOptions:
    update: bool = option(False, label="Update", help="Also where one is there.", kind=Kind.FLAG, body="update")


@dataclass(frozen=True, slots=True, kw_only=True)
class RightsOptions:
    sudo_password: Secret | None = option(  # noqa: RUF009 - `option` makes a field
        None,
        label="Password",
        help="Of this account.",
        kind=Kind.SECRET,
        body="sudoPassword",
        verbatim=True,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class HostnameOptions:
    hostname: str = option(
        "",
        label="Host name",
        help="The first part of the address.",
        kind=Kind.TEXT,
        body="hostname",
        pattern=r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?",
        expected="a host name like my-laptop",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class LoginOptions(HostnameOptions):
    sudo_password: Secret | None = option(  # noqa: RUF009 - `option` makes a field
        None,
        label="Password",
        help="Of this account.",
        kind=Kind.SECRET,
        body="sudoPassword",
        verbatim=True,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class TailscaleExtras(Extras):
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
class ServerOptions:
    server: str = option("", label="Server", help="Where it leads through.", kind=Kind.TEXT, body="server")
    bind: str = option("", label="Port there", help="What is opened.", kind=Kind.TEXT, body="bind")
    public_url: str = option("", label="Address", help="What leads there.", kind=Kind.TEXT, body="publicUrl")


def api_backends() -> tuple[DeclaredBackend, ...]:
    """Return them as people see them."""
    return (
        DeclaredBackend(
            kind=BackendId("lan"), title="Local network", reach=Reach.NETWORK, options=LanOptions, no_extras=LanExtras()
        ),
        DeclaredBackend(
            kind=BackendId("cloudflared"),
            title="Cloudflare",
            options=CloudflaredOptions,
            commands=(_command("install", options=UpdateOptions, streams=True),),
        ),
        DeclaredBackend(kind=BackendId("ngrok"), title="ngrok", options=NgrokOptions, no_extras=NgrokExtras()),
        DeclaredBackend(
            kind=BackendId("tailscale"),
            title="Tailscale",
            options=HostnameOptions,
            no_extras=TailscaleExtras(),
            commands=(
                replace(_command("check", answer=CheckAnswer), method="GET"),
                _command("install", options=RightsOptions, streams=True),
                _command("start-daemon", options=RightsOptions),
                _command("operator", options=RightsOptions),
                _command("login", options=LoginOptions, answer=LoginAnswer),
                replace(
                    _command("enable", options=LoginOptions, answer=FunnelAnswer),
                    run=None,
                    action="enable",
                    shape=_shape,
                ),
                replace(_command("disable", options=RightsOptions), run=None, action="disable"),
            ),
        ),
        DeclaredBackend(kind=BackendId("ssh"), title="SSH", options=ServerOptions),
    )


def _command(name: str, *, options: type = NoOptions, answer: type = NoOptions, streams: bool = False) -> Command:
    return Command(
        name=name,
        method="POST",
        path=name,
        label=name.title(),
        options=options,
        answer=answer,
        streams=streams,
        run=never,
    )


def _shape(status: TunnelStatus) -> Answer:
    """Return the extra fields of an enable's answer, as OmniRoute's scripts read them."""
    match status.code:
        case Code.NEEDS_LOGIN:
            return {"needs_login": True, "auth_url": status.action_url or ""}
        case Code.FUNNEL_NOT_ENABLED:
            return {"funnel_not_enabled": True, "enable_url": status.action_url or ""}
        case _:
            return {} if status.public_url is None else {"tunnel_url": status.public_url}
