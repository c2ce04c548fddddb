"""`portway up` and `portway down`: the tunnels that a project's folder asks for."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import click

from portway.cli.client.client import Client, checked
from portway.cli.commands.enable_disable import WAIT, running_client
from portway.cli.commands.expose import running
from portway.cli.failure import Failed, WrongUsage
from portway.cli.invocation import Invocation
from portway.cli.project.agreement import STATE_NAME, Agreed, Agreements, Answers, agree
from portway.cli.project.finding import content_of, current_folder, find_file, home_folder, named_file, read_file
from portway.cli.project.following import Following
from portway.cli.project.hooks import TunnelHooks
from portway.cli.project.opening import Opened, OpenTunnels
from portway.cli.project.reading import words_in
from portway.cli.project.screen import ProjectScreen
from portway.cli.project.tunnels import FILE_NAME, Project, ProjectError, ProjectTunnel, Words, shown_path
from portway.cli.project.words import Description
from portway.cli.terminal.guard_options import given_password, made_password
from portway.cli.terminal.interrupts import StopAsked, stop_signals
from portway.cli.terminal.parameters import in_body
from portway.cli.terminal.progress import progress_shown
from portway.cli.vocabulary import no_such
from portway.core.options import tunnel_options
from portway.core.status import Reach

if TYPE_CHECKING:
    from portway.core.backend import Backend

_NO_FILE = (
    f"There is no {FILE_NAME} in this folder, nor above it up to your home folder. It names tunnels, like:\n\n"
    "[tunnel.web]\ntarget = 3000"
)


def _complete(ctx: click.Context, _parameter: click.Parameter, start: str) -> list[str]:
    """Return the names in the file that begin like that, for the shell."""
    try:
        words = words_in(content_of(_place(ctx.params.get("place"))))
    except (ProjectError, Failed):
        return []
    return [word for word in words if word.startswith(start)]


_NAMES = click.argument("names", nargs=-1, metavar="[NAME]...", shell_complete=_complete)
_FILE = click.option(
    "--file", "place", metavar="PATH", help="Take this file, or the one in this folder, instead of looking for it."
)


@click.command("up")
@_NAMES
@_FILE
@click.option("--print", "only_shows", is_flag=True, help="Show what it would open, write and run, and do nothing.")
@click.option("-d", "--detach", is_flag=True, help="Leave them open in a Portway that goes on, until “portway down”.")
@click.option("-q", "--quiet", is_flag=True, help="Show no line for each request.")
@click.option("--no-inspect", is_flag=True, help="Do not record requests.")
@click.option(
    "--password-stdin",
    "reads_password",
    is_flag=True,
    help="Ask visitors for a password that is read from standard input, where the file asks for one. Otherwise one is "
    "made for each.",
)
@click.option(
    "--agree", "digest", metavar="SHA256", help="Agree to the file without being asked, if this is its SHA-256. Once."
)
@click.option("--allow-commands", "commands", is_flag=True, help="With --agree: run the commands in it, too.")
@click.pass_obj
def up_command(  # noqa: PLR0913 - each is an option
    invocation: Invocation,
    /,
    *,
    names: tuple[str, ...],
    place: str | None,
    only_shows: bool,
    detach: bool,
    quiet: bool,
    no_inspect: bool,
    reads_password: bool,
    digest: str | None,
    commands: bool,
) -> None:
    """Open the tunnels that .portway.toml in this folder asks for, and keep them open until Ctrl-C.

    The file is looked for in this folder and above it, up to your home folder. Before it is used for the first time,
    and whenever it has changed, you are shown who could open what, and asked; commands in it are asked for by
    themselves. With NAMEs only those tunnels are opened.

    Once more it changes what is open into what the file says now, with the same URL where that can be, and closes what
    is not in it any more. Portway is started if it does not run, and ends with this command then.

    \b
      portway up
      portway up web
      portway up --print
      portway up --detach
    """
    asked = _Up(invocation, _place(place), names, inspect=not no_inspect)
    if only_shows:
        asked.show()
        return
    agreed = agree(asked.project, asked.description, asked.agreements, Answers(digest, commands))
    password = given_password("--password-stdin") if reads_password else None
    if detach:
        asked.detached(agreed, password)
    else:
        asked.attached(agreed, password, ProjectScreen(quiet=quiet or no_inspect))


@click.command("down")
@_NAMES
@_FILE
@click.pass_obj
def down_command(invocation: Invocation, /, *, names: tuple[str, ...], place: str | None) -> None:
    """Close the tunnels that “portway up” opened for this folder, or those of these NAMEs. No other is touched.

    \b
      portway down
      portway down web
    """
    path = _place(place)
    words, agreements = Words(path), _agreements(invocation)
    client = invocation.living_client()
    open_tunnels = {} if client is None else OpenTunnels(client, words, agreements).statuses()
    known = {*open_tunnels, *_words_known(path)}
    for name in names:
        if name not in known:
            raise WrongUsage(no_such("tunnel", name, known, "“portway up --print” lists them."))
    chosen = sorted(word for word in open_tunnels if word in names or not names)
    if client is None or not chosen:
        click.echo("Nothing of this folder is open.", err=True)
        return
    OpenTunnels(client, words, agreements).close(words.tunnel(word) for word in chosen)
    click.echo(f"Closed {', '.join(chosen)}.", err=True)


@dataclass(frozen=True)
class _Up:
    """What one call of `up` works with."""

    invocation: Invocation
    path: Path
    names: tuple[str, ...]
    inspect: bool

    @cached_property
    def backends(self) -> Mapping[str, Backend]:
        """Each way, by its id."""
        return {str(backend.id): backend for backend in self.invocation.backends}

    @cached_property
    def project(self) -> Project:
        """The file as it is now. Raises Failed."""
        ways = {
            way: {option.body: option for option in in_body(dict(tunnel_options(backend.options))).values()}
            for way, backend in self.backends.items()
        }
        # The one that reaches least, whatever is set: a file means the same for everybody who has it.
        near = [way for way, backend in self.backends.items() if backend.reach is Reach.NETWORK]
        try:
            return read_file(self.path, ways, [*near, *ways][0])
        except ProjectError as error:
            raise error.failed(self.path) from None

    @cached_property
    def chosen(self) -> list[ProjectTunnel]:
        """The tunnels that are to be open. Raises WrongUsage for a name that the file does not have."""
        known = [tunnel.word for tunnel in self.project.tunnels]
        for name in self.names:
            if name not in known:
                raise WrongUsage(no_such("tunnel", name, known, f"The file has: {', '.join(known)}."))
        return [tunnel for tunnel in self.project.tunnels if tunnel.word in self.names or not self.names]

    @cached_property
    def agreements(self) -> Agreements:
        """What was agreed to."""
        return _agreements(self.invocation)

    @property
    def description(self) -> Description:
        """All of the file in words: it is agreed to as a whole."""
        return Description(self.project.tunnels, self._words, self.backends)

    def show(self) -> None:
        """Print what it would do."""
        chosen = Description(self.chosen, self._words, self.backends)
        click.echo(f"{shown_path(self.path)} opens:\n")
        for line in chosen.tunnels():
            click.echo(line)
        commands = [*chosen.commands()]
        if commands:
            click.echo("\nIt also runs, as you, whenever a URL comes, changes or goes:\n")
            for line in commands:
                click.echo(line)
        agreed = self.agreements.of(self.project)
        but = ", but not to its commands" if agreed and self.project.has_commands and not agreed.commands else ""
        click.echo(f"\nSHA-256  {self.project.digest}")
        click.echo(f"agreed   {'no' if agreed is None else f'yes{but}'}")

    def attached(self, agreed: Agreed, password: str | None, screen: ProjectScreen) -> None:
        """Open them, and show what happens until somebody wants them to end. Raises Failed."""
        _ = self.chosen  # a wrong name is told before anything is started
        with contextlib.suppress(StopAsked), stop_signals(), running(self.invocation, screen) as client:
            open_tunnels = OpenTunnels(client, self._words, self.agreements)
            following = Following(client, open_tunnels, screen)
            with following.closing():
                for opened in self._opened(open_tunnels, following.will_open, password):
                    part = screen.of(opened, self.backends[opened.tunnel.way].reach)
                    is_ours = following.is_ours(opened.id)
                    following.add(opened, part, self._hooks(opened, agreed, part.trouble, is_ours=is_ours))
                following.follow()

    def detached(self, agreed: Agreed, password: str | None) -> None:
        """Open them, and leave them open. Raises Failed where one could not be, once each was tried."""
        _ = self.chosen
        client = running_client(self.invocation, start=True)
        new: set[str] = set()
        failures: list[Failed] = []
        open_tunnels = OpenTunnels(client, self._words, self.agreements)
        for opened in self._opened(open_tunnels, lambda name, _word: new.add(name), password, client):
            word = opened.tunnel.word
            if opened.password is not None:
                click.echo(f"The password of {word} is {opened.password}", err=True)
            try:
                status = checked(opened.answer)["status"]
            except Failed as failed:
                failures.append(Failed(f"{word}: {failed.message}", failed.code, failed.action_url))
                continue
            click.echo(f"{word} {status['publicUrl']}")
            self._hooks(opened, agreed, _teller(word), is_ours=opened.id in new).take(status)
        for other in failures[:-1]:
            other.show()
        if failures:
            raise failures[-1]

    @property
    def _words(self) -> Words:
        return Words(self.path)

    def _opened(
        self,
        open_tunnels: OpenTunnels,
        will_open: Callable[[str, str], None],
        password: str | None,
        waits_with: Client | None = None,
    ) -> Iterator[Opened]:
        """Close what is not in the file any more, and yield each that is opened or changed, one after the other.

        `will_open` hears of each that is off before it is turned on. `waits_with`: each is waited for.
        """
        before = open_tunnels.statuses()
        in_file = {tunnel.word for tunnel in self.project.tunnels}
        if not self.names:
            open_tunnels.close(str(status["id"]) for word, status in before.items() if word not in in_file)

        def secret(has_one: bool) -> str | None:  # noqa: FBT001 - the one thing that it is told
            return password or (None if has_one else made_password())

        for tunnel in self.chosen:
            name, status = self._words.tunnel(tunnel.word), before.get(tunnel.word)
            if not open_tunnels.goes_on(tunnel, status):
                will_open(name, tunnel.word)
            wait = 0 if waits_with is None else WAIT
            waiting = contextlib.nullcontext() if waits_with is None else progress_shown(waits_with, name)
            with waiting:
                backend = self.backends[tunnel.way]
                opened = open_tunnels.open(tunnel, backend, status, secret, inspect=self.inspect, wait=wait)
            yield opened

    def _hooks(self, opened: Opened, agreed: Agreed, tell: Callable[[str], None], *, is_ours: bool) -> TunnelHooks:
        """Return what takes its URL. Of one that was on before, whoever turned it on runs its command."""
        commands = agreed.commands and is_ours
        folder, environment = self.project.folder, self.invocation.environment
        return TunnelHooks(opened.tunnel, folder, environment, tell, commands=commands)


def _place(place: str | None) -> Path:
    """Return the file that is meant. Raises Failed where there is none to be found."""
    try:
        found = find_file(current_folder(), home_folder()) if place is None else named_file(Path(place))
    except ProjectError as error:
        raise Failed(f"{error.sentence[:1].upper()}{error.sentence[1:]}") from None
    if found is None:
        raise Failed(_NO_FILE)
    return found


def _agreements(invocation: Invocation) -> Agreements:
    from portway.system.storage.state_file import StateFile  # late: the help needs no file

    return Agreements(StateFile(invocation.folders.state / STATE_NAME))


def _words_known(path: Path) -> list[str]:
    """Return the names in the file, if it is there and can be read: what is open can be closed without it."""
    try:
        return words_in(content_of(path))
    except ProjectError:
        return []


def _teller(word: str) -> Callable[[str], None]:
    return lambda text: click.echo(f"{word}: {text}", err=True)
