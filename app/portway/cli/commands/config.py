"""`portway config`: the settings file, with or without a running Portway."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from portway.cli.client.client import show_json
from portway.cli.failure import Exit, Failed, NotRunning
from portway.cli.invocation import Invocation
from portway.core.codes import Code
from portway.core.errors import TunnelError
from portway.core.options import read_value

if TYPE_CHECKING:
    from portway.core.settings import Settings
    from portway.system.storage.settings_file import SettingsFile
    from portway.system.storage.settings_keys import SettingKey


@click.group("config")
def config_command() -> None:
    """Read and change settings. A running Portway takes them over at once; what is exposed stays as it is.

    \b
      portway config list
      portway config set general.target 3000
      portway config unset general.target
      portway config set tunnel.api.target 8000
    """


def _complete_key(ctx: click.Context, _parameter: click.Parameter, start: str) -> list[str]:
    invocation = ctx.find_object(Invocation)
    return [] if invocation is None else [key.name for key in _keys(_file(invocation)) if key.name.startswith(start)]


_KEY = click.argument("key", shell_complete=_complete_key)


@config_command.command("list", short_help="Show every setting.")
@click.option("--json", "as_json", is_flag=True, help="Print the values as JSON.")
@click.pass_obj
def list_settings(invocation: Invocation, *, as_json: bool) -> None:
    """Show every setting with its value, and what it is for."""
    file = _file(invocation)
    settings = file.load()
    if as_json:
        show_json({key.name: _value(settings, key) for key in _keys(file)})
        return
    for key in _keys(file):
        click.echo(f"{key.name} = {_text(_value(settings, key))}")
        click.echo(click.style(f"    {key.option.help}{_note(settings, key)}", dim=True))


def _note(settings: Settings, key: SettingKey) -> str:
    """Say where its value comes from, where that is not the file."""
    variable = settings.locked.get(key.name)
    if variable:
        return f" Set by {variable}."
    if key.tunnel is not None:
        return " Not set for this tunnel." if _own_value(settings, key) is None else ""
    return "" if _value(settings, key) != key.default else " This is the default."


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
        click.echo("The running Portway could not be reached. It reads the settings at its next start.", err=True)


def _file(invocation: Invocation) -> SettingsFile:
    return invocation.settings_file(invocation.backends)


def _found(file: SettingsFile, name: str) -> SettingKey:
    try:
        return file.key(name)
    except TunnelError as error:
        raise _refused(error) from None


def _refused(error: TunnelError) -> Failed:
    return Failed(str(error), Exit.USAGE if error.code is Code.BAD_REQUEST else Exit.FAILED)


def _keys(file: SettingsFile) -> tuple[SettingKey, ...]:
    return (*file.keys(), *file.tunnel_keys())


def _own_value(settings: Settings, key: SettingKey) -> object:
    """Return what is set for a saved tunnel alone, None if nothing."""
    tunnel = settings.tunnels[key.tunnel or ""]
    common = {"name": tunnel.name or None, "target": tunnel.target or None}
    return {**tunnel.options, **common}.get(key.field)


def _value(settings: Settings, key: SettingKey) -> object:
    if key.tunnel is not None:
        own = _own_value(settings, key)
        return key.default if own is None else own
    values = settings.general if key.section == "general" else settings.backends[key.section]  # type: ignore[index]
    value: object = getattr(values, key.field)
    return value


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)
