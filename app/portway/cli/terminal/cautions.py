"""What to know before a tunnel is turned on beside others of its way, said before it is tried."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import click

from portway.cli.client.client import Client, checked
from portway.cli.invocation import Invocation
from portway.core.options import Option

if TYPE_CHECKING:
    from portway.core.backend import Backend


def say_caution(
    invocation: Invocation,
    client: Client,
    backend: Backend,
    options: Mapping[str, Option],
    body: Mapping[str, object],
) -> None:
    """Tell what may come to nothing with what `body` names of these options; nothing for one that is on already."""
    statuses = checked(client.call("GET", "/api/tunnels"))["tunnels"]
    on = [str(one["id"]) for one in statuses if one["backend"] == backend.kind and one["wanted"]]
    if not on or backend.id in on:
        return
    named = {name: body[option.body] for name, option in options.items() if option.body in body}
    words = invocation.settings_file(invocation.backends).load().caution(backend, backend.id, on, named)
    if words:
        click.echo(words, err=True)
