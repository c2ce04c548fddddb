"""`portway enable` and `portway disable`."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

import click

from portway.cli.answers import checked, show_json
from portway.cli.backend_group import BackendGroup
from portway.cli.client import ANSWER_LIMIT, Answer, Client
from portway.cli.failure import Failed
from portway.cli.invocation import Invocation
from portway.cli.numbers import Number
from portway.cli.parameters import body_values, in_body, option_parameters, read_target
from portway.cli.progress import progress_shown
from portway.core.options import Kind, Option, declared
from portway.core.status import Reach

if TYPE_CHECKING:
    from portway.core.backend import Backend

WAIT = 60
LONGEST_WAIT = 300
_DONE_PHASES = ("stopped", "needs_auth", "error")


def json_option() -> click.Option:
    """Return the option that every command has to which REST answers."""
    return click.Option(["--json", "as_json"], is_flag=True, help="Print what the REST API answered.")


def switch_options(backend: Backend, action: str) -> dict[str, Option]:
    """Return what a request to turn this backend on or off may name: its own options, and those of its aliases."""
    options = in_body(declared(backend.options)) if action == "enable" else {}
    for command in backend.commands:
        if command.action == action:
            options |= in_body(declared(command.options))
    return options


def _wait_option() -> click.Option:
    return click.Option(
        ["--wait"], type=Number(0, LONGEST_WAIT), default=WAIT, metavar="SECONDS",
        help=f"How long to wait for the outcome: {WAIT} by default, {LONGEST_WAIT} at most.",
    )  # fmt: skip


def _enable_for(backend: Backend) -> click.Command:
    options = switch_options(backend, "enable")
    stored = [option for option in options.values() if option.stored]
    parameters = [
        click.Option(
            ["--target"], callback=read_target, help="The local server: a port or an address. Default: the setting."
        ),
        *option_parameters(options),
        *[
            click.Option(["--remember"], is_flag=True, help="Keep the token in the keyring once it has worked.")
            for _ in stored[:1]
        ],
        click.Option(["--start"], is_flag=True, help="Start Portway without a screen if it does not run."),
        _wait_option(),
        json_option(),
    ]
    reach = "the internet" if backend.reach is Reach.INTERNET else "this network only"
    return click.Command(
        str(backend.id), params=list(parameters), short_help=f"{backend.title}: reaches {reach}.",
        callback=click.pass_obj(functools.partial(_enable, backend=backend, options=options)),
        help=f"{backend.title}: turn it on, wait until its URL is proven to work, and print the URL.",
    )  # fmt: skip


def _enable(  # noqa: PLR0913 - one for each thing that can be asked
    invocation: Invocation,
    *,
    backend: Backend,
    options: dict[str, Option],
    target: str | None,
    start: bool,
    wait: int,
    as_json: bool,
    remember: bool = False,
    **given: Any,  # noqa: ANN401 - what the backend declares
) -> None:
    body: dict[str, object] = {"action": "enable", **body_values(options, given)}
    if target is not None:
        body["target"] = target
    if remember:
        body["remember"] = True
    client = _running_client(invocation, start=start)
    answer = _switched(client, backend, body, wait)
    if answer.body.get("code") == "needs_token":
        token = _token_from_environment(invocation, options, body)
        answer = _switched(client, backend, {**body, **token}, wait) if token else answer
    answered = checked(answer, as_json=as_json)
    if not as_json:
        click.echo(answered["status"]["publicUrl"])


def _running_client(invocation: Invocation, *, start: bool) -> Client:
    if not start:
        return invocation.client()
    client = invocation.living_client()
    if client is not None:
        return client
    from portway.cli.headless import start_headless  # late: starting is rare, and subprocess takes a while to import

    return start_headless(invocation)


def _token_from_environment(
    invocation: Invocation, options: dict[str, Option], body: dict[str, object]
) -> dict[str, object]:
    """Return the token of our own environment: that of the running program, which is asked first, had none."""
    for option in options.values():
        if option.kind is Kind.SECRET and option.stored and option.body not in body:
            texts = (invocation.environment.get(variable, "").strip() for variable in option.environment)
            text = next(filter(None, texts), None)
            if text:
                return {option.body: text}
    return {}


def _switched(client: Client, backend: Backend, body: dict[str, object], wait: int) -> Answer:
    with progress_shown(client, backend.id):
        return client.call("POST", f"/api/tunnels/{backend.id}?wait={wait}", body, limit=wait + ANSWER_LIMIT)


def _disable_for(backend: Backend) -> click.Command:
    options = switch_options(backend, "disable")
    return click.Command(
        str(backend.id), params=[*option_parameters(options), _wait_option(), json_option()],
        short_help=f"{backend.title}: turn it off.",
        help=f"{backend.title}: turn it off, and wait until nobody gets in any more.",
        callback=click.pass_obj(functools.partial(_disable, backend=backend, options=options)),
    )  # fmt: skip


def _disable(
    invocation: Invocation,
    *,
    backend: Backend,
    options: dict[str, Option],
    wait: int,
    as_json: bool,
    **given: Any,  # noqa: ANN401 - what the backend declares
) -> None:
    body = {"action": "disable", **body_values(options, given)}
    checked(_switched(invocation.client(), backend, body, wait), as_json=as_json)


def _disable_all(ctx: click.Context, *, every: bool, as_json: bool) -> None:
    if ctx.invoked_subcommand is not None:
        if every:
            raise click.UsageError("Name a backend, or say --all.")
        return
    if not every:
        raise click.UsageError("Name a backend, or say --all.")
    client = ctx.ensure_object(Invocation).client()
    statuses = checked(client.call("GET", "/api/tunnels"))["tunnels"]
    on = [status["backend"] for status in statuses if status["wanted"] or status["phase"] not in _DONE_PHASES]
    answers = [
        client.call("POST", f"/api/tunnels/{name}?wait={WAIT}", {"action": "disable"}, limit=WAIT + ANSWER_LIMIT)
        for name in on
    ]
    if as_json:
        show_json({"tunnels": checked(client.call("GET", "/api/tunnels"))["tunnels"]})
    failures = [_failure_of(answer) for answer in answers]
    told = [failed for failed in failures if failed is not None]
    for failed in told[:-1]:
        failed.show()
    if told:
        raise told[-1]


def _failure_of(answer: Answer) -> Failed | None:
    try:
        checked(answer)
    except Failed as failed:
        return failed
    return None


enable_command = BackendGroup(
    "enable", _enable_for, short_help="Turn a backend on and print its URL.",
    help="Turn a backend on in the running Portway, and print its URL. It stays on until it is turned off.\n\n"
    "What a backend can be told is listed by “portway enable BACKEND --help”.",
)  # fmt: skip

disable_command = BackendGroup(
    "disable", _disable_for, invoke_without_command=True, short_help="Turn a backend off, or all of them.",
    help="Turn a backend off in the running Portway, or all of them with --all.",
    callback=click.pass_context(_disable_all),
    params=[click.Option(["--all", "every"], is_flag=True, help="Turn every backend off."), json_option()],
)  # fmt: skip
