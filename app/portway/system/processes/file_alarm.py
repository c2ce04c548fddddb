"""Waits until a file is written to: told by inotify on Linux, elsewhere by looking now and then."""

import contextlib
import os
import select
import socket
import sys
import threading
import time
from pathlib import Path
from typing import Protocol

_MODIFIED = 0x2  # IN_MODIFY: inotify(7)
_LOOKED_FOR_EVERY = 1.0  # seconds, where the kernel tells nothing


class FileAlarm(Protocol):
    """Wakes the one thread that waits for a change of one file. `ring` may be called on any thread."""

    def wait(self, seconds: float) -> None:
        """Return when something was written, when it rings, or after `seconds`; sometimes for no reason."""

    def ring(self) -> None:
        """End the waiting, now or the next time."""

    def close(self) -> None:
        """Free what it holds. Not while somebody waits; idempotent."""


def watch_file(path: Path, apart: float) -> FileAlarm:
    """Return an alarm that goes off when the file at `path` is written to, `apart` seconds apart at least.

    It goes off once at the start, since something may have been written before.
    """
    alarm = _best_alarm(path, apart)
    alarm.ring()
    return alarm


def _best_alarm(path: Path, apart: float) -> FileAlarm:
    if sys.platform == "linux":
        with contextlib.suppress(OSError):  # no inotify left: others use all of it, or it is not there
            return _KernelAlarm(path, apart)
    return _ClockAlarm()


class _ClockAlarm:
    def __init__(self) -> None:
        self._rung = threading.Event()

    def wait(self, seconds: float) -> None:
        self._rung.wait(min(seconds, _LOOKED_FOR_EVERY))
        self._rung.clear()

    def ring(self) -> None:
        self._rung.set()

    def close(self) -> None:
        pass


class _KernelAlarm:
    """Raises OSError where there is no inotify."""

    def __init__(self, path: Path, apart: float) -> None:
        self._apart = apart
        self._written_at = time.monotonic() - apart
        self._bell, self._rope = socket.socketpair()
        self._bell.setblocking(False)
        self._rope.setblocking(False)
        self._writes = -1
        try:
            self._writes = _writes_to(path)
        except OSError:
            self.close()
            raise

    def wait(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        if self._is_over(min(self._written_at + self._apart, until), self._bell.fileno()):
            return
        if self._is_over(until, self._bell.fileno(), self._writes):
            with contextlib.suppress(BlockingIOError):
                os.read(self._writes, 4096)
                self._written_at = time.monotonic()

    def ring(self) -> None:
        with contextlib.suppress(OSError):  # full: it rings already; closed: nobody waits any more
            self._rope.send(b"!")

    def close(self) -> None:
        if self._writes >= 0:
            os.close(self._writes)
            self._writes = -1
        self._bell.close()
        self._rope.close()

    def _is_over(self, until: float, *reasons: int) -> bool:
        waiting = select.poll()
        for reason in reasons:
            waiting.register(reason, select.POLLIN)
        woken = waiting.poll(max(until - time.monotonic(), 0.0) * 1000)
        with contextlib.suppress(BlockingIOError):
            self._bell.recv(4096)
        return bool(woken)


def _writes_to(path: Path) -> int:
    import ctypes  # late: only a child that is watched needs it

    libc = ctypes.CDLL(None, use_errno=True)
    descriptor: int = libc.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC)
    if descriptor >= 0 and libc.inotify_add_watch(descriptor, os.fsencode(path), _MODIFIED) >= 0:
        return descriptor
    error = OSError(ctypes.get_errno(), "inotify")
    if descriptor >= 0:
        os.close(descriptor)
    raise error
