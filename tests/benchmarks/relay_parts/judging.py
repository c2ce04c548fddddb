"""The least that judges every head on its way, as the relay has to: what that alone costs in Python."""

from __future__ import annotations

import socket

from portway.core.target import Target
from portway.relay.engine.forwarder import ConnectionOwner, Serve
from portway.relay.engine.loop import READ, Loop
from portway.relay.engine.wires import dialled
from portway.relay.http.heads import END_OF_HEAD, parse_answer, parse_request
from tests.benchmarks.relay_parts.plain_bytes import Open, opened_by


def judged_heads() -> Open:
    """Return what opens it before a target."""

    def make(loop: Loop, target: Target) -> Serve:
        def serve(owner: ConnectionOwner, peer: str, visitor: socket.socket, chunk: bytearray) -> Judging:
            return Judging(loop, owner, peer, visitor, dialled(target.host, target.port), chunk)

        return serve

    return opened_by(make)


class Judging:
    """Implements Connection for small requests that come whole, one after the other, as do their answers.

    It pairs nothing, counts nothing, knows no body, no end and no trouble: what passes is judged, and sent on.
    """

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
        self._loop, self._owner = loop, owner
        self._visitor, self._target = visitor, target
        self._chunk = memoryview(chunk)

    def begin(self) -> None:
        self._loop.watch(self._visitor, READ, self._on_visitor)
        self._loop.watch(self._target, READ, self._on_target)

    def reset(self) -> None:
        for end in (self._visitor, self._target):
            self._loop.forget(end)
            end.close()

    def reconsider(self) -> None:
        pass

    def idle_for(self, now: float) -> float | None:
        return None

    def _on_visitor(self, _events: int) -> None:
        if raw := self._read(self._visitor):
            parse_request(raw[: raw.find(END_OF_HEAD) + len(END_OF_HEAD)])
            self._target.send(raw)

    def _on_target(self, _events: int) -> None:
        if raw := self._read(self._target):
            parse_answer(raw[: raw.find(END_OF_HEAD) + len(END_OF_HEAD)])
            self._visitor.send(raw)

    def _read(self, end: socket.socket) -> bytes:
        if end.fileno() < 0:  # the other end was told of the end in the same turn
            return b""
        size = end.recv_into(self._chunk)
        if not size:
            self.reset()
            self._owner.connection_ended(self)
        return bytes(self._chunk[:size])
