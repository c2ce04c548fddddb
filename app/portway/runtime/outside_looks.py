"""Looks at public URLs from outside: whenever somebody asks, and by itself where a person has allowed that."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from portway.core.codes import Code
from portway.core.errors import TunnelError
from portway.core.guard.reasons import Reason, why
from portway.core.status import Proof, Reach, TunnelId, TunnelStatus, Verified
from portway.runtime.precise_timer import be_precise
from portway.runtime.roster import Roster
from portway.runtime.side_threads import SideThreads
from portway.runtime.tunnel.services import CurrentSettings
from portway.runtime.tunnel.tunnel import Tunnel
from portway.system.desktop.awake import Clock
from portway.system.services import Services

if TYPE_CHECKING:
    from portway.system.network.outside import Outside

MOST_TRIES = 5  # by itself, one after the other, until it is found out
_COULD_NOT = Verified(state=Proof.UNKNOWN, reason=why(Reason.FAULT))

Done = Callable[[TunnelStatus], None]
Up = tuple[str | None, datetime | None]
"""By what one time up is told from another: its URL, and since when."""


@dataclass
class _Look:
    """One that is under way, and who waits for what it finds."""

    up: Up
    listeners: list[Done] = field(default_factory=list)


@dataclass
class _Watch:
    """A tunnel that is up and is looked at by itself. `tries`: how many looks in a row have not found it."""

    up: Up
    timer: QTimer
    tries: int = 0


class OutsideLooks(QObject):
    """Lives on the main thread; looks are on threads beside. `outside` says how to look."""

    def __init__(  # noqa: PLR0913, PLR0917 - what it looks at, and by which means
        self,
        tunnels: Roster,
        settings: CurrentSettings,
        aside: SideThreads,
        services: Services,
        outside: Callable[[], Outside],
        clock: Clock,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._tunnels = tunnels
        self._settings = settings
        self._aside = aside
        self._timing = services.timing
        self._environment = services.environment
        self._outside = outside
        self._clock = clock
        self._under_way: dict[TunnelId, _Look] = {}
        self._watches: dict[TunnelId, _Watch] = {}
        self._found: dict[TunnelId, tuple[str | None, float]] = {}  # the URL that was there from outside, and when

    def look(self, tunnel: Tunnel, done: Done) -> None:
        """Look once, or wait for the look that is under way. Raises TunnelError(not_running)."""
        status = tunnel.status
        now = self._under_way.get(status.id)
        if now is not None and now.up == _up(status):  # the relay answers one at a time
            now.listeners.append(done)
            return
        look = tunnel.protection.verify(self._outside(), self._environment, tunnel.backend.name_settles)
        if look is None:
            raise TunnelError(Code.NOT_RUNNING, what=tunnel.backend.title)
        begun = self._under_way[status.id] = _Look(_up(status), [done])
        self._aside.run(look, partial(self._ended, tunnel, begun))

    def take_status(self, status: TunnelStatus) -> None:
        """Begin to look at what has come up, and look no longer at what has not."""
        watch = self._watches.get(status.id)
        if not self._is_looked_at(status):
            self._leave(status.id)
            if not status.active:
                self._found.pop(status.id, None)
        elif watch is None or watch.up != _up(status):
            self._leave(status.id)
            timer = QTimer(self)
            timer.setSingleShot(True)
            be_precise(timer)  # others may come too early
            timer.timeout.connect(partial(self._on_due, status.id))
            self._watches[status.id] = watch = _Watch(_up(status), timer)
            self._wait(status.id, watch, 0.0)

    def forget(self, tunnel: TunnelId) -> None:
        """It is gone."""
        self._leave(tunnel)
        self._found.pop(tunnel, None)

    def settings_changed(self) -> None:
        """It may be allowed now, or no longer."""
        for tunnel in self._tunnels:
            self.take_status(tunnel.status)

    def world_changed(self) -> None:
        """The computer woke up, or has another address: what was found may not be so any more."""
        for tunnel, watch in self._watches.items():
            watch.tries = 0
            self._wait(tunnel, watch, self._timing.look_after_change)

    def _is_looked_at(self, status: TunnelStatus) -> bool:
        up = status.running and status.wanted and status.reach is Reach.INTERNET and status.public_url is not None
        return up and self._settings.now.general.verify and self._tunnels[status.id].protection.is_passed

    def _leave(self, tunnel: TunnelId) -> None:
        watch = self._watches.pop(tunnel, None)
        if watch is not None:
            watch.timer.stop()
            watch.timer.deleteLater()

    def _wait(self, tunnel: TunnelId, watch: _Watch, seconds: float) -> None:
        """Look in so many seconds; later where its name has to settle first, or it was found a short time ago."""
        found_url, found_at = self._found.get(tunnel, (None, 0.0))
        recent = found_at + self._timing.look_again - self._clock() if found_url == watch.up[0] else 0.0
        served = self._tunnels[tunnel]
        settles = served.backend.name_settles - served.board.age
        watch.timer.start(round(max(seconds, recent, settles) * 1000))

    def _on_due(self, tunnel: TunnelId) -> None:
        watch = self._watches.get(tunnel)
        if watch is not None:
            self.look(self._tunnels[tunnel], partial(self._looked, watch))

    def _ended(self, tunnel: Tunnel, look: _Look, found: object) -> None:
        """Show what was found, if what was looked at is still up, and tell all who wait."""
        if self._under_way.get(tunnel.backend.id) is look:
            del self._under_way[tunnel.backend.id]
        if tunnel.status.running and _up(tunnel.status) == look.up:
            tunnel.protection.looked(found if isinstance(found, Verified) else _COULD_NOT)
        for done in look.listeners:
            done(tunnel.status)

    def _looked(self, watch: _Watch, status: TunnelStatus) -> None:
        """Look again a little later, for a while, where it was not found."""
        if self._watches.get(status.id) is not watch:
            return
        if status.verified.state is Proof.OK:
            watch.tries = 0
            self._found[status.id] = (status.public_url, self._clock())
            return
        watch.tries += 1
        if watch.tries < MOST_TRIES:
            self._wait(status.id, watch, self._timing.look_retry * 2 ** (watch.tries - 1))


def _up(status: TunnelStatus) -> Up:
    return status.public_url, status.since
