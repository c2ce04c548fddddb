"""`portway expose`: one command that puts a local server on a URL for as long as it runs."""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import click

from portway.cli.answers import checked
from portway.cli.backend_group import complete_backend
from portway.cli.client import ANSWER_LIMIT, Client
from portway.cli.exposure import Exposure
from portway.cli.failure import Failed, NotRunning
from portway.cli.headless import HeadlessPortway
from portway.cli.invocation import Invocation
from portway.cli.news import News
from portway.cli.parameters import body_values, option_parameters, read_target
from portway.cli.show import ProgressLine, show_code
from portway.cli.stop_asked import StopAsked, ignore_stop_signals, stop_signals
from portway.cli.switch import switch_options
from portway.core.options import Option
from portway.core.status import Reach
from portway.core.target import parse_target

if TYPE_CHECKING:
    from portway.core.backend import Backend

_DISABLE_LIMIT = 15  # seconds


class _Expose(click.Command):
    """Takes the options of every backend: which of them apply is known once the backend is."""

    def get_params(self, ctx: click.Context) -> list[click.Parameter]:
        invocation = ctx.find_object(Invocation)
        backends = () if invocation is None else invocation.backends
        *fixed, help_option = super().get_params(ctx)
        return [*fixed, *option_parameters(_options_of_all(backends)), help_option]


@click.command(
    "expose", cls=_Expose, short_help="Put a local server on a URL until Ctrl-C.",
    epilog="Options that only some backends have name them in brackets.",
)  # fmt: skip
@click.argument("target", callback=read_target)
@click.option(
    "--via",
    metavar="BACKEND",
    shell_complete=complete_backend,
    help="How to expose it. Default: the setting general.defaultBackend.",
)
@click.option("--qr", is_flag=True, help="Draw the URL as a QR code, too.")
@click.pass_obj
def expose_command(invocation: Invocation, /, *, target: str, via: str | None, qr: bool, **given: Any) -> None:  # noqa: ANN401 - what backends declare
    """Put the local server TARGET on a URL, and keep it there until Ctrl-C.

    TARGET is a port, or an address of this computer like http://localhost:3000. The URL is printed once visitors get
    in, and again if it changes; what goes wrong meanwhile is told on standard error. Portway is started if it does not
    run, and ends with this command then.

    \b
      portway expose 3000
      portway expose 8080 --qr
    """
    backend = _backend(invocation, via)
    options = switch_options(backend, "enable")
    _refuse_foreign_options(backend, options, given)
    body = {"action": "enable", "target": target, "lasting": False, **body_values(options, given)}
    hints = _hints(backend, invocation.backends, target)
    with contextlib.suppress(StopAsked), stop_signals(), _running(invocation) as client:
        progress = ProgressLine()
        exposure = Exposure(lambda url: _show(url, qr=qr), lambda text: click.echo(text, err=True), hints)
        with _exposed(client, backend, body):
            for status in News(client).of(backend.id):
                progress.show(status["progress"])
                exposure.take(status)


def _backend(invocation: Invocation, via: str | None) -> Backend:
    name = via or invocation.settings_file(invocation.backends).load().general.default_backend
    for backend in invocation.backends:
        if backend.id == name:
            return backend
    known = ", ".join(backend.id for backend in invocation.backends)
    raise click.UsageError(f"--via: “{name}” is no backend. Choose one of: {known}.")


def _refuse_foreign_options(backend: Backend, options: Mapping[str, Option], given: Mapping[str, Any]) -> None:
    for key, value in given.items():
        name = key.removeprefix("option_")
        if value is not None and name not in options:
            raise click.UsageError(f"--{name.replace('_', '-')}: {backend.id} has no such option.")


@contextlib.contextmanager
def _running(invocation: Invocation) -> Iterator[Client]:
    """Yield a client of the running program, or of one that ends with this block."""
    client = invocation.living_client()
    if client is not None:
        yield client
        return
    portway = HeadlessPortway(invocation, tied=True)
    try:
        yield portway.wait_until_ready()
    finally:
        ignore_stop_signals()
        portway.stop()


@contextlib.contextmanager
def _exposed(client: Client, backend: Backend, body: Mapping[str, object]) -> Iterator[None]:
    """Turn the backend on for this block. One that is on already, for the same target, is left on."""
    path = f"/api/tunnels/{backend.id}"
    status = checked(client.call("GET", path))
    if status["phase"] in ("starting", "running"):
        _refuse_other(status, body)
        yield
        return
    answer = client.call("POST", f"{path}?wait=0", body, limit=ANSWER_LIMIT)
    if "status" not in answer.body:
        checked(answer)
    try:
        yield
    finally:
        ignore_stop_signals()
        with contextlib.suppress(NotRunning):
            checked(
                client.call("POST", f"{path}?wait={_DISABLE_LIMIT}", {"action": "disable"}, limit=2 * _DISABLE_LIMIT)
            )


def _refuse_other(status: Mapping[str, Any], body: Mapping[str, object]) -> None:
    wanted, runs = parse_target(str(body["target"])), parse_target(status["targetUrl"])
    same = (wanted.scheme, wanted.port) == (runs.scheme, runs.port) and {*wanted.candidates} & {*runs.candidates}
    name = status["backend"]
    if not same:
        raise Failed(f"{name} already exposes {runs.url}. Turn that off first: “portway disable {name}”.")
    if body.keys() - {"action", "target", "lasting"}:
        raise Failed(
            f"{name} already exposes {runs.url}, perhaps in another way. Turn that off first: “portway disable {name}”."
        )


def _hints(backend: Backend, backends: tuple[Backend, ...], target: str) -> list[str]:
    if backend.reach is not Reach.NETWORK:
        return []
    far = [other.id for other in backends if other.reach is Reach.INTERNET]
    hint = "Only devices on this network can open it."
    return [f"{hint} For the internet: portway expose {target} --via {' or '.join(far)}" if far else hint]


def _options_of_all(backends: tuple[Backend, ...]) -> dict[str, Option]:
    """Return the options of all backends; one that not all of them have says whose it is."""
    by_backend = {str(backend.id): switch_options(backend, "enable") for backend in backends}
    found: dict[str, Option] = {}
    for options in by_backend.values():
        for name, option in options.items():
            owners = [owner for owner, others in by_backend.items() if name in others]
            note = "" if len(owners) == len(by_backend) > 1 else f" [{', '.join(owners)}]"
            noted = dataclasses.replace(option, label=f"{option.label}{note}", help=f"{option.help}{note}")
            found.setdefault(name, noted)
    return found


def _show(url: str, *, qr: bool) -> None:
    click.echo(url)
    if qr:
        show_code(url)
