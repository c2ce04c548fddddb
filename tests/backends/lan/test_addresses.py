"""Which address is published: the rules over records of interfaces."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Interface

import pytest

from portway.backends.lan.addresses import Interface, check_address, check_lasting_address, choose, find, fits, others
from portway.core.codes import Code
from portway.core.errors import TunnelError


def nic(name: str, address: str, **facts: object) -> Interface:
    """Return an interface that is up, with hardware behind it, unless `facts` say otherwise."""
    place = IPv4Interface(address)
    known = {"physical": True, **facts}
    return Interface(name=name, address=place.ip, network=place.network, **known)  # type: ignore[arg-type]


LOOPBACK = nic("lo", "127.0.0.1/8", flags=frozenset({"up", "loopback"}), physical=False)
CABLE = nic("eth0", "192.168.1.23/24", metric=100)
WIFI = nic("wlan0", "192.168.1.24/24", metric=600)
SPARE = nic("eth1", "10.7.0.2/16")
CONTAINERS = nic("docker0", "172.17.0.1/16", physical=False)
MACHINES = nic("virbr0", "192.168.122.1/24", physical=False)
MESH = nic("tailscale0", "100.101.102.103/32", flags=frozenset({"pointopoint"}), physical=False)
VPN = nic("wg0", "10.8.0.2/24", flags=frozenset({"pointopoint"}), physical=False, metric=50)
UNPLUGGED = nic("eth2", "192.168.5.5/24", up=False, metric=10)
SELF_ASSIGNED = nic("eth3", "169.254.10.10/16", metric=10)
PUBLIC = nic("ens3", "8.8.4.4/24", metric=10)
CARRIER_GRADE = nic("wwan0", "100.64.1.2/24", metric=10)
LONELY = nic("eth4", "192.168.9.1/31", metric=10)
ROUTED_VETH = nic("veth0", "192.168.77.10/24", physical=False, metric=0)
DOCUMENTATION = nic("eth5", "192.0.2.2/24", metric=0)


@dataclass(frozen=True)
class Scene:
    there: tuple[Interface, ...]
    chosen: Interface


@pytest.mark.parametrize(
    "scene",
    [
        Scene((LOOPBACK, CABLE), CABLE),
        Scene((WIFI, CABLE), CABLE),
        Scene((SPARE, WIFI), WIFI),
        Scene((LOOPBACK, CONTAINERS, MACHINES, MESH, VPN, WIFI), WIFI),
        Scene((UNPLUGGED, SELF_ASSIGNED, PUBLIC, CARRIER_GRADE, LONELY, SPARE), SPARE),
        Scene((CONTAINERS, ROUTED_VETH), ROUTED_VETH),
        Scene((LOOPBACK, DOCUMENTATION), DOCUMENTATION),
        Scene((nic("bridge", "10.1.1.1/24", physical=False, metric=100), CABLE), CABLE),
    ],
)
def test_the_network_of_the_default_route_is_chosen(scene: Scene) -> None:
    assert choose(scene.there) == scene.chosen


@pytest.mark.parametrize(
    "interface",
    [LOOPBACK, CONTAINERS, MACHINES, MESH, VPN, UNPLUGGED, SELF_ASSIGNED, PUBLIC, CARRIER_GRADE, LONELY],
    ids=lambda interface: interface.name,
)
def test_is_not_published_without_being_asked_for(interface: Interface) -> None:
    assert not fits(interface)


@pytest.mark.parametrize(
    ("there", "sentence"),
    [
        ((LOOPBACK,), "not on a local network"),
        ((LOOPBACK, UNPLUGGED), "not on a local network"),
        ((LOOPBACK, SELF_ASSIGNED), "not on a local network"),
        ((LOOPBACK, PUBLIC), "only the public address 8.8.4.4"),
    ],
)
def test_says_what_there_is_instead(there: tuple[Interface, ...], sentence: str) -> None:
    with pytest.raises(TunnelError, match=sentence) as caught:
        choose(there)
    assert caught.value.code is Code.NO_NETWORK


@pytest.mark.parametrize("interface", [WIFI, VPN, CONTAINERS, PUBLIC], ids=lambda interface: interface.name)
def test_an_address_that_is_asked_for_is_taken(interface: Interface) -> None:
    assert choose((CABLE, interface), interface.address) == interface


@pytest.mark.parametrize("address", ["192.168.5.5", "10.99.99.99"])
def test_an_address_that_is_not_there_is_named(address: str) -> None:
    with pytest.raises(TunnelError, match=address) as caught:
        choose((CABLE, UNPLUGGED), IPv4Address(address))
    assert caught.value.code is Code.NO_NETWORK


def test_all_of_the_loopback_network_can_be_asked_for() -> None:
    asked = IPv4Address("127.0.0.2")
    chosen = choose((LOOPBACK, CABLE), asked)
    assert chosen.address == asked
    assert chosen.is_loopback
    assert find((CABLE,), asked) is None


@pytest.mark.parametrize("text", ["0.0.0.0", "224.0.0.251", "255.255.255.255"])
def test_what_no_computer_can_have_is_refused(text: str) -> None:
    with pytest.raises(TunnelError, match="address: this is not an address of this computer") as caught:
        check_address(text, field="address")
    assert caught.value.code is Code.BAD_REQUEST


def test_a_loopback_address_is_good_for_trying_out_but_not_kept() -> None:
    check_address("127.0.0.2", field="address")
    check_lasting_address("192.168.1.23", field="address")
    with pytest.raises(TunnelError, match="address: an address that only this computer reaches"):
        check_lasting_address("127.0.0.2", field="address")


def test_the_other_addresses_are_known_too_the_best_first() -> None:
    guests = nic("wlan1", "192.168.7.9/24", metric=700)
    there = (LOOPBACK, CONTAINERS, MESH, UNPLUGGED, guests, SPARE, WIFI, CABLE)
    assert others(there, CABLE) == (WIFI, guests, SPARE)
    assert others((LOOPBACK, CABLE), CABLE) == ()
