"""`portway url`: the bare public URL, for scripts."""

from __future__ import annotations

import time

import click

from portway.cli.answers import checked, exit_for, failure, show_json
from portway.cli.backend_group import complete_backend
from portway.cli.client import Client, Record
from portway.cli.failure import Exit, Failed, NotRunning
from portway.cli.invocation import Invocation
from portway.cli.news import News
from portway.cli.numbers import Number
from portway.cli.show import show_code
from portway.cli.status import backend_path

LONGEST_WAIT = 86400  # seconds: a day
_LOOK_EVERY = 0.1  # seconds, while Portway itself is awaited


@click.command("url", short_help="Print the public URL of a backend.")
@click.argument("backend", shell_complete=complete_backend)
@click.option(
    "--wait", type=Number(0, LONGEST_WAIT), default=0, metavar="SECONDS",
    help="Wait so long for the URL, and for Portway itself.",
)  # fmt: skip
@click.option("--qr", is_flag=True, help="Draw it as a QR code, too.")
@click.option("--json", "as_json", is_flag=True, help="Print the status that the REST API answered.")
@click.pass_obj
def url_command(invocation: Invocation, *, backend: str, wait: int, qr: bool, as_json: bool) -> None:
    """Print the public URL of BACKEND and nothing else, if visitors get in.

    \b
      URL=$(portway url ngrok) && export NEXT_PUBLIC_BASE_URL=$URL
    """
    until = time.monotonic() + wait
    client = _client(invocation, until)
    status = checked(client.call("GET", f"/api/tunnels/{backend_path(backend)}"))
    if not status["running"] and wait:
        status = _running_status(client, backend, until) or status
    if as_json:
        show_json(status)
    if not status["running"]:
        raise _not_up(status)
    if not as_json:
        click.echo(status["publicUrl"])
    if qr:
        show_code(status["publicUrl"])


def _client(invocation: Invocation, until: float) -> Client:
    while True:
        client = invocation.living_client()
        if client is not None:
            return client
        if time.monotonic() >= until:
            raise NotRunning
        time.sleep(_LOOK_EVERY)


def _running_status(client: Client, backend: str, until: float) -> Record | None:
    """Wait until visitors get in, or until it is clear that nothing comes by itself; None: the time is over."""
    last = None
    for status in News(client).of(backend, until - time.monotonic()):
        last = status
        if (
            status["running"]
            or status["phase"] == "error"
            or exit_for(status["code"], status["phase"]) is Exit.NEEDS_AUTH
        ):
            break
    return last


def _not_up(status: Record) -> Failed:
    if status["lastError"]:
        return failure({"status": status})
    name = status["backend"]
    if status["phase"] == "starting":
        return Failed(f"{name} is still starting; “portway url {name} --wait 60” waits for it.")
    return Failed(f"{name} is not on. Turn it on with “portway enable {name}”.")
