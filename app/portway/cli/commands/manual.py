"""`portway man`, made from the help of the commands as manual page or Markdown, and `portway completion`."""

import inspect
import re
from collections.abc import Iterator
from dataclasses import dataclass

import click
from click.shell_completion import get_completion_class

_ENVIRONMENT = (
    ("PORTWAY_HOME", "One folder for all files of Portway: an isolated profile. Not started at login."),
    ("PORTWAY_TARGET", "The default target: a port or an address."),
    ("PORTWAY_API_PORT", "The port of the REST API; 0 takes any free one."),
    ("PORTWAY_API_TOKEN", "The lasting token of the REST API; 20 characters at least."),
    ("PORTWAY_KEYRING", "“memory” keeps tokens until Portway ends, instead of in the keyring of the system."),
    ("NO_COLOR", "If set to anything, nothing is printed in colour."),
)
_EXITS = (
    ("0", "It was done."),
    ("1", "It failed; a sentence on standard error says why."),
    ("2", "The command line was wrong."),
    ("3", "Portway is not running."),
    ("4", "A log-in or a token is needed; if a page helps, its address is on standard error."),
)
_SHELLS = ("bash", "zsh", "fish")
_TAGLINE = "put a local server on a URL that others can open"


@dataclass(frozen=True, slots=True)
class _Page:
    """One command as the manual shows it. `paragraphs` marked as an example keep their lines."""

    words: str
    usage: str
    paragraphs: tuple[tuple[bool, str], ...]
    options: tuple[tuple[str, str], ...]


@click.command("man")
@click.option("--markdown", is_flag=True, help="Print it as Markdown instead.")
@click.pass_context
def man_command(ctx: click.Context, *, markdown: bool) -> None:
    """Print the manual page of all commands.

    \b
      portway man | man -l -
    """
    pages = list(_pages(ctx.find_root()))
    click.echo("\n".join(_markdown(pages) if markdown else _roff(pages)))


def _pages(root: click.Context) -> Iterator[_Page]:
    """Yield every command, with those below it."""
    yield _page(root.command, root)
    group = root.command
    if not isinstance(group, click.Group):
        return
    for name in group.list_commands(root):
        command = group.get_command(root, name)
        if command is not None and not command.hidden:
            yield from _pages(click.Context(command, info_name=name, parent=root))


def _page(command: click.Command, ctx: click.Context) -> _Page:
    shown = (parameter for parameter in command.get_params(ctx) if isinstance(parameter, click.Option))
    records = [parameter.get_help_record(ctx) for parameter in shown]
    options = tuple((names, text) for names, text in filter(None, records) if "--help" not in names)
    usage = " ".join([ctx.command_path, *command.collect_usage_pieces(ctx)])
    text = inspect.cleandoc(command.help or "")
    return _Page(ctx.command_path, usage, tuple(_paragraphs(text)), options)


def _paragraphs(text: str) -> Iterator[tuple[bool, str]]:
    for block in text.split("\n\n"):
        if block.startswith("\b"):
            yield True, inspect.cleandoc(block.removeprefix("\b\n"))
        elif block.strip():
            yield False, " ".join(block.split())


def _markdown(pages: list[_Page]) -> Iterator[str]:
    yield "# The command line"
    yield ""
    yield "*Made from the help of the commands by `portway man --markdown`.*"
    for page in pages:
        yield f"\n## {page.words}\n\n```\n{page.usage}\n```"
        for is_example, text in page.paragraphs:
            yield f"\n```sh\n{text}\n```" if is_example else f"\n{text}"
        if page.options:
            yield "\n| option | |\n| --- | --- |"
            yield from (f"| `{_cell(names)}` | {_cell(text)} |" for names, text in page.options)
    for title, rows in (("Exit codes", _EXITS), ("Environment", _ENVIRONMENT)):
        yield f"\n## {title}\n\n| | |\n| --- | --- |"
        yield from (f"| `{name}` | {text} |" for name, text in rows)


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _roff(pages: list[_Page]) -> Iterator[str]:
    yield '.TH PORTWAY 1 "" "portway" "User Commands"'
    yield f".SH NAME\nportway \\- {_TAGLINE}\n.SH SYNOPSIS"
    yield f".B portway\n{_plain(pages[0].usage.removeprefix('portway '))}\n.SH DESCRIPTION"
    yield from _roff_page(pages[0])
    yield ".SH COMMANDS"
    for page in pages[1:]:
        yield f'.SS "{_plain(page.usage)}"'
        yield from _roff_page(page)
    for title, rows in (("EXIT STATUS", _EXITS), ("ENVIRONMENT", _ENVIRONMENT)):
        yield f".SH {title}"
        yield from (f".TP\n.B {_plain(name)}\n{_plain(text)}" for name, text in rows)


def _roff_page(page: _Page) -> Iterator[str]:
    for is_example, text in page.paragraphs:
        if is_example:
            yield ".PP\n.nf\n.RS\n" + "\n".join(_plain(line) for line in text.splitlines()) + "\n.RE\n.fi"
        else:
            yield f".PP\n{_plain(text)}"
    yield from (f".TP\n.B {_plain(names)}\n{_plain(text)}" for names, text in page.options)


def _plain(text: str) -> str:
    """Return a text that roff shows as it is."""
    escaped = text.replace("\\", "\\e").replace("-", "\\-")
    return re.sub(r"^([.'])", r"\\&\1", escaped, flags=re.MULTILINE)


@click.command("completion")
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
