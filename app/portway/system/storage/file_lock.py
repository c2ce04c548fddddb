"""Locks between processes. The kernel frees them however their holder ends."""

import contextlib
import errno
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from portway.system.storage.files import PRIVATE_FILE, private_folder, storage_failed

_LOCKED_FOR = 5.0  # seconds: a holder reads and writes one small file
_PAUSE = 0.005
_WITHOUT_LOCKS = (errno.ENOLCK, errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP)


class FileLock:
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
            try:
                if not _lock(descriptor):
                    os.close(descriptor)
                    return False
            except OSError:
                os.close(descriptor)
                raise
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


@contextlib.contextmanager
def changing(path: Path, limit: float = _LOCKED_FOR) -> Iterator[None]:
    """Keep other processes and threads from changing the file at `path`, if they ask in this way too.

    Waits for them for up to `limit` seconds. Raises TunnelError(storage_failed) after that, or where the folder cannot
    be written. On a file system without locks there is none.
    """
    lock = FileLock(path.with_name(f".{path.name}.lock"))
    ends_at = time.monotonic() + limit
    try:
        while not lock.take():
            if time.monotonic() > ends_at:
                raise storage_failed(path, "another program is changing it and does not finish")
            time.sleep(_PAUSE)
    except OSError as error:
        if error.errno not in _WITHOUT_LOCKS:
            raise storage_failed(path, error) from error
    try:
        yield
    finally:
        lock.release()


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
