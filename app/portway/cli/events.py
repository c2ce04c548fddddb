"""`portway events`."""

from __future__ import annotations

import json
from datetime import datetime

import click

from portway.cli.invocation import Invocation
from portway.cli.news import News
from portway.cli.show import status_rows


@click.command("events", short_help="Print every change, as it happens.")
@click.option("--json", "as_json", is_flag=True, help="Print each status as one line of JSON.")
@click.pass_obj
def events_command(invocation: Invocation, *, as_json: bool) -> None:
    """Print the status of every backend now, and again on each change, until Ctrl-C."""
    try:
        for status in News(invocation.client()).all():
            if as_json:
                click.echo(json.dumps(status, ensure_ascii=False))
            else:
                moment = datetime.now().astimezone().strftime("%H:%M:%S")
                click.echo("\n".join(f"{moment}  {row}" for row in status_rows([status])))
    except KeyboardInterrupt:
        click.echo(err=True)
