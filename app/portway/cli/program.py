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
from portway.cli.failure import Exit, Failed
from portway.cli.invocation import Invocation, Start

if TYPE_CHECKING:
    from portway.core.backend import Backend
    from portway.system.services import Services

_SECTIONS: Mapping[str, Mapping[str, str]] = {
    "Tunnels": {
        "expose": "expose", "status": "status", "enable": "switch", "disable": "switch", "url": "url", "open": "open",
        "events": "events",
    },
    "Portway itself": {"token": "running", "quit": "running", "config": "config", "logs": "logs", "forget": "forget"},
    "Help": {"doctor": "doctor", "completion": "completion", "man": "manual"},
}  # fmt: skip
_MODULES = {name: module for section in _SECTIONS.values() for name, module in section.items()}
_EPILOG = "Exit codes: 0 done, 1 failed, 2 wrong usage, 3 Portway is not running, 4 a log-in or token is needed."


class _Commands(click.Group):
    """The commands of Portway itself, then those that backends declare."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [*_MODULES, *(name for name in _verbs(ctx) if name not in _MODULES)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name in _MODULES:
            module = importlib.import_module(f"portway.cli.{_MODULES[cmd_name]}")
            command: click.Command = getattr(module, f"{cmd_name}_command")
            return command
        return _verbs(ctx).get(cmd_name)

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        super().format_help_text(ctx, formatter)
        enable = self.get_command(ctx, "enable")
        if isinstance(enable, click.Group):
            enable.format_commands(ctx, formatter)  # the list of the backends

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        verbs = [name for name in self.list_commands(ctx) if name not in _MODULES]
        sections = {title: list(names) for title, names in _SECTIONS.items()}
        for title, names in {"Tunnels": sections.pop("Tunnels"), "What some backends need": verbs, **sections}.items():
            commands = [(name, self.get_command(ctx, name)) for name in names]
            rows = [(name, command.get_short_help_str(90)) for name, command in commands if command is not None]
            if rows:
                with formatter.section(title):
                    formatter.write_dl(rows)


def _verbs(ctx: click.Context) -> Mapping[str, click.Command]:
    from portway.cli.verbs import verb_commands  # late: it needs every backend, most commands need none

    return verb_commands(ctx.find_object(Invocation))


@click.group(
    cls=_Commands, invoke_without_command=True, epilog=_EPILOG, subcommand_metavar="[COMMAND [ARGUMENTS]]",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)  # fmt: skip
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
      portway expose 3000 --via cloudflared    open it to the internet
    """
    if ctx.invoked_subcommand is not None:
        if headless or autostart or tied:
            raise click.UsageError("--headless starts Portway, so no command can follow it.")
        return Exit.DONE
    return ctx.ensure_object(Invocation).start(headless=headless, tied=tied, autostart=autostart)


def main(
    start: Start,
    arguments: Sequence[str] | None = None,
    environment: Mapping[str, str] | None = None,
    build_backends: Callable[[Services], tuple[Backend, ...]] | None = None,
) -> int:
    """Do what the arguments say and return the exit code. `start` runs Portway itself."""
    invocation = Invocation(
        start=start,
        environment=os.environ if environment is None else environment,
        build_backends=_all_backends if build_backends is None else build_backends,
    )
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
