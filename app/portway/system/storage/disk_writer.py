"""One thread for all writing of small files, so that no other thread waits for a disk."""

import logging
import threading
from collections.abc import Callable
from pathlib import Path

logger = logging.getLogger(__name__)

Write = Callable[[], None]


class DiskWriter:
    """Runs writes one after the other. Safe on every thread.

    Of several writes of one file that still wait, only the latest is done. The thread lives only while something is
    to be written; it is a daemon, as a disk can hang for ever and must not keep the program from ending.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._waiting: dict[Path, tuple[int, Write]] = {}  # with the number of the oldest request
        self._writing: int | None = None  # the number of what is being written now
        self._asked = 0
        self._works = False

    def submit(self, path: Path, write: Write) -> None:
        """Run `write`, which writes the file at `path`, soon. It deals with its own failures."""
        with self._changed:
            self._asked += 1
            number, _older = self._waiting.get(path, (self._asked, write))
            self._waiting[path] = (number, write)
            if not self._works:
                self._works = True
                threading.Thread(target=self._work, name="disk writer", daemon=True).start()

    def flush(self, limit: float) -> bool:
        """Wait until all that was submitted so far is written; False if that takes longer than `limit` seconds."""
        with self._changed:
            asked = self._asked
            return self._changed.wait_for(lambda: self._is_written(asked), limit)

    def _is_written(self, asked: int) -> bool:
        left = [number for number, _write in self._waiting.values()]
        return all(number > asked for number in left) and (self._writing is None or self._writing > asked)

    def _work(self) -> None:
        """Runs on the thread."""
        while True:
            with self._changed:
                self._writing = None
                self._changed.notify_all()
                if not self._waiting:
                    self._works = False
                    return
                path = next(iter(self._waiting))
                self._writing, write = self._waiting.pop(path)
            try:
                write()
            except Exception:
                logger.exception("%s could not be written: an error of Portway", path)
