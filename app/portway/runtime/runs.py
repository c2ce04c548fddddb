"""The runs of one tunnel: made, numbered, handed to the worker, and told apart when their news come back."""

from __future__ import annotations

import dataclasses
import logging

from PySide6.QtCore import QObject, QThread, Signal, Slot

from portway.core.backend import Backend
from portway.core.cancel import CancelToken
from portway.core.hub import Ask
from portway.core.target import Target
from portway.runtime.plan import secrets_of, with_named
from portway.runtime.run import COMMANDS, Happening, Run, RunListener
from portway.runtime.surroundings import Surroundings
from portway.runtime.worker_thread import WorkerThread

logger = logging.getLogger(__name__)


class Runs(QObject):
    """Main thread. Only news of the latest run, and of commands, get through."""

    happened = Signal(object)  # tuple[Happening, ...]
    origin_hinted = Signal(bool)  # whether the local server answered

    def __init__(self, backend: Backend, around: Surroundings, parent: QObject) -> None:
        super().__init__(parent)
        self._backend = backend
        self._around = around
        self._number = COMMANDS
        self._latest: Run | None = None
        self._worker = WorkerThread(backend, around.services.timing, self)
        self._worker.news.happened.connect(self._on_happened)
        self._worker.news.origin_hinted.connect(self._on_origin_hinted)

    @property
    def latest(self) -> Run | None:
        """The run that was begun last, whatever became of it."""
        return self._latest

    @property
    def command_listener(self) -> RunListener:
        """Takes the news of commands. Any thread."""
        return RunListener(self._worker.news, COMMANDS)

    def new(self, ask: Ask) -> Run:
        """Return what a wish means with the settings as of now; nothing begins."""
        return Run(
            number=self._number,
            target=ask.target or self._around.settings.target,
            options=with_named(self._around.settings.options(self._backend), ask),
            secrets=self._around.secrets(self._backend, self._backend.options, secrets_of(ask)),
        )

    def open(self, run: Run) -> None:
        """Begin it in place of the latest one, which is cancelled, and closed first."""
        if self._latest is not None:
            self._latest.cancel.cancel()
        self._worker.open_asked.emit(self._numbered(run))

    def reclaim(self) -> None:
        """End what an earlier program left up."""
        self._worker.reclaim_asked.emit(self._numbered(self.new(Ask())))

    def close(self, ask: Ask) -> None:
        """End the latest one. `ask` may name options for the way down, such as a password."""
        run = self._latest
        if run is None:
            return
        run.cancel.cancel()
        secrets = secrets_of(ask)
        source = self._around.secrets(self._backend, self._backend.options, secrets) if secrets else run.secrets
        self._worker.close_asked.emit(dataclasses.replace(run, options=with_named(run.options, ask), secrets=source))

    def clear(self) -> None:
        """Tidy up after the latest one, which ended by itself."""
        if self._latest is not None:
            self._worker.clear_asked.emit(self._latest)

    def retarget(self, origin: Target) -> None:
        """Let the latest one lead to another literal address of its target."""
        self._worker.retarget_asked.emit(self._number, origin)

    def finish(self, *, leave: bool) -> QThread:
        """Cancel, then close or leave what is open. The thread that is returned ends after that."""
        if self._latest is not None and not leave:
            self._latest.cancel.cancel()
        return self._worker.finish(leave=leave)

    def _numbered(self, run: Run) -> Run:
        self._number += 1
        self._latest = dataclasses.replace(run, number=self._number, cancel=CancelToken())
        return self._latest

    @Slot(int, object)
    def _on_happened(self, number: int, happenings: tuple[Happening, ...]) -> None:
        if number in (self._number, COMMANDS):
            self.happened.emit(happenings)
        else:
            logger.debug("Run %s of %s has outdated news", number, self._backend.id)

    @Slot(int, bool)
    def _on_origin_hinted(self, number: int, answered: bool) -> None:  # noqa: FBT001 - a slot's arguments have no names
        if number == self._number:
            self.origin_hinted.emit(answered)
