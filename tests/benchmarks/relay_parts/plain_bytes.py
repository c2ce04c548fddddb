"""The floor of the relay: what moves bytes between a visitor and a target as they are, on the same loop."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

from portway.core.target import Target
from portway.relay.engine.byte_relay import ByteRelay
from portway.relay.engine.forwarder import ConnectionOwner, Forwarder, Serve
from portway.relay.engine.loop import Loop
from portway.relay.engine.wires import dialled
from portway.relay.relay import RELAY_LIMITS

Open = Callable[[Target], AbstractContextManager[tuple[Loop, int]]]


def bytes_as_they_are() -> Open:
    """Return what opens it before a target: its loop, and the port of its visitors."""
    return opened_by(_bytes)


def opened_by(make: Callable[[Loop, Target], Serve]) -> Open:
    """Return what opens a relay of which each connection is made so."""

    @contextmanager
    def opened(target: Target) -> Iterator[tuple[Loop, int]]:
        loop = Loop("bench")
        listening = socket.create_server(("127.0.0.1", 0))
        listening.setblocking(False)
        forwarder = Forwarder(loop, listening, make(loop, target), _Everybody(), RELAY_LIMITS)
        loop.start()
        try:
            yield loop, listening.getsockname()[1]
        finally:
            loop.stop(5)
            forwarder.close()

    return opened


class _Everybody:
    def admits(self, peer: str) -> bool:
        return True

    def target_answered(self) -> None: ...

    def target_refused(self) -> None: ...


def _bytes(loop: Loop, target: Target) -> Serve:
    def serve(owner: ConnectionOwner, peer: str, visitor: socket.socket, chunk: bytearray) -> _Bytes:
        return _Bytes(loop, owner, peer, visitor, dialled(target.host, target.port), chunk)

    return serve


class _Bytes:
    """A connection that moves bytes from the first one on."""

    def __init__(  # noqa: PLR0917 - what a real one gets, and the target's end
        self,
        loop: Loop,
        owner: ConnectionOwner,
        peer: str,
        visitor: socket.socket,
        target: socket.socket,
        chunk: bytearray,
    ) -> None:
        self.peer = peer
        self._owner = owner
        self._relay = ByteRelay(loop, self, visitor, target, memoryview(chunk))

    def begin(self) -> None:
        self._relay.begin(b"", b"")

    def reset(self) -> None:
        self._relay.reset()

    def reconsider(self) -> None:
        pass

    def idle_for(self, now: float) -> float | None:
        return None

    def sent_up(self, size: int) -> None: ...

    def sent_down(self, size: int) -> None: ...

    def bytes_ended(self, *, reset: bool) -> None:
        self._owner.connection_ended(self)
