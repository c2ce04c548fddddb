"""Where the parts of a clone are."""

import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO


@dataclass(frozen=True)
class Places:
    """The folders and files that set-up reads and writes."""

    root: Path
    venv: Path

    @property
    def project_file(self) -> Path:
        return self.root / "pyproject.toml"

    @property
    def runtime_lock(self) -> Path:
        return self.root / "installer" / "requirements.txt"

    @property
    def dev_lock(self) -> Path:
        return self.root / "installer" / "requirements-dev.txt"

    @property
    def package_lock(self) -> Path:
        return self.root / "installer" / "requirements-package.txt"

    @property
    def stamp(self) -> Path:
        return self.venv / "portway-stamp.json"

    @property
    def scripts(self) -> Path:
        return self.venv / ("Scripts" if sys.platform == "win32" else "bin")

    @property
    def python(self) -> Path:
        return self.scripts / ("python.exe" if sys.platform == "win32" else "python")


def find_places() -> Places:
    """Return the places of the clone this file is in; PORTWAY_VENV names another virtual environment."""
    root = Path(__file__).resolve().parent.parent.parent
    return Places(root, root / os.environ.get("PORTWAY_VENV", ".venv"))


def say(text: str, stream: TextIO | None = None) -> None:
    """Tell the person what happens, apart from what the started program prints."""
    print(text, file=stream or sys.stderr, flush=True)
