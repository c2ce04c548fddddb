"""Whether the published address is still there, and still on the same network: three states and what moves them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from ipaddress import IPv4Address
from typing import Protocol

from portway.backends.lan.addresses import Interface, find
from portway.backends.lan.loop import Loop, Timer
from portway.core.codes import Code
from portway.core.errors import Problem, TunnelError

ReadInterfaces = Callable[[], Sequence[Interface]]


class Home(Protocol):
    """Hears of the published address, on the loop's thread."""

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

    def __init__(self, loop: Loop, interface: Interface, home: Home, patience: float) -> None:
        self._loop = loop
        self._interface = interface
        self._home = home
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
        elif self._deadline is not None and self._is_complete(now) and self._home.proves_itself():
            self._deadline.cancel()
            self._deadline = None
            self._home.came_back()

    def _miss(self) -> None:
        if self._deadline is None:
            self._deadline = self._loop.later(self._patience, self._on_deadline)
            self._home.went_away(self._problem())

    def _on_deadline(self) -> None:
        self._give_up(self._problem())

    def _give_up(self, problem: Problem) -> None:
        self._over = True
        if self._deadline is not None:
            self._deadline.cancel()
        self._home.gave_up(problem)

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
    return TunnelError(Code.NO_NETWORK, "lan_lost", address=address).problem
