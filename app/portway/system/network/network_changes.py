"""Notifications of the Linux kernel that the network changed; they do not say what it is now."""

import contextlib
import socket
import sys
from enum import IntFlag


class Topic(IntFlag):
    """What to be notified of: groups of linux/rtnetlink.h."""

    LINKS = 0x1
    IPV4_ADDRESSES = 0x10
    IPV4_ROUTES = 0x40
    IPV6_ADDRESSES = 0x100


def subscribe_to_changes(topics: Topic) -> socket.socket | None:
    """Return a non-blocking socket that is readable after a change, None where the caller has to poll."""
    if sys.platform != "linux":
        return None
    changes = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, socket.NETLINK_ROUTE)
    try:
        changes.setblocking(False)
        changes.bind((0, int(topics)))
    except OSError:
        changes.close()
        return None
    return changes


def discard_changes(changes: socket.socket) -> None:
    """Read all notifications so far, so that the socket is readable after the next change only."""
    # The contents are not worth parsing, and may be incomplete: ENOBUFS says that some were dropped.
    with contextlib.suppress(OSError):
        while True:
            changes.recv(65536)
