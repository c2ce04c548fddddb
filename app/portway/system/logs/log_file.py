"""One private, bounded log file."""

import contextlib
import logging
import os
import stat
from io import TextIOWrapper
from pathlib import Path

from portway.system.storage.files import PRIVATE_FILE

LARGEST_LOG = 5 << 20


class PrivateFile(logging.FileHandler):
    """One log file with one old one. Opened at the first line, for this user alone from its first moment on.

    Not a RotatingFileHandler: that brings pickle along, 0.4 MB and 2 ms of the start.
    """

    def __init__(self, path: Path, formatter: logging.Formatter) -> None:
        super().__init__(path, encoding="utf-8", errors="replace", delay=True)
        self.setFormatter(formatter)

    def emit(self, record: logging.LogRecord) -> None:
        try:
            self._make_room(len(self.format(record)) + 1)
            super().emit(record)
        except Exception:  # noqa: BLE001 - a line that cannot be made, or a file that cannot be written
            self.handleError(record)

    def _make_room(self, size: int) -> None:
        """Let this file be the old one where so much more would make it too large."""
        if self.stream is None:
            self.stream = self._open()
        now = os.fstat(self.stream.fileno())
        if now.st_size + size >= LARGEST_LOG and stat.S_ISREG(now.st_mode):
            self.stream.close()
            self.stream = None
            Path(self.baseFilename).replace(f"{self.baseFilename}.1")

    def _open(self) -> TextIOWrapper:
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
        descriptor = os.open(self.baseFilename, flags, PRIVATE_FILE)
        if hasattr(os, "fchmod") and stat.S_IMODE(os.fstat(descriptor).st_mode) != PRIVATE_FILE:
            os.fchmod(descriptor, PRIVATE_FILE)
        return os.fdopen(descriptor, "a", encoding=self.encoding, errors=self.errors)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's name
        """Lose the line: a full disk must not become a second fault."""

    def flush(self) -> None:
        with contextlib.suppress(OSError):
            super().flush()

    def close(self) -> None:
        with contextlib.suppress(OSError):
            super().close()
