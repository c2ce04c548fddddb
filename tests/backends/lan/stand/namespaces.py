"""Three computers in one: network namespaces joined by virtual cables.

    phone 192.168.77.20 ──── lan0 host 192.168.77.10      phone is also the router, 192.168.77.1
    other 10.99.0.20    ──── lab0 host 10.99.0.10         a second network, by which `host` can be reached, too

A thread that enters a namespace sees its interfaces, and so does every thread that it starts; a socket stays where it
was made. The test itself, and all that it starts, is at `host`; visitors are threads elsewhere.
"""

from __future__ import annotations

import ctypes
import os
import subprocess
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

Result = TypeVar("Result")

HOST, PHONE, OTHER = "192.168.77.10", "192.168.77.20", "10.99.0.20"
SUBNET, ROUTER, SECOND_ROUTER = "192.168.77.0/24", "192.168.77.1", "192.168.77.2"
CARD, PHONE_CARD = "lan0", "wlan0"
_LIMIT = 20.0  # seconds


class NoNamespacesError(Exception):
    """This computer, or this user, cannot make them; the text says why."""


class Neighbourhood:
    """The three namespaces, whose names begin with `prefix`."""

    def __init__(self, prefix: str) -> None:
        self._prefix = prefix

    def ip(self, place: str, command: str) -> None:
        """Run `ip` in one of them."""
        _ip(f"-n {self._prefix}{place} {command}")

    def at(self, place: str, call: Callable[[], Result]) -> Result:
        """Return what `call` returns, made on a thread in that namespace."""
        with ThreadPoolExecutor(1, initializer=_enter, initargs=(self._path(place),)) as thread:
            return thread.submit(call).result(_LIMIT)

    def unplug(self) -> None:
        """Pull the cable of `host`: its interface loses the carrier."""
        self.ip("phone", f"link set {PHONE_CARD} down")

    def plug_in(self) -> None:
        """Put it back, with what the phone has forgotten meanwhile."""
        self.ip("phone", f"link set {PHONE_CARD} up")

    def build(self) -> None:
        """Make the namespaces, the cables and the addresses."""
        for place in ("host", "phone", "other"):
            _ip(f"netns add {self._prefix}{place}")
            self.ip(place, "link set lo up")
        self._join("phone", PHONE_CARD, CARD, HOST, PHONE)
        self._join("other", "lab1", "lab0", "10.99.0.10", OTHER)
        self.ip("phone", f"address add {ROUTER}/24 dev {PHONE_CARD}")
        self.ip("phone", f"address add {SECOND_ROUTER}/24 dev {PHONE_CARD}")
        self.ip("host", f"route add default via {ROUTER} dev {CARD}")
        self.ip("other", f"route add {SUBNET} via 10.99.0.10")

    def remove(self) -> None:
        """Remove what there is; the cables go with them."""
        for place in ("host", "phone", "other"):
            if self._path(place).exists():
                _ip(f"netns delete {self._prefix}{place}")

    @contextmanager
    def entered(self) -> Iterator[None]:
        """Be at `host` with this thread, and with those that it starts."""
        home = os.open("/proc/thread-self/ns/net", os.O_RDONLY)
        try:
            _enter(self._path("host"))
            yield
        finally:
            _set_namespace(home)
            os.close(home)

    def _join(self, place: str, card: str, host_card: str, host_address: str, address: str) -> None:
        self.ip("host", f"link add {host_card} type veth peer name {card} netns {self._prefix}{place}")
        for end, name, own in (("host", host_card, host_address), (place, card, address)):
            self.ip(end, f"address add {own}/24 dev {name}")
            self.ip(end, f"link set {name} up")

    def _path(self, place: str) -> Path:
        return Path("/run/netns", self._prefix + place)


@contextmanager
def neighbourhood() -> Iterator[Neighbourhood]:
    """Yield the three computers, with this thread at `host`. Raises NoNamespacesError."""
    there = Neighbourhood(f"portway-{os.getpid()}-")
    try:
        there.build()
        with there.entered():
            yield there
    finally:
        there.remove()


def _ip(command: str) -> None:
    try:
        subprocess.run(["ip", *command.split()], check=True, capture_output=True, text=True, timeout=_LIMIT)
    except FileNotFoundError:
        raise NoNamespacesError("there is no program `ip`") from None
    except subprocess.CalledProcessError as error:
        raise NoNamespacesError(f"ip {command}: {error.stderr.strip()}") from None


def _enter(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        _set_namespace(descriptor)
    finally:
        os.close(descriptor)


def _set_namespace(descriptor: int) -> None:
    """Call setns(2), for which Python has no name before 3.12."""
    library = ctypes.CDLL(None, use_errno=True)
    if library.setns(descriptor, 0):
        error = ctypes.get_errno()
        raise OSError(error, os.strerror(error))
