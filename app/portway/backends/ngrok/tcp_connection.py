"""The SDK's connection to the service, as the operating system sees it: the only way to really hang up.

`Session.close` of the SDK leaves the connection open, so that the account's session stays counted (measured with 1.4
and 1.7; ngrok/ngrok-javascript#118).
"""

import contextlib
import errno
import os
import socket
import stat
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_INTERNET = (socket.AF_INET, socket.AF_INET6)


@dataclass(frozen=True, slots=True)
class TcpConnection:
    """One TCP connection of this process."""

    descriptor: int
    local: tuple[str, int]

    def cut(self) -> None:
        """Shut it down both ways; one that is gone already is fine."""
        with contextlib.suppress(OSError), _shared(self.descriptor) as shared:
            # The number may belong to something else by now; the copy does not change any more.
            if shared.getsockname()[:2] == self.local:
                shared.shutdown(socket.SHUT_RDWR)


def connections_to(port: int) -> frozenset[TcpConnection]:
    """Return the connections of this process to that port anywhere. Empty on Windows, which tells no descriptors.

    Not by psutil: it reads every connection of the computer, and takes 1 MB for as long as the program runs.
    """
    if sys.platform == "win32":
        return frozenset()
    return frozenset(
        connection for file in Path("/dev/fd").iterdir() for connection in _connections(int(file.name), port)
    )


def _connections(descriptor: int, port: int) -> Iterator[TcpConnection]:
    """Yield what is behind the descriptor if it is a connection to that port."""
    with contextlib.suppress(OSError), _shared(descriptor) as shared:
        if shared.family in _INTERNET and shared.type == socket.SOCK_STREAM and shared.getpeername()[1] == port:
            yield TcpConnection(descriptor, shared.getsockname()[:2])


@contextlib.contextmanager
def _shared(descriptor: int) -> Iterator[socket.socket]:
    """Lend a copy of the descriptor, as a socket. Raises OSError where it is none, or none any more."""
    if not stat.S_ISSOCK(os.fstat(descriptor).st_mode):
        raise OSError(errno.ENOTSOCK, os.strerror(errno.ENOTSOCK))  # a file's copy would end its locks when closed
    copy = os.dup(descriptor)
    try:
        shared = socket.socket(fileno=copy)
    except OSError:
        os.close(copy)
        raise
    with shared:
        yield shared
