"""The interfaces of this computer as a test wants them, and a session that is told of their changes."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import replace
from ipaddress import IPv4Address, IPv4Network

from portway.backends.lan.addresses import Interface
from portway.backends.lan.interfaces import read_interfaces
from portway.backends.lan.session import LanSession
from tests.limits import SEEN

ROUTER, OTHER_ROUTER = IPv4Address("127.9.9.1"), IPv4Address("127.9.9.2")


class World:
    """Called like `read_interfaces`: the real ones, with the loopback interface changed."""

    def __init__(self) -> None:
        self.there = True
        self.gateway: IPv4Address | None = ROUTER
        self.network = IPv4Network("127.0.0.0/8")
        self.reads_until_lost = -1

    def __call__(self) -> Sequence[Interface]:
        self.there &= self.reads_until_lost != 0
        self.reads_until_lost -= 1
        changed = {"up": self.there, "gateway": self.gateway, "network": self.network}
        return [replace(one, **changed) if one.is_loopback else one for one in read_interfaces()]  # type: ignore[arg-type]


def tell_of_change(session: LanSession) -> None:
    """Do what the kernel does after a change; it tells of real ones only."""
    session._loop.call(session._on_network_changed)


def settle(session: LanSession) -> None:
    """Return once the session has done all that it was asked so far."""
    done = threading.Event()
    session._loop.call(done.set)
    assert done.wait(SEEN)
