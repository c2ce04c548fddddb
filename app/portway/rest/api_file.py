"""run/api.json: how the command line of the same user finds this run and gets in."""

from __future__ import annotations

import json
import os
from pathlib import Path

from portway.core.secret import Secret
from portway.system.files import remove, write_whole


class ApiFile:
    """The file of this run, for this user alone."""

    def __init__(self, run_folder: Path, version: str, token: Secret) -> None:
        self.path = run_folder / "api.json"
        self._version = version
        self._token = token

    def write(self, port: int | None) -> None:
        """Say where the API is; None: its port was taken. Raises TunnelError(storage_failed)."""
        record = {
            "pid": os.getpid(),
            "port": port,
            "url": None if port is None else f"http://127.0.0.1:{port}",
            "version": self._version,
            "token": self._token.reveal(),
        }
        write_whole(self.path, json.dumps(record).encode())

    def remove(self) -> None:
        """Take it away, at exit."""
        remove(self.path)
