"""Connects to the target from the published address, so that visitors are not taken for this computer itself."""

import contextlib
import errno
import logging
import socket
import sys
from collections.abc import Iterable

from portway.backends.lan.addresses import Interface
from portway.core.target import Target

logger = logging.getLogger(__name__)

_IP_BIND_ADDRESS_NO_PORT = 24  # linux/in.h; Python has no name for it before 3.12
_UNDER_WAY = frozenset({0, errno.EINPROGRESS, errno.EWOULDBLOCK, getattr(errno, "WSAEWOULDBLOCK", 0)})


class Dialler:
    """Safe on every thread: what it dials is replaced whole.

    A target that trusts loopback (Redis, many admin pages) would trust every visitor otherwise. Where the system
    does not let the published address reach loopback, it dials plainly, and `seen_as_local` says so.
    """

    def __init__(self, target: Target, origin: Target, interface: Interface, limit: float) -> None:
        self.aim = origin  # the literal address that is dialled
        self._interface = interface
        self._limit = limit
        self._sources = self._sources_for(target, origin)

    @property
    def seen_as_local(self) -> bool:
        """Whether visitors reach the target from a loopback address."""
        return self._sources.get(self.aim.host) is None

    def aim_at(self, origin: Target) -> None:
        """Dial another literal address of the target from now on."""
        self.aim = origin

    def lead(self, target: Target, origin: Target) -> None:
        """Dial another target from now on. Takes up to the limit for each of its addresses: not the loop's thread."""
        self._sources = {**self._sources, **self._sources_for(target, origin)}
        self.aim = origin

    def _sources_for(self, target: Target, origin: Target) -> dict[str, str | None]:
        hosts = dict.fromkeys((origin.host, *target.candidates))
        return dict(_usable_sources(hosts, target.port, self._interface, self._limit))

    def begin(self) -> socket.socket:
        """Return a socket that is connecting and does not block. Raises OSError."""
        origin = self.aim
        source = self._sources.get(origin.host)
        dialled = _socket(origin.host)
        try:
            dialled.setblocking(False)
            dialled.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if source is not None:
                _bind(dialled, source)
            _start_connecting(dialled, origin)
        except BaseException:
            dialled.close()
            raise
        return dialled


def is_reachable(interface: Interface, target: Target, limit: float) -> bool:
    """Whether the target itself listens on the published address: then it is open without Portway, too."""
    with contextlib.suppress(OSError), socket.create_connection((str(interface.address), target.port), timeout=limit):
        return True
    return False


def _usable_sources(
    hosts: Iterable[str], port: int, interface: Interface, limit: float
) -> Iterable[tuple[str, str | None]]:
    for host in hosts:
        source = interface.ipv6 if ":" in host else str(interface.address)
        if source is not None and not _leads(host, port, source, limit):
            logger.info("%s cannot be dialled from %s, so visitors are seen there as local", host, source)
            source = None
        yield host, source


def _leads(host: str, port: int, source: str, limit: float) -> bool:
    """Whether the way from `source` to the target is open; also where nothing tells, as while the target is down."""
    try:
        _try(host, port, source, limit)
    except ConnectionRefusedError:
        return True  # by the target's side of the way
    except OSError:
        try:
            _try(host, port, None, limit)
        except OSError:
            return True
        return False
    return True


def _try(host: str, port: int, source: str | None, limit: float) -> None:
    with _socket(host) as dialled:
        dialled.settimeout(limit)
        if source is not None:
            _bind(dialled, source)
        dialled.connect((host, port))


def _socket(host: str) -> socket.socket:
    return socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)


def _start_connecting(dialled: socket.socket, origin: Target) -> None:
    error = dialled.connect_ex((origin.host, origin.port))
    if error not in _UNDER_WAY:
        raise OSError(error, "the target cannot be dialled")


def _bind(dialled: socket.socket, source: str) -> None:
    if sys.platform == "linux":
        # The port is chosen at connect, when it need not be unique among all targets.
        dialled.setsockopt(socket.IPPROTO_IP, _IP_BIND_ADDRESS_NO_PORT, 1)
    dialled.bind((source, 0))
