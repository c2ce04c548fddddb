"""Tells that something about the network changed; what it is now has to be read anew."""

from __future__ import annotations

from collections.abc import Callable

from portway.backends.lan.loop import READ, Loop, Timer
from portway.core.timing import Timing
from portway.system.network_news import Topic, drop_network_news, hear_network_news

_TOPICS = Topic.LINKS | Topic.IPV4_ADDRESSES | Topic.IPV4_ROUTES


class NetworkWatch:
    """Calls `changed` on the loop's thread once the network has settled. On Linux it sleeps until the kernel tells."""

    def __init__(self, loop: Loop, timing: Timing, changed: Callable[[], None]) -> None:
        self._loop = loop
        self._timing = timing
        self._changed = changed
        self._settling: Timer | None = None
        self._news = hear_network_news(_TOPICS)
        if self._news is None:
            loop.later(timing.network_poll, self._poll)
        else:
            loop.watch(self._news, READ, self._on_news)

    def close(self) -> None:
        """Listen no longer. After the loop has ended."""
        if self._news is not None:
            self._news.close()

    def _on_news(self, _events: int) -> None:
        if self._news is not None:
            drop_network_news(self._news)
        if self._settling is None:
            self._settling = self._loop.later(self._timing.network_debounce, self._settled)

    def _settled(self) -> None:
        self._settling = None
        self._changed()

    def _poll(self) -> None:
        self._loop.later(self._timing.network_poll, self._poll)
        self._changed()
