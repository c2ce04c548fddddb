"""Finding programs of others, and refusing those that somebody else could have put there."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from portway.core.codes import Code
from portway.core.errors import TunnelError


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


def program_on_path(environment: Mapping[str, str], name: str, more: Iterable[Path] = ()) -> Program | None:
    """Return the first fit program called `name` in PATH, then among the files `more`.

    Relative folders, and those that everybody may write to, are skipped.
    """
    for folder in _search_folders(environment):
        for candidate in _spellings(folder / name, environment):
            if fault_of(candidate) is None:
                return Program(candidate, "path")
    for candidate in more:
        if fault_of(candidate) is None:
            return Program(candidate, "system")
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
    if found.st_mode & (stat.S_IWGRP | stat.S_IWOTH) and not _own_private_group(found):
        return "others may write to it"
    return None


def _own_private_group(found: os.stat_result) -> bool:
    """Whether only the group of that very user may write: the usual umask 002 of user-private groups."""
    return not found.st_mode & stat.S_IWOTH and found.st_gid == os.getgid() == os.getuid()


def _search_folders(environment: Mapping[str, str]) -> Iterator[Path]:
    for text in environment.get("PATH", os.defpath).split(os.pathsep):
        folder = Path(text)
        if not text or not folder.is_absolute():
            continue
        try:
            mode = folder.stat().st_mode
        except OSError:
            continue
        if sys.platform == "win32" or not mode & stat.S_IWOTH:
            yield folder


def _spellings(path: Path, environment: Mapping[str, str]) -> tuple[Path, ...]:
    if sys.platform == "win32":
        return tuple(path.with_name(path.name + ending) for ending in environment.get("PATHEXT", ".EXE").split(";"))
    return (path,)
