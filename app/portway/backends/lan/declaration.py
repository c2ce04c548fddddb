"""What the local network backend declares: its options, the fields that its status adds, and its time limits."""

from dataclasses import dataclass
from datetime import datetime

from portway.backends.lan.addresses import check_address, check_lasting_address
from portway.backends.lan.firewall import Firewall
from portway.core.options import Kind, host_header_option, option
from portway.core.status import Extras
from portway.core.texts import About, Hint, Note, Offer, OfferKind
from portway.core.timing import Timing

ABOUT = About(
    purpose="For devices on this network, no account",
    summary="For devices on the same network. Nothing goes through the internet.",
    cost="No account needed. Devices on this network only.",
)
_BYTE = r"(?:25[0-5]|2[0-4]\d|1?\d?\d)"


@dataclass(frozen=True, slots=True, kw_only=True)
class LanOptions:
    """Both empty by default: Portway chooses, and keeps what it chose."""

    address: str = option(
        "",
        label="Address",
        help="The address of this computer to publish. Without one, Portway chooses.",
        kind=Kind.TEXT,
        body="address",
        environment=("PORTWAY_LAN_ADDRESS",),
        pattern=rf"(?:{_BYTE}\.){{3}}{_BYTE}|",
        expected="an IPv4 address like 192.168.1.23",
        grammar=check_address,
        settings_grammar=check_lasting_address,
    )
    listen_port: int | None = option(
        None,
        label="Port",
        help="The port to publish. Without one, Portway chooses, and keeps it for each server.",
        kind=Kind.PORT,
        body="listenPort",
    )
    host_header: str = host_header_option()


@dataclass(frozen=True, slots=True, kw_only=True)
class LanExtras(Extras):
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
    other_addresses: tuple[str, ...] = ()  # of this computer, as it was at the start; the best one first

    def note(self) -> Note:
        """The only proof of a way in is somebody who came."""
        if self.last_visitor_at is None:
            return Note(text="no visitor from another device yet")
        return Note(text="last visitor {time}", values={"time": self.last_visitor_at})

    def hint(self, _target_url: str) -> Hint | None:
        """A firewall that is on while nobody comes, else the other addresses of this computer."""
        if not self.may_be_blocked:
            return self._elsewhere()
        return Hint(
            text="A firewall may block visitors. Allow port {port} for this network.",
            values={"port": str(self.listen_port), "command": self.firewall_command or ""},
            offers=(Offer(kind=OfferKind.COPY, label="Copy command", value="{command}"),),
        )

    def _elsewhere(self) -> Hint | None:
        """Only one address can be published at a time."""
        if not self.other_addresses:
            return None
        return Hint(
            text="This computer has other addresses, too: {others}.",
            values={
                "others": ", ".join(self.other_addresses),
                "first": self.other_addresses[0],
                "second": "".join(self.other_addresses[1:2]),
            },
            offers=(
                Offer(kind=OfferKind.SETTING, label="Publish {second}", value="address={second}"),
                Offer(kind=OfferKind.SETTING, label="Publish {first}", value="address={first}"),
            ),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class LanTiming(Timing):
    """How long things take on the local network, beside the limits that all backends share. Seconds throughout."""

    address_return: float = 10.0  # a lost address that returns within this keeps its tunnel
    firewall_hint: float = 20.0  # without a visitor under a firewall
    name_answer: float = 1.0  # to a multicast query; avahi answers within 1 ms
