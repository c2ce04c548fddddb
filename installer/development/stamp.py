"""What a virtual environment was made from, and what is left to do when that has changed."""

import hashlib
import json
import sys
import tomllib
from dataclasses import asdict, dataclass
from enum import Enum
from pathlib import Path

from development.places import Places


class Extent(Enum):
    """Which lock file is installed; the larger one holds all of the smaller one."""

    RUNTIME = "runtime"
    DEV = "dev"


class Work(Enum):
    """What set-up has to do."""

    NOTHING = "nothing"
    PROJECT = "project"
    PACKAGES = "packages"
    EVERYTHING = "everything"


@dataclass(frozen=True)
class Stamp:
    """Everything that decides whether a virtual environment is still the right one."""

    interpreter: str
    root: str
    runtime_lock: str
    dev_lock: str
    project: str
    extent: str


def wanted_stamp(places: Places, extent: Extent) -> Stamp:
    """Return the stamp that a fresh environment would get."""
    return Stamp(
        interpreter=f"{sys.base_prefix} {sys.version}",
        root=str(places.root),
        runtime_lock=_digest(places.runtime_lock.read_bytes()),
        dev_lock=_digest(places.dev_lock.read_bytes()),
        project=_project_digest(places.project_file),
        extent=extent.value,
    )


def read_stamp(path: Path) -> Stamp | None:
    """Return the stamp of an environment, None where there is none or it cannot be understood."""
    try:
        return Stamp(**json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def write_stamp(path: Path, stamp: Stamp) -> None:
    """Write the stamp at once or not at all."""
    draft = path.with_suffix(".new")
    draft.write_text(json.dumps(asdict(stamp), indent=2) + "\n", encoding="utf-8")
    draft.replace(path)


def work_left(found: Stamp | None, wanted: Stamp) -> Work:
    """Decide what has to be done to an environment."""
    if found is None or (found.interpreter, found.root) != (wanted.interpreter, wanted.root):
        return Work.EVERYTHING
    if found.runtime_lock != wanted.runtime_lock:
        return Work.EVERYTHING
    if found.extent == Extent.DEV.value and found.dev_lock != wanted.dev_lock:
        return Work.EVERYTHING
    if found.extent != wanted.extent and wanted.extent == Extent.DEV.value:
        return Work.PACKAGES
    return Work.NOTHING if found.project == wanted.project else Work.PROJECT


def _digest(content: bytes) -> str:
    # Git may check text files out with other line ends.
    return hashlib.sha256(content.replace(b"\r\n", b"\n")).hexdigest()


def _project_digest(path: Path) -> str:
    """Cover what an installed project is made from, not the settings of the linters beside it."""
    document = tomllib.loads(path.read_text(encoding="utf-8"))
    relevant = [document.get("build-system"), document.get("project"), document.get("tool", {}).get("hatch")]
    return _digest(json.dumps(relevant, sort_keys=True).encode())
