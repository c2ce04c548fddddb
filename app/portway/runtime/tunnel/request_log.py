"""The recorded requests of all tunnels: their store is made when the first of them is to be recorded."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from portway.core.hub import ALL_REQUESTS, RecordedRequest, RequestFilter, RequestRow, Unsubscribe

if TYPE_CHECKING:
    from portway.relay.capture.store import ExchangeStore


class LateRequestLog:
    """Implements core.hub.RequestLog. Any thread. A program that records nothing does without a store."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._store: ExchangeStore | None = None
        self._most_bytes: int | None = None

    @property
    def store(self) -> ExchangeStore:
        """Where exchanges are kept; made when it is first asked for."""
        from portway.relay.capture.store import ExchangeStore  # late: only what is open needs it

        with self._lock:
            if self._store is None:
                self._store = ExchangeStore()
                if self._most_bytes is not None:
                    self._store.keep_at_most(self._most_bytes)
            return self._store

    def keep_at_most(self, size: int) -> None:
        """Keep so many bytes from now on; what is beyond that goes at once, the oldest first."""
        with self._lock:
            self._most_bytes = size
            store = self._store
        if store is not None:
            store.keep_at_most(size)

    def rows(
        self, tunnel: str, wanted: RequestFilter = ALL_REQUESTS, *, limit: int = 100, before: int | None = None
    ) -> tuple[RequestRow, ...]:
        return () if self._store is None else self._store.rows(tunnel, wanted, limit=limit, before=before)

    def get(self, tunnel: str, number: int, *, secrets: bool = False) -> RecordedRequest | None:
        return None if self._store is None else self._store.get(tunnel, number, secrets=secrets)

    def count(self) -> int:
        return 0 if self._store is None else self._store.count()

    def dropped(self, tunnel: str) -> int:
        return 0 if self._store is None else self._store.dropped(tunnel)

    def is_recording(self, tunnel: str) -> bool:
        return self._store is not None and self._store.is_recording(tunnel)

    def record(self, tunnel: str, *, on: bool) -> None:
        if on or self._store is not None:
            self.store.record(tunnel, on=on)

    def clear(self, tunnel: str) -> None:
        if self._store is not None:
            self._store.clear(tunnel)

    def subscribe(self, listener: Callable[[RequestRow], None]) -> Unsubscribe:
        return self.store.subscribe(listener)
