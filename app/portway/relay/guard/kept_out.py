"""Who was kept out of one tunnel: when last, why, and how often. In bounded memory, and nowhere else."""

import threading
from collections import OrderedDict
from datetime import UTC, datetime

from portway.core.hub import KeptOut
from portway.relay.guard.limits import Client

_MOST_CLIENTS = 100
_LONGEST_PATH = 120  # characters
_OWN = "/.portway/"


class KeptOutClients:
    """Written on the loop's thread, read by any other one. The one that was kept out longest ago makes room."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._clients: OrderedDict[Client, KeptOut] = OrderedDict()

    def note(self, client: Client, address: str, rule: str, target: bytes) -> None:
        """One more request was refused. What it asks for is kept without its query, which may hold a secret."""
        path = target.partition(b"?")[0].decode("latin-1")
        shown = path if len(path) <= _LONGEST_PATH else f"{path[:_LONGEST_PATH]}…"
        with self._lock:
            before = self._clients.pop(client, None)
            times = 1 if before is None else before.times + 1
            if before is not None and path.startswith(_OWN):
                shown = before.path  # the password is sent for what was asked before
            self._clients[client] = KeptOut(address=address, at=datetime.now(UTC), rule=rule, path=shown, times=times)
            if len(self._clients) > _MOST_CLIENTS:
                self._clients.popitem(last=False)

    def forget(self, client: Client) -> None:
        """This one was let in after all."""
        if client in self._clients:
            with self._lock:
                self._clients.pop(client, None)

    def clear(self) -> None:
        """Forget all of them."""
        with self._lock:
            self._clients.clear()

    def all(self) -> tuple[KeptOut, ...]:
        """Return them, the latest first."""
        with self._lock:
            return tuple(reversed(self._clients.values()))
