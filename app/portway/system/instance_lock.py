"""The lock by which only one Portway runs for each profile. The kernel frees it however its holder ends."""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path

from portway.system.files import PRIVATE_FILE, private_folder


class InstanceLock:
    """A lock on a file, which is gone after `release`.

    Not QLockFile: that trusts a process number in the file, and a host name, which fails where both are made anew for
    the same folder, as in a container.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor: int | None = None

    def take(self) -> bool:
        """Whether it is ours now. Raises TunnelError(storage_failed) or OSError where there can be no such file."""
        private_folder(self._path.parent)
        while True:
            descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), PRIVATE_FILE)
            if not _lock(descriptor):
                os.close(descriptor)
                return False
            if self._is_at_path(descriptor):
                self._descriptor = descriptor
                return True
            os.close(descriptor)  # Its holder ended, and removed it, between our two steps.

    def release(self) -> None:
        """Give it back. Idempotent."""
        if self._descriptor is None:
            return
        with contextlib.suppress(OSError):  # Windows removes no file that is open.
            self._path.unlink()
        os.close(self._descriptor)
        self._descriptor = None
        if sys.platform == "win32":
            with contextlib.suppress(OSError):
                self._path.unlink()

    def _is_at_path(self, descriptor: int) -> bool:
        try:
            there = self._path.stat()
        except FileNotFoundError:
            return False
        return os.path.samestat(there, os.fstat(descriptor))


if sys.platform == "win32":
    import msvcrt

    def _lock(descriptor: int) -> bool:
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _lock(descriptor: int) -> bool:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
