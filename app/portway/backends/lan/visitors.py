"""Who gets in, and what is told about visitors: the first one is the only proof that others reach us."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Collection
from datetime import UTC, datetime
from ipaddress import IPv4Address
from typing import Any

from portway.backends.lan.addresses import Interface
from portway.backends.lan.declaration import LanExtras
from portway.core.backend import Listener

_TOLD_EVERY = 60.0  # seconds: people see it to the minute


class Visitors:
    """The doorkeeper, and the keeper of the status fields. Lives on the loop's thread once that runs."""

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
