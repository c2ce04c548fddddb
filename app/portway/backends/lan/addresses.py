"""Which address of this computer is published: pure rules over what was read of its interfaces."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from ipaddress import IPv4Address, IPv4Network

from portway.backends.lan import causes
from portway.core.errors import TunnelError

_LONGEST_PREFIX = 30  # a longer one leaves no room for another device
_NOT_A_NETWORK = frozenset({"loopback", "pointopoint"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Interface:
    """One IPv4 address of one interface. `up` includes carrier; no `metric` means no default route."""

    name: str
    address: IPv4Address
    network: IPv4Network
    up: bool = True
    flags: frozenset[str] = frozenset()
    physical: bool = False
    metric: int | None = None
    gateway: IPv4Address | None = None
    ipv6: str | None = None  # an address of the same interface that is not link-local

    @property
    def is_loopback(self) -> bool:
        """Whether only this computer itself can be reached through it."""
        return self.address.is_loopback or "loopback" in self.flags


def check_address(text: str, *, field: str) -> None:
    """Refuse what no single computer can have as its address. Raises TunnelError(bad_request)."""
    address = IPv4Address(text)
    if address.is_unspecified or address.is_multicast or address.is_reserved:
        raise TunnelError(causes.NOT_AN_ADDRESS, field=field)


def check_lasting_address(text: str, *, field: str) -> None:
    """Refuse what is only good for trying out. Raises TunnelError(bad_request)."""
    if IPv4Address(text).is_loopback:
        raise TunnelError(causes.LOOPBACK_NOT_KEPT, field=field)


def choose(interfaces: Iterable[Interface], asked: IPv4Address | None = None) -> Interface:
    """Return the interface to publish on: the one with the address `asked`, else the best that fits.

    Raises TunnelError(no_network), whose sentence says what there is instead.
    """
    known = tuple(interfaces)
    if asked is not None:
        named = find(known, asked)
        if named is None or not named.up:
            raise TunnelError(causes.ADDRESS_GONE, address=asked)
        return named
    best = min(filter(fits, known), key=_rank, default=None)
    if best is not None:
        return best
    public = [one.address for one in known if one.address.is_global and _carries_a_network(one)]
    if public:
        raise TunnelError(causes.PUBLIC_ADDRESS_ONLY, address=public[0])
    raise TunnelError(causes.NO_LOCAL_NETWORK)


def others(interfaces: Iterable[Interface], chosen: Interface) -> tuple[Interface, ...]:
    """Return what else may be published on, the best first."""
    found = (one for one in interfaces if fits(one) and one.address != chosen.address)
    return tuple(sorted(found, key=_rank))


def fits(interface: Interface) -> bool:
    """Whether it may be published on without being asked for."""
    address = interface.address
    return _carries_a_network(interface) and address.is_private and not address.is_link_local


def find(interfaces: Iterable[Interface], address: IPv4Address) -> Interface | None:
    """Return the interface that has `address`; all of 127.0.0.0/8 counts as an address of the loopback interface."""
    known = tuple(interfaces)
    for interface in known:
        if interface.address == address:
            return interface
    for interface in known:
        if address.is_loopback and interface.is_loopback and address in interface.network:
            return replace(interface, address=address)
    return None


def _carries_a_network(interface: Interface) -> bool:
    return (
        interface.up
        and not interface.is_loopback
        and not interface.flags & _NOT_A_NETWORK
        and interface.network.prefixlen <= _LONGEST_PREFIX
        and (interface.physical or interface.metric is not None)
    )


def _rank(interface: Interface) -> tuple[bool, int, bool, str]:
    return (interface.metric is None, interface.metric or 0, not interface.physical, interface.name)
