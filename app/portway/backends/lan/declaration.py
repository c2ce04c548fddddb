"""What the local network backend declares: its options, and the fields that its status adds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from portway.backends.lan.addresses import check_address, check_lasting_address
from portway.backends.lan.firewall import Firewall
from portway.core.options import Kind, option

_BYTE = r"(?:25[0-5]|2[0-4]\d|1?\d?\d)"


@dataclass(frozen=True, slots=True, kw_only=True)
class LanOptions:
    """Both empty by default: Portway chooses, and keeps what it chose."""

    address: str = option(
        "", label="Address", help="The address of this computer to publish. Empty: chosen by Portway.",
        kind=Kind.TEXT, body="address", environment=("PORTWAY_LAN_ADDRESS",),
        pattern=rf"(?:{_BYTE}\.){{3}}{_BYTE}|", expected="an IPv4 address like 192.168.1.23",
        grammar=check_address, settings_grammar=check_lasting_address,
    )  # fmt: skip
    listen_port: int | None = option(
        None, label="Port", help="The port to publish. Empty: chosen by Portway, and kept for each target.",
        kind=Kind.PORT, body="listenPort",
    )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class LanExtras:
    """`last_visitor_at` is in UTC, of a connection from another device; the only proof that others get in."""

    address: str | None = None
    interface: str | None = None
    listen_port: int | None = None
    name_url: str | None = None  # only once the name is proven ours
    last_visitor_at: datetime | None = None
    firewall: Firewall = Firewall.UNKNOWN
    may_be_blocked: bool = False  # a firewall is on, and for a while nobody came
    firewall_command: str | None = None  # what a person may type to let the network in
    reachable_directly: bool = False  # the target listens on this address itself: also without Portway, and after it
    seen_as_local: bool = False  # visitors reach the target from a loopback address, which it may trust
