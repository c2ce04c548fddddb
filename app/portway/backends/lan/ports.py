"""Which port is published, and the socket that listens on it."""

import contextlib
import errno
import os
import socket
import sys
from collections.abc import Iterator
from ipaddress import IPv4Address

from portway.backends.lan import causes
from portway.core.errors import TunnelError
from portway.core.status import TunnelId
from portway.core.target import Target
from portway.system.storage.app_state import AppState

_ABOVE_TARGET = 10000
_HIGHEST = 32767  # above it the kernel hands out ports to anybody
_REFUSED_BY_BROWSERS = 10080  # https://fetch.spec.whatwg.org/#port-blocking; the only one that can come out
_WAITING = 128


def listen(
    address: IPv4Address, target: Target, asked: int | None, memory: AppState, *, own: TunnelId = ""
) -> socket.socket:
    """Return a socket that listens at `address` and does not block; a port of our choice is kept for the target.

    `own` is the word of a tunnel of the person's own: two of them that lead to one target keep a port each.

    Never on the target's own port number: a dev server that finds it taken at any address moves elsewhere, or fails.
    Raises TunnelError: port_conflict or bad_request for a port that was asked for, no_network if the address is gone.
    """
    if asked is not None:
        return _listen_as_asked(address, target, asked)
    listener = _listen_somewhere(address, target, memory.listen_port(target.url, own) or memory.listen_port(target.url))
    keep(target, asked, listener.getsockname()[1], memory, own=own)
    return listener


def keep(target: Target, asked: int | None, port: int, memory: AppState, *, own: TunnelId = "") -> None:
    """Have the next start for `target` listen where this one goes on. Not if the port was asked for, or is its own."""
    if asked is None and port not in (target.port, memory.listen_port(target.url, own)):
        memory.remember_listen_port(target.url, port, own)


def _listen_somewhere(address: IPv4Address, target: Target, kept: int | None) -> socket.socket:
    for port in _candidates(kept, target):
        try:
            listener = _listen(address, port)
        except OSError as error:
            if error.errno == errno.EADDRNOTAVAIL:
                raise TunnelError(causes.ADDRESS_GONE, address=address) from error
            continue
        if listener.getsockname()[1] == target.port:
            listener.close()
            continue
        return listener
    raise TunnelError(causes.NO_PORT_FREE, address=address)


def _candidates(kept: int | None, target: Target) -> Iterator[int]:
    """Yield what is tried, in order; 0 lets the system choose, twice because it may choose the target's number."""
    if kept is not None and kept != target.port:
        yield kept
    above = target.port + _ABOVE_TARGET
    if above <= _HIGHEST and above not in (kept, _REFUSED_BY_BROWSERS):
        yield above
    yield 0
    yield 0


def _listen_as_asked(address: IPv4Address, target: Target, port: int) -> socket.socket:
    if port == target.port:
        raise TunnelError(causes.PORT_OF_TARGET, field="listenPort")
    try:
        return _listen(address, port)
    except PermissionError as error:
        raise TunnelError(causes.PORT_TOO_LOW, field="listenPort") from error
    except OSError as error:
        if error.errno == errno.EADDRNOTAVAIL:
            raise TunnelError(causes.ADDRESS_GONE, address=address) from error
        with _listen_somewhere(address, target, None) as other:
            free = other.getsockname()[1]
        raise TunnelError(causes.PORT_TAKEN, port=port, address=address, free=free) from error


def _listen(address: IPv4Address, port: int) -> socket.socket:
    if sys.platform == "darwin" and port and _is_answered(address, port):
        # With SO_REUSEADDR a BSD lets a specific address shadow somebody else's wildcard (read, not verified).
        raise OSError(errno.EADDRINUSE, os.strerror(errno.EADDRINUSE))
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        if sys.platform == "win32":
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((str(address), port))
        listener.listen(_WAITING)
        listener.setblocking(False)
    except BaseException:
        listener.close()
        raise
    return listener


def _is_answered(address: IPv4Address, port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection((str(address), port), timeout=0.3):
        return True
    return False
