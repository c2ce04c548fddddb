"""A new connection that speaks TLS."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import ssl


def connect_encrypted(host: str, port: int, limit: float, context: ssl.SSLContext, server_name: str) -> ssl.SSLSocket:
    """Connect to the first address of the host that takes it. Raises OSError. Any thread.

    Blocks up to `limit` seconds for each step. A socket is wrapped before it is connected: to wrap one whose other
    side has hung up meanwhile raises, and leaves it open until it is collected (CPython 3.11 to 3.13).
    """
    failed = OSError("the host has no address")
    for family, kind, protocol, _, place in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
        encrypted = context.wrap_socket(socket.socket(family, kind, protocol), server_hostname=server_name)
        try:
            encrypted.settimeout(limit)
            encrypted.connect(place)
        except OSError as error:
            encrypted.close()
            failed = error
        except BaseException:
            encrypted.close()
            raise
        else:
            return encrypted
    raise failed
