"""Reads the interfaces of this computer: addresses, carrier, default routes. About 1 ms; no packet is sent."""

import contextlib
import socket
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Interface, ip_address
from pathlib import Path
from typing import NamedTuple, Protocol

from portway.backends.lan.addresses import Interface

ReadInterfaces = Callable[[], Sequence[Interface]]

_SYS = Path("/sys/class/net")
_ROUTES = Path("/proc/thread-self/net/route")  # not /proc/net: that is the main thread's network namespace
_ROUTE_IS_UP = 0x1
_ANYWHERE = "00000000"
_SOMEWHERE = ("192.0.2.1", 9)  # TEST-NET-1 (RFC 5737); connecting a UDP socket sends nothing


class ListedAddress(Protocol):
    """One address of an interface, of any family, as psutil lists it."""

    @property
    def family(self) -> int: ...

    @property
    def address(self) -> str: ...

    @property
    def netmask(self) -> str | None: ...


class DefaultRoute(NamedTuple):
    """Where an interface sends what is not for its own network."""

    metric: int
    gateway: IPv4Address | None


@dataclass(frozen=True, slots=True)
class _Others:
    """The addresses beside the IPv4 ones."""

    ipv6: str | None
    hardware: bool


def read_interfaces() -> tuple[Interface, ...]:
    """Return every IPv4 address of this computer. Any thread; sees that thread's network namespace."""
    import psutil  # late: only where a network is looked at

    states = psutil.net_if_stats()
    listed = psutil.net_if_addrs()
    routes = _default_routes()
    found: list[Interface] = []
    for name, addresses in listed.items():
        state = states.get(name)
        others = _others(addresses, psutil.AF_LINK)
        physical = is_physical(name) if sys.platform == "linux" else others.hardware
        for one in _ipv4(addresses):
            route = routes.get(name) or routes.get(str(one.ip))
            found.append(
                Interface(
                    name=name,
                    address=one.ip,
                    network=one.network,
                    up=state is not None and state.isup,
                    flags=frozenset(state.flags.split(",")) if state is not None else frozenset(),
                    physical=physical,
                    metric=None if route is None else route.metric,
                    gateway=None if route is None else route.gateway,
                    ipv6=others.ipv6,
                )
            )
    return tuple(found)


def is_physical(name: str, root: Path = _SYS) -> bool:
    """Whether there is hardware behind a Linux interface, be it below a bridge, a bond or a VLAN."""
    folder = root / name
    if (folder / "device").exists():
        return True
    return any(is_physical(lower.name.removeprefix("lower_"), root) for lower in folder.glob("lower_*"))


def parse_routes(table: str) -> dict[str, DefaultRoute]:
    """Return the best default route of each interface out of the text of /proc/net/route."""
    best: dict[str, DefaultRoute] = {}
    for line in table.splitlines()[1:]:
        name, destination, gateway, flags, _, _, metric, mask, *_ = line.split()
        if (destination, mask) != (_ANYWHERE, _ANYWHERE) or not int(flags, 16) & _ROUTE_IS_UP:
            continue
        hop = int.from_bytes(bytes.fromhex(gateway), sys.byteorder)
        route = DefaultRoute(int(metric), IPv4Address(hop) if hop else None)
        if name not in best or route.metric < best[name].metric:
            best[name] = route
    return best


def _default_routes() -> Mapping[str, DefaultRoute]:
    """Return default routes by interface name; outside Linux the one in use, by source address, gateway unknown."""
    if sys.platform != "linux":
        return _route_in_use()
    # Not by asking the kernel for a source address: under a full tunnel that is the VPN's.
    try:
        return parse_routes(_ROUTES.read_text(encoding="ascii"))
    except OSError:
        return {}


def _route_in_use() -> Mapping[str, DefaultRoute]:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe, contextlib.suppress(OSError):
        probe.connect(_SOMEWHERE)
        return {str(probe.getsockname()[0]): DefaultRoute(0, None)}
    return {}


def _ipv4(addresses: Iterable[ListedAddress]) -> Iterable[IPv4Interface]:
    for one in addresses:
        if one.family == socket.AF_INET:
            yield IPv4Interface(f"{one.address}/{one.netmask or '255.255.255.255'}")


def _others(addresses: Iterable[ListedAddress], hardware: int) -> _Others:
    ipv6 = None
    seen_hardware = False
    for one in addresses:
        if one.family == hardware:
            seen_hardware = True
        elif one.family == socket.AF_INET6 and ipv6 is None:
            address = ip_address(one.address.partition("%")[0])
            if not address.is_link_local and not address.is_loopback:
                ipv6 = str(address)
    return _Others(ipv6, seen_hardware)
