"""Files of ours: private, written whole, and read without trust."""

import contextlib
import errno
import os
import stat
import time
from pathlib import Path

from portway.core.codes import Code
from portway.core.errors import TunnelError

PRIVATE_FILE = 0o600
PRIVATE_FOLDER = 0o700
LARGEST_STATE_FILE = 1 << 20


class DamagedFileError(Exception):
    """A file of ours that cannot be trusted: planted, too large, or unreadable as what it should be."""


def private_folder(path: Path) -> Path:
    """Make `path`, and each missing folder above it, for this user alone. Raises TunnelError(storage_failed)."""
    try:
        _make_private(path)
        if hasattr(os, "getuid"):
            found = path.lstat()
            if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid():
                raise storage_failed(path, "it belongs to somebody else or is no folder")
            if stat.S_IMODE(found.st_mode) & 0o077:
                path.chmod(PRIVATE_FOLDER)
    except OSError as error:
        raise storage_failed(path, error) from error
    return path


def _make_private(path: Path) -> None:
    if path.is_dir():
        return
    if path.parent != path:
        _make_private(path.parent)
    # Not `mkdir(parents=True)`: that makes the folders above as open as the umask leaves them.
    path.mkdir(mode=PRIVATE_FOLDER, exist_ok=True)


def write_whole(path: Path, content: bytes, mode: int = PRIVATE_FILE, *, own_folder: bool = True) -> None:
    """Replace `path` in one step: a reader sees the old or the new content, also after a power cut.

    A link at `path` is replaced, never followed. Its folder is made private, unless it is not ours (`own_folder`).
    Raises TunnelError(storage_failed), leaving the old content.
    """
    if own_folder:
        private_folder(path.parent)
    temporary = path.with_name(f".{path.name}.{os.urandom(6).hex()}")
    try:
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0), mode)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
        _sync_folder(path.parent)
    except OSError as error:
        raise storage_failed(path, error) from error
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)


def read_trusted(path: Path, largest: int = LARGEST_STATE_FILE) -> bytes | None:
    """Return the content of a regular file of this user, None if there is none.

    Raises DamagedFileError for links, devices, other people's files, and files over `largest` bytes.
    """
    try:
        # Not to hang on a planted pipe, nor follow a planted link.
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    except FileNotFoundError:
        return None
    except OSError as error:
        raise DamagedFileError(_reason(error)) from error
    try:
        fault = _fault(os.fstat(descriptor), largest)
        if fault is not None:
            raise DamagedFileError(fault)
        with os.fdopen(descriptor, "rb", closefd=False) as file:
            return file.read(largest)
    finally:
        os.close(descriptor)


def _fault(found: os.stat_result, largest: int) -> str | None:
    if not stat.S_ISREG(found.st_mode):
        return "it is not a plain file"
    if hasattr(os, "getuid") and found.st_uid not in (os.getuid(), 0):
        return "it belongs to somebody else"
    return f"it is larger than {largest} bytes" if found.st_size > largest else None


def storage_failed(path: Path | str, reason: OSError | str) -> TunnelError:
    """Return the error to raise where `path` could not be written."""
    text = _reason(reason) if isinstance(reason, OSError) else reason
    return TunnelError(Code.STORAGE_FAILED, path=path, reason=text)


def move_aside(path: Path, reason: str) -> None:
    """Put a damaged file out of the way, keeping it for a look. Never fails."""
    aside = path.with_name(f"{path.name}.bad-{time.strftime('%Y%m%dT%H%M%S')}-{os.urandom(2).hex()}")
    try:
        path.rename(aside)
    except OSError as error:
        _warn("%s is damaged (%s) and could not be moved aside: %s", path, reason, _reason(error))
    else:
        _warn("%s is damaged (%s); it was moved to %s", path, reason, aside.name)


def remove(path: Path) -> None:
    """Remove a file of ours; one that is gone already is fine, one that cannot be removed is logged."""
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        _warn("%s could not be removed: %s", path, _reason(error))


def _sync_folder(folder: Path) -> None:
    if not hasattr(os, "O_DIRECTORY"):  # Windows: folders cannot be opened, and need no flush
        return
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOTSUP):  # file systems without it
            raise
    finally:
        os.close(descriptor)


def _reason(error: OSError) -> str:
    if isinstance(error, FileExistsError | NotADirectoryError):  # each only where a folder was wanted
        return "a file stands in its way"
    return error.strerror or type(error).__name__


def _warn(text: str, *parts: object) -> None:
    import logging  # late: the command line reads a file at each start, and this would be a tenth of what it imports

    logging.getLogger(__name__).warning(text, *parts)
