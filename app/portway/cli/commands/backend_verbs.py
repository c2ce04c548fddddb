"""The commands that backends declare (install, login …), each followed by a backend that has it."""

from __future__ import annotations

import dataclasses
import functools
import sys
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from portway.cli.client.client import WAYS_ON, Answer, Client, Frame, Record, checked, failure, show_json
from portway.cli.client.event_stream import EventStream
from portway.cli.commands.enable_disable import json_option
from portway.cli.failure import Exit, Failed, WrongUsage
from portway.cli.invocation import Invocation
from portway.cli.terminal.agreement import agreed_to
from portway.cli.terminal.backend_group import BackendGroup
from portway.cli.terminal.parameters import body_values, in_body, option_parameters, read_secret
from portway.cli.terminal.progress import ProgressLine
from portway.cli.terminal.show import show_code
from portway.core.options import Option, camel, declared

if TYPE_CHECKING:
    from portway.core.backend import Backend, Command

LOGIN = "login"
_KEYRING_LIMIT = 60.0  # seconds; it may ask a person to unlock it
_ANSWER_LIMIT = 180.0  # seconds; a person may be asked for rights meanwhile
_LOGIN_LIMIT = 600  # seconds, for a person to log in elsewhere
_SHARED_WORDS = {"install": "Install the program that a way needs", LOGIN: "Log in, or store a token"}
_ENVELOPE = ("success", "status", "pending", "error", "code", *WAYS_ON)


def verb_commands(invocation: Invocation | None) -> dict[str, click.Command]:
    """Return one command for each verb that a backend declares, by name."""
    backends = () if invocation is None else invocation.backends
    own = [(command.name, command) for backend in backends for command in backend.commands if command.action is None]
    names = {name for name, _ in own}
    if any(token_login_for(backend) is not None for backend in backends):
        names.add(LOGIN)
    return {name: _group(name, [command for verb, command in own if verb == name]) for name in sorted(names)}


def _group(name: str, same: Sequence[Command]) -> BackendGroup:
    """Return the verb, described in words that fit every backend, or in those of the only one that has it."""
    described = _SHARED_WORDS.get(name) or _description(same[0])
    text = f"{described.rstrip('.…')}."
    of_tunnels = name == LOGIN  # some have a token of their own
    return BackendGroup(name, functools.partial(_verb_for, name), of_tunnels=of_tunnels, short_help=text, help=text)


def _description(command: Command) -> str:
    return command.help or command.label


def _verb_for(name: str, backend: Backend) -> click.Command | None:
    for command in backend.commands if backend.id == backend.kind else ():
        if command.name == name and command.action is None:
            return _command_for(backend, command)
    return token_login_for(backend) if name == LOGIN else None


def _command_for(backend: Backend, command: Command) -> click.Command:
    options = in_body(declared(command.options))
    run = _stream if command.streams else _measure if command.method == "GET" else _call
    extra = (
        []
        if not _leads_to_a_page(command)
        else [
            click.Option(["--qr"], is_flag=True, help="Draw a page that has to be opened as a QR code, too."),
            click.Option(["--no-wait"], is_flag=True, help="Do not wait until that page was used."),
        ]
    )
    if command.fetch is not None:
        extra.append(click.Option(["--yes"], is_flag=True, help="Do not ask before it runs as root."))
    return click.Command(
        str(backend.id),
        params=[*option_parameters(options), *extra, json_option()],
        short_help=f"{_description(command).rstrip('.…')}.",
        help=f"{_description(command).rstrip('.…')}.",
        callback=click.pass_obj(functools.partial(run, backend=backend, command=command, options=options)),
    )


def _leads_to_a_page(command: Command) -> bool:
    """Whether its answer may name a page on which a person goes on."""
    return any(camel(item.name) in WAYS_ON for item in dataclasses.fields(command.answer))


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
    qr: bool = False,
    no_wait: bool = False,
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
    try:
        for status in EventStream(client).of(backend.id, _LOGIN_LIMIT):
            if status["phase"] != "needs_auth" and status.get("loggedIn", True):
                return
    except KeyboardInterrupt:
        raise Failed("\nNobody waits any more; the page above still works.", Exit.NEEDS_AUTH) from None
    raise Failed("The page was not used in time. Its address is above.", Exit.NEEDS_AUTH)


def _stream(  # noqa: PLR0913 - one for each thing that can be asked
    invocation: Invocation,
    *,
    backend: Backend,
    command: Command,
    options: Mapping[str, Option],
    as_json: bool,
    yes: bool = False,
    **given: Any,  # noqa: ANN401 - what the backend declares
) -> None:
    client = invocation.client()
    path = _path(backend, command)
    progress = ProgressLine()
    agreed = agreed_to(command, yes=yes)
    try:
        with client.stream(command.method, path, {**agreed, **body_values(options, given)}) as frames:
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
    facts = [status.get("id"), status.get("version"), status.get("binaryPath")]
    return " ".join(str(fact) for fact in facts if fact) + "."


def _show_found(body: Record) -> None:
    for name, value in body.items():
        if name not in _ENVELOPE and value is not None:
            click.echo(f"{name}: {_text(value)}")


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def token_login_for(backend: Backend) -> click.Command | None:
    """Return the command, None for what has no token of its own: a backend, or a further tunnel of one."""
    built_in = backend.id == backend.kind
    stored = [option for option in declared(backend.options).values() if option.stored and (built_in or option.own)]
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
        help=f"Keep {'the' if option.own else 'your'} {backend.title} token{_of_which(backend, option)} in the keyring "
        f"of this system.{where}\n\n"
        "Without --token-stdin it is asked for.",
        callback=click.pass_obj(functools.partial(_login, backend=backend, option=option)),
    )


def _of_which(backend: Backend, option: Option) -> str:
    return f" of the tunnel {backend.id}" if option.own else ""


def _login(  # noqa: PLR0913 - one for each thing that can be asked
    invocation: Invocation, *, backend: Backend, option: Option, token_stdin: bool, forget: bool, as_json: bool
) -> None:
    path = f"/api/tunnels/{backend.id}/token"
    client = invocation.client()
    if forget:
        checked(client.call("DELETE", path, limit=_KEYRING_LIMIT), as_json=as_json)
        return
    if not (token_stdin or sys.stdin.isatty()):
        raise WrongUsage("The token comes from standard input: say --token-stdin.")
    token = read_secret(option, "--token-stdin")
    checked(client.call("PUT", path, {option.body: token}, limit=_KEYRING_LIMIT), as_json=as_json)
