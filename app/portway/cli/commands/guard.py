"""Who may open a tunnel, and until when: `portway guard` and `portway extend`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import click

from portway.cli.client.client import ANSWER_LIMIT, Answer, Client, Record, checked, failure, show_json
from portway.cli.failure import Failed, WrongUsage
from portway.cli.invocation import Invocation
from portway.cli.terminal.backend_group import complete_way, read_way
from portway.cli.terminal.guard_options import guard_body, guard_lines, guard_parameters, until
from portway.cli.terminal.show import show_code
from portway.cli.vocabulary import no_such_way
from portway.core.codes import Code
from portway.core.errors import TunnelError
from portway.core.guard.deadline import read_duration

_LOOK_LIMIT = 125.0  # seconds: longer than Portway gives it
_TESTS = {"events": "event stream", "websocket": "WebSocket", "upload": "upload", "wait": "long wait"}
_STATES = {"held": "held back"}
_KEYRING_LIMIT = 30.0  # seconds: a keyring may ask a person


class _Guard(click.Command):
    """Takes the options of a guard, which other commands have as well."""

    def get_params(self, ctx: click.Context) -> list[click.Parameter]:
        *fixed, help_option = super().get_params(ctx)
        return [*fixed, *guard_parameters(changes=True), help_option]


@click.command("guard", cls=_Guard)
@click.argument("way", callback=read_way, shell_complete=complete_way)
@click.option("--link", is_flag=True, help="Print a link that lets one device in without the password, once.")
@click.option("--qr", is_flag=True, help="Draw that link as a QR code, too.")
@click.option("--json", "as_json", is_flag=True, help="Print what the REST API answered.")
@click.pass_obj
def guard_command(
    invocation: Invocation,
    /,
    *,
    way: str,
    link: bool,
    qr: bool,
    as_json: bool,
    **given: Any,  # noqa: ANN401 - those of a guard
) -> None:
    """Say who may open WAY; without options, show it. It holds at once, for good, and the URL stays.

    \b
      portway guard cloudflare
      portway guard cloudflare --password-generate --open "POST /webhooks/*"
      portway guard cloudflare --allow 203.0.113.7 --for 8h
      portway guard cloudflare --no-password --no-allow --for never
    """
    body, made = guard_body(given)
    if link and body:
        raise WrongUsage("--link: change the rules first, then ask for a link.")
    client = invocation.client()
    path = _path(client, way)
    if link:
        _show_link(checked(client.call("POST", f"{path}/guard/link")), qr=qr, as_json=as_json)
        return
    if not body:
        _show(checked(client.call("GET", path)), as_json=as_json)
        return
    answer = client.call("PUT", f"{path}/guard", body, limit=_KEYRING_LIMIT)
    kept_for_now = answer.body.get("code") == Code.NO_SECURE_STORAGE and "status" in answer.body
    status: Record = answer.body["status"] if kept_for_now else checked(answer)
    _show(status, as_json=as_json, password=made)
    if kept_for_now:
        click.echo(answer.body["error"], err=True)


@click.command("extend")
@click.argument("way", callback=read_way, shell_complete=complete_way)
@click.argument("time")
@click.option("--json", "as_json", is_flag=True, help="Print what the REST API answered.")
@click.pass_obj
def extend_command(invocation: Invocation, *, way: str, time: str, as_json: bool) -> None:
    """Let WAY stop by itself so much later than it would: 15m, 1h, 2d.

    \b
      portway extend cloudflare 1h
    """
    try:
        read_duration(time, field="TIME")
    except TunnelError as error:
        raise WrongUsage(str(error)) from None
    client = invocation.client()
    path = _path(client, way)
    status = checked(client.call("POST", f"{path}/extend", {"expiresIn": time}, limit=ANSWER_LIMIT))
    if as_json:
        show_json(status)
    else:
        click.echo(f"{status['name']} stops at {until(status['expiresAt'])}.")


@click.command("verify")
@click.argument("way", callback=read_way, shell_complete=complete_way)
@click.option("--streams", is_flag=True, help="Try an event stream, a WebSocket, an upload, and a wait of 110 s.")
@click.option("--json", "as_json", is_flag=True, help="Print what the REST API answered.")
@click.pass_obj
def verify_command(invocation: Invocation, *, way: str, streams: bool, as_json: bool) -> None:
    """Ask for the public URL of WAY from outside, and say whether visitors get in.

    Cloudflare's or Google's resolver is told the name of the URL; nothing is asked before this command is used.
    With --streams, Portway itself answers what is tried, and the local server is not asked.
    """
    client = invocation.client()
    if streams:
        _try_streams(client, _path(client, way), as_json=as_json)
        return
    status = checked(client.call("POST", f"{_path(client, way)}/verify", limit=_LOOK_LIMIT))
    if as_json:
        show_json(status)
        return
    verified, url = status["verified"], status["publicUrl"]
    match verified["state"]:
        case "ok":
            click.echo(f"{url} works from outside ({verified['ms']} ms).")
        case "failed":
            raise Failed(f"{url} does not work from outside: {verified['reason']}.")
        case _:
            click.echo(f"It could not be found out whether {url} works from outside: {verified['reason']}.", err=True)


def _try_streams(client: Client, path: str, *, as_json: bool) -> None:
    """Show what came of each part as it ends. Failed where something does not get through as it should."""
    checks: list[Record] = []
    with client.stream("POST", f"{path}/streams") as frames:
        if isinstance(frames, Answer):
            checked(frames)
            raise Failed("Portway answered this in another form.")
        for frame in frames:
            if frame.event != "check":
                break
            checks.append(frame.data)
            if not as_json:
                name, state = _TESTS.get(str(frame.data["test"]), str(frame.data["test"])), frame.data["state"]
                click.echo(f"{name:<12}  {_STATES.get(state, state):<9}  {frame.data['reason']}")
        else:
            raise Failed("Portway has ended before this was done.")
    if as_json:
        show_json({"checks": checks})
    if frame.event != "done":
        raise failure(frame.data)
    bad = [_TESTS.get(str(one["test"]), str(one["test"])) for one in checks if one["state"] in ("held", "refused")]
    if bad:
        raise Failed(f"Does not get through as it should: {', '.join(bad)}.")


def _path(client: Client, way: str) -> str:
    known = [str(status["id"]) for status in checked(client.call("GET", "/api/tunnels"))["tunnels"]]
    if way not in known:
        raise WrongUsage(no_such_way(way, known))
    return f"/api/tunnels/{way}"


def _show(status: Record, *, as_json: bool, password: str | None = None) -> None:
    if as_json:
        # The status never has it, and nobody else knows it.
        show_json(status if password is None else {**status, "password": password})
        return
    lines = [*guard_lines(status)]
    if password is not None:
        lines.insert(1, ("password", password))
    _echo(lines)


def _echo(lines: Iterable[tuple[str, str]]) -> None:
    for label, text in lines:
        click.echo(f"{label:<11}  {text}")


def _show_link(answer: Record, *, qr: bool, as_json: bool) -> None:
    if as_json:
        show_json(answer)
        return
    click.echo(answer["url"])
    if qr:
        show_code(answer["url"], 0)
