"""`portway logs`: the log files, with or without a running Portway."""

import click

from portway.cli.failure import Exit, Failed
from portway.cli.invocation import Invocation
from portway.cli.terminal.backend_group import Number, complete_way, read_way
from portway.cli.vocabulary import no_such_way

MOST_LINES = 1_000_000


@click.command("logs")
@click.argument("way", required=False, callback=read_way, shell_complete=complete_way)
@click.option(
    "-n",
    "--lines",
    type=Number(0, MOST_LINES),
    default=50,
    show_default=True,
    metavar="LINES",
    help="How many of the last lines.",
)
@click.option("-f", "--follow", "following", is_flag=True, help="Then show each new line, until Ctrl-C.")
@click.pass_obj
def logs_command(invocation: Invocation, *, way: str | None, lines: int, following: bool) -> None:
    """Show the last lines of Portway's log, or of one WAY's."""
    from portway.core.cancel import CancelToken  # late: most commands need none of it
    from portway.system.logs.log_reader import follow, read_tail
    from portway.system.logs.logs import PROGRAM, log_path

    name = PROGRAM if way is None else way
    if name not in (PROGRAM, *invocation.ways):
        tunnel = invocation.tunnel(name)  # its lines are in the file of its backend
        name = name if tunnel is None else tunnel.kind
    if name not in (PROGRAM, *invocation.ways):
        raise Failed(no_such_way(name, invocation.ways), Exit.USAGE)
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
