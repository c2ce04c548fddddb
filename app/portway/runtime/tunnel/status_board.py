"""The status of one tunnel, and who hears of it: the only place where it changes."""

import dataclasses
from collections.abc import Callable
from datetime import UTC, datetime

from PySide6.QtCore import QObject, Signal

from portway.core.backend import Backend
from portway.core.lifecycle import Event, IllegalTransition, Inspected, advance
from portway.core.options import host_of
from portway.core.status import Installation, Phase, TunnelStatus
from portway.runtime.tunnel.services import TunnelServices, logger_of

_WORDS = {
    Phase.STOPPED: "Stopped",
    Phase.STARTING: "Starting",
    Phase.RUNNING: "Up",
    Phase.NEEDS_AUTH: "Waiting for a person",
    Phase.ERROR: "Failed",
}


class StatusBoard(QObject):
    """Lives on the main thread. `publish` announces changes, so that several made at once are seen as one."""

    changed = Signal(object)  # TunnelStatus

    def __init__(self, backend: Backend, services: TunnelServices, status: TunnelStatus, parent: QObject) -> None:
        super().__init__(parent)
        self._clock = services.clock
        self._began = self._clock()  # its phase
        self._backend = backend
        self._services = services
        self._status = self._published = status
        self._inspecting = False
        self._asked_again: list[Callable[[], None]] = []
        self._logger = logger_of(backend)

    @property
    def status(self) -> TunnelStatus:
        """As of now."""
        return self._status

    @property
    def age(self) -> float:
        """For how many seconds it has been in its phase; those of sleep count, and changes of the date do not."""
        return self._clock() - self._began

    def advance(self, event: Event) -> None:
        """Apply an event; one that is impossible now is an error of ours: logged and dropped."""
        before, now = self._status.since, datetime.now(UTC)
        try:
            self._status = advance(self._status, event, now)
            if self._status.since != before:  # an adopted tunnel has been up for a while
                self._began = self._clock() - max(0.0, (now - (self._status.since or now)).total_seconds())
        except IllegalTransition as error:
            self._logger.warning("Not a possible event, so it is dropped: %s", error)

    def inspect(self, then: Callable[[], None] | None = None) -> None:
        """Look at the machine, on the probe thread; `then` is called once it is known what is there.

        Requests that come while one look is under way share one look after it.
        """
        self._asked_again.append(then or _nothing)
        if not self._inspecting:
            self._inspect()

    def _inspect(self) -> None:
        waiting, self._asked_again = self._asked_again, []
        self._inspecting = True

        def inspected(found: object) -> None:
            self._inspecting = False
            self.inspected(found)
            for then in waiting:
                then()
            if self._asked_again and not self._inspecting:
                self._inspect()

        self._services.probes.probe(self._backend.inspect, inspected)

    def inspected(self, found: object) -> None:
        """Take what a look at the machine found; while an attempt is at work it only says what is installed."""
        if not isinstance(found, Installation):
            return
        if self._status.active:
            self._status = dataclasses.replace(self._status, installation=dataclasses.replace(found, extras=None))
        else:
            self.advance(Inspected(found))
        self.publish()

    def show_target(self) -> None:
        """Show what would be exposed now, where nothing is wanted."""
        if not self._status.active and not self._status.wanted:
            target, own = self._services.settings.target_of(self._backend.id)
            host = host_of(target, self._services.settings.options(self._backend)) or None
            self._status = dataclasses.replace(self._status, target_url=target.url, own_target=own, host=host)
        self.publish()

    def show_name(self, name: str) -> None:
        """Show another name for people."""
        self._status = dataclasses.replace(self._status, name=name)
        self.publish()

    def came_to_rest(self) -> None:
        """Show what would be exposed, and whether anything is missing for it."""
        self.show_target()
        self.inspect()

    def publish(self) -> None:
        """Tell everybody, if something changed since the last time."""
        if self._status == self._published:
            return
        before, self._published = self._published, self._status
        if (before.phase, before.code) != (self._status.phase, self._status.code):
            self._logger.info("%s", _told(self._status))
        self.changed.emit(self._status)


def _told(status: TunnelStatus) -> str:
    """Say in a line of the log what became of the tunnel."""
    words = f"{_WORDS[status.phase]} at {status.public_url}" if status.running else _WORDS[status.phase]
    return words if status.last_error is None else f"{words}: {status.last_error}"


def _nothing() -> None:
    pass
