"""How a command ends when it did not go well: one sentence on standard error, and an exit code."""

from __future__ import annotations

from enum import IntEnum
from typing import IO, Any

import click


class Exit(IntEnum):
    """What a script may compare."""

    DONE = 0
    FAILED = 1
    USAGE = 2
    NOT_RUNNING = 3
    NEEDS_AUTH = 4


class Failed(click.ClickException):
    """Ends the command. Anything else that is raised is a bug of ours."""

    def __init__(self, sentence: str, code: Exit = Exit.FAILED, action_url: str | None = None) -> None:
        super().__init__(sentence)
        self.code = code
        self.action_url = action_url

    def show(self, file: IO[Any] | None = None) -> None:
        """Print the sentence, and below it the page that lets a person go on."""
        click.echo(self.message, file=file, err=file is None)
        if self.action_url:
            click.echo(self.action_url, file=file, err=file is None)


class NotRunning(Failed):
    """There is no Portway to talk to."""

    def __init__(self) -> None:
        super().__init__("Portway is not running. Start it with “portway” or “portway --headless”.", Exit.NOT_RUNNING)
