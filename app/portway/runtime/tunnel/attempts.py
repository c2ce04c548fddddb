"""The attempts of one tunnel: numbered and handed to the worker; events of older ones are dropped."""

import dataclasses
import logging

from PySide6.QtCore import QObject, QThread, Signal, Slot

from portway.core.backend import Backend, PortOwner
from portway.core.cancel import CancelToken
from portway.core.hub import EnableRequest
from portway.core.target import Target
from portway.runtime.tunnel.attempt import COMMANDS, Attempt, AttemptListener, TunnelEvent
from portway.runtime.tunnel.relays import TunnelRelay
from portway.runtime.tunnel.services import TunnelServices
from portway.runtime.tunnel.wish import secrets_of, with_named, without_host
from portway.runtime.tunnel.worker import WorkerThread

logger = logging.getLogger(__name__)


class Attempts(QObject):
    """Main thread. Only events of the latest attempt, and of commands, get through."""

    happened = Signal(object)  # tuple[TunnelEvent, ...]
    origin_hinted = Signal(bool)  # whether the local server answered

    def __init__(self, backend: Backend, services: TunnelServices, parent: QObject) -> None:
        super().__init__(parent)
        self._backend = backend
        self._services = services
        self._number = COMMANDS
        self._latest: Attempt | None = None
        self._relay = TunnelRelay(backend, services.relays)
        self._worker = WorkerThread(backend, services.timing, services.wishes.settle, self._relay, self)
        self._worker.bridge.happened.connect(self._on_happened)
        self._worker.bridge.origin_hinted.connect(self._on_origin_hinted)

    @property
    def latest(self) -> Attempt | None:
        """The attempt that was begun last, whatever became of it."""
        return self._latest

    @property
    def can_lead_elsewhere(self) -> bool:
        """Whether the latest one may get another target while it is up; the worker says where it cannot after all."""
        listens = isinstance(self._backend, PortOwner)  # it has a relay inside
        return self._latest is not None and (listens or self._relay.serves(self._latest))

    @property
    def command_listener(self) -> AttemptListener:
        """Takes the events of commands. Any thread."""
        return AttemptListener(self._worker.bridge, COMMANDS)

    def new(self, request: EnableRequest) -> Attempt:
        """Return what a wish means with the settings as of now; nothing begins."""
        own, _ = self._services.settings.target_of(self._backend.id)
        target = request.target or own
        options = self._services.settings.options(self._backend)
        return Attempt(
            number=self._number,
            target=target,
            options=with_named(options if target == own else without_host(options), request),
            relayed=not (self._services.settings.now.general.keep_up and self._backend.can_stay),
            secrets=self._services.secrets(self._backend, self._backend.options, secrets_of(request)),
        )

    def open(self, attempt: Attempt) -> None:
        """Begin it in place of the latest one, which is cancelled, and closed first."""
        if self._latest is not None:
            self._latest.cancel.cancel()
        self._worker.open_asked.emit(self._numbered(attempt))

    def reclaim(self) -> None:
        """End what an earlier Portway left up."""
        self._worker.reclaim_asked.emit(self._numbered(self.new(EnableRequest())))

    def end_leftover(self) -> None:
        """End what an earlier Portway left up, and report that it is down, or still up."""
        self._worker.close_asked.emit(self._numbered(self.new(EnableRequest())))

    def close(self, request: EnableRequest) -> None:
        """End the latest one. `request` may name options for the way down, such as a password."""
        latest = self._latest
        if latest is None:
            return
        latest.cancel.cancel()
        given = secrets_of(request)
        secrets = self._services.secrets(self._backend, self._backend.options, given) if given else latest.secrets
        options = with_named(latest.options, request)
        self._worker.close_asked.emit(dataclasses.replace(latest, options=options, secrets=secrets))

    def clear(self) -> None:
        """Tidy up after the latest one, which ended by itself."""
        if self._latest is not None:
            self._worker.clear_asked.emit(self._latest)

    def retarget(self, origin: Target) -> None:
        """Let the latest one lead to another literal address of its target."""
        self._worker.retarget_asked.emit(self._number, origin)

    def lead(self, meant: Attempt) -> None:
        """Let the latest one, which is up, lead to the target of another one, under the Host of that."""
        if self._latest is not None:
            self._latest = dataclasses.replace(self._latest, target=meant.target, options=meant.options)
            self._worker.lead_asked.emit(self._latest)

    @property
    def relay(self) -> TunnelRelay:
        """Its relay, for what may be asked of that on any thread."""
        return self._relay

    def finish(self, *, leave: bool) -> QThread:
        """Cancel, then close or leave what is open. The thread that is returned ends after that."""
        if self._latest is not None and not leave:
            self._latest.cancel.cancel()
        return self._worker.finish(leave=leave)

    def _numbered(self, attempt: Attempt) -> Attempt:
        self._number += 1
        self._latest = dataclasses.replace(attempt, number=self._number, cancel=CancelToken())
        return self._latest

    @Slot(int, object)
    def _on_happened(self, number: int, events: tuple[TunnelEvent, ...]) -> None:
        if number in (self._number, COMMANDS):
            self.happened.emit(events)
        else:
            logger.debug("An event of the outdated attempt %s of %s is dropped", number, self._backend.id)

    @Slot(int, bool)
    def _on_origin_hinted(self, number: int, answered: bool) -> None:  # noqa: FBT001 - a slot's arguments have no names
        if number == self._number:
            self.origin_hinted.emit(answered)
