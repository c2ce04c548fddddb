"""The commands that backends declare (install, login …), each followed by a backend that has it."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from portway.cli.answers import WAYS_ON, checked, failure, show_json
from portway.cli.backend_group import BackendGroup
from portway.cli.client import Answer, Client, Frame, Record
from portway.cli.failure import Exit, Failed
from portway.cli.invocation import Invocation
from portway.cli.news import News
from portway.cli.parameters import body_values, in_body, option_parameters
from portway.cli.show import ProgressLine, show_code
from portway.cli.switch import json_option
from portway.cli.token_login import LOGIN, token_login_for
from portway.core.options import Option, declared

if TYPE_CHECKING:
    from portway.core.backend import Backend, Command

_ANSWER_LIMIT = 180.0  # seconds; a person may be asked for rights meanwhile
_LOGIN_LIMIT = 600  # seconds, for a person to log in elsewhere
_ENVELOPE = ("success", "status", "pending", "error", "code", *WAYS_ON)


def verb_commands(invocation: Invocation | None) -> dict[str, click.Command]:
    """Return one command for each verb that a backend declares, by name."""
    backends = () if invocation is None else invocation.backends
    declared_verbs: dict[str, list[Command]] = {}
    for backend in backends:
        for command in backend.commands:
            if command.action is None:
                declared_verbs.setdefault(command.name, []).append(command)
    verbs: dict[str, click.Command] = {name: _group(name, _told(same)) for name, same in declared_verbs.items()}
    if any(token_login_for(backend) is not None for backend in backends):
        verbs[LOGIN] = _group(LOGIN, "Log in, or store a token")
    return dict(sorted(verbs.items()))


def _told(same: Sequence[Command]) -> str:
    """Return what a verb does: for one backend in its own words, for several in a word that fits all."""
    first = same[0]
    return first.help if len(same) == 1 and first.help else first.label


def _group(name: str, label: str) -> BackendGroup:
    text = f"{label.rstrip('.…')}."
    return BackendGroup(name, functools.partial(_verb_for, name), short_help=text, help=text)


def _verb_for(name: str, backend: Backend) -> click.Command | None:
    for command in backend.commands:
        if command.name == name and command.action is None:
            return _command_for(backend, command)
    return token_login_for(backend) if name == LOGIN else None


def _command_for(backend: Backend, command: Command) -> click.Command:
    options = in_body(declared(command.options))
    run = _stream if command.streams else _measure if command.method == "GET" else _call
    extra = [] if command.streams or command.method == "GET" else [
        click.Option(["--qr"], is_flag=True, help="Draw a page that has to be opened as a QR code, too."),
        click.Option(["--no-wait"], is_flag=True, help="Do not wait until that page was used."),
    ]  # fmt: skip
    return click.Command(
        str(backend.id),
        params=[*option_parameters(options), *extra, json_option()],
        short_help=f"{backend.title}: {command.label[:1].lower()}{command.label[1:]}",
        help=command.help or f"{command.label.rstrip('.')}.",
        callback=click.pass_obj(functools.partial(run, backend=backend, command=command, options=options)),
    )


def _path(backend: Backend, command: Command) -> str:
    return f"/api/tunnels/{backend.id}/{command.path}"


def _measure(
    invocation: Invocation,
    *,
    backend: Backend,
    command: Command,
    options: Mapping[str, Option],
    as_json: bool,
) -> None:
    """Print what a look at the machine found; none of the options goes with a GET."""
    assert not options  # noqa: S101 - a GET has no body, so a backend can declare none
    body = checked(invocation.client().call("GET", _path(backend, command), limit=_ANSWER_LIMIT), as_json=as_json)
    if not as_json:
        _show_found(body)


def _call(  # noqa: PLR0913 - one for each thing that can be asked
    invocation: Invocation,
    *,
    backend: Backend,
    command: Command,
    options: Mapping[str, Option],
    as_json: bool,
    qr: bool,
    no_wait: bool,
    **given: Any,  # noqa: ANN401 - what the backend declares
) -> None:
    client = invocation.client()
    asked = body_values(options, given)
    body = checked(client.call(command.method, _path(backend, command), asked, limit=_ANSWER_LIMIT), as_json=as_json)
    if not as_json:
        _show_found(body)
    page = next((body[name] for name in WAYS_ON if body.get(name)), None)
    if page is not None:
        click.echo(page, err=True)
        if qr:
            show_code(page)
        if not (as_json or no_wait):
            _wait_until_used(client, backend)


def _wait_until_used(client: Client, backend: Backend) -> None:
    click.echo("Open this page to go on. Portway waits; Ctrl-C ends only the waiting.", err=True)
    for status in News(client).of(backend.id, _LOGIN_LIMIT):
        if status["phase"] != "needs_auth" and status.get("loggedIn", True):
            return
    raise Failed("The page was not used in time. Its address is above.", Exit.NEEDS_AUTH)


def _stream(
    invocation: Invocation,
    *,
    backend: Backend,
    command: Command,
    options: Mapping[str, Option],
    as_json: bool,
    **given: Any,  # noqa: ANN401 - what the backend declares
) -> None:
    client = invocation.client()
    path = _path(backend, command)
    progress = ProgressLine()
    try:
        with client.stream(command.method, path, body_values(options, given)) as frames:
            done = _last(frames, progress)
    except KeyboardInterrupt:
        progress.show(None)
        client.call("DELETE", path)
        raise Failed("It was cancelled.") from None
    if as_json:
        show_json(done.data)
    if done.event != "done":
        raise failure(done.data)
    if not as_json:
        click.echo(f"Done: {_installed(done.data)}")


def _last(frames: Answer | Iterator[Frame], progress: ProgressLine) -> Frame:
    """Show each progress, and return the frame that ends the stream."""
    if isinstance(frames, Answer):
        checked(frames)
        raise Failed("Portway answered this in another form.")
    for frame in frames:
        if frame.event != "progress":
            progress.show(None)
            return frame
        progress.show(frame.data)
    progress.show(None)
    raise Failed("Portway has ended before this was done.")


def _installed(body: Record) -> str:
    status = body.get("status") or {}
    facts = [status.get("backend"), status.get("version"), status.get("binaryPath")]
    return " ".join(str(fact) for fact in facts if fact) + "."


def _show_found(body: Record) -> None:
    for name, value in body.items():
        if name not in _ENVELOPE and value is not None:
            click.echo(f"{name}: {_text(value)}")


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
