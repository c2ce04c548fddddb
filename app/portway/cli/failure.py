"""How a command ends when it did not go well: one sentence on standard error, and an exit code."""

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


class WrongUsage(click.UsageError):
    """What was typed is not a command line of ours. The sentence is ours, too, and repeats no value."""


_MADE_OF_OUR_WORDS = (WrongUsage, click.BadParameter, click.BadOptionUsage, click.NoSuchOption)
_HELP = "NoArgsIsHelpError"  # what a group without a word shows; click before 8.2 has none


def without_what_was_given(error: click.UsageError) -> click.UsageError:
    """Return a usage error without the words that click repeats: one of them may be a secret in the wrong place."""
    if isinstance(error, click.NoSuchOption) and not error.possibilities:
        return WrongUsage("There is no such option. --help lists them.", error.ctx)
    if isinstance(error, click.BadParameter) and error.param is not None and isinstance(error.param.type, click.Choice):
        name, choices = error.param.human_readable_name, ", ".join(map(str, error.param.type.choices))
        return WrongUsage(f"{name}: it has to be one of: {choices}.", error.ctx)
    if isinstance(error, _MADE_OF_OUR_WORDS) or type(error).__name__ == _HELP:
        return error
    is_group = error.ctx is not None and isinstance(error.ctx.command, click.Group)
    what = (
        "There is no such command. --help lists them." if is_group else "There is a word too many. --help tells more."
    )
    return WrongUsage(what, error.ctx)


class NotRunning(Failed):
    """There is no Portway to talk to."""

    def __init__(self) -> None:
        super().__init__("Portway is not running. Start it with “portway” or “portway --headless”.", Exit.NOT_RUNNING)
