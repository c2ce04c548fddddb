"""`portway`: the tray by default, and every command by its name, each loaded only when it is used."""

from __future__ import annotations

import errno
import importlib
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

import click

from portway import __version__
from portway.cli.failure import Exit, Failed, WrongUsage, without_what_was_given
from portway.cli.invocation import Invocation, ServeAgent, StartPortway
from portway.cli.terminal.plain_signs import speak_plainly_where_needed
from portway.cli.vocabulary import COMMANDS, LISTED, SECTIONS, Listing, no_such

if TYPE_CHECKING:
    from portway.core.backend import Backend
    from portway.system.services import Services

_EPILOG = "Exit codes: 0 done, 1 failed, 2 wrong usage, 3 Portway is not running, 4 a log-in or token is needed."


class _Commands(click.Group):
    """The commands of Portway itself, then those that ways need. The help imports none of them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [*COMMANDS, *(name for name in _listing(ctx).verbs if name not in COMMANDS)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name in COMMANDS:
            module = importlib.import_module(f"portway.cli.{COMMANDS[cmd_name][0]}")
            command: click.Command = getattr(module, f"{cmd_name}_command")
            return command
        return _verbs(ctx).get(cmd_name) if cmd_name in _listing(ctx).verbs else None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        word = args[0]
        known = self.list_commands(ctx)
        if word not in known and not word.startswith("-"):
            raise WrongUsage(no_such("command", word, known, "“portway --help” lists them."), ctx)
        return super().resolve_command(ctx, args)

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        super().format_help_text(ctx, formatter)
        with formatter.section("Ways"):
            formatter.write_dl(list(_listing(ctx).ways.items()))

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        for title, commands in SECTIONS.items():
            rows = [(name, text) for name, (_module, text) in commands.items()] or list(_listing(ctx).verbs.items())
            if rows:
                with formatter.section(title):
                    formatter.write_dl(rows)


def _listing(ctx: click.Context) -> Listing:
    invocation = ctx.find_object(Invocation)
    if invocation is None or invocation.listing is not None:
        return LISTED if invocation is None else invocation.listing or LISTED
    from portway.cli.commands.enable_disable import listed_ways  # late: both need every backend

    verbs = {name: command.short_help or "" for name, command in _verbs(ctx).items()}
    return Listing(listed_ways(invocation.backends), verbs)


def _verbs(ctx: click.Context) -> Mapping[str, click.Command]:
    from portway.cli.commands.backend_verbs import verb_commands  # late: it needs every backend

    return verb_commands(ctx.find_object(Invocation))


@click.group(
    cls=_Commands,
    invoke_without_command=True,
    epilog=_EPILOG,
    subcommand_metavar="[COMMAND [ARGUMENTS]]",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.option("--headless", is_flag=True, help="Run without a screen: tunnels and REST API only.")
@click.option("--autostart", is_flag=True, hidden=True, help="Started at login: open no window.")
@click.option("--tied", is_flag=True, hidden=True, help="End when standard input ends.")
@click.version_option(__version__, message="%(prog)s %(version)s")
@click.pass_context
def portway(ctx: click.Context, *, headless: bool, autostart: bool, tied: bool) -> int:
    """Put a local server on a URL that others can open.

    Without a command, Portway starts in the system tray; if it runs already, its window comes to the front.

    \b
      portway expose 3000                      open port 3000 to the devices around you, until Ctrl-C
      portway expose 3000 --via cloudflare     open it to the internet
    """
    if ctx.invoked_subcommand is not None:
        if headless or autostart or tied:
            raise WrongUsage("--headless starts Portway, so no command can follow it.")
        return Exit.DONE
    return ctx.ensure_object(Invocation).start(headless=headless, tied=tied, autostart=autostart)


def main(
    start: StartPortway,
    arguments: Sequence[str] | None = None,
    environment: Mapping[str, str] | None = None,
    build_backends: Callable[[Services], tuple[Backend, ...]] | None = None,
    serve_agent: ServeAgent | None = None,
) -> int:
    """Do what the arguments say and return the exit code. `start` runs Portway, `serve_agent` lets one use it."""
    invocation = Invocation(
        start=start,
        environment=os.environ if environment is None else environment,
        build_backends=_all_backends if build_backends is None else build_backends,
        serve_agent=serve_agent,
        listing=LISTED if build_backends is None else None,
    )
    speak_plainly_where_needed()
    color = False if invocation.environment.get("NO_COLOR") else None
    try:
        return _run(arguments, invocation, color)
    except BrokenPipeError:
        return _quiet_end()
    except OSError as error:
        if error.errno != errno.EPIPE:
            raise
        return _quiet_end()


def _run(arguments: Sequence[str] | None, invocation: Invocation, color: bool | None) -> int:  # noqa: FBT001 - click's own word
    from portway.core.errors import TunnelError

    try:
        result = portway.main(
            None if arguments is None else list(arguments),
            "portway",
            standalone_mode=False,
            obj=invocation,
            color=color,
        )
    except click.UsageError as error:
        without_what_was_given(error).show()
        return error.exit_code
    except click.ClickException as error:
        error.show()
        return error.code if isinstance(error, Failed) else error.exit_code
    except TunnelError as error:
        Failed(str(error)).show()
        return Exit.FAILED
    except (click.Abort, KeyboardInterrupt):
        click.echo(err=True)
        return Exit.FAILED
    return result if isinstance(result, int) else Exit.DONE


def _quiet_end() -> int:
    """Whoever read the output has gone: say nothing, also not when Python closes it."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return Exit.FAILED


def _all_backends(services: Services) -> tuple[Backend, ...]:
    from portway.backends.registry import build_backends  # late: it imports what all backends need

    return build_backends(services)
