"""What a run that a fault has ended leaves behind: the stacks of its threads, told once at the next start.

A fault is a crash of native code, or an exception that nobody has caught. Nothing is left by a run that ends itself.
"""

import contextlib
import faulthandler
import logging
import os
import re
from collections.abc import Iterator
from pathlib import Path

from portway.core.errors import TunnelError, where_raised
from portway.system.storage.files import PRIVATE_FILE, DamagedFileError, read_trusted, remove

logger = logging.getLogger(__name__)

CRASH, LAST_CRASH = "crash.txt", "last-crash.txt"  # in the state folder: of this run, and of the last that had one
_LARGEST = 1 << 20  # bytes
_EXCEPTION = "Exception: "  # how we begin what Python's own handler does not know
# Windows also tells of exceptions that a program goes on after, by their numbers.
_FAULT = re.compile(rf"^(?:Fatal Python error: |Windows fatal exception: (?!code )|{_EXCEPTION})(.+)$", re.MULTILINE)


@contextlib.contextmanager
def faults_noted(folder: Path) -> Iterator[str]:
    """Have a fault written down from now on, and tell of the last run: how a fault ended it, or nothing.

    For the one program of its profile. Main thread. A folder that cannot be written is no failure.
    """
    path = folder / CRASH
    last = _taken(path)
    with _noting(path) as file:
        try:
            yield last
        except (TunnelError, ImportError):  # told in a sentence by whoever started it
            remove(path)
            raise
        except Exception as error:
            # Its message stays out: it may repeat a value, and so a secret.
            if file is not None:
                os.write(file, f"{_EXCEPTION}{type(error).__qualname__}\n{where_raised(error)}\n".encode())
            logger.critical("An exception was not expected.", exc_info=True)
            raise
    remove(path)


@contextlib.contextmanager
def _noting(path: Path) -> Iterator[int | None]:
    try:
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_NOFOLLOW", 0)
        file = os.open(path, flags, PRIVATE_FILE)
    except OSError as error:
        logger.info("A crash of this run will not be written down: %s", error.strerror)
        yield None
        return
    faulthandler.enable(file)
    try:
        yield file
    finally:
        faulthandler.disable()
        os.close(file)


def _taken(path: Path) -> str:
    """Return how a fault ended the last run, and put what it left where it can be looked at."""
    try:
        left = read_trusted(path, _LARGEST)
    except DamagedFileError:
        remove(path)
        return ""
    if left is None:
        return ""
    found = _FAULT.search(left.decode(errors="replace"))
    if found is None:
        logger.info("The last run did not end by itself: it was ended from outside, or the computer was.")
        remove(path)
        return ""
    kept = path.with_name(LAST_CRASH)
    with contextlib.suppress(OSError):
        path.replace(kept)
    logger.warning(
        "The last run of Portway was ended by a fault (%s). If it happens again, give the diagnostics under About to "
        "those who make Portway.",
        found[1],
    )
    return found[1]
