"""The kernel's word that the network changed, on Linux; what it is now has to be read anew."""

from __future__ import annotations

import contextlib
import socket
import sys
from enum import IntFlag


class Topic(IntFlag):
    """What is worth hearing about: groups of linux/rtnetlink.h."""

    LINKS = 0x1
    IPV4_ADDRESSES = 0x10
    IPV4_ROUTES = 0x40
    IPV6_ADDRESSES = 0x100


def hear_network_news(topics: Topic) -> socket.socket | None:
    """Return a socket that does not block and is readable after a change, None where it takes a look now and then."""
    if sys.platform != "linux":
        return None
    news = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, socket.NETLINK_ROUTE)
    try:
        news.setblocking(False)
        news.bind((0, int(topics)))
    except OSError:
        news.close()
        return None
    return news


def drop_network_news(news: socket.socket) -> None:
    """Take all that was told so far, so that the socket is readable after the next change only."""
    # The contents are not worth parsing, and may be incomplete: ENOBUFS says that some were dropped.
    with contextlib.suppress(OSError):
        while True:
            news.recv(65536)
