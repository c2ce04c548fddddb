"""Where one running tunnel leads: the literal address of its target, and whether a server answers there."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal, Slot

from portway.core.status import BackendId
from portway.core.target import Target
from portway.runtime.origin_watch import OriginWatch


class Leading(QObject):
    """Main thread. One tunnel's part of the origin watch."""

    moved = Signal(object)  # Target: the server answers at this other literal address now
    answered = Signal()
    silent = Signal()

    def __init__(self, backend: BackendId, watch: OriginWatch, parent: QObject) -> None:
        super().__init__(parent)
        self._backend = backend
        self._watch = watch
        self._target: Target | None = None
        self._origin: Target | None = None
        watch.answered.connect(self._on_answered)
        watch.silent.connect(self._on_silent)

    def begin(self, target: Target, origin: Target, *, answers: bool) -> None:
        """The tunnel leads to `origin`, one literal address of `target`: watch it."""
        self._target, self._origin = target, origin
        self._watch.follow(self._backend, target, origin, answers=answers)

    def resume(self) -> None:
        """The tunnel is up again, and leads where it led: look at once."""
        if self._target is not None and self._origin is not None:
            self._watch.follow(self._backend, self._target, self._origin, answers=None)

    def pause(self) -> None:
        """The tunnel is not up."""
        self._watch.forget(self._backend)

    @Slot(bool)
    def hint(self, answered: bool) -> None:  # noqa: FBT001 - a slot's arguments have no names
        """Take what a visitor met."""
        self._watch.hint(self._backend, answered=answered)

    @Slot(str, object)
    def _on_answered(self, backend: str, origin: Target) -> None:
        if backend != self._backend:
            return
        if origin == self._origin:
            self.answered.emit()
        else:
            self.moved.emit(origin)

    @Slot(str)
    def _on_silent(self, backend: str) -> None:
        if backend == self._backend:
            self.silent.emit()
