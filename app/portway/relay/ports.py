"""The loopback port of each tunnel's relay: the same one every time, as programs that outlive this one lead there."""

import socket
import sys
import zlib
from collections.abc import Collection, Iterator

from portway.core.codes import Code
from portway.core.errors import TunnelError
from portway.system.storage.app_state import AppState

LOWEST, HIGHEST = 20140, 32767  # above it the kernel hands out ports to anybody
_HOST = "127.0.0.1"
_WAITING = 256
_TRIED = 64


def listen_at_kept_port(tunnel: str, memory: AppState) -> socket.socket | None:
    """Return a socket that listens at the port of an earlier run and does not block.

    None where there was none. Raises TunnelError(relay_port_taken) where another program has it now: what leads there
    would lead its visitors to that program.
    """
    kept = memory.relay_port(tunnel)
    if kept is None:
        return None
    try:
        return _listen(kept)
    except OSError as error:
        raise TunnelError(Code.RELAY_PORT_TAKEN, port=kept) from error


def listen_at_new_port(tunnel: str, memory: AppState, avoided: Collection[int]) -> socket.socket:
    """Return a socket that listens at a port that is kept from now on; never one of those `avoided`."""
    for port in _candidates(tunnel, memory.profile):
        if port in avoided:
            continue
        try:
            listener = _listen(port)
        except OSError:
            continue
        memory.remember_relay_port(tunnel, port)
        return listener
    raise TunnelError(Code.PORT_CONFLICT, "relay")


def _candidates(tunnel: str, profile: str) -> Iterator[int]:
    """Yield ports in an order of this tunnel's and profile's own, so that two of them rarely try the same one.

    After a kill, and before the restart, another Portway would else take the very port that is to come back.
    """
    count = HIGHEST - LOWEST + 1
    begin = zlib.crc32(f"{profile}\n{tunnel}".encode(errors="surrogateescape"))
    for step in range(_TRIED):
        yield LOWEST + (begin + step * 997) % count


def _listen(port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        if sys.platform == "win32":
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((_HOST, port))
        listener.listen(_WAITING)
        listener.setblocking(False)
    except BaseException:
        listener.close()
        raise
    return listener
