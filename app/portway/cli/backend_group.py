"""Commands that are followed by a backend, with that backend's own options behind it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from portway.cli.invocation import Invocation

if TYPE_CHECKING:
    from portway.core.backend import Backend

Build = Callable[["Backend"], click.Command | None]


class BackendGroup(click.Group):
    """`portway NAME BACKEND`. `build` makes the command for a backend, None where the backend has no such verb."""

    def __init__(self, name: str, build: Build, **settings: Any) -> None:  # noqa: ANN401 - those of click.Group
        super().__init__(name, options_metavar="", subcommand_metavar="BACKEND [OPTIONS]", **settings)
        self._build = build

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [name for name, _command in self._commands(ctx)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        return dict(self._commands(ctx)).get(cmd_name)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = args[0]
        if self.get_command(ctx, name) is None and not name.startswith("-"):
            known = ", ".join(self.list_commands(ctx))
            ctx.fail(f"“{name}” is no backend that can do this. Choose one of: {known}.")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        rows = [(name, command.get_short_help_str(80)) for name, command in self._commands(ctx)]
        with formatter.section("Backends"):
            formatter.write_dl(rows)

    def _commands(self, ctx: click.Context) -> list[tuple[str, click.Command]]:
        invocation = ctx.find_object(Invocation)
        if invocation is None:
            return []
        built = [(str(backend.id), self._build(backend)) for backend in invocation.backends]
        return [(name, command) for name, command in built if command is not None]


def complete_backend(ctx: click.Context, _parameter: click.Parameter, start: str) -> list[str]:
    """Return the backends whose names begin like that, for the shell."""
    invocation = ctx.find_object(Invocation)
    backends = () if invocation is None else invocation.backends
    return [backend.id for backend in backends if backend.id.startswith(start)]
