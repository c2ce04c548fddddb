"""Which firewall is found without root, and what a person may type."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from ipaddress import IPv4Network
from pathlib import Path

import pytest

from portway.backends.lan.firewall import Firewall, allow_command, find_firewall, ufw_state
from tests.fakes.desktop.plain_bus import plain_bus
from tests.limits import SEEN

_LIMIT = SEEN
_NETWORK = IPv4Network("192.168.1.0/24")
linux_only = pytest.mark.skipif(sys.platform != "linux", reason="other systems have other firewalls")


@pytest.mark.parametrize(
    ("enabled", "policy", "firewall"),
    [
        ("ENABLED=yes", 'DEFAULT_INPUT_POLICY="DROP"', Firewall.UFW),
        ("# ENABLED=no\nENABLED=yes", 'DEFAULT_INPUT_POLICY="REJECT"', Firewall.UFW),
        ("ENABLED=yes", None, Firewall.UFW),
        ("ENABLED=yes", 'DEFAULT_INPUT_POLICY="ACCEPT"', Firewall.OFF),
        ("ENABLED=no", 'DEFAULT_INPUT_POLICY="DROP"', Firewall.OFF),
        ("LOGLEVEL=low", 'DEFAULT_INPUT_POLICY="DROP"', Firewall.UNKNOWN),
        (None, None, Firewall.UNKNOWN),
    ],
)
def test_ufw_is_read_from_its_own_files(
    tmp_path: Path, enabled: str | None, policy: str | None, firewall: Firewall
) -> None:
    for path, text in (("etc/ufw/ufw.conf", enabled), ("etc/default/ufw", policy)):
        if text is not None:
            (tmp_path / path).parent.mkdir(parents=True)
            (tmp_path / path).write_text(text + "\n")
    assert ufw_state(tmp_path) is firewall


@linux_only
class TestFirewalld:
    @pytest.fixture
    def bus(self, short_root: Path) -> Iterator[str]:
        """Run a message bus where the system's would be; return its address."""
        socket = short_root / "run/dbus/system_bus_socket"
        socket.parent.mkdir(parents=True)
        with plain_bus(socket) as address:
            yield address

    @pytest.mark.children
    def test_is_found_by_its_name_on_the_bus(self, bus: str, short_root: Path) -> None:
        from jeepney import message_bus
        from jeepney.io.blocking import Proxy, open_dbus_connection

        assert find_firewall(_LIMIT, short_root) is Firewall.UNKNOWN
        with open_dbus_connection(bus) as connection:
            Proxy(message_bus, connection, timeout=_LIMIT).RequestName("org.fedoraproject.FirewallD1")
            assert find_firewall(_LIMIT, short_root) is Firewall.FIREWALLD

    def test_a_bus_that_answers_nobody_is_no_trouble(self, short_root: Path) -> None:
        socket = short_root / "run/dbus/system_bus_socket"
        socket.parent.mkdir(parents=True)
        socket.touch()
        assert find_firewall(_LIMIT, short_root) is Firewall.UNKNOWN

    @pytest.fixture
    def short_root(self, tmp_path_factory: pytest.TempPathFactory) -> Path:
        return tmp_path_factory.mktemp("r")  # a socket's path ends at 108 bytes


@pytest.mark.children
@pytest.mark.skipif(sys.platform == "win32", reason="the stand-in is a shell script")
@pytest.mark.parametrize(
    ("said", "firewall"),
    [
        ("Firewall is enabled. (State = 1)", Firewall.MACOS),
        ("Firewall is blocking all non-essential incoming connections. (State = 2)", Firewall.MACOS),
        ("Firewall is disabled. (State = 0)", Firewall.OFF),
        ("something new", Firewall.UNKNOWN),
        (None, Firewall.UNKNOWN),
    ],
)
def test_the_firewall_of_macos_is_asked_by_its_own_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: str | None, firewall: Firewall
) -> None:
    program = tmp_path / "socketfilterfw"
    if said is not None:
        program.write_text(f"#!/bin/sh\n[ \"$1\" = --getglobalstate ] && echo '{said}'\n")
        program.chmod(0o700)
    monkeypatch.setattr("portway.backends.lan.firewall._SOCKETFILTERFW", str(program))
    monkeypatch.setattr(sys, "platform", "darwin")
    assert find_firewall(_LIMIT) is firewall


@pytest.mark.parametrize(
    ("firewall", "command"),
    [
        (Firewall.UFW, "sudo ufw allow from 192.168.1.0/24 to any port 13000 proto tcp"),
        (
            Firewall.FIREWALLD,
            (
                "sudo firewall-cmd --add-rich-rule='"
                'rule family="ipv4" source address="192.168.1.0/24" port port="13000" protocol="tcp" accept'
                "'"
            ),
        ),
        (Firewall.WINDOWS, None),
        (Firewall.MACOS, None),
        (Firewall.OFF, None),
        (Firewall.UNKNOWN, None),
    ],
)
def test_the_command_lets_in_this_network_only(firewall: Firewall, command: str | None) -> None:
    assert allow_command(firewall, _NETWORK, 13000) == command


def test_only_a_firewall_that_is_on_may_block() -> None:
    assert {one for one in Firewall if not one.may_block} == {Firewall.OFF, Firewall.UNKNOWN}


def test_this_computer_can_be_asked() -> None:
    assert find_firewall(_LIMIT) in Firewall
