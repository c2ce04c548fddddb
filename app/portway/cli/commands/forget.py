"""`portway forget`: removes all that Portway keeps on this computer."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from portway.cli.commands.token_quit import end_running
from portway.cli.failure import Failed, NotRunning
from portway.cli.invocation import Invocation
from portway.core.foreign_text import PublicUrl
from portway.core.options import declared
from portway.core.status import Extras, Installation

if TYPE_CHECKING:
    from portway.core.cancel import CancelToken
    from portway.core.errors import Problem
    from portway.core.secret import Secret
    from portway.core.status import Progress, Traffic
    from portway.system.services import Services


@click.command("forget")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_obj
def forget_command(invocation: Invocation, *, yes: bool) -> None:
    """Stop all tunnels and end Portway; then remove start at login, tokens in the keyring, settings, logs, downloads.

    Programs that Portway did not download stay, and so does their own data.
    """
    click.echo("This stops every tunnel, ends Portway, and removes its tokens from the keyring, start at login, and:")
    for path in _present(invocation.folders.all):
        click.echo(f"  {path}")
    if not yes:
        click.confirm("Go on?", abort=True, err=True)
    _stop(invocation)
    services = invocation.services()
    _end_leftovers(invocation, services)
    problems = [*_forget_login(invocation), *_forget_secrets(invocation, services)]
    for path in _present(invocation.folders.all):
        shutil.rmtree(path, ignore_errors=True)
    problems += [f"{path} could not be removed." for path in _present(invocation.folders.all)]
    _remove_empty_home(invocation)
    if problems:
        raise Failed("\n".join(problems))
    click.echo("Portway has forgotten everything.")


def _present(folders: Iterable[Path]) -> list[Path]:
    """Return the folders that are there, without those inside another one."""
    there = [path for path in dict.fromkeys(folders) if path.is_dir() and not path.is_symlink()]
    return [path for path in there if not any(other in path.parents for other in there)]


def _stop(invocation: Invocation) -> None:
    client = invocation.living_client()
    if client is None:
        return
    with contextlib.suppress(NotRunning):
        for status in client.call("GET", "/api/tunnels").body["tunnels"]:
            client.call("POST", f"/api/tunnels/{status['id']}?wait=20", {"action": "disable"}, limit=30)
        end_running(invocation, client)


def _end_leftovers(invocation: Invocation, services: Services) -> None:
    """End what an earlier run left up, on purpose or by a crash."""
    from portway.core.backend import Context, StillUpError
    from portway.core.cancel import CancelToken
    from portway.core.errors import TunnelError
    from portway.core.settings import DEFAULT_TARGET
    from portway.core.target import parse_target

    target = parse_target(DEFAULT_TARGET)
    built_in = invocation.build_backends(services)
    left = services.folders.left_tunnels([str(backend.kind) for backend in built_in])
    others = [backend.another(name) for name, kind in left for backend in built_in if backend.kind == kind]
    for backend in (*built_in, *others):
        context = Context(
            target=target,
            origin=target,
            options=backend.options(),
            cancel=CancelToken(),
            secrets=_NoSecrets(),
            listener=_Nobody(),
            wanted=False,
        )
        try:
            session = backend.reclaim(context)
            if session is not None:
                session.close(context)
        except (StillUpError, TunnelError) as error:
            raise Failed(f"{backend.title} could not be stopped, so nothing was removed. {error}") from None


class _NoSecrets:
    """To end something needs none."""

    def get(self, name: str, cancel: CancelToken | None = None) -> Secret | None:  # noqa: ARG002 - of the Protocol
        return None

    def forget(self, name: str) -> None: ...


class _Nobody:
    """Takes the news of a leftover that ends."""

    def progress(self, progress: Progress | None) -> None: ...

    def recovering(self, problem: Problem) -> None: ...

    def recovered(self, public_url: PublicUrl) -> None: ...

    def lost(self, problem: Problem) -> None: ...

    def report(self, extras: Extras, pid: int | None = None) -> None: ...

    def inspected(self, installation: Installation) -> None: ...

    def origin_suspect(self) -> None: ...

    def origin_answered(self) -> None: ...

    def host_suspect(self, path: str) -> None: ...

    def counted(self, traffic: Traffic) -> None: ...


def _forget_login(invocation: Invocation) -> list[str]:
    from portway.core.errors import TunnelError
    from portway.system.desktop.autostart import find_autostart

    autostart = find_autostart(invocation.environment, invocation.folders, invocation.program)
    try:
        if autostart is not None:
            autostart.disable()
    except TunnelError as error:
        return [str(error)]
    return []


def _forget_secrets(invocation: Invocation, services: Services) -> list[str]:
    """Remove every entry that is known, and those of which nobody has looked whether they are there."""
    entries = set(services.secrets.stored())
    for backend in invocation.backends:
        names = (name for name, option in declared(backend.options).items() if option.stored)
        entries |= {(backend.id, name) for name in names if services.secrets.known(backend.id, name) is None}
    problems = [services.secrets.remove(owner, name) for owner, name in sorted(entries)]
    return sorted({problem.sentence for problem in problems if problem is not None})


def _remove_empty_home(invocation: Invocation) -> None:
    home = invocation.environment.get("PORTWAY_HOME")
    if home:
        with contextlib.suppress(OSError):
            Path(home).expanduser().rmdir()
