"""`portway tunnels`: those that a person adds, beside the one that each backend has."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click

from portway.cli.client.client import checked, show_json
from portway.cli.commands.enable_disable import json_option
from portway.cli.failure import Failed, WrongUsage
from portway.cli.invocation import Invocation
from portway.cli.terminal.backend_group import BackendGroup, complete_way, read_way
from portway.cli.terminal.parameters import body_values, option_parameters, read_target
from portway.cli.terminal.show import status_rows
from portway.cli.vocabulary import no_such_way, way_of
from portway.core.codes import Code
from portway.core.options import Option, tunnel_options

if TYPE_CHECKING:
    from portway.core.backend import Backend

_JSON = click.option("--json", "as_json", is_flag=True, help="Print what the REST API answered.")
_TUNNEL = click.argument("tunnel", callback=read_way, shell_complete=complete_way)


@click.group("tunnels")
def tunnels_command() -> None:
    """Add, change and remove tunnels of your own.

    Each way has one tunnel that is always there. With more of them, several local servers are open at once. Each
    command that takes a WAY takes the word of a tunnel, too.

    \b
      portway tunnels add api --via cloudflare --target 8000
      portway enable api
    """


@tunnels_command.command("list")
@_JSON
@click.pass_obj
def _list(invocation: Invocation, *, as_json: bool) -> None:
    """Show all tunnels, and whether they are open."""
    answer = checked(invocation.client().call("GET", "/api/tunnels"))
    if as_json:
        show_json(answer)
        return
    for line in status_rows(answer["tunnels"]):
        click.echo(line)


class _Add(click.Command):
    """Takes what can be set for a tunnel of the way that --via names, beside what every tunnel has."""

    def make_context(
        self,
        info_name: str | None,
        args: list[str],
        parent: click.Context | None = None,
        **extra: Any,  # noqa: ANN401 - those of click.Context
    ) -> click.Context:
        options = _options_via(args, parent)
        whole = click.Command(
            self.name,
            params=[*self.params, *option_parameters(options)],
            callback=functools.partial(_add, options=options),
            help=self.help,
        )
        return click.Command.make_context(whole, info_name, args, parent, **extra)


def _options_via(args: list[str], parent: click.Context | None) -> Mapping[str, Option]:
    """Return what can be set for a tunnel of the way that the words name; nothing where they name none."""
    invocation = None if parent is None else parent.find_object(Invocation)
    joined = [word.partition("=")[2] for word in args if word.startswith("--via=")]
    named = [*joined, *(after for word, after in itertools.pairwise(args) if word == "--via")]
    if invocation is None or not named or way_of(named[-1]) not in invocation.ways:
        return {}
    backend = next(one for one in invocation.backends if one.id == way_of(named[-1]))
    return tunnel_options(backend.options)


@click.pass_obj
def _add(  # noqa: PLR0913 - each is an option
    invocation: Invocation,
    /,
    *,
    options: Mapping[str, Option],
    tunnel: str,
    via: str,
    target: str | None,
    name: str | None,
    as_json: bool,
    **given: Any,  # noqa: ANN401 - what the backend declares
) -> None:
    body = {"id": tunnel, "backend": via, **_named(options, given, target=target, name=name)}
    status = checked(invocation.client().call("POST", "/api/tunnels", body), as_json=as_json)
    if not as_json:
        click.echo(f"“portway enable {status['id']}” turns it on.", err=True)


def _named(options: Mapping[str, Option], given: Mapping[str, Any], **common: str | None) -> dict[str, object]:
    named = {key: value for key, value in common.items() if value is not None}
    return {**named, **body_values(options, given)}


def _read_way_of_new(ctx: click.Context, parameter: click.Parameter, word: str | None) -> str | None:
    way, ways = read_way(ctx, parameter, word), ctx.ensure_object(Invocation).ways
    if word is not None and way not in ways:
        raise WrongUsage(f"--via: {no_such_way(word, ways)}")
    return way


tunnels_command.add_command(
    _Add(
        "add",
        help="Save another tunnel. WORD has small letters, digits and dashes. It is not turned on.\n\n"
        "Its way may have options for it, like a domain or a public port: “portway tunnels add --via WAY --help” lists "
        "them.",
        params=[
            click.Argument(["tunnel"], metavar="WORD"),
            click.Option(
                ["--via"],
                required=True,
                is_eager=True,  # a wrong way is told before an option that it would not have
                metavar="WAY",
                callback=_read_way_of_new,
                shell_complete=complete_way,
                help="How to expose it.",
            ),
            click.Option(
                ["--target"],
                callback=read_target,
                help="The local server: a port or an address. Default: the setting.",
            ),
            click.Option(["--name"], help="What it is called in the window; its word if you name none."),
            json_option(),
        ],
    )
)


def _change_for(backend: Backend) -> click.Command:
    options = tunnel_options(backend.options)
    word, saved = str(backend.id), backend.id != backend.kind
    return click.Command(
        word,
        hidden=not saved,  # it is told that it is always there
        params=[
            click.Option(
                ["--target"], callback=_read_new_target, help="The local server: a port or an address. “”: the setting."
            ),
            click.Option(["--name"], help="What it is called in the window. “”: its word."),
            *option_parameters(options),
            json_option(),
        ],
        short_help=f"By {backend.title}." if saved else None,
        callback=click.pass_obj(functools.partial(_change, word=word, options=options)),
        help=f"Change what is saved for the tunnel {word}. An empty text takes a value away: that of its way holds.",
    )


def _read_new_target(ctx: click.Context, parameter: click.Parameter, text: str | None) -> str | None:
    return "" if text is not None and not text.strip() else read_target(ctx, parameter, text)


def _change(  # noqa: PLR0913 - each is an option
    invocation: Invocation,
    *,
    word: str,
    options: Mapping[str, Option],
    target: str | None,
    name: str | None,
    as_json: bool,
    **given: Any,  # noqa: ANN401 - what the backend declares
) -> None:
    body = _named(options, given, target=target, name=name)
    if not body:
        raise WrongUsage(f"Say what is to change: “portway tunnels change {word} --help” lists the options.")
    _call(invocation, "PATCH", word, body, as_json=as_json)


tunnels_command.add_command(
    BackendGroup(
        "change",
        _change_for,
        of_tunnels=True,
        short_help="Change what is saved for a tunnel.",
        help="Change the local server, the name and the options of a saved tunnel.\n\n"
        "Another local server holds at once, and the URL stays where it can. Options of its way hold when it is turned "
        "on the next time. “portway tunnels change TUNNEL --help” lists them.",
    )
)


@tunnels_command.command("rename")
@_TUNNEL
@click.argument("name")
@_JSON
@click.pass_obj
def _rename(invocation: Invocation, *, tunnel: str, name: str, as_json: bool) -> None:
    """Call a saved tunnel by another NAME in the window. Its word stays."""
    _call(invocation, "PATCH", tunnel, {"name": name}, as_json=as_json)


@tunnels_command.command("remove")
@_TUNNEL
@_JSON
@click.pass_obj
def _remove(invocation: Invocation, *, tunnel: str, as_json: bool) -> None:
    """Remove a tunnel that is off."""
    _call(invocation, "DELETE", tunnel, None, as_json=as_json)


def _call(invocation: Invocation, method: str, tunnel: str, body: dict[str, object] | None, *, as_json: bool) -> None:
    from urllib.parse import quote  # late: the help needs none

    client = invocation.client()
    answer = client.call(method, f"/api/tunnels/{quote(tunnel, safe='')}", body)
    if answer.body.get("code") == Code.NOT_FOUND:
        known = [str(status["id"]) for status in checked(client.call("GET", "/api/tunnels"))["tunnels"]]
        raise Failed(no_such_way(tunnel, known))
    checked(answer, as_json=as_json)
