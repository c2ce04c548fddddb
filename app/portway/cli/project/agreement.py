"""What a person has agreed to: each file of a project by its place and the SHA-256 of what it holds."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from portway.cli.failure import Failed, WrongUsage
from portway.cli.project.tunnels import shown_path

if TYPE_CHECKING:
    from pathlib import Path

    from portway.cli.project.tunnels import Project
    from portway.cli.project.words import Description
    from portway.system.storage.state_file import Record, StateFile

STATE_NAME = "projects.json"
_MOST_KEPT = 200  # files; the oldest agreement goes first


@dataclass(frozen=True, slots=True)
class Agreed:
    """`commands`: also to what is to be run."""

    commands: bool


class Agreements:
    """state/projects.json, which only this person can read and write."""

    def __init__(self, file: StateFile) -> None:
        self._file = file

    def of(self, project: Project) -> Agreed | None:
        """Return what was agreed to of this file as it is now; None where it was not, or has changed since."""
        kept = _mapping(self._file.read().get("agreed")).get(str(project.path))
        if not isinstance(kept, dict) or kept.get("sha256") != project.digest:
            return None
        return Agreed(commands=kept.get("commands") is True)

    def knows(self, path: Path) -> bool:
        """Whether this file was agreed to at any time, whatever it held then."""
        return str(path) in _mapping(self._file.read().get("agreed"))

    def remember(self, project: Project, agreed: Agreed) -> None:
        """Keep it. A disk that is full is logged: it is asked again then."""
        now = datetime.now(UTC).isoformat(timespec="seconds")
        entry = {"sha256": project.digest, "commands": agreed.commands, "at": now}

        def remember(record: Record) -> None:
            kept = {**_mapping(record.get("agreed")), str(project.path): entry}
            latest = sorted(kept, key=lambda path: str(_mapping(kept[path]).get("at", "")))[-_MOST_KEPT:]
            record["agreed"] = {path: kept[path] for path in latest}

        self._file.edit(remember)

    def asked_of(self, tunnel: str) -> Mapping[str, Any]:
        """Return what was asked of a tunnel when it was opened last, see `remember_asked`."""
        return _mapping(_mapping(self._file.read().get("asked")).get(tunnel))

    def remember_asked(self, tunnel: str, asked: Mapping[str, object]) -> None:
        """Keep it, so that the next `up` knows what is not asked any more."""

        def remember(record: Record) -> None:
            kept = {name: one for name, one in _mapping(record.get("asked")).items() if name != tunnel}
            record["asked"] = dict([*kept.items(), (tunnel, dict(asked))][-_MOST_KEPT:])

        self._file.edit(remember)


@dataclass(frozen=True, slots=True)
class Answers:
    """What the command line says beforehand. `digest` is the SHA-256 that it agrees to, `commands` also to run them."""

    digest: str | None = None
    commands: bool = False


def agree(project: Project, description: Description, agreements: Agreements, answers: Answers) -> Agreed:
    """Return what of this file may be done: agreed to before, by `answers`, or now. Raises Failed if nothing may be.

    Only a person at a terminal is asked. What `answers` agrees to holds for this one command.
    """
    if answers.digest is not None:
        if answers.digest.lower() != project.digest:
            raise Failed(f"{shown_path(project.path)} does not hold what was agreed to. Look: “portway up --print”.")
        return Agreed(commands=answers.commands)
    if answers.commands:
        raise WrongUsage("--allow-commands: it belongs to --agree.")
    known = agreements.of(project)
    if known is not None and (known.commands or not project.has_commands):
        return known
    if not _asks():
        if known is None:
            raise Failed(_not_agreed(project, changed=agreements.knows(project.path)))
        click.echo("The commands in it were not agreed to, so they are not run.", err=True)
        return known
    return _ask(project, description, agreements, known)


def _ask(project: Project, description: Description, agreements: Agreements, known: Agreed | None) -> Agreed:
    if known is None:
        changed = agreements.knows(project.path)
        click.echo(f"{shown_path(project.path)}{' has changed. It' if changed else ''} opens:\n", err=True)
        for line in description.tunnels():
            click.echo(line, err=True)
        if not click.confirm("\nOpen this from now on, until the file changes?", err=True):
            raise Failed("Nothing was opened.")
        agreements.remember(project, Agreed(commands=False))
    if not project.has_commands:
        return Agreed(commands=False)
    click.echo("\nIt also runs, as you, whenever a URL comes, changes or goes:\n", err=True)
    for line in description.commands():
        click.echo(line, err=True)
    agreed = Agreed(commands=click.confirm("\nRun this from now on, until the file changes?", err=True))
    agreements.remember(project, agreed)
    return agreed


def _asks() -> bool:
    return sys.stdin.isatty() and sys.stderr.isatty()


def _not_agreed(project: Project, *, changed: bool) -> str:
    why = "has changed since you agreed to it" if changed else "was not agreed to yet"
    return (
        f"{shown_path(project.path)} {why}, so nothing was opened. “portway up --print” shows what it asks for; run "
        "“portway up” on a terminal to agree, or name the SHA-256 that is shown there with --agree."
    )


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
