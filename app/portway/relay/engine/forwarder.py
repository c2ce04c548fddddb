"""Accepts visitors, within limits, and makes room for those who wait."""

import errno
import logging
import socket
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from portway.relay.engine.loop import READ, Loop, Timer
from portway.relay.engine.wires import cut

logger = logging.getLogger(__name__)

_NO_ROOM = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM})
_INHERITED = sys.platform == "linux"  # accepted sockets have the options of the one that listens
_ACCEPTED_AT_ONCE = 32  # then everybody else gets a turn
_ROOM_LOOKED_FOR_EVERY = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What visitors may use: bytes, and seconds.

    A chunk is the most that waits here per direction; the kernel holds some MB beside it. Measured on Linux: 64 KiB
    move a third fewer bytes a second than this, 1 MiB hardly more, and `os.splice` fewer than reading at such sizes.
    """

    connections: int = 128
    per_peer: int = 32
    chunk: int = 512 * 1024
    silent_after: int = 30
    asked_every: int = 10
    asked_times: int = 3
    unacknowledged: int = 60
    head: float = 20.0  # from the first byte of a head to its end, whoever sends it
    dial: float = 15.0
    quiet: float = 0.5  # between the end of a target that said nothing, and telling the visitor
    farewell: float = 2.0  # for a visitor to hear that the answer was the last one
    rests_for: float = 2.0  # without a request, before a connection makes room for somebody who waits
    silent_for: float = 30.0  # within a request
    slowest_upload: int = 1024  # bytes a second: slower ones make room after `silent_for`, too


class Connection(Protocol):
    """One visitor's connection, on the loop's thread."""

    @property
    def peer(self) -> str:
        """The address from which it came."""

    def begin(self) -> None:
        """Serve it from now on. Once."""

    def reset(self) -> None:
        """End it now, so that both sides see a cut, not an end."""

    def reconsider(self) -> None:
        """Other rules hold for visitors: end it, if it would not be let in by them."""

    def idle_for(self, now: float) -> float | None:
        """Return for how many seconds it could have made room for another one; None while it is at work."""


class ConnectionOwner(Protocol):
    """Gets the news of its connections, on the loop's thread."""

    def target_answered(self) -> None:
        """The target served a visitor."""

    def target_refused(self, reason: OSError) -> None:
        """The target did not take a connection, or ended it without an answer."""

    def not_dialled(self, error: OSError) -> None:
        """The target could not even be dialled."""

    def connection_ended(self, connection: Connection) -> None:
        """All of it is closed."""


Serve = Callable[[ConnectionOwner, str, socket.socket, bytearray], Connection]
"""Makes the connection of a visitor: whose it is, from where it came, its socket, and what all read into."""


class Doorkeeper(Protocol):
    """Decides about visitors and hears of them, on the loop's thread."""

    def admits(self, peer: str) -> bool:
        """Whether a visitor from this address gets in."""

    def target_answered(self) -> None:
        """The target served a visitor."""

    def target_refused(self) -> None:
        """The target did not."""


class Forwarder:
    """Owns the listener and all connections. Everything happens on the loop's thread, or after it has ended."""

    def __init__(
        self, loop: Loop, listener: socket.socket, serve: Serve, doorkeeper: Doorkeeper, limits: Limits
    ) -> None:
        self._loop = loop
        self._listener = listener
        self._serve = serve
        self._doorkeeper = doorkeeper
        self._limits = limits
        self._chunk = bytearray(limits.chunk)  # one for all: what it holds is moved on within the turn
        self._connections: set[Connection] = set()
        self._peers: Counter[str] = Counter()
        self._accepting = False
        self._closed = False
        self._short_of_room = False
        self._looking_for_room: Timer | None = None
        if _INHERITED:
            self._set_options(listener)
        self._accept_again()

    @property
    def connections(self) -> int:
        """How many visitors are connected."""
        return len(self._connections)

    def close(self) -> None:
        """Reset every visitor and close the listener. After the loop has ended; idempotent."""
        self._closed = True
        self._listener.close()
        self.reset_all()
        # Owner and owned refer to each other, so the collector would have to come by first: each of the sessions that
        # were opened and closed meanwhile would keep this much.
        self._chunk = bytearray()

    def reset_all(self) -> None:
        """Reset every visitor."""
        for connection in tuple(self._connections):
            connection.reset()

    def reconsider_all(self) -> None:
        """Other rules hold for visitors."""
        for connection in tuple(self._connections):
            connection.reconsider()

    def welcome(self, visitor: socket.socket, peer: str) -> None:
        """Take an accepted connection."""
        too_many = self._peers[peer] >= self._limits.per_peer or self.connections >= self._limits.connections
        if too_many or not self._doorkeeper.admits(peer):
            cut(visitor)
            return
        try:
            visitor.setblocking(False)
            if not _INHERITED:
                self._set_options(visitor)
        except OSError:  # it is gone already
            cut(visitor)
            return
        self._peers[peer] += 1
        connection = self._serve(self, peer, visitor, self._chunk)
        self._connections.add(connection)
        connection.begin()

    def target_answered(self) -> None:
        self._short_of_room = False
        self._doorkeeper.target_answered()

    def target_refused(self, reason: OSError) -> None:
        logger.debug("the target did not serve a visitor: %s", reason)
        self._doorkeeper.target_refused()

    def not_dialled(self, error: OSError) -> None:
        if error.errno in _NO_ROOM:
            self._wait_for_room(error)
        else:
            self.target_refused(error)

    def connection_ended(self, connection: Connection) -> None:
        self._connections.discard(connection)
        self._peers[connection.peer] -= 1
        if self._peers[connection.peer] <= 0:
            del self._peers[connection.peer]
        self._accept_again()

    def _on_visitors(self, _events: int) -> None:
        for _ in range(_ACCEPTED_AT_ONCE):
            if not self._accepting or not self._make_room():
                return
            try:
                visitor, (peer, *_port) = self._listener.accept()
            except OSError as error:
                if error.errno in _NO_ROOM:
                    self._wait_for_room(error)
                return  # nobody waits, or somebody who went away while waiting
            self.welcome(visitor, peer)

    def _make_room(self) -> bool:
        """Whether there is a place for somebody who waits: taken from whoever has not used it for longest."""
        if self.connections < self._limits.connections:
            return True
        now = time.monotonic()
        idle = {connection: connection.idle_for(now) or 0.0 for connection in self._connections}
        longest = max(idle, key=lambda connection: idle[connection])
        if idle[longest] < self._limits.rests_for:
            self._pause()
            self._look_for_room_later()
            return False
        longest.reset()
        return True

    def _set_options(self, end: socket.socket) -> None:
        """Let small messages pass at once, and visitors who vanished be noticed."""
        end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        end.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        for name, value in (
            ("TCP_KEEPIDLE", self._limits.silent_after),
            ("TCP_KEEPALIVE", self._limits.silent_after),  # its name on macOS
            ("TCP_KEEPINTVL", self._limits.asked_every),
            ("TCP_KEEPCNT", self._limits.asked_times),
            ("TCP_USER_TIMEOUT", self._limits.unacknowledged * 1000),
        ):
            if hasattr(socket, name):
                end.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)

    def _wait_for_room(self, error: OSError) -> None:
        """Accept nobody until a connection ends, or the rest of the program has given something back."""
        if not self._short_of_room:
            self._short_of_room = True
            logger.warning("Visitors wait for other connections to end: %s", error)
        self._pause()
        self._look_for_room_later()

    def _look_for_room_later(self) -> None:
        if self._looking_for_room is None:
            self._looking_for_room = self._loop.later(_ROOM_LOOKED_FOR_EVERY, self._look_for_room)

    def _look_for_room(self) -> None:
        self._looking_for_room = None
        self._accept_again()

    def _pause(self) -> None:
        if self._accepting:
            self._accepting = False
            self._loop.forget(self._listener)

    def _accept_again(self) -> None:
        if not self._closed and not self._accepting:
            self._accepting = True
            self._loop.watch(self._listener, READ, self._on_visitors)
