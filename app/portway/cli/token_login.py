"""`portway login BACKEND` where logging in means a token in the keyring."""

from __future__ import annotations

import functools
import sys
from typing import TYPE_CHECKING

import click

from portway.cli.answers import checked
from portway.cli.invocation import Invocation
from portway.cli.parameters import read_secret
from portway.cli.switch import json_option
from portway.core.options import Option, declared

if TYPE_CHECKING:
    from portway.core.backend import Backend

LOGIN = "login"
_ANSWER_LIMIT = 60.0  # seconds; the keyring may ask a person to unlock it


def token_login_for(backend: Backend) -> click.Command | None:
    """Return the command, None for a backend without a token of its own."""
    stored = [option for option in declared(backend.options).values() if option.stored]
    if not stored:
        return None
    option = stored[0]
    where = f" It is found at {option.page}." if option.page else ""
    return click.Command(
        str(backend.id),
        params=[
            click.Option(["--token-stdin"], is_flag=True, help="Read the token from standard input."),
            click.Option(["--forget"], is_flag=True, help="Remove the stored token."),
            json_option(),
        ],
        short_help=f"{backend.title}: keep a token in the keyring.",
        help=f"Keep your {backend.title} token in the keyring of this system.{where}\n\n"
        "Without --token-stdin it is asked for.",
        callback=click.pass_obj(functools.partial(_login, backend=backend, option=option)),
    )


def _login(  # noqa: PLR0913 - one for each thing that can be asked
    invocation: Invocation, *, backend: Backend, option: Option, token_stdin: bool, forget: bool, as_json: bool
) -> None:
    path = f"/api/tunnels/{backend.id}/token"
    client = invocation.client()
    if forget:
        checked(client.call("DELETE", path, limit=_ANSWER_LIMIT), as_json=as_json)
        return
    if not (token_stdin or sys.stdin.isatty()):
        raise click.UsageError("The token comes from standard input: say --token-stdin.")
    token = read_secret(option, "--token-stdin")
    checked(client.call("PUT", path, {option.body: token}, limit=_ANSWER_LIMIT), as_json=as_json)
