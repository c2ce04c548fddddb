"""`portway token` and `portway quit`: what is asked of the running program itself."""

import time

import click

from portway.cli.client.client import Client, checked
from portway.cli.failure import Failed
from portway.cli.invocation import Invocation

_QUIT_LIMIT = 20.0  # seconds; longer than Portway takes for its sessions
_LOOK_EVERY = 0.05


@click.command("token")
@click.option("--renew", is_flag=True, help="Make a new one; the old one is void at once.")
@click.option("--json", "as_json", is_flag=True, help="Print what the REST API answered.")
@click.pass_obj
def token_command(invocation: Invocation, *, renew: bool, as_json: bool) -> None:
    """Print the lasting token for the REST API, made when first asked for.

    \b
      curl -H "Authorization: Bearer $(portway token)" http://127.0.0.1:20129/api/tunnels
    """
    answer = checked(invocation.client().call("POST", "/api/token", {"renew": renew}, limit=60), as_json=as_json)
    if not as_json:
        click.echo(answer["token"])
    if answer.get("warning"):
        click.echo(answer["warning"], err=True)


@click.command("quit")
@click.option("--json", "as_json", is_flag=True, help="Print what the REST API answered.")
@click.pass_obj
def quit_command(invocation: Invocation, *, as_json: bool) -> None:
    """End the running Portway, and wait until it has ended.

    What is exposed is stopped first, unless the setting general.keepUp says otherwise.
    """
    end_running(invocation, invocation.client(), as_json=as_json)


def end_running(invocation: Invocation, client: Client, *, as_json: bool = False) -> None:
    """Ask the running program to end, and wait until it has. Raises Failed."""
    checked(client.call("POST", "/api/quit"), as_json=as_json)
    until = time.monotonic() + _QUIT_LIMIT
    while client.answers() or (invocation.folders.run / "api.json").exists():
        if time.monotonic() > until:
            raise Failed("Portway is still busy with ending.")
        time.sleep(_LOOK_EVERY)
