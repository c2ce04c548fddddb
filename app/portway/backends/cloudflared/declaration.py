"""What the cloudflared backend declares: its options, its status fields, and the options of its commands."""

from __future__ import annotations

from dataclasses import dataclass

from portway.core.options import Kind, option

SERVICE = "Cloudflare"
PROGRAM = "cloudflared"
VARIABLE = "CLOUDFLARED_BIN"
BY_HAND = "https://github.com/cloudflare/cloudflared/releases/latest"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"


@dataclass(frozen=True, slots=True, kw_only=True)
class CloudflaredOptions:
    """All of it may stay as it is."""

    protocol: str = option(
        "http2", label="Protocol", kind=Kind.CHOICE, body="protocol", in_body=False, choices=("http2", "quic", "auto"),
        environment=("CLOUDFLARED_PROTOCOL", "TUNNEL_TRANSPORT_PROTOCOL"),
        help="How cloudflared talks to Cloudflare. http2 passes most firewalls; quic notices a lost network sooner.",
    )  # fmt: skip
    host_header: str = option(
        "", label="Host header", help="The Host that your local server gets. Empty: the public one.", kind=Kind.TEXT,
        body="hostHeader", pattern=rf"{_LABEL}(?:\.{_LABEL})*(?::\d{{1,5}})?", expected="a host like localhost:3000",
    )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class CloudflaredExtras:
    """`host_refused`: the local server turns visitors away because of the public Host; `host_header` may help."""

    protocol: str | None = None
    edge_location: str | None = None
    host_refused: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class InstallOptions:
    """What an installation may name."""

    update: bool = option(
        False, label="Update", help="Take the newest release even if there is a copy already.", kind=Kind.FLAG,
        body="update",
    )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class InstallAnswer:
    """What an installation tells at its end."""

    version: str | None = None
