"""The SDK's connection to the service, as the operating system sees it: the only way to really hang up.

`Session.close` of the SDK leaves the connection open, so that the account's session stays counted (measured with 1.4
and 1.7; ngrok/ngrok-javascript#118).
"""

from __future__ import annotations

import contextlib
import os
import socket
import sys
from dataclasses import dataclass

import psutil


@dataclass(frozen=True, slots=True)
class Wire:
    """One TCP connection of this process."""

    descriptor: int
    local: tuple[str, int]

    def cut(self) -> None:
        """Shut it down both ways; one that is gone already is fine."""
        with contextlib.suppress(OSError), socket.socket(fileno=os.dup(self.descriptor)) as shared:
            # The number may belong to something else by now; the copy does not change any more.
            if shared.getsockname()[:2] == self.local:
                shared.shutdown(socket.SHUT_RDWR)


def wires_to(port: int) -> frozenset[Wire]:
    """Return the connections of this process to that port anywhere. Empty on Windows, which tells no descriptors."""
    if sys.platform == "win32":
        return frozenset()
    try:
        found = psutil.Process().net_connections("tcp")
    except (psutil.Error, OSError):
        return frozenset()
    return frozenset(
        Wire(one.fd, (one.laddr.ip, one.laddr.port))
        for one in found
        if getattr(one.raddr, "port", None) == port  # () where it is not connected
    )
