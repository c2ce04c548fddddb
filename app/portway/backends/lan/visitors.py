"""Which visitors are let in, what the status tells of them, and the proof that the published address leads here."""

import dataclasses
import socket
import time
from collections.abc import Collection
from datetime import UTC, datetime
from ipaddress import IPv4Address
from typing import Any, NamedTuple

from portway.backends.lan.addresses import Interface
from portway.backends.lan.declaration import LanExtras
from portway.core.backend import Listener

_ACCEPTED_AT_MOST = 256  # while our own connection is looked for
_TOLD_EVERY = 60.0  # seconds: people see it to the minute


class Visitors:
    """Decides who is let in, and updates the status fields. Lives on the loop's thread once that runs."""

    def __init__(
        self, interface: Interface, own: Collection[IPv4Address], extras: LanExtras, listener: Listener
    ) -> None:
        self._network = interface.network
        self._own = frozenset(map(str, own))
        self._extras = extras
        self._listener = listener
        self._told_at: float | None = None

    @property
    def extras(self) -> LanExtras:
        """As last told."""
        return self._extras

    def admits(self, peer: str) -> bool:
        """Whether `peer` is of the published network, or this computer; notes visitors from other devices."""
        if peer in self._own:
            return True
        # The kernel accepts the published address on every interface: a peer behind another one may reach it.
        admitted = IPv4Address(peer) in self._network
        if admitted:
            self._note()
        return admitted

    def target_answered(self) -> None:
        self._listener.origin_answered()

    def target_refused(self) -> None:
        self._listener.origin_suspect()

    def know_own(self, own: Collection[IPv4Address]) -> None:
        """Take the addresses that this computer has now."""
        self._own = frozenset(map(str, own))

    def nobody_came(self) -> None:
        """Say that a firewall may be why, if there is one and nobody came so far."""
        if self._told_at is None and self._extras.firewall.may_block:
            self.tell(may_be_blocked=True)

    def tell(self, **changes: Any) -> None:  # noqa: ANN401 - fields of LanExtras
        """Report the status fields with some of them changed."""
        self._extras = dataclasses.replace(self._extras, **changes)
        self._listener.report(self._extras)

    def _note(self) -> None:
        now = time.monotonic()
        if self._told_at is None or now - self._told_at >= _TOLD_EVERY:
            self._told_at = now
            self.tell(last_visitor_at=datetime.now(UTC), may_be_blocked=False)


class Proof(NamedTuple):
    """Whether our own connection came out, and the visitors who came out before it, not to be lost."""

    given: bool
    visitors: tuple[tuple[socket.socket, str], ...]


def prove(listener: socket.socket, limit: float) -> Proof:
    """Connect to the listener's own address and look for that connection among those accepted.

    Takes well under 1 ms, and up to `limit` seconds where the address is not ours any longer. Leaves the listener
    without blocking, as it was.
    """
    end = time.monotonic() + limit
    visitors: list[tuple[socket.socket, str]] = []
    try:
        with socket.create_connection(listener.getsockname(), timeout=limit) as ours:
            for _ in range(_ACCEPTED_AT_MOST):
                listener.settimeout(max(0.001, end - time.monotonic()))
                accepted, peer = listener.accept()
                if peer == ours.getsockname():
                    accepted.close()
                    return Proof(given=True, visitors=tuple(visitors))
                visitors.append((accepted, peer[0]))
    except OSError:
        pass  # refused, no route, or the limit: each means that it is not given
    finally:
        listener.setblocking(False)
    return Proof(given=False, visitors=tuple(visitors))
