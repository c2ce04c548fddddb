"""`portway enable` and `portway disable`."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import click

from portway.cli.client.client import ANSWER_LIMIT, Answer, Client, checked, show_json
from portway.cli.failure import Failed, WrongUsage
from portway.cli.invocation import Invocation
from portway.cli.terminal.backend_group import BackendGroup, Number
from portway.cli.terminal.cautions import say_caution
from portway.cli.terminal.guard_options import guard_body, guard_parameters, say_who_reaches, split
from portway.cli.terminal.parameters import body_values, in_body, option_parameters, read_target
from portway.cli.terminal.progress import progress_shown
from portway.core.options import Kind, Option, declared
from portway.core.status import Reach
from portway.core.target import parse_target

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
        ["--wait"],
        type=Number(0, LONGEST_WAIT),
        default=WAIT,
        metavar="SECONDS",
        help=f"How long to wait for the outcome: {WAIT} by default, {LONGEST_WAIT} at most.",
    )


def _enable_for(backend: Backend) -> click.Command:
    options = switch_options(backend, "enable")
    stored = [option for option in options.values() if option.stored]
    parameters = [
        click.Option(
            ["--target"],
            callback=read_target,
            help="The local server: a port or an address. By default the one in Settings.",
        ),
        *option_parameters(options),
        click.Option(
            ["--inspect/--no-inspect"],
            default=None,
            help="Record requests in memory, or no more. By default as before, at first not.",
        ),
        *[
            click.Option(["--remember"], is_flag=True, help="Keep the token in the keyring once it has worked.")
            for _ in stored[:1]
        ],
        *guard_parameters(),
        click.Option(["--start"], is_flag=True, help="Start Portway without a screen if it does not run."),
        _wait_option(),
        json_option(),
    ]
    return click.Command(
        str(backend.id),
        params=list(parameters),
        short_help=_reach_of(backend),
        callback=click.pass_obj(functools.partial(_enable, backend=backend, options=options)),
        help=f"{backend.title}: turn it on, wait until its URL is proven to work, and print the URL.",
    )


def listed_ways(backends: Iterable[Backend]) -> dict[str, str]:
    """Return what each way is for, by its id."""
    return {str(backend.id): _reach_of(backend) for backend in backends}


def _reach_of(backend: Backend) -> str:
    reach = "the internet" if backend.reach is Reach.INTERNET else "this network only"
    return f"{backend.title}: reaches {reach}."


def _enable(  # noqa: PLR0913 - one for each thing that can be asked
    invocation: Invocation,
    *,
    backend: Backend,
    options: dict[str, Option],
    target: str | None,
    start: bool,
    wait: int,
    as_json: bool,
    inspect: bool | None,
    remember: bool = False,
    **given: Any,  # noqa: ANN401 - what the backend declares
) -> None:
    asked, made = guard_body(given)
    body: dict[str, object] = {"action": "enable", **body_values(options, given), **split(asked)}
    if target is not None:
        body["target"] = target
    if remember:
        body["remember"] = True
    if inspect is not None:
        body["inspect"] = inspect
    client = running_client(invocation, start=start)
    _say_who_reaches_it(client, backend, target, asked)
    say_caution(invocation, client, backend, options, body)
    if made is not None:
        say_password(made)
    answer = _switched(client, backend, body, wait)
    if answer.body.get("code") == "needs_token":
        token = _token_from_environment(invocation, options, body)
        answer = _switched(client, backend, {**body, **token}, wait) if token else answer
    answered = checked(answer, as_json=as_json)
    if not as_json:
        click.echo(answered["status"]["publicUrl"])


def _say_who_reaches_it(client: Client, backend: Backend, target: str | None, asked: Mapping[str, object]) -> None:
    status = checked(client.call("GET", f"/api/tunnels/{backend.id}"))
    if not status["running"]:
        target_url = status["targetUrl"] if target is None else parse_target(target).url
        say_who_reaches(backend, target_url, {**status["guard"], **asked})


def say_password(password: str) -> None:
    """Tell a password that was made just now: nobody else knows it."""
    click.echo(f"The password is {password}", err=True)


def running_client(invocation: Invocation, *, start: bool) -> Client:
    """Return a client of the Portway that runs; `start`: of one that is started, and stays, where none does."""
    if not start:
        return invocation.client()
    client = invocation.living_client()
    if client is not None:
        return client
    from portway.cli.client.headless import HeadlessPortway  # late: starting is rare, and subprocess loads slowly

    started = HeadlessPortway(invocation.program, invocation.environment, tied=False)
    return started.wait_until_ready(invocation.living_client)


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
        str(backend.id),
        params=[*option_parameters(options), _wait_option(), json_option()],
        short_help=f"{backend.title}: turn it off.",
        help=f"{backend.title}: turn it off, and wait until nobody gets in any more.",
        callback=click.pass_obj(functools.partial(_disable, backend=backend, options=options)),
    )


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
            raise WrongUsage("Name a way, or say --all.")
        return
    if not every:
        raise WrongUsage("Name a way, or say --all.")
    client = ctx.ensure_object(Invocation).client()
    statuses = checked(client.call("GET", "/api/tunnels"))["tunnels"]
    on = [status["id"] for status in statuses if status["wanted"] or status["phase"] not in _DONE_PHASES]
    answers = [
        client.call("POST", f"/api/tunnels/{name}?wait={WAIT}", {"action": "disable"}, limit=WAIT + ANSWER_LIMIT)
        for name in on
    ]
    if as_json:
        show_json({"tunnels": checked(client.call("GET", "/api/tunnels"))["tunnels"]})
    failures = [_failure_of(answer) for answer in answers]
    found = [failed for failed in failures if failed is not None]
    for failed in found[:-1]:
        failed.show()
    if found:
        raise found[-1]


def _failure_of(answer: Answer) -> Failed | None:
    try:
        checked(answer)
    except Failed as failed:
        return failed
    return None


enable_command = BackendGroup(
    "enable",
    _enable_for,
    of_tunnels=True,
    help="Turn a way on in the running Portway, and print its URL. It stays on until it is turned off.\n\n"
    "“portway enable WAY --help” lists its options.",
)

disable_command = BackendGroup(
    "disable",
    _disable_for,
    of_tunnels=True,
    invoke_without_command=True,
    help="Turn a way off in the running Portway, or all of them with --all.",
    callback=click.pass_context(_disable_all),
    params=[click.Option(["--all", "every"], is_flag=True, help="Turn all of them off."), json_option()],
)
