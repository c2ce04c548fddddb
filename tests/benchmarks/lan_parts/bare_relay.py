"""The least that forwards in Python, as a process of its own: `bare_relay TARGET_PORT ADDRESS`.

One thread, `selectors`, one chunk of the size that Portway uses: what the interpreter and the kernel take alone. No
limits, no keep-alive, resets become ends, and a visitor who does not read holds up all others. Prints its port.
"""

from __future__ import annotations

import contextlib
import selectors
import socket
import sys
import threading
from collections.abc import Callable

from portway.relay.engine.forwarder import Limits

_BACKLOG = 512


class BareRelay:
    """Forwards from one listening socket until the process ends."""

    def __init__(self, listener: socket.socket, target: tuple[str, int]) -> None:
        self._listener = listener
        self._target = target
        self._waiting = selectors.DefaultSelector()
        self._chunk = memoryview(bytearray(Limits().chunk))

    def run(self) -> None:
        self._waiting.register(self._listener, selectors.EVENT_READ, self._accept)
        while True:
            for key, _events in self._waiting.select():
                key.data()

    def _accept(self) -> None:
        visitor = self._listener.accept()[0]
        dialled = socket.create_connection(self._target)
        for source, sink in ((visitor, dialled), (dialled, visitor)):
            source.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._waiting.register(source, selectors.EVENT_READ, self._mover(source, sink))

    def _mover(self, source: socket.socket, sink: socket.socket) -> Callable[[], None]:
        def move() -> None:
            with contextlib.suppress(OSError):
                if size := source.recv_into(self._chunk):
                    sink.sendall(self._chunk[:size])
                    return
            self._end(source, sink)

        return move

    def _end(self, source: socket.socket, sink: socket.socket) -> None:
        self._waiting.unregister(source)
        if sink in self._waiting.get_map():
            with contextlib.suppress(OSError):
                sink.shutdown(socket.SHUT_WR)
        else:
            source.close()
            sink.close()


if __name__ == "__main__":
    with socket.create_server((sys.argv[2], 0), backlog=_BACKLOG) as listening:
        print(listening.getsockname()[1], flush=True)
        relay = BareRelay(listening, ("127.0.0.1", int(sys.argv[1])))
        threading.Thread(target=relay.run, daemon=True).start()
        sys.stdin.read()
