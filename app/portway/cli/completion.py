"""`portway completion`: what a shell needs to complete commands, options, backends and settings."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

_SHELLS = ("bash", "zsh", "fish")


@click.command("completion", short_help="Print the completion script for a shell.")
@click.argument("shell", type=click.Choice(_SHELLS))
@click.pass_context
def completion_command(ctx: click.Context, *, shell: str) -> None:
    """Print the completion script for SHELL.

    To have it always, add one line to the shell's own file:

    \b
      source <(portway completion bash)      # in ~/.bashrc
      source <(portway completion zsh)       # in ~/.zshrc, after compinit
      portway completion fish | source       # in ~/.config/fish/config.fish
    """
    completion = get_completion_class(shell)
    assert completion is not None  # noqa: S101 - the three are click's own
    root = ctx.find_root().command
    click.echo(completion(root, {}, "portway", "_PORTWAY_COMPLETE").source())
