"""The stream of statuses: all of them when a client connects, then every change. Pure."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable

from portway.core.hub import Unsubscribe
from portway.core.status import TunnelStatus
from portway.rest.answers import StreamClient, frame
from portway.rest.messages import Messages


class Events:
    """The readers of /api/events. Ids count up over all streams, hence in each of them."""

    def __init__(self, messages: Messages, statuses: Callable[[], Iterable[TunnelStatus]]) -> None:
        self._messages = messages
        self._statuses = statuses
        self._numbers = itertools.count(1)
        self._clients: dict[object, StreamClient] = {}

    def subscribe(self, client: StreamClient) -> Unsubscribe:
        """Send `client` one frame per tunnel now, and one at every change."""
        snapshots = [self._frame(status) for status in self._statuses()]
        key = object()
        self._clients[key] = client

        def leave() -> None:
            self._clients.pop(key, None)

        for snapshot in snapshots:
            client.send(snapshot)
        return leave

    def tell(self, status: TunnelStatus) -> None:
        """Send a changed status to all. A client that has left meanwhile is gone from the list before the next news."""
        if not self._clients:
            return
        news = self._frame(status)
        for client in tuple(self._clients.values()):
            client.send(news)

    def _frame(self, status: TunnelStatus) -> bytes:
        return frame("status", self._messages.status(status), next(self._numbers))
