"""What the cloudflared backend declares: its options, those of its commands, its status fields, its time limits."""

from dataclasses import dataclass

from portway.core.backend import ClientHeader, Which
from portway.core.options import Kind, flag, host_header_option, option
from portway.core.status import Extras
from portway.core.texts import About
from portway.core.timing import Timing

SERVICE = "Cloudflare"
ABOUT = About(
    purpose="Public, no account, a new address each time",
    summary="Free, no account. A new public address at each start: for lasting links take ngrok or Tailscale.",
    cost="Free, no account. A new public address each time.",
    page="https://developers.cloudflare.com/cloudflare-one/connections/connect-networks/do-more-with-tunnels/trycloudflare/",
    short_lived="This address changes at each start; for lasting log-ins take ngrok or Tailscale.",
)
# Cloudflare's edge replaces what a visitor sends under this name:
# https://developers.cloudflare.com/fundamentals/reference/http-headers/#cf-connecting-ip
VISITOR = ClientHeader("cf-connecting-ip", Which.ONLY)
PROGRAM = "cloudflared"
VARIABLE = "CLOUDFLARED_BIN"
BY_HAND = "https://github.com/cloudflare/cloudflared/releases/latest"


@dataclass(frozen=True, slots=True, kw_only=True)
class CloudflaredOptions:
    """All of it may stay as it is."""

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
    """What cloudflared has told of its connection."""

    protocol: str | None = None
    edge_location: str | None = None


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
    silent_loss: float = 240.0  # a connection that broke without a word is noticed and back: 149 s and 44 s, measured
