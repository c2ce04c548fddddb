"""Which literal loopback address answers for a target now."""

import contextlib
import ipaddress
import queue
import socket
import threading
import time
from dataclasses import dataclass

from portway.core.cancel import CancelToken
from portway.core.codes import Code
from portway.core.errors import TunnelError
from portway.core.target import LOCALHOST, Target
from portway.core.timing import Timing

_LOOK_EVERY = 0.05  # seconds between two looks at whether the look-up is still wanted


@dataclass(frozen=True, slots=True)
class Resolved:
    """A target at one literal address, and whether something answered there."""

    origin: Target
    answers: bool


def resolve(target: Target, timing: Timing, cancel: CancelToken) -> Resolved:
    """Try the addresses in order; where none answers, the first one stands. Blocks `resolve_address` for each.

    A name is looked up, which blocks up to `resolve_name`. Raises TunnelError(bad_request) for one that is unknown or
    leads anywhere else than to this computer alone.
    """
    addresses = target.candidates if target.name is None else _look_up(target.name, timing.resolve_name, cancel)
    for address in addresses:
        cancel.check()
        if _answers(address, target.port, timing.resolve_address):
            return Resolved(target.at(address), answers=True)
    return Resolved(target.at(addresses[0]), answers=False)


def _look_up(name: str, limit: float, cancel: CancelToken) -> tuple[str, ...]:
    """Return the loopback addresses of a name, IPv4 first."""
    if name.endswith(f".{LOCALHOST}"):  # always this computer (RFC 6761), and unknown to some resolvers
        name = LOCALHOST
    found = _bounded_look_up(name, limit, cancel)
    addresses = [ipaddress.ip_address(text) for text in found]
    of_this_computer = [one for one in addresses if one.is_loopback and (one.version == 4 or str(one) == "::1")]  # noqa: PLR2004 - of the protocol
    if not addresses or len(of_this_computer) < len(addresses):
        raise TunnelError(Code.BAD_REQUEST, "target_name", field="target")
    return tuple(str(address) for address in sorted(of_this_computer, key=lambda one: (one.version, one)))


def _bounded_look_up(name: str, limit: float, cancel: CancelToken) -> set[str]:
    """Ask the system, on a thread of its own: its resolver has no limit and cannot be stopped."""
    found: queue.SimpleQueue[set[str]] = queue.SimpleQueue()

    def ask() -> None:
        addresses: set[str] = set()
        with contextlib.suppress(OSError, UnicodeError):
            addresses = {str(record[4][0]) for record in socket.getaddrinfo(name, None, type=socket.SOCK_STREAM)}
        found.put(addresses)

    threading.Thread(target=ask, name="look-up", daemon=True).start()
    until = time.monotonic() + limit
    while time.monotonic() < until:
        cancel.check()
        with contextlib.suppress(queue.Empty):
            return found.get(timeout=_LOOK_EVERY)
    return set()


def _answers(address: str, port: int, limit: float) -> bool:
    with contextlib.suppress(OSError), socket.create_connection((address, port), timeout=limit):
        return True
    return False
