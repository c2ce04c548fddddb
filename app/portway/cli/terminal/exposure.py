"""What `portway expose` says, status by status, and when it is over."""

import shutil
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Protocol

import click

from portway.cli.client.client import Record, exit_for, failure
from portway.cli.failure import Exit, Failed
from portway.cli.terminal.guard_options import stops, who
from portway.cli.terminal.interrupts import StopAsked
from portway.cli.terminal.progress import ProgressLine
from portway.cli.terminal.request_lines import RequestLines
from portway.cli.terminal.show import duration_text, host_advice, show_code
from portway.core.codes import Code
from portway.core.status import Reach

_LATE = 1.0  # second between two clocks
_OF_THE_TARGET = (Code.ORIGIN_DOWN, Code.ORIGIN_SCHEME, Code.HOST_REFUSED)  # no cause for a tunnel to end
_WIDEST, _NARROWEST = 100, 30  # columns of a sentence
_GAP, _INDENT, _BEHIND_TIME, _LABEL = 2, 4, 12, 8  # columns before a text, and of what it is called by


class ExposureScreen:
    """Shows the URL: alone into a pipe, on a terminal with what a person in front of it asks next.

    `hint` is said once beside the first URL, on standard error like all that is no URL. `tells_requests`: each
    request gets a line, which only a terminal gets. `password` was made just now.
    """

    def __init__(  # noqa: PLR0913 - each is something to be shown, or how
        self,
        target_url: str,
        reach: Reach,
        *,
        qr: bool,
        tells_requests: bool,
        hint: str = "",
        password: str | None = None,
    ) -> None:
        self._target_url = target_url
        self._reach = reach
        self._password = password
        self._qr = qr
        self._hint = hint
        self._is_terminal = sys.stdout.isatty()
        self._errors_are_seen = sys.stderr.isatty()
        self._progress = ProgressLine()
        self._lines = RequestLines()
        self._since: float | None = None
        self._told = 0  # requests that have ended
        self.tells_requests = tells_requests and self._is_terminal
        self.ends_with_us = False  # whether the tunnel is turned off at the end

    def wait_for(self, what: str) -> None:
        """Say on a terminal what is waited for."""
        self._progress.wait_for(what)

    def progress(self, progress: Record | None) -> None:
        """Show how far the start is; None: nothing is waited for."""
        self._progress.show(progress)

    def url(self, status: Record) -> None:
        """Show the URL of a status: the first one, or one that takes its place."""
        url = status["publicUrl"]
        self._progress.show(None)
        first, self._since = self._since is None, self._since or time.monotonic()
        if not self._is_terminal:
            click.echo(url)
        else:
            click.echo(f"\n  {click.style('✓', fg='green')} {click.style(url, bold=True)}\n")
            if first:
                for label, text in facts(status, self._target_url, self._reach, self._password):
                    click.echo(fact_line(label, text))
        if self._qr:
            show_code(url, _INDENT if self._is_terminal else 0)
        if first and self._password is not None and not self._is_terminal:
            click.echo(f"The password is {self._password}", err=True)
        if first:
            self._say_hint()
            if self._is_terminal:
                ways_on = "  ".join(self._ways_on(recorded=status["inspect"]))
                click.echo(f"\n{click.style(filled(ways_on, _GAP), dim=True)}\n")

    def trouble(self, text: str) -> None:
        """Say what went wrong, or what a person should know."""
        self._say("!", "yellow", text)

    def fine(self, text: str) -> None:
        """Say that all is well again."""
        self._say("✓", "green", text)

    def request(self, row: Record) -> None:
        """Show one request, or the number of those that came too fast to be shown."""
        self._progress.show(None)
        click.echo(self._lines.of(row))
        self._told += row.get("more", int(row.get("state") != "open"))

    def end(self, traffic: Record | None) -> None:
        """Say on a terminal that the URL is gone, and what came of it."""
        if not self._is_terminal or not self.ends_with_us or self._since is None:
            return
        passed = ""
        if traffic is not None:
            requests = max(traffic["requests"], self._told)  # figures come a second late
            passed = f" {_counted(requests, 'request')}, {_counted(traffic['visitors'], 'visitor')}."
        click.echo(
            f"\n  Stopped after {duration_text(time.monotonic() - self._since)}.{passed} The link no longer works."
        )

    def _say_hint(self) -> None:
        if self._is_terminal and self._errors_are_seen:  # the block says who can open it
            if self._hint:
                click.echo("\n" + click.style(filled(self._hint, _GAP), dim=True), err=True)
        elif self._reach is Reach.NETWORK:
            click.echo(f"Only devices on this network can open it. {self._hint}".rstrip(), err=True)

    def _ways_on(self, *, recorded: bool) -> list[str]:
        ends = "Ctrl-C stops it." if self.ends_with_us else "It was on already: Ctrl-C ends this view, and it stays on."
        ways = [] if self._qr else ["--qr shows a QR code."]
        return [ends, *ways, *(["“portway requests” shows more."] if recorded else [])]

    def _say(self, sign: str, colour: str, text: str) -> None:
        self._progress.show(None)
        if self._errors_are_seen:
            now = click.style(datetime.now().astimezone().strftime("%H:%M:%S"), dim=True)
            click.echo(f"{click.style(sign, fg=colour)} {now}  {filled(text, _BEHIND_TIME).lstrip()}", err=True)
        else:
            click.echo(text, err=True)


def facts(status: Record, target_url: str, reach: Reach, password: str | None) -> Iterator[tuple[str, str]]:
    """Yield what a person in front of it asks next. `password` was made, or given, just now."""
    yield "server", target_url
    guard = status.get("guard", {})
    yield "who", who(reach, guard)
    if password is not None:
        yield "password", password
    if guard.get("readOnly"):
        yield "visitors", "can look, but not send"
    if guard.get("paths"):
        yield "only", ", ".join(guard["paths"])
    if stops(status):
        yield "stops", stops(status)
    if _checked(status):
        yield "checked", _checked(status)


def fact_line(label: str, text: str) -> str:
    """Return one of them as a line, or as many as it takes."""
    behind = _INDENT + _LABEL + 1
    return f"{' ' * _INDENT}{click.style(label.ljust(_LABEL), dim=True)} {filled(text, behind).lstrip()}"


def _checked(status: Record) -> str:
    """Return what a look from outside has found, and how long ago; empty where nobody has looked."""
    verified = status.get("verified", {})
    if not verified.get("at"):
        return ""
    ago = duration_text((datetime.now(UTC) - datetime.fromisoformat(verified["at"])).total_seconds())
    match verified["state"]:
        case "ok":
            return f"{ago} ago from outside"
        case "failed":
            return f"{ago} ago from outside, and visitors do not get in: {verified['reason']}"
        case "unknown":
            return f"not from outside: {verified['reason']}"
        case _:
            return ""


def filled(text: str, indent: int) -> str:
    """Return a text broken between words, so that it fits the terminal; an address in it stays whole."""
    width = min(shutil.get_terminal_size().columns, _WIDEST)
    blanks = " " * indent
    return textwrap.fill(
        text,
        max(width, _NARROWEST),
        initial_indent=blanks,
        subsequent_indent=blanks,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _look_of(status: Record) -> tuple[object, object]:
    verified = status.get("verified", {})
    return verified.get("state"), verified.get("reason")


def _counted(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"


class UrlScreen(Protocol):
    """Where the news of one tunnel are shown."""

    def url(self, status: Record) -> None:
        """Show the URL of a status: the first one, or one that takes its place."""

    def trouble(self, text: str) -> None:
        """Say what went wrong, or what a person should know."""

    def fine(self, text: str) -> None:
        """Say that all is well again."""


class Exposure:
    """Follows one tunnel: each new URL, and each new cause of trouble once.

    `again` is the command that exposes it. `advice` says what helps where the local server does not know the name.
    """

    def __init__(
        self,
        screen: UrlScreen,
        *,
        again: str = "portway expose",
        advice: Callable[[Record, str], str | None] = host_advice,
    ) -> None:
        self._screen = screen
        self._url: str | None = None
        self._said: set[str] = set()
        self._again = again
        self._advice = advice
        self._host_said = False
        self._looked: tuple[object, object] = ("off", None)  # what a look from outside found last, and why
        self._ends: str | None = None  # when it is to stop by itself
        self.traffic: Record | None = None  # what passed so far, where that is counted

    def take(self, status: Record) -> None:
        """Say what is new. Raises Failed where nothing more comes by itself, StopAsked where its time is over."""
        if not status["wanted"]:
            raise StopAsked if self._ran_out(status) else self._ended(status)
        self._ends = status.get("expiresAt")
        if status["phase"] == "error" or exit_for(status["code"], status["phase"]) is Exit.NEEDS_AUTH:
            raise failure({"status": status})
        self.traffic = status.get("traffic") or self.traffic
        if status["running"] and status["publicUrl"] != self._url:
            self._url = status["publicUrl"]
            self._screen.url(status)
            self._looked = _look_of(status) if _checked(status) else ("off", None)
        self._take_cause(status)
        self._take_look(status)
        self._take_host(status)

    def _ran_out(self, status: Record) -> bool:
        """Whether it stops because its time is over; the code for that comes only once it has stopped."""
        left = None if self._ends is None else (datetime.fromisoformat(self._ends) - datetime.now(UTC)).total_seconds()
        return status["code"] == Code.EXPIRED or (left is not None and left < _LATE and not status["lastError"])

    def _take_cause(self, status: Record) -> None:
        sentence = status["lastError"]
        if sentence and sentence not in self._said:
            self._said.add(sentence)
            self._screen.trouble(sentence)
        elif not sentence and status["running"] and self._said:
            self._said.clear()
            self._screen.fine("It works again.")

    def _take_look(self, status: Record) -> None:
        """Tell what a look from outside has found, once it is another thing than before."""
        found = _look_of(status)
        if not status["running"] or not _checked(status) or found == self._looked:
            return
        self._looked = found
        match found:
            case ("ok", _):
                self._screen.fine("Checked from outside: visitors get in.")
            case ("failed", reason):
                self._screen.trouble(f"Checked from outside, and visitors do not get in: {reason}.")
            case (_, reason):
                self._screen.trouble(f"It could not be found out whether visitors get in from outside: {reason}.")

    def _take_host(self, status: Record) -> None:
        """Tell once that the local server does not know the public name. This command can be given its own."""
        advice = self._advice(status, self._again)
        if advice is not None and not self._host_said:
            self._host_said = True
            self._screen.trouble(advice)

    def _ended(self, status: Record) -> Failed:
        if status["running"] and status["lastError"]:
            return failure({"status": status})
        if status["code"] and status["code"] not in _OF_THE_TARGET:
            return failure({"status": status})
        return Failed(f"{status['id']} was turned off elsewhere.")
