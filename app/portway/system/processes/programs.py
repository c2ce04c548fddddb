"""Finding programs of others, and refusing those that somebody else could have put there."""

import os
import stat
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from portway.core.codes import Code
from portway.core.errors import TunnelError

_OTHERS = stat.S_IWGRP | stat.S_IWOTH


@dataclass(frozen=True, slots=True)
class Program:
    """A program that may be run: absolute path, and how it was found (`env`, `managed`, `path`, `system`)."""

    path: Path
    source: str


def named_program(environment: Mapping[str, str], variable: str, title: str) -> Program | None:
    """Return the program that an environment variable names, None if it is not set.

    One that is set but unusable is never ignored: TunnelError(binary_unusable) names the variable.
    """
    text = environment.get(variable, "")
    if not text:
        return None
    path = Path(text)
    reason = "it is not an absolute path" if not path.is_absolute() else fault_of(path)
    if reason is not None:
        raise TunnelError(Code.BINARY_UNUSABLE, "variable", variable=variable, path=text, reason=reason, program=title)
    return Program(path, "env")


def program_on_path(
    environment: Mapping[str, str], name: str, more: Iterable[Path] = (), title: str = ""
) -> Program | None:
    """Return the first fit program called `name` in PATH, then among the files `more`.

    Relative folders are skipped, and so is what others could have put there; with a `title` that is an error where
    nothing else is found: TunnelError(binary_unusable) says why.
    """
    refused: tuple[Path, str] | None = None
    for candidate, source in _candidates(environment, name, more):
        fault = fault_of(candidate)
        if fault is None:
            fault = _fault_of_folder(candidate.parent)
        if fault is None:
            return Program(candidate, source)
        if refused is None and os.path.isfile(candidate):  # noqa: PTH113 - Path.is_file raises where it may not look
            refused = candidate, fault
    if refused is not None and title:
        path, reason = refused
        raise TunnelError(Code.BINARY_UNUSABLE, program=title, path=path, reason=reason)
    return None


def fault_of(path: Path) -> str | None:
    """Return why the file at `path` must not be run, None if it may be."""
    try:
        found = path.stat()
    except OSError as error:
        return error.strerror or type(error).__name__
    if not stat.S_ISREG(found.st_mode):
        return "it is not a file"
    if not os.access(path, os.X_OK):
        return "it is not executable"
    if sys.platform == "win32":
        return None
    if found.st_uid not in (0, os.getuid()):
        return "it belongs to another user"
    if found.st_mode & _OTHERS and not _own_private_group(found):
        return "others may write to it"
    return None


def _own_private_group(found: os.stat_result) -> bool:
    """Whether only the group of that very user may write: the usual umask 002 of user-private groups."""
    return not found.st_mode & stat.S_IWOTH and found.st_gid == os.getgid() == os.getuid()


def _fault_of_folder(folder: Path) -> str | None:
    """Return why nothing in this folder may be run: whoever may write to it could have put it there."""
    if sys.platform == "win32":
        return None
    try:
        found = folder.stat()
    except OSError as error:
        return error.strerror or type(error).__name__
    if found.st_uid not in (0, os.getuid()):
        return "its folder belongs to another user"
    # The group of a folder that root owns was given the right on purpose, as Debian and Homebrew do.
    writable = found.st_mode & (stat.S_IWOTH if found.st_uid == 0 or sys.platform == "darwin" else _OTHERS)
    return "others may write to its folder" if writable and not _own_private_group(found) else None


def _candidates(environment: Mapping[str, str], name: str, more: Iterable[Path]) -> Iterator[tuple[Path, str]]:
    for text in environment.get("PATH", os.defpath).split(os.pathsep):
        if text and Path(text).is_absolute():
            for path in _spellings(Path(text) / name, environment):
                yield path, "path"
    for path in more:
        yield path, "system"


def _spellings(path: Path, environment: Mapping[str, str]) -> tuple[Path, ...]:
    if sys.platform == "win32":
        return tuple(path.with_name(path.name + ending) for ending in environment.get("PATHEXT", ".EXE").split(";"))
    return (path,)
