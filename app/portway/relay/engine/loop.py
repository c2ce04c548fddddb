"""One daemon thread that waits for sockets and times, and sleeps when nothing happens."""

import contextlib
import heapq
import itertools
import logging
import selectors
import socket
import threading
import time
from collections.abc import Callable
from typing import Protocol

logger = logging.getLogger(__name__)

READ = selectors.EVENT_READ
WRITE = selectors.EVENT_WRITE


class Waiter(Protocol):
    """What the selector can wait for."""

    def fileno(self) -> int:
        """Return its descriptor."""


class Timer:
    """A call that is due at `due` (monotonic, in seconds), unless it is cancelled before."""

    __slots__ = ("_callback", "due")

    def __init__(self, due: float, callback: Callable[[], None]) -> None:
        self.due = due
        self._callback: Callable[[], None] | None = callback

    def cancel(self) -> None:
        """Make it do nothing. Cancelling twice, or too late, is fine."""
        self._callback = None

    def ring(self) -> None:
        """Call what was asked for, once."""
        callback, self._callback = self._callback, None
        if callback is not None:
            callback()


class Loop:
    """Everything but `start`, `call` and `stop` is for its own thread, or for before the start and after the stop.

    Once it has ended it takes no socket and no time any longer, so that nothing that is late keeps anything alive.
    """

    def __init__(self, name: str) -> None:
        self._selector = selectors.DefaultSelector()
        self._bell, self._rope = socket.socketpair()
        self._bell.setblocking(False)
        self._rope.setblocking(False)
        self._timers: list[tuple[float, int, Timer]] = []
        self._order = itertools.count()
        self._asked: list[Callable[[], None]] = []
        self._read_again: set[Waiter] = set()
        self._lock = threading.Lock()
        self._stopping = False
        self._ended = False
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self.watch(self._bell, READ, self._on_rung)

    def start(self) -> None:
        """Begin to wait. Any thread, once."""
        self._thread.start()

    def call(self, callback: Callable[[], None]) -> None:
        """Run `callback` on the loop's thread soon. Any thread; too late is fine."""
        with self._lock:
            if not self._ended:
                self._asked.append(callback)
        self._ring()

    def stop(self, limit: float) -> None:
        """End the thread, within `limit` seconds, and free what the loop itself holds. Any other thread; idempotent."""
        self._stopping = True
        self._ring()
        if self._thread.ident is not None:
            self._thread.join(limit)
        if self._thread.is_alive():
            logger.warning("%s did not end within %s seconds", self._thread.name, limit)
        # What waits here refers to its owner, which refers to the loop: all of it would stay until the collector comes.
        with self._lock:
            self._ended = True
            self._asked.clear()
        self._timers.clear()
        self._read_again.clear()
        self._selector.close()
        self._bell.close()
        self._rope.close()

    def watch(self, waiter: Waiter, events: int, callback: Callable[[int], None]) -> None:
        """Call `callback` with what `waiter` is ready for, whenever it is."""
        if not self._ended:
            self._selector.register(waiter, events, callback)

    def rewatch(self, waiter: Waiter, events: int, callback: Callable[[int], None]) -> None:
        """Wait for other events of a socket that is watched already."""
        if not self._ended:
            self._selector.modify(waiter, events, callback)

    def forget(self, waiter: Waiter) -> None:
        """Wait for nothing of this socket any longer; one that is not watched is fine."""
        with contextlib.suppress(KeyError, ValueError, RuntimeError):
            self._selector.unregister(waiter)

    def read_again(self, waiter: Waiter) -> None:
        """Call its callback once more, if it then waits to be read: it holds what the selector does not see."""
        self._read_again.add(waiter)

    def later(self, seconds: float, callback: Callable[[], None]) -> Timer:
        """Call `callback` once, after `seconds`."""
        timer = Timer(time.monotonic() + seconds, callback)
        if not self._ended:
            heapq.heappush(self._timers, (timer.due, next(self._order), timer))
        return timer

    def _run(self) -> None:
        while not self._stopping:
            wait = self._ring_due()
            if self._read_again and self._any_again():
                wait = 0
            for key, events in self._selector.select(wait):
                try:
                    key.data(events)
                except Exception:
                    logger.exception("A step of the forwarding failed")  # as in _guarded: a call less for each event
            if self._read_again:
                self._serve_again()

    def _any_again(self) -> bool:
        """Whether one of those that hold something is to be read now."""
        return any(self._is_read(waiter) for waiter in self._read_again)

    def _serve_again(self) -> None:
        for waiter in tuple(self._read_again):
            if waiter.fileno() < 0:  # closed
                self._read_again.discard(waiter)
            elif self._is_read(waiter):
                self._read_again.discard(waiter)
                _guarded(self._selector.get_key(waiter).data, READ)

    def _is_read(self, waiter: Waiter) -> bool:
        keys = self._selector.get_map()
        return waiter.fileno() >= 0 and waiter in keys and bool(keys[waiter].events & READ)

    def _ring_due(self) -> float | None:
        """Ring the timers that are due, and return the seconds until the next one; None: for ever."""
        while self._timers:
            left = self._timers[0][0] - time.monotonic()
            if left > 0:
                return left
            _guarded(heapq.heappop(self._timers)[2].ring)
        return None

    def _ring(self) -> None:
        with contextlib.suppress(OSError):  # full: it rings already; closed: nobody listens any longer
            self._rope.send(b"!")

    def _on_rung(self, _events: int) -> None:
        with contextlib.suppress(BlockingIOError):
            self._bell.recv(4096)
        with self._lock:
            asked, self._asked = self._asked, []
        for callback in asked:
            _guarded(callback)


def _guarded(callback: Callable[..., None], *arguments: int) -> None:
    """Call it; a bug there costs that one call, never the thread that carries all the others."""
    try:
        callback(*arguments)
    except Exception:
        logger.exception("A step of the forwarding failed")
