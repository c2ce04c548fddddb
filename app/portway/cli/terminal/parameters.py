"""Command-line options made from what backends declare, and the request bodies made from what was given."""

import functools
import sys
from collections.abc import Callable, Mapping
from typing import Any

import click

from portway.cli.failure import WrongUsage
from portway.cli.vocabulary import meant
from portway.core.errors import TunnelError
from portway.core.options import Kind, Option, read_value
from portway.core.target import parse_target

_PREFIX = "option_"  # keeps what is declared apart from the options of the command itself


def option_parameters(options: Mapping[str, Option]) -> list[click.Option]:
    """Return a click option for each declared one. A secret becomes a flag: its text comes from standard input."""
    return [_parameter(name, option) for name, option in options.items()]


def in_body(options: Mapping[str, Option]) -> dict[str, Option]:
    """Return those that a request may name."""
    return {name: option for name, option in options.items() if option.in_body}


def body_values(options: Mapping[str, Option], given: Mapping[str, Any]) -> dict[str, object]:
    """Return what was given, by JSON key. Reads standard input if a secret is to come from there."""
    named = {name: given.get(_PREFIX + name) for name in options}
    secrets = [name for name, value in named.items() if options[name].kind is Kind.SECRET and value]
    if len(secrets) > 1:
        raise WrongUsage("Only one secret can come from standard input.")
    values: dict[str, object] = {
        options[name].body: value
        for name, value in named.items()
        if value is not None and options[name].kind is not Kind.SECRET
    }
    for name in secrets:
        values[options[name].body] = read_secret(options[name], f"--{secret_flag(name, options[name])}")
    return values


def read_secret(option: Option, flag: str) -> str:
    """Read a secret from standard input: its first line, or what is typed unseen at a terminal."""
    if sys.stdin.isatty():
        text = str(click.prompt(option.label, hide_input=True, err=True))
    else:
        text = sys.stdin.readline().rstrip("\r\n")
    if not text:
        raise WrongUsage(f"{flag}: standard input is empty.")
    try:
        return str(read_value(option, text, field=flag))
    except TunnelError as error:
        raise WrongUsage(str(error)) from None


def secret_flag(name: str, option: Option) -> str:
    """Return the name of the flag by which a secret is announced."""
    return "token-stdin" if option.stored else f"{_dashed(name)}-stdin"


def read_target(_ctx: click.Context, parameter: click.Parameter, text: str | None) -> str | None:
    """Check a target as the REST API would, and return it as written."""
    if text is None:
        return None
    try:
        parse_target(text, field=parameter.human_readable_name)
    except TunnelError as error:
        raise WrongUsage(str(error)) from None
    return text.strip()


def _parameter(name: str, option: Option) -> click.Option:
    variable = _PREFIX + name
    if option.kind is Kind.SECRET:
        flag = secret_flag(name, option)
        return click.Option(
            [f"--{flag}", variable], is_flag=True, default=None, help=f"{option.label}, read from standard input."
        )
    if option.kind is Kind.FLAG:
        flags = f"--{_dashed(name)}/--no-{_dashed(name)}"
        return click.Option([flags, variable], default=None, help=option.help)
    choices = tuple(filter(None, option.choices))
    return click.Option(
        [*(f"--{flag}" for flag in option.flags or (_dashed(name),)), variable],
        help=option.help,
        metavar=f"[{'|'.join(choices)}]" if choices else option.kind.upper(),
        callback=functools.partial(_read, option),
        shell_complete=_completing(choices) if choices else None,
    )


def _read(option: Option, _ctx: click.Context, parameter: click.Parameter, text: str | None) -> str | int | bool | None:
    if text is None:
        return None
    try:
        return read_value(option, text, field=parameter.opts[0])
    except TunnelError as error:
        near = meant(text, filter(None, option.choices))
        raise WrongUsage(str(error) + (f" Did you mean “{near}”?" if near else "")) from None


def _completing(choices: tuple[str, ...]) -> Callable[[click.Context, click.Parameter, str], list[str]]:
    return lambda _ctx, _parameter, start: [choice for choice in choices if choice.startswith(start)]


def _dashed(name: str) -> str:
    return name.replace("_", "-")
