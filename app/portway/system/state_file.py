"""Small JSON records in the state folder, which survive damage."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from portway.core.errors import TunnelError
from portway.system.files import DamagedFileError, move_aside, read_trusted, remove, write_whole

logger = logging.getLogger(__name__)


class StateFile:
    """One JSON object in one file. Safe on every thread. Damage is moved aside and reads as empty."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.RLock()

    def read(self) -> dict[str, Any]:
        """Return the record, empty if there is none. Values are untrusted: their types are the caller's to check."""
        with self._lock:
            try:
                content = read_trusted(self.path)
                record = {} if content is None else json.loads(content)
            except (DamagedFileError, ValueError, RecursionError) as error:
                move_aside(self.path, str(error))
                return {}
            if not isinstance(record, dict):
                move_aside(self.path, "it is no JSON object")
                return {}
            return record

    def write(self, record: Mapping[str, Any]) -> bool:
        """Replace the record. A full or read-only disk is logged, and False: the program goes on from memory."""
        text = json.dumps(record, indent=1, sort_keys=True)
        with self._lock:
            try:
                write_whole(self.path, text.encode())
            except TunnelError as error:
                logger.warning("%s", error)
                return False
            return True

    def update(self, **changes: Any) -> bool:  # noqa: ANN401 - JSON values
        """Change some keys and keep the others; None removes a key."""
        with self._lock:
            record = {**self.read(), **changes}
            return self.write({key: value for key, value in record.items() if value is not None})

    def clear(self) -> None:
        """Remove the file."""
        with self._lock:
            remove(self.path)
