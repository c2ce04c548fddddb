"""The options that say who may open a tunnel and until when, the body made from them, and a guard in words."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from portway.cli.client.client import Record
from portway.cli.failure import WrongUsage
from portway.core.errors import TunnelError
from portway.core.guard.deadline import read_ends
from portway.core.guard.rules import checked_password, parse_network, parse_path_rule, read_change
from portway.core.options import camel
from portway.core.status import Reach

if TYPE_CHECKING:
    from portway.core.backend import Backend

_PREFIX = "guard_"  # keeps these apart from what a command and a backend have
_NEVER = "never"
_LISTS: Mapping[str, tuple[str, Callable[..., object], str, str]] = {
    "allow": (
        "CIDR",
        parse_network,
        "--allow",
        "Let in this address or range only, like “192.0.2.0/24 # Office”; may be repeated.",
    ),
    "deny": ("CIDR", parse_network, "--deny", "Keep this address or range out; may be repeated."),
    "paths": ("PATH", parse_path_rule, "--path", "Open this path only, like /webhooks/*; may be repeated."),
    "open": ("PATH", parse_path_rule, "--open", "Ask for no password here, like “POST /webhooks/*”; may be repeated."),
}


def guard_parameters(*, changes: bool = False) -> list[click.Option]:
    """Return the options. `changes`: of a tunnel that may have a guard, so that rules can be taken away."""
    parameters = [
        click.Option(
            ["--for", f"{_PREFIX}for"],
            metavar="TIME",
            callback=_read_time,
            help=(
                "Stop by itself after 15m, 1h, 2d …, or at your “logout”, sleep included."
                f"{' “never” takes that away.' if changes else ''}"
            ),
        ),
        click.Option(
            ["--password-generate", f"{_PREFIX}generate"], is_flag=True, help="Ask visitors for a new password."
        ),
        click.Option(
            ["--password-stdin", f"{_PREFIX}stdin"],
            is_flag=True,
            help="Ask visitors for a password, read from standard input.",
        ),
        *(_list_option(name, *facts) for name, facts in _LISTS.items()),
        click.Option(
            ["--rate", f"{_PREFIX}rate_limit"], type=int, metavar="N", help="So many requests a minute of one visitor."
        ),
        _flag("read_only", "Let visitors look, but not send.", off=changes),
        _flag("basic", "Let programs give the password as Basic credentials.", off=changes),
    ]
    if changes:
        parameters += [
            click.Option(["--password", f"{_PREFIX}password"], is_flag=True, help="Ask for the password that is kept."),
            click.Option(["--no-password", f"{_PREFIX}no_password"], is_flag=True, help="Ask for no password."),
            *(_removal(name, facts[2]) for name, facts in _LISTS.items()),
            _removal("rate_limit", "--rate"),
        ]
    return parameters


def guard_body(given: dict[str, Any]) -> tuple[dict[str, object], str | None]:
    """Take these options out of `given`; return what they ask, by JSON key, and a password that was made just now.

    The rules are not yet checked together: the REST API does that.
    """
    named = {key.removeprefix(_PREFIX): given.pop(key) for key in tuple(given) if key.startswith(_PREFIX)}
    body: dict[str, object] = {}
    for name in (*_LISTS, "rate_limit"):
        if named.get(f"no_{name}"):
            body[camel(name)] = None
        if named.get(name) not in (None, ()):
            body[camel(name)] = list(named[name]) if name in _LISTS else named[name]
    body |= {camel(name): named[name] for name in ("read_only", "basic") if named.get(name) is not None}
    password, made = _password(named)
    if password is not None:
        body["password"] = password
    if named.get("for") is not None:
        body["expiresIn"] = None if named["for"] == _NEVER else named["for"]
    _check(body)
    return body, made


def split(body: dict[str, object]) -> dict[str, object]:
    """Return the same as an enable has it: the rules by themselves."""
    rules = {name: value for name, value in body.items() if name != "expiresIn"}
    ends = {name: value for name, value in body.items() if name == "expiresIn"}
    return {**({"guard": rules} if rules else {}), **ends}


def who(reach: Reach, guard: Mapping[str, Any]) -> str:
    """Return who gets in, as the end of a sentence."""
    with_password = " and the password" if reach is Reach.INTERNET else " with the password"
    asked = with_password if guard.get("password") else ""
    if guard.get("allow"):
        count = len(guard["allow"])
        whose = guard["allow"][0] if count == 1 else f"{count} addresses"
        people = "people with the link" if reach is Reach.INTERNET else "devices on this network"
        return f"{people}{asked}, from {whose}"
    return f"{'anyone with the link' if reach is Reach.INTERNET else 'devices on this network'}{asked}"


def say_who_reaches(backend: Backend, target_url: str, guard: Mapping[str, Any], *, offers: bool = True) -> None:
    """Warn of a public exposure before it begins; `guard` is what will hold, by JSON key.

    `offers`: the option that would ask for a password is named where nobody is kept out.
    """
    if backend.reach is Reach.INTERNET:
        people = who(backend.reach, guard)
        verb = "reach" if people.startswith("people") else "reaches"
        name, _, rest = people.partition(", ")
        unguarded = not guard.get("password") and not guard.get("allow")
        offer = "; --password-generate asks them for a password" if unguarded and offers else ""
        more = f", {rest}" if rest else offer
        click.echo(f"{name[0].upper()}{name[1:]} {verb} {target_url}{more}.", err=True)


def guard_lines(status: Record) -> Iterator[tuple[str, str]]:
    """Yield what holds for visitors of a tunnel, label by label."""
    guard = status["guard"]
    yield "who", who(Reach(status["reach"]), guard)
    notes = guard.get("notes", {})
    if guard["deny"]:
        yield "never", _addresses(guard["deny"], notes)
    for key, label in (("paths", "only"), ("open", "no password")):
        if guard[key]:
            yield label, ", ".join(guard[key])
    if len(guard["allow"]) > 1 or notes.keys() & set(guard["allow"]):
        yield "addresses", _addresses(guard["allow"], notes)
    if guard["readOnly"]:
        yield "read only", "visitors can look, but not send"
    if guard["password"] and guard["basic"]:
        yield "programs", "may give the password as Basic credentials"
    if guard["rateLimit"]:
        yield "rate", f"{guard['rateLimit']} requests a minute of one visitor"
    if stops(status):
        yield "stops", stops(status)


def _addresses(networks: Sequence[str], notes: Mapping[str, str]) -> str:
    return ", ".join(f"{one} ({notes[one]})" if one in notes else one for one in networks)


def stops(status: Record) -> str:
    """Return when a tunnel stops by itself; empty where it does not."""
    if status.get("untilLogout"):
        return "when you log out, or the computer goes to sleep"
    return until(status["expiresAt"]) if status.get("expiresAt") else ""


def until(moment: str) -> str:
    """Return a time of day, and how long it is until then."""
    at = datetime.fromisoformat(moment)
    seconds = max(0, round((at - datetime.now(UTC)).total_seconds()))
    if seconds < 60:  # noqa: PLR2004 - seconds of a minute
        return f"{at.astimezone():%H:%M}, in {seconds} s"
    minutes = round(seconds / 60)
    days, rest = divmod(minutes, 24 * 60)
    hours, left = divmod(rest, 60)
    parts = [f"{days} d" if days else "", f"{hours} h" if hours else "", f"{left} min" if left else ""]
    shape = "%H:%M" if not days else "%Y-%m-%d %H:%M"
    return f"{at.astimezone():{shape}}, in {' '.join(filter(None, parts))}"


def _password(named: Mapping[str, Any]) -> tuple[object, str | None]:
    """Return what the body says of the password, and the text of one that was made."""
    if sum(bool(named.get(name)) for name in ("generate", "stdin", "password", "no_password")) > 1:
        raise WrongUsage("Name one way to have a password.")
    if named.get("generate"):
        made = made_password()
        return made, made
    if not named.get("stdin"):
        return (False if named.get("no_password") else named.get("password") or None), None
    return given_password("--password-stdin"), None


def made_password() -> str:
    """Return a new password for visitors."""
    from portway.relay.guard.access import generate_password  # late: few calls need it

    return generate_password().reveal()


def given_password(flag: str) -> str:
    """Read a password for visitors from standard input, unseen at a terminal. Raises WrongUsage that names `flag`."""
    if sys.stdin.isatty():
        text = str(click.prompt("Password for visitors", hide_input=True, err=True))
    else:
        text = sys.stdin.readline().rstrip("\r\n")
    try:
        return checked_password(text, field=flag)
    except TunnelError as error:
        raise WrongUsage(str(error)) from None


def _check(body: dict[str, object]) -> None:
    try:
        read_change(body)
    except TunnelError as error:
        raise WrongUsage(str(error)) from None


def _read_time(_ctx: click.Context, parameter: click.Parameter, text: str | None) -> str | None:
    if text is None or text == _NEVER:
        return text
    try:
        read_ends(text, field=parameter.opts[0])
    except TunnelError as error:
        raise WrongUsage(str(error)) from None
    return text


def _list_option(name: str, metavar: str, read: Callable[..., object], flag: str, text: str) -> click.Option:
    def checked(_ctx: click.Context, parameter: click.Parameter, values: tuple[str, ...]) -> tuple[str, ...]:
        for value in values:
            try:
                read(value, field=parameter.opts[0])
            except TunnelError as error:
                raise WrongUsage(str(error)) from None
        return values

    return click.Option([flag, f"{_PREFIX}{name}"], multiple=True, metavar=metavar, callback=checked, help=text)


def _flag(name: str, text: str, *, off: bool) -> click.Option:
    dashed = name.replace("_", "-")
    flags = f"--{dashed}/--no-{dashed}" if off else f"--{dashed}"
    return click.Option([flags, f"{_PREFIX}{name}"], is_flag=True, default=None, help=text)


def _removal(name: str, flag: str) -> click.Option:
    return click.Option(
        [f"--no-{flag.removeprefix('--')}", f"{_PREFIX}no_{name}"], is_flag=True, help=f"Take {flag} away."
    )
