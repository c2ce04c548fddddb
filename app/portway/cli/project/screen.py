"""What `portway up` shows of several tunnels at once, each line with the name of the one that it is about."""

from __future__ import annotations

import sys
from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING

import click

from portway.cli.terminal.exposure import fact_line, facts, filled
from portway.cli.terminal.progress import ProgressLine
from portway.cli.terminal.request_lines import RequestLines
from portway.core.codes import Code
from portway.core.target import parse_target

if TYPE_CHECKING:
    from portway.cli.client.client import Record
    from portway.cli.project.opening import Opened
    from portway.core.status import Reach

_BEHIND_TIME, _GAP = 12, 2  # columns before a text


class ProjectScreen:
    """URLs on standard output, each behind its name, all else on standard error; on a terminal requests as well."""

    def __init__(self, *, quiet: bool) -> None:
        self._is_terminal = sys.stdout.isatty()
        self._errors_are_seen = sys.stderr.isatty()
        self._progress = ProgressLine()
        self._lines = RequestLines(mixed=True)
        self._waiting: dict[str, str] = {}
        self.tells_requests = self._is_terminal and not quiet

    def wait_for(self, what: str) -> None:
        """Say on a terminal what is waited for."""
        self._progress.wait_for(what)

    def progress(self, progress: Record | None) -> None:
        """Show how far the start is; None: nothing is waited for."""
        self._progress.show(progress)

    def waits(self, word: str, status: Record) -> None:
        """Show how far the starts are, after news of one tunnel."""
        self._waiting.pop(word, None)
        if status["wanted"] and status["phase"] == "starting":
            self._waiting[word] = word
        if status["progress"] and word in self._waiting:
            self._progress.show({**status["progress"], "message": f"{word}: {status['progress'].get('message', '')}"})
        elif self._waiting:
            self._progress.wait_for(f"Starting {', '.join(self._waiting)} …")
        else:
            self._progress.show(None)

    def of(self, opened: Opened, reach: Reach) -> TunnelScreen:
        """Return where the news of one tunnel are shown."""
        return TunnelScreen(self, opened, reach)

    def show_url(self, opened: Opened, reach: Reach, status: Record, *, first: bool) -> None:
        """Show a URL: alone behind its name into a pipe, on a terminal with who can open it."""
        self._progress.show(None)
        word, url = opened.tunnel.word, status["publicUrl"]
        if self._is_terminal:
            click.echo(
                f"\n  {click.style('✓', fg='green')} {click.style(word, bold=True)}  {click.style(url, bold=True)}\n"
            )
            if first:
                for label, text in facts(status, parse_target(opened.tunnel.target).url, reach, opened.password):
                    click.echo(fact_line(label, text))
            return
        click.echo(f"{word} {url}")
        if first and opened.password is not None:
            click.echo(f"The password of {word} is {opened.password}", err=True)

    def tell_ways_on(self, lasting: Collection[str]) -> None:
        """Say on a terminal how it ends. `lasting` were on before, and stay on."""
        if not self._is_terminal:
            return
        self._progress.show(None)
        stays = f" {', '.join(lasting)}: on already, and stays on; “portway down” stops it." if lasting else ""
        ways_on = f"Ctrl-C stops what it opened.{stays} “portway requests” shows more."
        click.echo(f"\n{click.style(filled(ways_on, _GAP), dim=True)}\n")

    def request(self, word: str, row: Record) -> None:
        """Show one request, or the number of those that came too fast to be shown."""
        self._progress.show(None)
        click.echo(self._lines.of({**row, "tunnel": word}))

    def say(self, sign: str, colour: str, text: str) -> None:
        """Say a sentence on standard error, on a terminal with the time of day."""
        self._progress.show(None)
        if self._errors_are_seen:
            now = click.style(datetime.now().astimezone().strftime("%H:%M:%S"), dim=True)
            click.echo(f"{click.style(sign, fg=colour)} {now}  {filled(text, _BEHIND_TIME).lstrip()}", err=True)
        else:
            click.echo(text, err=True)

    def end(self, closed: Collection[str]) -> None:
        """Say on a terminal that these URLs are gone."""
        self._progress.show(None)
        if self._is_terminal and closed:
            click.echo(f"\n  Stopped {', '.join(closed)}. The links no longer work.")


class TunnelScreen:
    """The part of one tunnel."""

    def __init__(self, screen: ProjectScreen, opened: Opened, reach: Reach) -> None:
        self._screen = screen
        self._opened = opened
        self._reach = reach
        self._first = True

    def url(self, status: Record) -> None:
        """Show the URL of a status: the first one, or one that takes its place."""
        self._screen.show_url(self._opened, self._reach, status, first=self._first)
        self._first = False

    def trouble(self, text: str) -> None:
        """Say what went wrong, or what a person should know."""
        self._screen.say("!", "yellow", f"{self._opened.tunnel.word}: {text}")

    def fine(self, text: str) -> None:
        """Say that all is well again."""
        self._screen.say("✓", "green", f"{self._opened.tunnel.word}: {text}")


def advice_for_file(status: Record, _again: str) -> str | None:
    """Return the line of the file that helps where the local server does not know the public name."""
    if status["code"] != Code.HOST_REFUSED:
        return None
    return f'To send its own name, write into the file: hostHeader = "{str(status["targetUrl"]).partition("://")[2]}"'
