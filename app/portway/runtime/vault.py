"""The secret store for the main thread: asks without waiting, answers by a signal."""

import contextlib
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

from portway.core.errors import Problem
from portway.core.secret import Secret
from portway.system.secrets.store import SecretStore, Storage

Done = Callable[[Problem | None], None]
Found = Callable[[Secret | None], None]


class Vault(QObject):
    """Implements core.hub.Vault. Lives on the main thread, and calls every `done` there."""

    changed = Signal(str)  # whose secret was stored or removed
    _answered = Signal(object, object)  # a callback, and what it gets; emitted on another thread

    def __init__(self, store: SecretStore, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._store = store
        self._answered.connect(self._on_answered)

    @property
    def state(self) -> Storage:
        """Where secrets are kept, as the last use showed."""
        return self._store.state

    def get(self, owner: str, name: str, done: Found) -> None:
        self._store.get_later(owner, name, lambda secret: self._answer(done, secret))

    def known(self, owner: str, name: str) -> bool | None:
        return self._store.known(owner, name)

    def put(self, owner: str, name: str, secret: Secret, done: Done) -> None:
        self._store.put_later(owner, name, secret, self._announcing(owner, done))

    def remove(self, owner: str, name: str, done: Done) -> None:
        self._store.remove_later(owner, name, self._announcing(owner, done))

    def _announcing(self, owner: str, done: Done) -> Done:
        """Return what announces the end of a change, from any thread."""

        def on_main_thread(problem: Problem | None) -> None:
            self.changed.emit(owner)
            done(problem)

        return lambda problem: self._answer(on_main_thread, problem)

    def _answer(self, done: Callable[[Any], None], answer: object) -> None:
        """Any thread."""
        with contextlib.suppress(RuntimeError):  # the program ended meanwhile: a keyring may take its time
            self._answered.emit(done, answer)

    @Slot(object, object)
    def _on_answered(self, done: Callable[[object], None], answer: object) -> None:
        done(answer)
