"""What the Tailscale backend declares: its options, status fields, answers of its verbs, and time limits."""

from dataclasses import dataclass

from portway.core.backend import ClientHeader, Fetched, Which
from portway.core.codes import Code
from portway.core.options import Kind, host_header_option, option
from portway.core.secret import Secret
from portway.core.status import Extras, TunnelStatus
from portway.core.texts import About, translatable
from portway.core.timing import Timing

ABOUT = About(
    purpose="Public, the same address each time",
    summary="The same address each time: the name of this computer in your tailnet. Free for personal use.",
    cost="Free Tailscale account. The same public address each time.",
    page="https://tailscale.com/kb/1223/funnel",
)
# Funnel's proxy drops what a visitor sends under this name and sets its own (tailscale, ipn/ipnlocal/serve.go).
VISITOR = ClientHeader("x-forwarded-for", Which.ONLY)
AUTH_KEY = "auth_key"
PUBLIC_PORTS = (443, 8443, 10000)  # the relays serve no other
HOST_NAME = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"


def _password() -> Secret | None:
    field: Secret | None = option(
        None,
        label="Your password on this computer",
        kind=Kind.SECRET,
        body="sudoPassword",
        in_settings=False,
        restarts=False,
        verbatim=True,
        help="For a step that takes administrator rights. Used once, and not kept.",
    )
    return field


def _auth_key() -> Secret | None:
    field: Secret | None = option(
        None,
        label="Auth key",
        help="Logs this computer in without a browser.",
        kind=Kind.SECRET,
        body="authKey",
        in_body=False,
        in_settings=False,
        restarts=False,
        environment=("TAILSCALE_AUTHKEY",),
    )
    return field


def _host_name(help_text: str) -> str:
    field: str = option(
        "",
        label="Host name",
        help=help_text,
        kind=Kind.TEXT,
        body="hostname",
        pattern=HOST_NAME,
        expected="a name of letters, digits and inner dashes, at most 63",
    )
    return field


@dataclass(frozen=True, slots=True, kw_only=True)
class TailscaleOptions:
    """All may stay as they are: the name is then the one that the computer has in its tailnet."""

    hostname: str = _host_name(translatable("Renames this computer in your tailnet. Without one, its name stays."))
    public_port: str = option(
        "443",
        label="Public port",
        help="Funnel offers these three. Another Serve or Funnel is left alone.",
        kind=Kind.CHOICE,
        body="publicPort",
        choices=tuple(str(port) for port in PUBLIC_PORTS),
    )
    host_header: str = host_header_option()
    sudo_password: Secret | None = _password()  # noqa: RUF009 - it returns a field
    auth_key: Secret | None = _auth_key()  # noqa: RUF009 - it returns a field


@dataclass(frozen=True, slots=True, kw_only=True)
class PasswordOptions:
    """What a step as administrator may need."""

    sudo_password: Secret | None = _password()  # noqa: RUF009 - it returns a field


@dataclass(frozen=True, slots=True, kw_only=True)
class InstallOptions:
    """What an installation takes. `fetched` is the script that a person has looked at."""

    sudo_password: Secret | None = _password()  # noqa: RUF009 - it returns a field
    sha256: str = option(
        "",
        label="SHA-256",
        help="Run no other install script than the one with this SHA-256.",
        kind=Kind.TEXT,
        body="sha256",
        in_settings=False,
        restarts=False,
        pattern=r"[0-9A-Fa-f]{64}",
        expected="64 hexadecimal digits",
    )
    fetched: Fetched | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LoginOptions:
    """What a log-in takes."""

    sudo_password: Secret | None = _password()  # noqa: RUF009 - it returns a field
    hostname: str = _host_name(translatable("Renames this computer in your tailnet. Without one, its name stays."))
    auth_key: Secret | None = _auth_key()  # noqa: RUF009 - it returns a field


@dataclass(frozen=True, slots=True, kw_only=True)
class TailscaleExtras(Extras):
    """`enabled`: a Funnel of ours is up. `tunnel_url` is its public URL, `enable_url` the page that allows Funnel."""

    tunnel_url: str | None = None
    enabled: bool = False
    logged_in: bool = False
    daemon_running: bool = False
    platform: str = ""
    hostname: str | None = None
    funnel_not_enabled: bool = False
    enable_url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckAnswer:
    """What was measured just now. `backend_state` is Tailscale's own word; it and what follows need the daemon."""

    installed: bool
    binary_path: str | None
    version: str | None
    platform: str
    daemon_running: bool
    logged_in: bool
    backend_state: str | None
    online: bool
    hostname: str | None
    dns_name: str | None
    https_allowed: bool
    funnel_allowed: bool
    enabled: bool
    tunnel_url: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LoginAnswer:
    """Either the page that finishes the log-in, or that there is nothing to do."""

    auth_url: str | None = None
    already_logged_in: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class EnableAnswer:
    """The URL, or the page that leads on."""

    tunnel_url: str | None = None
    public_url: str | None = None
    api_url: str | None = None
    needs_login: bool = False
    auth_url: str | None = None
    funnel_not_enabled: bool = False
    enable_url: str | None = None


def enable_answer(status: TunnelStatus) -> dict[str, object]:
    """Return what an enable adds to its answer."""
    if status.running:
        return {"tunnel_url": status.public_url, "public_url": status.public_url, "api_url": status.api_url}
    if status.code is Code.NEEDS_LOGIN:
        return {"needs_login": True, **_page("auth_url", status)}
    if status.code in (Code.FUNNEL_NOT_ENABLED, Code.HTTPS_NOT_ENABLED):
        return {"funnel_not_enabled": True, **_page("enable_url", status)}
    return {}


def _page(name: str, status: TunnelStatus) -> dict[str, object]:
    return {} if status.action_url is None else {name: status.action_url}


@dataclass(frozen=True, slots=True, kw_only=True)
class TailscaleTiming(Timing):
    """How long things take with Tailscale, beside the limits that all backends share. Seconds throughout."""

    daemon_look: float = 10.0  # between two looks at what a daemon of this computer serves
    install_limit: float = 600.0
