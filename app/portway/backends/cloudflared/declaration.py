"""What the cloudflared backend declares: its options, those of its commands, its status fields, its time limits."""

from dataclasses import dataclass
from enum import StrEnum

from portway.backends.cloudflared.named import check_hostname, check_token
from portway.core.backend import ClientHeader, Which
from portway.core.foreign_text import unwrap_host, unwrap_token
from portway.core.options import Kind, flag, host_header_option, option
from portway.core.secret import Secret
from portway.core.status import Extras
from portway.core.texts import About, translatable
from portway.core.timing import Timing

SERVICE = "Cloudflare"
ABOUT = About(
    purpose="Public, no account, a new address each time",
    summary=(
        "Free, no account. A new public address at each start; "
        "with a host name of your own domain and the token of a tunnel, always the same one."
    ),
    cost="Free, no account. A new public address each time.",
    page="https://developers.cloudflare.com/cloudflare-one/connections/connect-networks/do-more-with-tunnels/trycloudflare/",
    short_lived=(
        "A trycloudflare.com address changes at each start; "
        "for lasting log-ins set a host name of your own domain, or take ngrok or Tailscale."
    ),
)
# Cloudflare's edge replaces what a visitor sends under this name:
# https://developers.cloudflare.com/fundamentals/reference/http-headers/#cf-connecting-ip
VISITOR = ClientHeader("cf-connecting-ip", Which.ONLY)
PROGRAM = "cloudflared"
DASHBOARD = "https://one.dash.cloudflare.com/"  # where tunnels are made, and their tokens and host names shown
SIGN_UP_PAGE = "https://dash.cloudflare.com/sign-up"
TUNNEL_TOKEN = "tunnel_token"  # noqa: S105 - the name of the option
SAME_HOSTNAME = translatable(
    "Another tunnel that is on has this host name already: visitors would come to either of them. "
    "Set another host name of your domain."
)
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
VARIABLE = "CLOUDFLARED_BIN"
BY_HAND = "https://github.com/cloudflare/cloudflared/releases/latest"


class Managed(StrEnum):
    """Who says where the visitors of a tunnel are led."""

    QUICK = "quick"  # we; it has a name of Cloudflare's, for one start
    LOCAL = "local"  # we
    REMOTE = "remote"  # Cloudflare's dashboard


@dataclass(frozen=True, slots=True, kw_only=True)
class CloudflaredOptions:
    """All of it may stay as it is. With a host name it is a named tunnel, which needs its token; else a quick one."""

    hostname: str = option(
        "",
        label="Public host name",
        kind=Kind.TEXT,
        body="hostname",
        own=True,
        help="A name of your own domain at Cloudflare, like app.example.com. Without one: a new address each time.",
        unwrap=unwrap_host,
        pattern=rf"(?:{_LABEL}\.)+[A-Za-z][A-Za-z0-9-]{{0,61}}[A-Za-z0-9]",
        expected="a host name like app.example.com",
        grammar=check_hostname,
    )
    tunnel_token: Secret | None = option(  # noqa: RUF009 - it returns a field
        None,
        label="Tunnel token",
        kind=Kind.SECRET,
        body="tunnelToken",
        own=True,
        stored=True,
        help="Of the tunnel that you made for that host name. Never shown again.",
        page=DASHBOARD,
        sign_up_page=SIGN_UP_PAGE,
        question=translatable("{service} asks for the token of the tunnel that has your host name."),
        unwrap=unwrap_token,
        grammar=check_token,
    )

    protocol: str = option(
        "http2",
        label="Protocol",
        kind=Kind.CHOICE,
        body="protocol",
        in_body=False,
        choices=("http2", "quic", "auto"),
        environment=("CLOUDFLARED_PROTOCOL", "TUNNEL_TRANSPORT_PROTOCOL"),
        help="How cloudflared talks to Cloudflare. http2 passes most firewalls; quic notices a lost network sooner.",
    )
    host_header: str = host_header_option()


@dataclass(frozen=True, slots=True, kw_only=True)
class CloudflaredExtras(Extras):
    """What cloudflared has told of its connection; and of its tunnel: who says where it leads, and its id if named."""

    protocol: str | None = None
    edge_location: str | None = None
    managed: Managed | None = None
    tunnel_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InstallOptions:
    """What an installation may name."""

    update: bool = flag(
        False, label="Update", help="Take the newest release even if there is a copy already.", body="update"
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class InstallAnswer:
    """What an installation tells at its end."""

    version: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CloudflaredTiming(Timing):
    """How long things take with cloudflared, beside the limits that all backends share. Seconds throughout."""

    edge_look: float = 10.0  # between two looks at a metrics server whose program has written nothing
    words_look: float = 0.25  # between two looks at what a child writes all the time
    between_starts: float = 2.0  # of two quick tunnels: the service limits how fast one computer may ask for them
    push_wait: float = 2.0  # for the dashboard's configuration of a named tunnel: after 0.05 and 3 s, measured
    push_missing: float = 10.0  # where it came the last time
    token_doubt: float = 10.0  # a new tunnel may not be known everywhere at once: its token is refused until then
    silent_loss: float = 240.0  # a connection that broke without a word is noticed and back: 149 s and 44 s, measured
