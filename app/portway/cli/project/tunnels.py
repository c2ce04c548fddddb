"""What a project's file may hold, as values; and what is wrong with one, as a sentence with its line."""

import hashlib
import re
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

from portway.cli.failure import Failed
from portway.core.foreign_text import harmless_line
from portway.core.guard.rules import OPEN_TO_ALL, Guard
from portway.core.status import TunnelId

FILE_NAME = ".portway.toml"
WORD = r"[a-z][a-z0-9-]{0,22}"  # leaves room for what tells the folder, in the word of a tunnel
_MARK = 6  # hexadecimal digits of it


@dataclass(frozen=True, slots=True)
class FileHook:
    """A line of a file below the project's folder that is to say `key=value`.

    In `value`, `{url}` is the public URL and `{host}` its host.
    """

    file: str
    key: str
    value: str = "{url}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectTunnel:
    """One tunnel of the file. `way` is the id of a backend, `options` are by JSON key.

    `lasts` is when it stops by itself, as it was written; empty: never. `command` runs whenever its URL comes, changes
    or goes.
    """

    word: str
    target: str
    way: str
    name: str = ""
    guard: Guard = OPEN_TO_ALL
    lasts: str = ""
    options: MappingProxyType[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    files: tuple[FileHook, ...] = ()
    command: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """One file: where it is, the SHA-256 of what it holds, and the tunnels in it, in their order."""

    path: Path
    digest: str
    tunnels: tuple[ProjectTunnel, ...]

    @property
    def folder(self) -> Path:
        """The project's folder: what the file names is below it."""
        return self.path.parent

    @property
    def has_commands(self) -> bool:
        """Whether anything is to be run."""
        return any(tunnel.command for tunnel in self.tunnels)


class Words:
    """The words of the tunnels that belong to one file: its own names, and a mark made of its path.

    So each call knows what belongs to a folder, whoever opened it, and no list of it can be out of date.
    """

    def __init__(self, path: Path) -> None:
        self._mark = hashlib.sha256(str(path).encode(errors="surrogatepass")).hexdigest()[:_MARK]

    def tunnel(self, word: str) -> TunnelId:
        """Return the word that a tunnel of this file has in Portway."""
        return f"{word}-{self._mark}"

    def of(self, tunnel: str) -> str | None:
        """Return how this file calls a tunnel; None for one that is none of its."""
        word, dash, mark = tunnel.rpartition("-")
        return word if dash and mark == self._mark and re.fullmatch(WORD, word) else None


class ProjectError(Exception):
    """Nothing of that file is used. `line` counts from 1; None: it is about the file as a whole."""

    def __init__(self, sentence: str, line: int | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.line = line

    def failed(self, path: Path) -> Failed:
        """Return the end of a command that was to use this file."""
        place = "" if self.line is None else f", line {self.line}"
        return Failed(f"{shown_path(path)}{place}: {self.sentence}")


def shown_path(path: Path) -> str:
    """Return a path that can be printed, whatever bytes are in its name."""
    return harmless_line(str(path))
