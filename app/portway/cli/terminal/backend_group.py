"""Commands that are followed by a way, with that backend's own options behind it; and numbers in any command."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from portway.cli.failure import WrongUsage
from portway.cli.invocation import Invocation
from portway.cli.vocabulary import no_such_way, way_of

if TYPE_CHECKING:
    from portway.core.backend import Backend

Build = Callable[["Backend"], click.Command | None]


class BackendGroup(click.Group):
    """`portway NAME WAY`. `build` makes the command for a backend, None where the backend has no such verb.

    `of_tunnels`: it can be asked of every tunnel, not of its backend alone.
    """

    def __init__(self, name: str, build: Build, *, of_tunnels: bool = False, **settings: Any) -> None:  # noqa: ANN401 - those of click.Group
        metavar = "TUNNEL [OPTIONS]" if of_tunnels else "WAY [OPTIONS]"
        super().__init__(name, options_metavar="", subcommand_metavar=metavar, **settings)
        self._build = build
        self._of_tunnels = of_tunnels

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [name for name, command in self._commands(ctx) if not command.hidden]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        word = way_of(cmd_name)
        found = dict(self._commands(ctx)).get(word)
        invocation = ctx.find_object(Invocation)
        if found is not None or invocation is None or not self._of_tunnels:
            return found
        tunnel = invocation.tunnel(word)
        return None if tunnel is None else self._build(tunnel)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if self.get_command(ctx, args[0]) is None and not args[0].startswith("-"):
            raise WrongUsage(no_such_way(args[0], self.list_commands(ctx)), ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        commands = [(name, command) for name, command in self._commands(ctx) if not command.hidden]
        if commands:
            with formatter.section("Ways"):
                formatter.write_dl([(name, command.get_short_help_str(80)) for name, command in commands])

    def _commands(self, ctx: click.Context) -> list[tuple[str, click.Command]]:
        invocation = ctx.find_object(Invocation)
        if invocation is None:
            return []
        backends = [*invocation.backends]
        if self._of_tunnels:
            backends += [tunnel for word in invocation.saved if (tunnel := invocation.tunnel(word)) is not None]
        built = [(str(backend.id), self._build(backend)) for backend in backends]
        return [(name, command) for name, command in built if command is not None]


def read_way(_ctx: click.Context, _parameter: click.Parameter, word: str | None) -> str | None:
    """Return the id of a way, by whichever of its names it was called."""
    return None if word is None else way_of(word)


def complete_way(ctx: click.Context, _parameter: click.Parameter, start: str) -> list[str]:
    """Return the tunnels whose words begin like that, for the shell."""
    invocation = ctx.find_object(Invocation)
    words = [] if invocation is None else [*invocation.ways, *invocation.saved]
    return [word for word in words if word.startswith(start)]


class Number(click.ParamType):  # type: ignore[type-arg]  # it has taken none before click 8.4
    """Takes what is from `lowest` to `highest`."""

    name = "number"

    def __init__(self, lowest: int, highest: int) -> None:
        self._lowest = lowest
        self._highest = highest

    def convert(self, value: str | int, param: click.Parameter | None, ctx: click.Context | None) -> int:
        text = str(value).strip()
        plain = text.isascii() and text.isdigit() and len(text) <= len(str(self._highest))
        if not plain or not self._lowest <= int(text) <= self._highest:
            self.fail(f"a whole number from {self._lowest} to {self._highest} is expected.", param, ctx)
        return int(text)
