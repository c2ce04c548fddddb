"""Tells that something about the network changed; what it is now has to be read anew."""

from __future__ import annotations

import contextlib
import socket
import sys
from collections.abc import Callable

from portway.backends.lan.loop import READ, Loop, Timer
from portway.core.timing import Timing

_LINKS, _ADDRESSES, _ROUTES = 0x1, 0x10, 0x40  # groups of links, IPv4 addresses, IPv4 routes: linux/rtnetlink.h


class NetworkWatch:
    """Calls `changed` on the loop's thread once the network has settled. On Linux it sleeps until the kernel tells."""

    def __init__(self, loop: Loop, timing: Timing, changed: Callable[[], None]) -> None:
        self._loop = loop
        self._timing = timing
        self._changed = changed
        self._settling: Timer | None = None
        self._news = _kernel_news()
        if self._news is None:
            loop.later(timing.network_poll, self._poll)
        else:
            loop.watch(self._news, READ, self._on_news)

    def close(self) -> None:
        """Listen no longer. After the loop has ended."""
        if self._news is not None:
            self._news.close()

    def _on_news(self, _events: int) -> None:
        # The contents are not worth parsing, and may be incomplete: ENOBUFS says that some were dropped.
        with contextlib.suppress(OSError):
            while self._news is not None:
                self._news.recv(65536)
        if self._settling is None:
            self._settling = self._loop.later(self._timing.network_debounce, self._settled)

    def _settled(self) -> None:
        self._settling = None
        self._changed()

    def _poll(self) -> None:
        self._loop.later(self._timing.network_poll, self._poll)
        self._changed()


def _kernel_news() -> socket.socket | None:
    """Return a socket that is readable after a change, None where it takes a poll."""
    if sys.platform != "linux":
        return None
    news = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, socket.NETLINK_ROUTE)
    try:
        news.setblocking(False)
        news.bind((0, _LINKS | _ADDRESSES | _ROUTES))
    except OSError:
        news.close()
        return None
    return news
