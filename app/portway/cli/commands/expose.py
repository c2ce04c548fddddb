"""`portway expose`: one command that puts a local server on a URL for as long as it runs."""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Protocol

import click

from portway.cli.client.client import ANSWER_LIMIT, Client, Record, checked
from portway.cli.client.event_stream import REQUEST, STATUS, EventStream
from portway.cli.client.headless import HeadlessPortway
from portway.cli.commands.enable_disable import switch_options
from portway.cli.failure import Failed, NotRunning, WrongUsage
from portway.cli.invocation import Invocation
from portway.cli.terminal.backend_group import complete_way, read_way
from portway.cli.terminal.cautions import say_caution
from portway.cli.terminal.exposure import Exposure, ExposureScreen
from portway.cli.terminal.guard_options import guard_body, guard_parameters, say_who_reaches, split
from portway.cli.terminal.interrupts import StopAsked, ignore_stop_signals, stop_signals
from portway.cli.terminal.parameters import body_values, option_parameters, read_target
from portway.cli.vocabulary import no_such_way, way_of
from portway.core.codes import Code
from portway.core.options import Option
from portway.core.status import Reach
from portway.core.target import parse_target

if TYPE_CHECKING:
    from portway.core.backend import Backend

_DISABLE_LIMIT = 15  # seconds
_TOKEN = "token"  # noqa: S105 - the one name under which the tokens of all ways are asked for


class _Expose(click.Command):
    """Takes the options of every backend: which of them apply is known once the backend is."""

    def get_params(self, ctx: click.Context) -> list[click.Parameter]:
        invocation = ctx.find_object(Invocation)
        backends = () if invocation is None else invocation.backends
        *fixed, help_option = super().get_params(ctx)
        taken = {word for parameter in fixed for word in parameter.opts}
        theirs = [one for one in option_parameters(_options_of_all(backends)) if not taken & {*one.opts}]
        return [*fixed, *guard_parameters(), *theirs, help_option]


@click.command(
    "expose",
    cls=_Expose,
    epilog="Options that only some ways have name them in brackets.",
)
@click.argument("target", callback=read_target)
@click.option(
    "--via",
    metavar="WAY",
    callback=read_way,
    shell_complete=complete_way,
    help="The way to expose it. Default: the setting general.defaultBackend.",
)
@click.option("--qr", is_flag=True, help="Draw the URL as a QR code, too.")
@click.option("-q", "--quiet", is_flag=True, help="Show no line for each request.")
@click.option(
    "--no-inspect",
    is_flag=True,
    help="Do not record requests. Otherwise they are kept in memory, for “portway requests”.",
)
@click.option(
    "--name", metavar="WORD", help="Save it as a tunnel of this word, or use that one: it keeps its port and its rules."
)
@click.pass_obj
def expose_command(  # noqa: PLR0913 - each is an option
    invocation: Invocation,
    /,
    *,
    target: str,
    via: str | None,
    qr: bool,
    quiet: bool,
    no_inspect: bool,
    name: str | None = None,
    **given: Any,  # noqa: ANN401 - what backends declare
) -> None:
    """Put the local server TARGET on a URL, and keep it there until Ctrl-C.

    TARGET is a port, or an address of this computer: 3000, localhost:3000, https://shop.test. The URL is printed once
    visitors get in, and again if it changes; what goes wrong meanwhile is said on standard error. On a terminal each
    request gets a line, too. Portway is started if it does not run, and ends with this command then.

    \b
      portway expose 3000
      portway expose 8080 --qr
      portway expose 3000 --via cloudflare --password-generate --for 1h
    """
    backend = _backend(invocation, via)
    options = switch_options(backend, "enable")
    given = _with_token(backend, options, given)
    asked, made = guard_body(given)
    _refuse_foreign_options(backend, options, given)
    common = {"action": "enable", "target": target, "lasting": False, "inspect": not no_inspect}
    body = {**common, **body_values(options, given), **split(asked)}
    screen = ExposureScreen(
        parse_target(target).url,
        backend.reach,
        qr=qr,
        tells_requests=not (quiet or no_inspect),
        hint=_hint(backend, invocation.backends, target),
        password=made,
    )
    exposure = Exposure(screen, again=f"portway expose {target} --via {backend.id}")
    with (
        contextlib.suppress(StopAsked),
        stop_signals(),
        running(invocation, screen) as client,
        _exposed(invocation, client, _tunnel_for(client, backend, body, name), body) as (tunnel, screen.ends_with_us),
    ):
        _follow(client, tunnel, screen, exposure)
    screen.end(exposure.traffic)


def _follow(client: Client, backend: Backend, screen: ExposureScreen, exposure: Exposure) -> None:
    """Show what happens to the tunnel, until Portway or it ends."""
    types = (STATUS, REQUEST) if screen.tells_requests else (STATUS,)
    for frame in EventStream(client, *types).frames():
        news = frame.data
        if frame.event == REQUEST and news["tunnel"] == backend.id:
            screen.request(news)
        elif frame.event == STATUS and news["id"] == backend.id:
            if news["phase"] == "starting" and not news["progress"]:
                screen.wait_for(f"Starting {backend.title} …")
            else:
                screen.progress(news["progress"])
            exposure.take(news)


def _backend(invocation: Invocation, via: str | None) -> Backend:
    name = via or invocation.settings_file(invocation.backends).load().general.default_backend
    for backend in invocation.backends:
        if backend.id == way_of(name):
            return backend
    raise WrongUsage(f"--via: {no_such_way(name, invocation.ways)}")


def _refuse_foreign_options(backend: Backend, options: Mapping[str, Option], given: Mapping[str, Any]) -> None:
    for key, value in given.items():
        name = key.removeprefix("option_")
        if value is not None and name not in options:
            raise WrongUsage(f"--{name.replace('_', '-')}: {backend.id} has no such option.")


class WaitingScreen(Protocol):
    """Where it is shown that something is waited for."""

    def wait_for(self, what: str) -> None:
        """Say on a terminal what is waited for."""

    def progress(self, progress: Record | None) -> None:
        """Show how far the start is; None: nothing is waited for."""


@contextlib.contextmanager
def running(invocation: Invocation, screen: WaitingScreen) -> Iterator[Client]:
    """Yield a client of the running program, or of one that ends with this block."""
    client = invocation.living_client()
    if client is not None:
        yield client
        return
    screen.wait_for("Starting Portway …")
    portway = HeadlessPortway(invocation.program, invocation.environment, tied=True)
    try:
        client = portway.wait_until_ready(invocation.living_client)
        screen.progress(None)
        yield client
    finally:
        ignore_stop_signals()
        screen.progress(None)
        portway.stop()


def _tunnel_for(client: Client, backend: Backend, body: Mapping[str, object], name: str | None) -> Backend:
    """Return the tunnel that this command uses: the named one, the built-in one, or another beside it.

    Beside a tunnel that leads elsewhere it is a temporary one, which is gone with this command.
    """
    if name is not None:
        asked = {"id": name, "backend": str(backend.kind), "target": body["target"]}
        answer = client.call("POST", "/api/tunnels", asked)
        if answer.body.get("code") != Code.NAME_TAKEN:
            checked(answer)
        elif checked(client.call("GET", f"/api/tunnels/{name}"))["backend"] != backend.kind:
            raise Failed(f"There is a tunnel “{name}” of another way already. Choose another word.")
        return backend.another(name)
    status = checked(client.call("GET", f"/api/tunnels/{backend.id}"))
    runs = parse_target(status["targetUrl"])
    if status["phase"] not in ("starting", "running") or parse_target(str(body["target"])).may_be(runs):
        return backend
    made = checked(client.call("POST", "/api/tunnels", {"backend": str(backend.kind), "lasting": False}))
    return backend.another(made["id"])


@contextlib.contextmanager
def _exposed(
    invocation: Invocation, client: Client, backend: Backend, body: Mapping[str, object]
) -> Iterator[tuple[Backend, bool]]:
    """Turn the tunnel on for this block, and yield it and True; one that is on for this target is left on: False."""
    path = f"/api/tunnels/{backend.id}"
    status = checked(client.call("GET", path))
    if status["phase"] in ("starting", "running"):
        _refuse_other(status, body)
        yield backend, False
        return
    asked = body.get("guard")
    guard = {**status["guard"], **asked} if isinstance(asked, dict) else status["guard"]
    say_who_reaches(backend, parse_target(str(body["target"])).url, guard)
    say_caution(invocation, client, backend, switch_options(backend, "enable"), body)
    answer = client.call("POST", f"{path}?wait=0", body, limit=ANSWER_LIMIT)
    if "status" not in answer.body:
        checked(answer)
    try:
        yield backend, True
    finally:
        ignore_stop_signals()
        with contextlib.suppress(NotRunning):
            checked(
                client.call("POST", f"{path}?wait={_DISABLE_LIMIT}", {"action": "disable"}, limit=2 * _DISABLE_LIMIT)
            )


def _refuse_other(status: Mapping[str, Any], body: Mapping[str, object]) -> None:
    wanted, runs = parse_target(str(body["target"])), parse_target(status["targetUrl"])
    name = status["id"]
    if not wanted.may_be(runs):
        raise Failed(f"{name} already exposes {runs.url}. Turn that off first: “portway disable {name}”.")
    if body.keys() - {"action", "target", "lasting", "inspect"}:
        raise Failed(
            f"{name} already exposes {runs.url}, perhaps in another way. Turn that off first: “portway disable {name}”."
        )


def _hint(backend: Backend, backends: tuple[Backend, ...], target: str) -> str:
    """Return how to reach the internet, where this way does not."""
    if backend.reach is not Reach.NETWORK:
        return ""
    far = [other.id for other in backends if other.reach is Reach.INTERNET]
    if not far:
        return ""
    others = f" (or {', '.join(far[1:])})" if far[1:] else ""
    return f"For the internet: portway expose {target} --via {far[0]}{others}"


def _with_token(backend: Backend, options: Mapping[str, Option], given: Mapping[str, Any]) -> dict[str, Any]:
    """Return what was given, with the token under the name that this backend has for it."""
    others = dict(given)
    asked = others.pop(f"option_{_TOKEN}", None)
    stored = next((name for name, option in options.items() if option.stored), None)
    if stored is not None:
        others[f"option_{stored}"] = asked
    elif asked:
        raise WrongUsage(f"--token-stdin: {backend.id} has no such option.")
    return others


def _options_of_all(backends: tuple[Backend, ...]) -> dict[str, Option]:
    """Return the options of all backends; one that not all of them have says whose it is.

    Where several mean something else by one name, REST checks what is given.
    """
    by_name: dict[str, list[tuple[Option, list[str]]]] = {}  # each meaning of a name, and who means it
    for backend in backends:
        for name, option in switch_options(backend, "enable").items():
            meanings = by_name.setdefault(_TOKEN if option.stored else name, [])
            owners = next((owners for one, owners in meanings if one == option), None)
            if owners is None:
                meanings.append((option, [str(backend.id)]))
            else:
                owners.append(str(backend.id))
    return {name: _told(meanings, len(backends)) for name, meanings in by_name.items()}


def _told(meanings: list[tuple[Option, list[str]]], backends: int) -> Option:
    """Return one option for all meanings of a name, which says in brackets whose each is."""
    notes = ["" if len(owners) == backends > 1 else f" [{', '.join(owners)}]" for _, owners in meanings]
    labels = " or ".join(f"{option.label}{note}" for (option, _), note in zip(meanings, notes, strict=True))
    help_text = " ".join(f"{option.help}{note}" for (option, _), note in zip(meanings, notes, strict=True))
    first = dataclasses.replace(meanings[0][0], label=labels, help=help_text)
    return first if len(meanings) == 1 else dataclasses.replace(first, pattern=None, unwrap=None, grammar=None)
