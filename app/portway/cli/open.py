"""`portway open`."""

from __future__ import annotations

import click

from portway.cli.answers import checked
from portway.cli.backend_group import complete_backend
from portway.cli.failure import Failed
from portway.cli.invocation import Invocation
from portway.cli.status import backend_path


@click.command("open", short_help="Bring the window to the front, or open a public URL.")
@click.argument("backend", required=False, shell_complete=complete_backend)
@click.option("--json", "as_json", is_flag=True, help="Print what the REST API answered.")
@click.pass_obj
def open_command(invocation: Invocation, *, backend: str | None, as_json: bool) -> None:
    """Bring Portway's window to the front; with a BACKEND, open its public URL in the browser."""
    client = invocation.client()
    if backend is None:
        checked(client.call("POST", "/api/window"), as_json=as_json)
        return
    status = checked(client.call("GET", f"/api/tunnels/{backend_path(backend)}"), as_json=as_json)
    if not status["running"]:
        raise Failed(f"{status['backend']} is not running, so there is no page to open.")
    if click.launch(status["publicUrl"]) != 0:
        raise Failed(f"No browser could be started. The URL is {status['publicUrl']}")
