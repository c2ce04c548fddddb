"""When those who may come by a rule about addresses were there last. In bounded memory, and nowhere else."""

import threading
import time
from collections.abc import Mapping
from datetime import UTC, datetime

from portway.core.guard.rules import Network, plain_network
from portway.relay.guard.limits import Client
from portway.relay.guard.policy import Address, Rules

_MOST = 1000  # visitors of whom it is found out later which entries let them in


class AllowedVisits:
    """Written on the loop's thread, read by any other one. There is one time at most for each entry of the rule."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._networks: tuple[tuple[str, Network], ...] = ()
        self._recent: dict[Client, tuple[Address, float]] = {}
        self._last: dict[str, float] = {}

    def note(self, client: Client, address: Address | None) -> None:
        """A request of this one passed."""
        if address is None:
            return
        with self._lock:
            self._recent[client] = address, time.time()
            if len(self._recent) > _MOST:
                self._sort_in()

    def follow(self, rules: Rules) -> None:
        """These rules hold from now on. What is no part of them any more is forgotten."""
        with self._lock:
            self._sort_in()
            entries = map(plain_network, rules.guard.allow)
            self._networks = tuple(zip(entries, rules.allow, strict=True))
            self._last = {entry: self._last[entry] for entry, _ in self._networks if entry in self._last}

    def clear(self) -> None:
        """Forget all of them."""
        with self._lock:
            self._recent, self._last = {}, {}

    def all(self) -> Mapping[str, datetime]:
        """Return the last visit, in UTC, by entry of the rule."""
        with self._lock:
            self._sort_in()
            return {entry: datetime.fromtimestamp(at, UTC) for entry, at in self._last.items()}

    def _sort_in(self) -> None:
        """Find out which entries let those in who came; here, and not for each request."""
        for address, at in self._recent.values():
            for entry, network in self._networks:
                if network.version == address.version and address in network:
                    self._last[entry] = max(at, self._last.get(entry, at))
        self._recent = {}
