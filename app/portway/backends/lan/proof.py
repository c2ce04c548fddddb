"""Proves that the published address leads to our own listener, not merely to somebody who answers."""

from __future__ import annotations

import socket
import time
from typing import NamedTuple

_ACCEPTED_AT_MOST = 256


class Proof(NamedTuple):
    """Whether our own connection came out, and the visitors who came out before it, not to be lost."""

    given: bool
    visitors: tuple[tuple[socket.socket, str], ...]


def prove(listener: socket.socket, limit: float) -> Proof:
    """Connect to the listener's own address and look for that connection among those accepted.

    Takes well under 1 ms, and up to `limit` seconds where the address is not ours any longer. Leaves the listener
    without blocking, as it was.
    """
    end = time.monotonic() + limit
    visitors: list[tuple[socket.socket, str]] = []
    try:
        with socket.create_connection(listener.getsockname(), timeout=limit) as ours:
            for _ in range(_ACCEPTED_AT_MOST):
                listener.settimeout(max(0.001, end - time.monotonic()))
                accepted, peer = listener.accept()
                if peer == ours.getsockname():
                    accepted.close()
                    return Proof(given=True, visitors=tuple(visitors))
                visitors.append((accepted, peer[0]))
    except OSError:
        pass  # refused, no route, or the limit: each means that it is not given
    finally:
        listener.setblocking(False)
    return Proof(given=False, visitors=tuple(visitors))
