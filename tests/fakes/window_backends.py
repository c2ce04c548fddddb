"""Four backends as a window sees them: their options, and the commands that it offers."""

from __future__ import annotations

from dataclasses import dataclass, replace

from portway.backends.lan.declaration import LanExtras, LanOptions
from portway.core.backend import Command
from portway.core.options import Kind, option
from portway.core.secret import Secret
from portway.core.status import BackendId, Reach, TunnelStatus
from tests.fakes.declared_backend import DeclaredBackend, never


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
        sign_up_page="https://dashboard.ngrok.com/signup",
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
        None, label="Password", help="Yours on this computer.", kind=Kind.SECRET, body="sudoPassword", verbatim=True,
    )  # fmt: skip


LAN, CLOUDFLARED, NGROK, TAILSCALE = (BackendId(name) for name in ("lan", "cloudflared", "ngrok", "tailscale"))


def _missing(status: TunnelStatus) -> bool:
    return not status.installation.installed


def window_backends() -> tuple[DeclaredBackend, ...]:
    """Return them as people see them."""
    install = Command(
        name="install", method="POST", path="install", label="Install…", streams=True, run=never, offered=_missing
    )
    with_rights = replace(install, options=RightsOptions)
    login = Command(
        name="login", method="POST", path="login", label="Log in…", run=never, options=RightsOptions,
        offered=lambda status: str(status.code) == "needs_login",
    )  # fmt: skip
    operator = Command(
        name="operator", method="POST", path="operator", label="Allow…", run=never, options=RightsOptions,
        offered=lambda status: str(status.code) == "needs_privileges",
    )  # fmt: skip
    daemon = Command(
        name="start-daemon", method="POST", path="start-daemon", label="Start", run=never, options=RightsOptions,
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
