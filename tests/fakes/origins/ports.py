"""Loopback ports that stay a test's own while nobody listens there.

One that was given back is anybody's at once: another part of the tests, which run side by side, may listen there when
this one claims that nobody does, or wants to listen there again.
"""

from __future__ import annotations

import socket
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from portway.core.target import Target

_TRIED = 100


@contextmanager
def kept_port(*addresses: str) -> Iterator[int]:
    """Yield a port of 127.0.0.1, or of all these addresses, at which only servers of this test can listen.

    Whoever connects there is refused until then. OSError where an address is none of this computer's.
    """
    for tried in range(1, _TRIED + 1):
        with ExitStack() as kept:
            port = 0
            try:
                for address in addresses or ("127.0.0.1",):
                    port = _kept(address, port, kept)
            except OSError:
                if tried == _TRIED:
                    raise
                continue
            if sys.platform != "linux":
                kept.close()  # two sockets cannot have one port there, even where only one of them listens
            yield port
            return


@contextmanager
def nobody() -> Iterator[Target]:
    """Yield a target at which nobody listens, nor will."""
    with kept_port() as port:
        yield Target("http", "127.0.0.1", port)


def _kept(address: str, port: int, kept: ExitStack) -> int:
    holder = kept.enter_context(socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET))
    holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as every server here has it
    holder.bind((address, port))
    number: int = holder.getsockname()[1]
    return number
