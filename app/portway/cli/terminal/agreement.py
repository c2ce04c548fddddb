"""Shows a person what a command would run as root, before it does."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from portway.cli.failure import Failed
from portway.core.cancel import CancelToken
from portway.core.errors import TunnelError

if TYPE_CHECKING:
    from portway.core.backend import Command, Fetched


def agreed_to(command: Command, *, yes: bool) -> dict[str, object]:
    """Return what the request has to name: the hash of what was agreed to. Nothing where nobody is asked.

    It is fetched here, to be looked at, and again by the program that runs it, which then takes no other.
    """
    if command.fetch is None or yes or not sys.stdin.isatty():
        return {}
    try:
        fetched = command.fetch(CancelToken())
    except TunnelError as error:
        raise Failed(error.problem.sentence) from None
    except KeyboardInterrupt:
        raise Failed("It was cancelled.") from None
    try:
        _show(fetched)
        if not click.confirm("Run it as root?", err=True):
            raise Failed("It was not run.")
        return {"sha256": fetched.sha256}
    finally:
        fetched.remove()


def _show(fetched: Fetched) -> None:
    for label, value in (("source", fetched.source), ("size", f"{fetched.size} bytes"), ("SHA-256", fetched.sha256)):
        click.echo(f"{label:<8}  {value}", err=True)
    click.echo("The script bears no signature and runs as root: it may change anything on this computer.", err=True)
