"""What is read of the interfaces of this computer."""

from __future__ import annotations

from ipaddress import IPv4Address
from pathlib import Path

import pytest

from portway.backends.lan.interfaces import DefaultRoute, _route_in_use, is_physical, parse_routes, read_interfaces

_HEAD = "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n"


@pytest.mark.parametrize(
    ("lines", "routes"),
    [
        ("", {}),
        (
            "eth0\t00000000\t0101A8C0\t0003\t0\t0\t100\t00000000\t0\t0\t0\n",
            {"eth0": DefaultRoute(100, IPv4Address("192.168.1.1"))},
        ),
        ("eth0\t0001A8C0\t00000000\t0001\t0\t0\t100\t00FFFFFF\t0\t0\t0\n", {}),  # its own network
        ("tun0\t00000000\t00000000\t0001\t0\t0\t50\t00000080\t0\t0\t0\n", {}),  # half of everything: a VPN
        ("eth0\t00000000\t0101A8C0\t0002\t0\t0\t100\t00000000\t0\t0\t0\n", {}),  # not up
        ("ppp0\t00000000\t00000000\t0001\t0\t0\t0\t00000000\t0\t0\t0\n", {"ppp0": DefaultRoute(0, None)}),
        (
            (
                "eth0\t00000000\t0201A8C0\t0003\t0\t0\t600\t00000000\t0\t0\t0\n"
                "eth0\t00000000\t0101A8C0\t0003\t0\t0\t100\t00000000\t0\t0\t0\n"
            ),
            {"eth0": DefaultRoute(100, IPv4Address("192.168.1.1"))},
        ),
    ],
)
def test_default_routes_are_found_in_the_kernels_table(lines: str, routes: dict[str, DefaultRoute]) -> None:
    assert parse_routes(_HEAD + lines) == routes


class TestHardware:
    @pytest.fixture
    def tree(self, tmp_path: Path) -> Path:
        """Build what /sys/class/net looks like: a card, a bridge over it, a VLAN over that, and a lone bridge."""
        (tmp_path / "eth0" / "device").mkdir(parents=True)
        for name, lower in (("br0", "eth0"), ("br0.7", "br0"), ("docker0", "veth1"), ("veth1", "")):
            (tmp_path / name).mkdir()
            if lower:
                (tmp_path / name / f"lower_{lower}").symlink_to(tmp_path / lower)
        return tmp_path

    @pytest.mark.parametrize("name", ["eth0", "br0", "br0.7"])
    def test_is_found_below(self, tree: Path, name: str) -> None:
        assert is_physical(name, tree)

    @pytest.mark.parametrize("name", ["docker0", "veth1", "gone"])
    def test_is_not_claimed(self, tree: Path, name: str) -> None:
        assert not is_physical(name, tree)


def test_the_route_in_use_begins_at_an_address_of_this_computer() -> None:
    assert set(_route_in_use()) <= {str(one.address) for one in read_interfaces()}


def test_this_computer_has_its_loopback_address() -> None:
    loopback = next(one for one in read_interfaces() if one.address == IPv4Address("127.0.0.1"))
    assert loopback.is_loopback
    assert loopback.up
    assert str(loopback.network) == "127.0.0.0/8"
