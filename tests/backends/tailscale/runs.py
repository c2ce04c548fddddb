"""What the tests of Tailscale share besides fixtures: ways to open, and to run a verb."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from portway.backends.tailscale.backend import TailscaleBackend
from portway.backends.tailscale.funnel.session import FunnelSession
from portway.core.backend import Answer, Command, Context
from portway.core.errors import TunnelError
from portway.system.processes.privileges import Account
from tests.fakes.backends.news import KnownSecrets

Open = Callable[..., FunnelSession]
ALICE = Account(12345, "alice")  # no administrator


def open_refused(backend: TailscaleBackend, context: Context) -> TunnelError:
    """Return why it does not open."""
    with pytest.raises(TunnelError) as caught:
        backend.open(context)
    return caught.value


def verb(backend: TailscaleBackend, name: str) -> Command:
    """Return one of its verbs."""
    return next(command for command in backend.commands if command.name == name)


def run(backend: TailscaleBackend, name: str, context: Context, options: object = None, **secrets: str) -> Answer:
    """Run a verb and return its answer."""
    command = verb(backend, name)
    assert command.run is not None
    return command.run(replace(context, options=options or command.options(), secrets=KnownSecrets(secrets)))


def run_refused(backend: TailscaleBackend, name: str, context: Context, **secrets: str) -> TunnelError:
    """Return why a verb does not do it."""
    with pytest.raises(TunnelError) as caught:
        run(backend, name, context, **secrets)
    return caught.value
