"""From where the target is dialled."""

from __future__ import annotations

import errno
import select
import socket
from collections.abc import Iterator
from contextlib import ExitStack, closing
from ipaddress import IPv4Address, IPv4Network

import pytest

from portway.backends.lan.addresses import Interface
from portway.backends.lan.dialler import Dialler
from portway.core.target import Target
from tests.backends.lan.stand.runs import skip_without_aliases
from tests.backends.lan.stand.visitors import PATIENCE, PUBLISHED
from tests.contract import nothing_left
from tests.fakes.origins.ports import kept_port
from tests.limits import SEEN


def interface_at(address: str, ipv6: str | None = None) -> Interface:
    network = IPv4Network(f"{address}/24", strict=False)
    return Interface(name="eth0", address=IPv4Address(address), network=network, ipv6=ipv6)


@pytest.fixture(params=["127.0.0.1", "::1"])
def server(request: pytest.FixtureRequest) -> Iterator[socket.socket]:
    """Listen at one of the two addresses that `localhost` means."""
    skip_without_aliases()
    family = socket.AF_INET6 if ":" in request.param else socket.AF_INET
    with ExitStack() as stack:
        try:
            port = stack.enter_context(kept_port(request.param))
        except OSError as error:
            if error.errno not in {errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT}:
                raise
            pytest.skip("this computer has no IPv6")
        yield stack.enter_context(socket.create_server((request.param, port), family=family))


@pytest.fixture
def target(server: socket.socket) -> Target:
    host, port, *_ = server.getsockname()
    return Target("http", host, port)


def source_of(dialler: Dialler) -> str:
    """Dial, wait until it is through, and return the address from which it came."""
    with closing(dialler.begin()) as dialled:
        select.select([], [dialled], [], PATIENCE)
        assert dialled.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR) == 0
        source: str = dialled.getsockname()[0]
        return source


def test_the_published_address_is_the_source(target: Target) -> None:
    dialler = Dialler(target, target, interface_at(PUBLISHED, ipv6="::1"), SEEN)
    assert source_of(dialler) == (PUBLISHED if target.host == "127.0.0.1" else "::1")
    assert not dialler.seen_as_local


def test_where_the_system_does_not_allow_it_visitors_are_seen_as_local(target: Target) -> None:
    dialler = Dialler(target, target, interface_at("192.0.2.77"), SEEN)  # an address that is not ours
    assert source_of(dialler) == target.host
    assert dialler.seen_as_local


def test_a_target_that_is_down_tells_nothing_against_it(server: socket.socket, target: Target) -> None:
    server.close()
    dialler = Dialler(target, target, interface_at(PUBLISHED, ipv6="::1"), SEEN)
    assert not dialler.seen_as_local


def test_a_source_that_is_gone_is_an_error_and_leaves_nothing(target: Target) -> None:
    dialler = Dialler(target, target, interface_at(PUBLISHED, ipv6="::1"), SEEN)
    dialler._sources[target.host] = "192.0.2.77" if target.host == "127.0.0.1" else "2001:db8::77"
    with nothing_left(), pytest.raises(OSError, match="assign requested address"):
        dialler.begin()


def test_it_can_be_aimed_at_the_other_address_of_localhost(target: Target) -> None:
    localhost = Target("http", "localhost", target.port)
    other = next(host for host in localhost.candidates if host != target.host)
    dialler = Dialler(localhost, localhost.at(other), interface_at(PUBLISHED, ipv6="::1"), SEEN)
    dialler.aim_at(localhost.at(target.host))
    assert source_of(dialler) in {PUBLISHED, "::1"}
