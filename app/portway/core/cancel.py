"""What ends work before it is done: a cancel token, and a deadline handed from call to call."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from portway.core.errors import Cancelled


class CancelToken:
    """Says once and for all that a piece of work is no longer wanted. Safe on every thread."""

    def __init__(self) -> None:
        self._event = threading.Event()
        self._lock = threading.Lock()
        self._callbacks: list[Callable[[], None]] = []

    @property
    def cancelled(self) -> bool:
        """Whether the work should end."""
        return self._event.is_set()

    def cancel(self) -> None:
        """Ask the work to end. Callbacks run on this thread, once; a later call does nothing."""
        with self._lock:
            if self._event.is_set():
                return
            self._event.set()
            callbacks = tuple(self._callbacks)
        for callback in callbacks:
            callback()

    def check(self) -> None:
        """Raise Cancelled if the work should end."""
        if self._event.is_set():
            raise Cancelled

    def wait(self, seconds: float) -> None:
        """Sleep for up to `seconds`, but raise Cancelled as soon as the work should end."""
        if self._event.wait(seconds):
            raise Cancelled

    @contextmanager
    def calling(self, callback: Callable[[], None]) -> Iterator[None]:
        """Call `callback` when cancelled within this block, on the cancelling thread; at once if it already is."""
        with self._lock:
            self._callbacks.append(callback)
            already = self._event.is_set()
        try:
            if already:
                callback()
            yield
        finally:
            with self._lock:
                self._callbacks.remove(callback)


@dataclass(frozen=True, slots=True, order=True)
class Deadline:
    """A moment on `time.monotonic`. A limit for each read alone bounds nothing: a peer can send a byte at a time."""

    at: float

    @classmethod
    def after(cls, seconds: float) -> Deadline:
        """Return the moment so many seconds from now."""
        return cls(time.monotonic() + seconds)

    @property
    def left(self) -> float:
        """The seconds until then, 0 once it is over: fit for every `timeout=`."""
        return max(self.at - time.monotonic(), 0.0)

    @property
    def over(self) -> bool:
        """Whether the moment has passed."""
        return time.monotonic() >= self.at

    def check(self) -> None:
        """Raise TimeoutError once it is over."""
        if self.over:
            message = "the time for this is over"
            raise TimeoutError(message)
