"""Whether the published address is still there, and still on the same network; and when to look for it again."""

from collections.abc import Callable, Sequence
from ipaddress import IPv4Address
from typing import Protocol

from portway.backends.lan import causes
from portway.backends.lan.addresses import Interface, find
from portway.core.codes import Code
from portway.core.errors import Problem, TunnelError
from portway.core.timing import Timing
from portway.relay.engine.loop import READ, Loop, Timer
from portway.system.network.network_changes import Topic, discard_changes, subscribe_to_changes


class PresenceListener(Protocol):
    """Is told what becomes of the published address, on the loop's thread."""

    def proves_itself(self) -> bool:
        """Measure whether the address leads to our listener."""

    def went_away(self, problem: Problem) -> None:
        """It is gone, and may come back."""

    def came_back(self) -> None:
        """It is there again."""

    def gave_up(self, problem: Problem) -> None:
        """It did not come back, or came back elsewhere. Nothing is told after this."""


class Presence:
    """Lives on the loop's thread. `look` is called after each change of the network."""

    def __init__(self, loop: Loop, interface: Interface, listener: PresenceListener, patience: float) -> None:
        self._loop = loop
        self._interface = interface
        self._listener = listener
        self._patience = patience
        self._deadline: Timer | None = None
        self._over = False

    def look(self, interfaces: Sequence[Interface]) -> None:
        """Compare what there is now with what was published."""
        if self._over:
            return
        now = find(interfaces, self._interface.address)
        if now is None or not now.up:
            self._miss()
        elif self._is_elsewhere(now):
            self._give_up(Problem(Code.NETWORK_CHANGED))
        elif self._deadline is not None and self._is_complete(now) and self._listener.proves_itself():
            self._deadline.cancel()
            self._deadline = None
            self._listener.came_back()

    def _miss(self) -> None:
        if self._deadline is None:
            self._deadline = self._loop.later(self._patience, self._on_deadline)
            self._listener.went_away(self._problem())

    def _on_deadline(self) -> None:
        self._give_up(self._problem())

    def _give_up(self, problem: Problem) -> None:
        self._over = True
        if self._deadline is not None:
            self._deadline.cancel()
        self._listener.gave_up(problem)

    def _is_elsewhere(self, now: Interface) -> bool:
        """Whether the same address is on another network now: home networks resemble each other."""
        other_gateway = None not in (now.gateway, self._interface.gateway) and now.gateway != self._interface.gateway
        return now.network != self._interface.network or other_gateway

    def _is_complete(self, now: Interface) -> bool:
        """Whether the gateway is back as well; it comes after the address. Until then the network is not known."""
        return self._interface.gateway is None or now.gateway is not None

    def _problem(self) -> Problem:
        return lost(self._interface.address)


def lost(address: IPv4Address) -> Problem:
    """Return the cause for an address that is gone."""
    return TunnelError(causes.NETWORK_LOST, address=address).problem


_TOPICS = Topic.LINKS | Topic.IPV4_ADDRESSES | Topic.IPV4_ROUTES


class NetworkWatch:
    """Calls `changed` on the loop's thread once the network has settled. On Linux it sleeps until the kernel tells."""

    def __init__(self, loop: Loop, timing: Timing, changed: Callable[[], None]) -> None:
        self._loop = loop
        self._timing = timing
        self._changed = changed
        self._settling: Timer | None = None
        self._changes = subscribe_to_changes(_TOPICS)
        if self._changes is None:
            loop.later(timing.network_poll, self._poll)
        else:
            loop.watch(self._changes, READ, self._on_notified)

    def close(self) -> None:
        """Close the socket. After the loop has ended."""
        if self._changes is not None:
            self._changes.close()

    def _on_notified(self, _events: int) -> None:
        if self._changes is not None:
            discard_changes(self._changes)
        if self._settling is None:
            self._settling = self._loop.later(self._timing.network_debounce, self._settled)

    def _settled(self) -> None:
        self._settling = None
        self._changed()

    def _poll(self) -> None:
        self._loop.later(self._timing.network_poll, self._poll)
        self._changed()
