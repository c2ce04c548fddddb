"""What is exposed: `portway status`, `url`, `open` and `events`."""

import json
import sys
import time
from collections.abc import Iterator
from datetime import datetime

import click

from portway.cli.client.client import Client, Record, checked, exit_for, failure, show_json
from portway.cli.client.event_stream import EventStream
from portway.cli.failure import Exit, Failed, NotRunning
from portway.cli.invocation import Invocation
from portway.cli.terminal.backend_group import Number, complete_way, read_way
from portway.cli.terminal.show import causes, event_rows, phase_text, show_code, status_rows, summary
from portway.cli.vocabulary import no_such_way
from portway.core.codes import Code

LONGEST_WAIT = 86400  # seconds: a day
_LOOK_EVERY = 0.1  # seconds, while Portway itself is awaited
_WAY = click.argument("way", required=False, callback=read_way, shell_complete=complete_way)
_LINES = (
    ("publicUrl", "URL"),
    ("targetUrl", "server"),
    ("host", "as Host"),
    ("since", "since"),
    ("retryAt", "next try"),
    ("binaryPath", "program"),
    ("version", "version"),
    ("logPath", "log"),
)


@click.command("status")
@_WAY
@click.option("--json", "as_json", is_flag=True, help="Print what the REST API answered.")
@click.pass_obj
def status_command(invocation: Invocation, *, way: str | None, as_json: bool) -> None:
    """Show what is exposed, and what is not and why; of one WAY in detail."""
    client = invocation.client()
    answer = checked(client.call("GET", "/api/tunnels")) if way is None else _status_of(client, way)
    if as_json:
        show_json(answer)
        return
    lines = _overview(answer["tunnels"]) if way is None else _details(answer)
    for line in lines:
        click.echo(line)


def _overview(statuses: list[Record]) -> Iterator[str]:
    if sys.stdout.isatty():
        yield f"{summary(statuses)}\n"
    yield from status_rows(statuses)


def _status_of(client: Client, way: str) -> Record:
    from urllib.parse import quote  # late: most calls name none

    answer = client.call("GET", f"/api/tunnels/{quote(way, safe='')}")
    if answer.body.get("code") == Code.NOT_FOUND:
        known = [str(status["id"]) for status in checked(client.call("GET", "/api/tunnels"))["tunnels"]]
        raise Failed(no_such_way(way, known), Exit.USAGE)
    return checked(answer)


def _details(status: Record) -> Iterator[str]:
    yield f"{status['id']}: {phase_text(status)}"
    yield from (f"  {line}" for line in causes(status))
    yield from (f"  {label:<8}  {status[key]}" for key, label in _LINES if status.get(key))


@click.command("url")
@click.argument("way", callback=read_way, shell_complete=complete_way)
@click.option(
    "--wait",
    type=Number(0, LONGEST_WAIT),
    default=0,
    metavar="SECONDS",
    help="How long to wait for the URL, and for Portway itself. Default: not at all.",
)
@click.option("--qr", is_flag=True, help="Draw it as a QR code, too.")
@click.option("--json", "as_json", is_flag=True, help="Print the status that the REST API answered.")
@click.pass_obj
def url_command(invocation: Invocation, *, way: str, wait: int, qr: bool, as_json: bool) -> None:
    """Print the public URL of WAY and nothing else, if visitors get in.

    \b
      URL=$(portway url ngrok) && export NEXT_PUBLIC_BASE_URL=$URL
    """
    until = time.monotonic() + wait
    client = _client(invocation, until)
    status = _status_of(client, way)
    if not status["running"] and wait:
        status = _running_status(client, way, until) or status
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


def _running_status(client: Client, way: str, until: float) -> Record | None:
    """Wait until visitors get in, or until it is clear that nothing comes by itself; None: the time is over."""
    last = None
    for status in EventStream(client).of(way, until - time.monotonic()):
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
    name = status["id"]
    if status["phase"] == "starting":
        return Failed(f"{name} is still starting; “portway url {name} --wait 60” waits for it.")
    return Failed(f"{name} is not on. Turn it on with “portway enable {name}”.")


@click.command("open")
@_WAY
@click.option("--json", "as_json", is_flag=True, help="Print what the REST API answered.")
@click.pass_obj
def open_command(invocation: Invocation, *, way: str | None, as_json: bool) -> None:
    """Bring Portway's window to the front; with a WAY, open its public URL in the browser."""
    client = invocation.client()
    if way is None:
        checked(client.call("POST", "/api/window"), as_json=as_json)
        return
    status = _status_of(client, way)
    if as_json:
        show_json(status)
    if not status["running"]:
        raise Failed(f"{status['id']} is not running, so there is no page to open.")
    if click.launch(status["publicUrl"]) != 0:
        raise Failed(f"No browser could be started. The URL is {status['publicUrl']}")


@click.command("events")
@click.option("--json", "as_json", is_flag=True, help="Print each status as one line of JSON.")
@click.pass_obj
def events_command(invocation: Invocation, *, as_json: bool) -> None:
    """Print the status of every tunnel now, and again on each change, until Ctrl-C."""
    try:
        for status in EventStream(invocation.client()).statuses():
            if as_json:
                click.echo(json.dumps(status, ensure_ascii=False))
            else:
                moment = datetime.now().astimezone().strftime("%H:%M:%S")
                click.echo("\n".join(f"{moment}  {row}" for row in event_rows(status)))
    except KeyboardInterrupt:
        click.echo(err=True)
