"""A sudo that a test controls."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from tests.fakes.rights import sudo_cli


class FakeSudo:
    """Lives in a folder that a test puts first into PATH."""

    def __init__(self, folder: Path, password: str) -> None:
        self.folder = folder
        self._password = password
        program = folder / "sudo"
        program.write_text(f"#!{sys.executable} -IS\n{Path(sudo_cli.__file__).read_text()}")
        program.chmod(0o755)
        self.behave()

    def behave(self, **ways: object) -> None:
        """Let it behave in these ways: kind, no_password, ticket, unknown_user, hangs."""
        (self.folder / "sudo.json").write_text(json.dumps({"password": self._password, **ways}))

    @property
    def calls(self) -> list[dict[str, Any]]:
        """Every call so far: `argv` and `environment`."""
        file = self.folder / "sudo.jsonl"
        return [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []
