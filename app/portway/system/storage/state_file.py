"""Small JSON records in the state folder, which survive damage."""

import copy
import json
import logging
import threading
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from portway.core.errors import TunnelError
from portway.system.storage.disk_writer import DiskWriter
from portway.system.storage.file_lock import changing
from portway.system.storage.files import DamagedFileError, move_aside, read_trusted, remove, write_whole

logger = logging.getLogger(__name__)

Record = dict[str, Any]
Change = Callable[[Record], None]

_DEEPEST = 50  # levels: a fixed limit, as how deep Python can go depends on how deep its caller is
_CHANGES_KEPT = 100  # that could not be written yet


class StateFile:
    """One JSON object in one file. Safe on every thread. A damaged file is moved aside and reads as empty.

    Without a `writer` every call goes to the disk and is done when it returns. With one, the record is read once, and
    then kept in memory: reads and changes are answered from there, and the writer's thread writes them. It applies each
    change to what the file holds by then, under a lock, so that no change of another process is lost.
    """

    def __init__(self, path: Path, writer: DiskWriter | None = None) -> None:
        self.path = path
        self._writer = writer
        self._lock = threading.RLock()
        self._memory: Record | None = None
        self._unwritten: list[Change] = []

    def read(self) -> Record:
        """Return the record, empty if there is none. Values are untrusted: their types are the caller's to check."""
        with self._lock:
            return copy.deepcopy(self._held()) if self._writer is not None else self._stored()

    def write(self, record: Mapping[str, Any]) -> bool:
        """Replace the record. A full or read-only disk is logged, and False: the program goes on from memory."""
        if self._writer is None:
            with self._lock:
                return self._store(record)
        new = dict(record)

        def replace(old: Record) -> None:
            old.clear()
            old.update(new)

        return self.edit(replace)

    def update(self, **changes: Any) -> bool:  # noqa: ANN401 - JSON values
        """Change some keys and keep the others; None removes a key."""

        def change(record: Record) -> None:
            for key, value in changes.items():
                if value is None:
                    record.pop(key, None)
                else:
                    record[key] = value

        return self.edit(change)

    def edit(self, change: Change) -> bool:
        """Let `change` alter the record. It may run twice, and on another thread: it must depend on the record alone.

        False: it could not be written, which is logged. With a writer that is not known yet, and True.
        """
        with self._lock:
            if self._writer is not None:
                change(self._held())
                self._unwritten = [*self._unwritten, change][-_CHANGES_KEPT:]
                self._writer.submit(self.path, self._write_changes)
                return True
            return self._change_stored([change]) is not None

    def flush(self, limit: float) -> bool:
        """Wait until every change so far is on the disk; False if that takes longer than `limit` seconds."""
        return self._writer is None or self._writer.flush(limit)

    def clear(self) -> None:
        """Remove the file."""
        with self._lock:
            self._memory, self._unwritten = None, []
            remove(self.path)

    def _held(self) -> Record:
        if self._memory is None:
            self._memory = self._stored()
        return self._memory

    def _write_changes(self) -> None:
        """Runs on the writer's thread."""
        with self._lock:
            changes = tuple(self._unwritten)
        stored = self._change_stored(changes)
        if stored is None:
            return  # They are tried again with the next change.
        with self._lock:
            self._unwritten = [change for change in self._unwritten if change not in changes]
            for change in self._unwritten:
                change(stored)
            self._memory = stored

    def _change_stored(self, changes: Iterable[Change]) -> Record | None:
        try:
            with changing(self.path):
                record = self._stored()
                for change in changes:
                    change(record)
                return record if self._store(record) else None
        except TunnelError as error:
            logger.warning("%s", error)
            return None

    def _stored(self) -> Record:
        try:
            content = read_trusted(self.path)
            record = {} if content is None else json.loads(content)
        except (DamagedFileError, ValueError, RecursionError) as error:
            move_aside(self.path, str(error))
            return {}
        if not isinstance(record, dict):
            move_aside(self.path, "it is no JSON object")
            return {}
        if _is_deeper(record, _DEEPEST):
            move_aside(self.path, "it is nested too deep")
            return {}
        return record

    def _store(self, record: Mapping[str, Any]) -> bool:
        text = json.dumps(record, indent=1, sort_keys=True)
        try:
            write_whole(self.path, text.encode())
        except TunnelError as error:
            logger.warning("%s", error)
            return False
        return True


def _is_deeper(value: object, levels: int) -> bool:
    """Whether lists and objects are nested in more levels than that."""
    layer = [value]
    for _ in range(levels):
        inside: list[object] = []
        for one in layer:
            if isinstance(one, dict):
                inside += one.values()
            elif isinstance(one, list):
                inside += one
        layer = inside
    return any(isinstance(one, dict | list) for one in layer)
