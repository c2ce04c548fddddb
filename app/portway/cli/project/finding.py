"""Finds the file of a project, and reads it only where it is a plain file of this person."""

import hashlib
import os
from pathlib import Path

from portway.cli.project.reading import Ways, read_project
from portway.cli.project.tunnels import FILE_NAME, Project, ProjectError
from portway.system.storage.files import DamagedFileError, read_trusted

LARGEST = 1 << 16  # bytes


def find_file(start: Path, home: Path | None) -> Path | None:
    """Return the file of the folder `start`, else of the nearest folder above it; None where there is none.

    Above it only folders of this person are looked into, and none above `home`: what somebody else puts into a folder
    that all share, like /tmp, is never found from below it.
    """
    folder = start
    while not os.path.lexists(folder / FILE_NAME):
        if folder in (home, folder.parent) or not _is_ours(folder.parent, home):
            return None
        folder = folder.parent
    return folder / FILE_NAME


def named_file(place: Path) -> Path:
    """Return the file that a person means by a path: of a folder, the one in it. It need not exist."""
    file = place / FILE_NAME if place.is_dir() else place
    return Path(os.path.realpath(file.parent)) / file.name


def read_file(path: Path, ways: Ways, default: str) -> Project:
    """Return what a file holds. Raises ProjectError, also where it is a link, or belongs to somebody else."""
    content = content_of(path)
    tunnels = read_project(content, ways, default)
    return Project(path=path, digest=hashlib.sha256(content).hexdigest(), tunnels=tunnels)


def content_of(path: Path) -> bytes:
    """Return the bytes of a file. Raises ProjectError."""
    if path.is_symlink():
        raise ProjectError("it is a link. Put the file itself here.")
    try:
        content = read_trusted(path, LARGEST)
    except DamagedFileError as error:
        raise ProjectError(f"{error}.") from None
    if content is None:
        raise ProjectError("there is no such file.")
    return content


def home_folder() -> Path | None:
    """Return this person's home folder, None where nobody knows it."""
    try:
        return Path.home().resolve()
    except (RuntimeError, OSError):
        return None


def current_folder() -> Path:
    """Return where this command runs. Raises ProjectError where that folder is gone."""
    try:
        return Path.cwd()
    except OSError:
        raise ProjectError("this folder is gone.") from None


def inside(folder: Path, name: str) -> Path | None:
    """Return the file of this name below the folder, whatever links lead to; None for one that is elsewhere."""
    place = Path(os.path.realpath(folder / name))
    return place if place.is_relative_to(os.path.realpath(folder)) else None


def _is_ours(folder: Path, home: Path | None) -> bool:
    if not hasattr(os, "getuid"):  # Windows: folders have no such owner, but a home folder is private
        return home is not None and folder.is_relative_to(home)
    try:
        return folder.stat().st_uid == os.getuid()
    except OSError:
        return False
