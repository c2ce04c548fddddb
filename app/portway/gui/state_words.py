"""The few words that say a tunnel's state, the same in window and tray."""

from __future__ import annotations

from dataclasses import dataclass

from portway.core.codes import Code
from portway.core.status import Phase, Reach, TunnelStatus
from portway.gui.words import tr


def marked(text: str) -> str:
    """Mark a source text that `tr` meets later."""
    return text


_CAUSES: dict[Code, str] = {
    Code.NOT_INSTALLED: marked("Not installed"),
    Code.UNSUPPORTED_PLATFORM: marked("Not available here"),
    Code.VERSION_TOO_OLD: marked("Too old"),
    Code.INSTALL_FAILED: marked("Not installed"),
    Code.CHECKSUM_MISMATCH: marked("Download refused"),
    Code.STORAGE_FAILED: marked("Disk trouble"),
    Code.NEEDS_TOKEN: marked("Token needed"),
    Code.TOKEN_REJECTED: marked("Token refused"),
    Code.NEEDS_LOGIN: marked("Log-in needed"),
    Code.FUNNEL_NOT_ENABLED: marked("Funnel is off in your tailnet"),
    Code.HTTPS_NOT_ENABLED: marked("HTTPS is off in your tailnet"),
    Code.NEEDS_APPROVAL: marked("Approval needed"),
    Code.TAILSCALE_STOPPED: marked("Tailscale is switched off"),
    Code.NEEDS_PRIVILEGES: marked("Rights needed"),
    Code.WRONG_SUDO_PASSWORD: marked("Password refused"),
    Code.DAEMON_NOT_RUNNING: marked("Service not running"),
    Code.RATE_LIMITED: marked("Limited for a while"),
    Code.TOO_MANY_SESSIONS: marked("Too many sessions"),
    Code.DOMAIN_NOT_YOURS: marked("Domain is not yours"),
    Code.URL_TAKEN: marked("Address is taken"),
    Code.REFUSED_BY_SERVICE: marked("Refused"),
    Code.NO_NETWORK: marked("No network"),
    Code.EDGE_UNREACHABLE: marked("Not reachable"),
    Code.TLS_INTERCEPTED: marked("Connection intercepted"),
    Code.NETWORK_CHANGED: marked("Another network"),
    Code.START_TIMEOUT: marked("Did not come up"),
    Code.PROCESS_DIED: marked("Stopped by itself"),
    Code.BINARY_UNUSABLE: marked("Program not usable"),
    Code.PORT_CONFLICT: marked("Port taken"),
    Code.INTERNAL: marked("Fault in Portway"),
}


@dataclass(frozen=True, slots=True)
class About:
    """What a backend is for, in the places where that is said. English source texts."""

    purpose: str  # beside "Off"
    summary: str  # below the title of its settings page
    cost: str  # in the first-run page: account, and how long the URL lasts
    page: str = ""  # what it is, on the web


_ABOUT: dict[str, About] = {
    "lan": About(
        marked("for devices on this network, no account needed"),
        marked("For devices on the same network. Nothing goes through the internet."),
        marked("No account needed. Devices on this network only."),
    ),
    "cloudflared": About(
        marked("public, no account, a new address each time"),
        marked("Free, no account. A new public address at each start: for lasting links take ngrok or Tailscale."),
        marked("Free, no account. A new public address each time."),
        "https://developers.cloudflare.com/cloudflare-one/connections/connect-networks/do-more-with-tunnels/trycloudflare/",
    ),
    "ngrok": About(
        marked("public, with an account, the same address each time"),
        marked("A free account, the same address each time. On the free plan browsers see a notice of ngrok first."),
        marked("Free account. The same public address each time."),
        "https://ngrok.com/docs/what-is-ngrok/",
    ),
    "tailscale": About(
        marked("public, with an account, the name of this computer"),
        marked("The same address each time: the name of this computer in your tailnet. Free for personal use."),
        marked("Free Tailscale account. The same public address each time."),
        "https://tailscale.com/kb/1223/funnel",
    ),
}


def about(backend: str, reach: Reach) -> About:
    """Return what is said about a backend, also about one that nobody described yet."""
    if backend in _ABOUT:
        return _ABOUT[backend]
    purpose = marked("public, for everyone with the link") if reach is Reach.INTERNET else _ABOUT["lan"].purpose
    return About(purpose, purpose, purpose)


def cause_word(status: TunnelStatus) -> str:
    """Say the cause in a word or two."""
    return tr(_CAUSES.get(status.code, marked("Trouble"))) if status.code is not None else tr("Trouble")


def state_word(status: TunnelStatus) -> str:
    """Say the state in a word or two, as it stands on a card and in the menu."""
    if not status.installation.supported:
        return tr("Not available here")
    if not status.wanted and status.phase is Phase.STARTING:
        return tr("Stopping")
    if not status.wanted and status.phase is Phase.RUNNING and status.problem is None:
        return tr("Stopping")
    match status.phase:
        case Phase.RUNNING:
            return tr("Running")
        case Phase.STARTING if status.public_url is not None:
            return tr("Reconnecting")
        case Phase.STARTING if status.retry_at is None:
            return tr("Starting")
        case Phase.STARTING | Phase.ERROR | Phase.NEEDS_AUTH:
            return cause_word(status)
        case Phase.STOPPED:
            return tr("Off") if status.installation.installed else tr("Not installed")
