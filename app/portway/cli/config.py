"""`portway config`: the settings file, with or without a running Portway."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from portway.cli.answers import show_json
from portway.cli.failure import Exit, Failed, NotRunning
from portway.cli.invocation import Invocation
from portway.core.codes import Code
from portway.core.errors import TunnelError
from portway.core.option_values import read_value

if TYPE_CHECKING:
    from portway.core.settings import Settings
    from portway.system.settings_file import SettingKey, SettingsFile


@click.group("config", short_help="Read and change settings.")
def config_command() -> None:
    """Read and change settings. A running Portway takes them over at once; what is exposed stays as it is.

    \b
      portway config list
      portway config set general.target 3000
      portway config unset general.target
    """


def _complete_key(ctx: click.Context, _parameter: click.Parameter, start: str) -> list[str]:
    invocation = ctx.find_object(Invocation)
    return [] if invocation is None else [key.name for key in _file(invocation).keys() if key.name.startswith(start)]  # noqa: SIM118 - a method of its own, not a mapping's


_KEY = click.argument("key", shell_complete=_complete_key)


@config_command.command("list", short_help="Show every setting.")
@click.option("--json", "as_json", is_flag=True, help="Print the values as JSON.")
@click.pass_obj
def list_settings(invocation: Invocation, *, as_json: bool) -> None:
    """Show every setting with its value, and what it is for."""
    file = _file(invocation)
    settings = file.load()
    if as_json:
        show_json({key.name: _value(settings, key) for key in file.keys()})  # noqa: SIM118 - a method of its own
        return
    for key in file.keys():  # noqa: SIM118 - a method of its own
        click.echo(f"{key.name} = {_text(_value(settings, key))}")
        variable = settings.locked.get(key.name)
        note = (
            f" Set by {variable}."
            if variable
            else ""
            if _value(settings, key) != key.default
            else " This is the default."
        )
        click.echo(click.style(f"    {key.option.help}{note}", dim=True))


@config_command.command("get", short_help="Print one value.")
@_KEY
@click.pass_obj
def get_setting(invocation: Invocation, *, key: str) -> None:
    """Print the value of KEY that holds now: from the environment, the settings file, or the default."""
    file = _file(invocation)
    click.echo(_text(_value(file.load(), _found(file, key))))


@config_command.command("set", short_help="Change one value.")
@_KEY
@click.argument("value")
@click.pass_obj
def set_setting(invocation: Invocation, *, key: str, value: str) -> None:
    """Write VALUE for KEY into the settings file; its comments and other lines stay."""
    file = _file(invocation)
    found = _found(file, key)
    try:
        file.set(found.name, read_value(found.option, value, field=found.name))
    except TunnelError as error:
        raise _refused(error) from None
    _tell(invocation, file, found)


@config_command.command("unset", short_help="Go back to the default.")
@_KEY
@click.pass_obj
def unset_setting(invocation: Invocation, *, key: str) -> None:
    """Remove KEY from the settings file, so that its default holds."""
    file = _file(invocation)
    found = _found(file, key)
    file.unset(found.name)
    _tell(invocation, file, found)


def _tell(invocation: Invocation, file: SettingsFile, key: SettingKey) -> None:
    """Let a running Portway read the file, and say where the change does not hold."""
    variable = file.load().locked.get(key.name)
    if variable:
        click.echo(
            f"{variable} in the environment decides this one, so the change does not hold while it is set.", err=True
        )
    try:
        client = invocation.living_client()
        if client is not None:
            client.call("POST", "/api/reload")
    except (Failed, NotRunning):
        click.echo("The running Portway could not be told. It reads the settings at its next start.", err=True)


def _file(invocation: Invocation) -> SettingsFile:
    return invocation.settings_file(invocation.backends)


def _found(file: SettingsFile, name: str) -> SettingKey:
    try:
        return file.key(name)
    except TunnelError as error:
        raise _refused(error) from None


def _refused(error: TunnelError) -> Failed:
    return Failed(str(error), Exit.USAGE if error.code is Code.BAD_REQUEST else Exit.FAILED)


def _value(settings: Settings, key: SettingKey) -> object:
    values = settings.general if key.section == "general" else settings.backends[key.section]  # type: ignore[index]
    value: object = getattr(values, key.field)
    return value


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)
