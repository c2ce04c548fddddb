"""The status of one tunnel, and who hears of it: the only place where it changes."""

from __future__ import annotations

import dataclasses
import logging
from collections.abc import Callable
from datetime import UTC, datetime

from PySide6.QtCore import QObject, Signal

from portway.core.backend import Backend
from portway.core.lifecycle import Event, IllegalTransition, Inspected, advance
from portway.core.status import Installation, Phase, TunnelStatus
from portway.runtime.surroundings import Surroundings


class StatusBoard(QObject):
    """Lives on the main thread. Changes are told by `publish`, so that what happens at once is seen at once."""

    changed = Signal(object)  # TunnelStatus

    def __init__(self, backend: Backend, around: Surroundings, status: TunnelStatus, parent: QObject) -> None:
        super().__init__(parent)
        self._backend = backend
        self._around = around
        self._status = self._published = status
        self._logger = logging.getLogger(f"portway.backends.{backend.id}")  # goes to that backend's file

    @property
    def status(self) -> TunnelStatus:
        """As of now."""
        return self._status

    @property
    def active(self) -> bool:
        """Whether something is, or may be, open."""
        return self._status.phase in (Phase.STARTING, Phase.RUNNING)

    def advance(self, event: Event) -> None:
        """Apply an event; one that cannot be is dropped."""
        try:
            self._status = advance(self._status, event, datetime.now(UTC))
        except IllegalTransition as error:
            self._logger.debug("This cannot be: %s", error)

    def look(self, then: Callable[[], None] = lambda: None) -> None:
        """Look at the machine, on the lane; `then` is called once it is known what is there."""

        def looked(found: object) -> None:
            self.looked(found)
            then()

        self._around.lane.ask(self._backend.inspect, looked)

    def looked(self, found: object) -> None:
        """Take what a look at the machine found; while a run is at work it only tells what is installed."""
        if not isinstance(found, Installation):
            return
        if self.active:
            self._status = dataclasses.replace(self._status, installation=dataclasses.replace(found, extras=None))
        else:
            self.advance(Inspected(found))
        self.publish()

    def show_target(self) -> None:
        """Show what would be exposed now, where nothing is wanted."""
        if not self.active and not self._status.wanted:
            self._status = dataclasses.replace(self._status, target_url=self._around.settings.target.url)
        self.publish()

    def came_to_rest(self) -> None:
        """Show what would be exposed, and whether anything is missing for it."""
        self.show_target()
        self.look()

    def publish(self) -> None:
        """Tell everybody, if something changed since the last time."""
        if self._status == self._published:
            return
        before, self._published = self._published, self._status
        if (before.phase, before.code) != (self._status.phase, self._status.code):
            cause = "" if self._status.last_error is None else f": {self._status.last_error}"
            self._logger.info("%s%s", self._status.phase, cause)
        self.changed.emit(self._status)
