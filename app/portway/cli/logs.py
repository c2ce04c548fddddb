"""`portway logs`: the log files, with or without a running Portway."""

from __future__ import annotations

import click

from portway.cli.backend_group import complete_backend
from portway.cli.failure import Exit, Failed
from portway.cli.invocation import Invocation
from portway.cli.numbers import Number

MOST_LINES = 1_000_000


@click.command("logs", short_help="Show what happened.")
@click.argument("backend", required=False, shell_complete=complete_backend)
@click.option(
    "-n",
    "--lines",
    type=Number(0, MOST_LINES),
    default=50,
    show_default=True,
    metavar="LINES",
    help="How many of the last lines.",
)
@click.option("-f", "--follow", "following", is_flag=True, help="Go on with what is written, until Ctrl-C.")
@click.pass_obj
def logs_command(invocation: Invocation, *, backend: str | None, lines: int, following: bool) -> None:
    """Show the last lines of Portway's log, or of one BACKEND's."""
    from portway.core.cancel import CancelToken  # late: most commands need none of it
    from portway.system.log_reader import follow, read_tail
    from portway.system.logs import PROGRAM, log_path

    name = PROGRAM if backend is None else backend
    known = [PROGRAM, *(one.id for one in invocation.backends)]
    if name not in known:
        raise Failed(f"There is no log of “{name}”. There are: {', '.join(known)}.", Exit.USAGE)
    path = log_path(invocation.folders.log, name)
    try:
        if not following:
            click.echo("".join(f"{line}\n" for line in read_tail(path, lines)), nl=False)
            return
        for line in follow(path, CancelToken(), lines):
            click.echo(line)
    except KeyboardInterrupt:
        click.echo(err=True)
    except OSError as error:
        raise Failed(f"{path} cannot be read: {error.strerror}.") from None
