"""Four backends as a window sees them: their options, and the commands that it offers."""

from __future__ import annotations

from dataclasses import dataclass, replace

from portway.backends.cloudflared import declaration as cloudflared
from portway.backends.lan import declaration as lan
from portway.backends.ngrok import declaration as ngrok
from portway.backends.tailscale import declaration as tailscale
from portway.core.backend import Command, Role
from portway.core.options import Kind, host_header_option, option
from portway.core.secret import Secret
from portway.core.status import BackendId, Reach, TunnelStatus
from tests.fakes.backends.declared import DeclaredBackend, never


@dataclass(frozen=True, slots=True, kw_only=True)
class NgrokOptions:
    auth_token: Secret | None = option(  # noqa: RUF009 - `option` makes a field
        None,
        label="Authtoken",
        help="From your ngrok dashboard.",
        kind=Kind.SECRET,
        body="authToken",
        stored=True,
        pattern=r"[\w.-]{4,}",
        expected="a token of ngrok",
        page="https://dashboard.ngrok.com/get-started/your-authtoken",
        sign_up_page="https://dashboard.ngrok.com/signup",
        environment=("NGROK_AUTHTOKEN",),
    )
    domain: str = option(
        "",
        label="Domain",
        help="Leave it empty for the domain of your account.",
        kind=Kind.TEXT,
        body="domain",
        pattern=r"[a-z0-9.-]*",
        expected="a host name like hooks.example.com",
    )
    host_header: str = host_header_option()


@dataclass(frozen=True, slots=True, kw_only=True)
class TailscaleOptions:
    hostname: str = option(
        "",
        label="Host name",
        help="The first part of the address.",
        kind=Kind.TEXT,
        body="hostname",
    )
    public_port: str = option(
        "443",
        label="Public port",
        help="Funnel serves these three ports only.",
        kind=Kind.CHOICE,
        body="publicPort",
        choices=("443", "8443", "10000"),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class RightsOptions:
    sudo_password: Secret | None = option(  # noqa: RUF009 - `option` makes a field
        None,
        label="Password",
        help="Yours on this computer.",
        kind=Kind.SECRET,
        body="sudoPassword",
        verbatim=True,
    )


LAN, CLOUDFLARED, NGROK, TAILSCALE = (BackendId(name) for name in ("lan", "cloudflared", "ngrok", "tailscale"))


def _missing(status: TunnelStatus) -> bool:
    return not status.installation.installed


def window_backends() -> tuple[DeclaredBackend, ...]:
    """Return them as people see them."""
    install = Command(
        name="install",
        role=Role.INSTALL,
        method="POST",
        path="install",
        label="Install…",
        streams=True,
        run=never,
        offered=_missing,
    )
    with_rights = replace(install, options=RightsOptions)
    login = Command(
        name="login",
        role=Role.LOG_IN,
        method="POST",
        path="login",
        label="Log in…",
        run=never,
        options=RightsOptions,
        offered=lambda status: str(status.code) == "needs_login",
    )
    operator = Command(
        name="operator",
        role=Role.GRANT,
        method="POST",
        path="operator",
        label="Allow…",
        run=never,
        options=RightsOptions,
        offered=lambda status: str(status.code) == "needs_privileges",
    )
    daemon = Command(
        name="start-daemon",
        role=Role.START,
        method="POST",
        path="start-daemon",
        label="Start",
        run=never,
        options=RightsOptions,
        offered=lambda status: str(status.code) == "daemon_not_running",
    )
    return (
        DeclaredBackend(
            kind=LAN,
            title="Local network",
            about=lan.ABOUT,
            icon="lan",
            reach=Reach.NETWORK,
            options=lan.LanOptions,
            no_extras=lan.LanExtras(),
        ),
        DeclaredBackend(
            kind=CLOUDFLARED,
            title="Cloudflare",
            about=cloudflared.ABOUT,
            icon="cloudflared",
            options=cloudflared.CloudflaredOptions,
            commands=(install,),
            can_stay=True,
        ),
        DeclaredBackend(kind=NGROK, title="ngrok", about=ngrok.ABOUT, icon="ngrok", options=NgrokOptions),
        DeclaredBackend(
            kind=TAILSCALE,
            title="Tailscale",
            about=tailscale.ABOUT,
            icon="tailscale",
            options=TailscaleOptions,
            commands=(with_rights, login, operator, daemon),
            can_stay=True,
        ),
    )
