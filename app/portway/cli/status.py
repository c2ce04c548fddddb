"""`portway status`."""

from __future__ import annotations

from collections.abc import Iterator

import click

from portway.cli.answers import checked
from portway.cli.backend_group import complete_backend
from portway.cli.client import Record
from portway.cli.invocation import Invocation
from portway.cli.show import causes, phase_text, status_rows

_LINES = (
    ("publicUrl", "URL"), ("apiUrl", "API"), ("targetUrl", "target"), ("since", "since"), ("retryAt", "next try"),
    ("binaryPath", "program"), ("version", "version"), ("logPath", "log"),
)  # fmt: skip


@click.command("status", short_help="Show what is exposed, and what is not and why.")
@click.argument("backend", required=False, shell_complete=complete_backend)
@click.option("--json", "as_json", is_flag=True, help="Print what the REST API answered.")
@click.pass_obj
def status_command(invocation: Invocation, *, backend: str | None, as_json: bool) -> None:
    """Show what is exposed, and what is not and why; of one BACKEND in detail."""
    path = "/api/tunnels" if backend is None else f"/api/tunnels/{backend_path(backend)}"
    answer = checked(invocation.client().call("GET", path), as_json=as_json)
    if as_json:
        return
    for line in status_rows(answer["tunnels"]) if backend is None else _details(answer):
        click.echo(line)


def backend_path(backend: str) -> str:
    """Return a backend's name as a part of a path; a word that cannot be one is left to the API to refuse."""
    from urllib.parse import quote

    return quote(backend, safe="")


def _details(status: Record) -> Iterator[str]:
    yield f"{status['backend']}: {phase_text(status)}"
    yield from (f"  {line}" for line in causes(status))
    yield from (f"  {label:<8}  {status[key]}" for key, label in _LINES if status.get(key))
