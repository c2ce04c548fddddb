"""Accepts visitors, within limits, and gives each one a relay to the target."""

from __future__ import annotations

import errno
import logging
import socket
import sys
from collections import Counter
from dataclasses import dataclass
from typing import Protocol

from portway.backends.lan.loop import READ, Loop, Timer
from portway.backends.lan.relay import Relay, cut

logger = logging.getLogger(__name__)

_NO_ROOM = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM})
_INHERITED = sys.platform == "linux"  # accepted sockets have the options of the one that listens
_ACCEPTED_AT_ONCE = 32  # then everybody else gets a turn
_ROOM_LOOKED_FOR_EVERY = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What visitors may use. `chunk` in bytes, the patience with a silent or vanished one in whole seconds.

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


class Dials(Protocol):
    """Starts connections to the target."""

    def begin(self) -> socket.socket:
        """Return a socket that is connecting and does not block. Raises OSError."""


class Doorkeeper(Protocol):
    """Decides about visitors and hears of them, on the loop's thread."""

    def admits(self, peer: str) -> bool:
        """Whether a visitor from this address gets in."""

    def target_answered(self) -> None:
        """The target took a visitor."""

    def target_refused(self) -> None:
        """The target did not; the visitor was reset."""


class Forwarder:
    """Owns the listener and all relays. Everything happens on the loop's thread, or after it has ended."""

    def __init__(
        self, loop: Loop, listener: socket.socket, dials: Dials, doorkeeper: Doorkeeper, limits: Limits
    ) -> None:
        self._loop = loop
        self._listener = listener
        self._dials = dials
        self._doorkeeper = doorkeeper
        self._limits = limits
        self._chunk = memoryview(bytearray(limits.chunk))  # one for all: what it holds is moved on within the turn
        self._relays: set[Relay] = set()
        self._peers: Counter[str] = Counter()
        self._accepting = False
        self._short_of_room = False
        self._looking_for_room: Timer | None = None
        if _INHERITED:
            self._set_options(listener)
        self._accept_again()

    @property
    def connections(self) -> int:
        """How many visitors are connected."""
        return len(self._relays)

    def close(self) -> None:
        """Reset every visitor and close the listener. After the loop has ended; idempotent."""
        for relay in tuple(self._relays):
            relay.reset()
        self._listener.close()

    def welcome(self, visitor: socket.socket, peer: str) -> None:
        """Take an accepted connection."""
        full = self.connections >= self._limits.connections or self._peers[peer] >= self._limits.per_peer
        if full or not self._doorkeeper.admits(peer):
            cut(visitor)
            return
        try:
            visitor.setblocking(False)
            if not _INHERITED:
                self._set_options(visitor)
            target = self._dials.begin()
        except OSError as error:
            cut(visitor)
            self._not_dialled(error)
            return
        self._short_of_room = False
        self._peers[peer] += 1
        relay = Relay(self._loop, self, peer, visitor, target, self._chunk)
        self._relays.add(relay)
        relay.begin()
        if self.connections >= self._limits.connections:
            self._pause()

    def target_answered(self) -> None:
        self._doorkeeper.target_answered()

    def target_refused(self, reason: OSError) -> None:
        logger.debug("the target did not take a visitor: %s", reason)
        self._doorkeeper.target_refused()

    def relay_ended(self, relay: Relay) -> None:
        self._relays.discard(relay)
        self._peers[relay.peer] -= 1
        if self._peers[relay.peer] <= 0:
            del self._peers[relay.peer]
        if not self._accepting:
            self._accept_again()

    def _on_visitors(self, _events: int) -> None:
        for _ in range(_ACCEPTED_AT_ONCE):
            if not self._accepting:
                return
            try:
                visitor, (peer, _port) = self._listener.accept()
            except OSError as error:
                if error.errno in _NO_ROOM:
                    self._wait_for_room(error)
                return  # nobody waits, or somebody who went away while waiting
            self.welcome(visitor, peer)

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

    def _not_dialled(self, error: OSError) -> None:
        if error.errno in _NO_ROOM:
            self._wait_for_room(error)
        else:
            self.target_refused(error)

    def _wait_for_room(self, error: OSError) -> None:
        """Accept nobody until a connection ends, or the rest of the program has given something back."""
        if not self._short_of_room:
            self._short_of_room = True
            logger.warning("The local network waits for other connections to end: %s", error)
        self._pause()
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
        if not self._accepting and self.connections < self._limits.connections:
            self._accepting = True
            self._loop.watch(self._listener, READ, self._on_visitors)
