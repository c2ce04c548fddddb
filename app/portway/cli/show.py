"""How the terminal shows statuses, progress and codes to scan. Colours only where there is a terminal."""

from __future__ import annotations

import sys
from collections.abc import Iterable

import click

from portway.cli.client import Record

_COLOURS = {"running": "green", "starting": "yellow", "needs_auth": "magenta", "error": "red"}
_MEGABYTE = 1_000_000


def phase_text(status: Record, width: int = 0) -> str:
    """Return the phase in its colour; what is at rest because it is not there says so, as the window does."""
    phase = str(status["phase"])
    word = phase
    if phase == "stopped" and not status["supported"]:
        word = "not available here"
    elif phase == "stopped" and not status["installed"]:
        word = "not installed"
    return click.style(word.ljust(width), fg=_COLOURS.get(phase), dim=phase == "stopped")


def status_rows(statuses: Iterable[Record]) -> Iterable[str]:
    """Yield one line for each tunnel, and one below it for a cause."""
    shown = list(statuses)
    width = max((len(str(status["backend"])) for status in shown), default=0)
    for status in shown:
        more = _more(status)
        phase = phase_text(status, len("needs_auth") if more else 0)
        yield f"{str(status['backend']).ljust(width)}  {phase}{more}"
        yield from (" " * width + "  " + line for line in causes(status))


def _more(status: Record) -> str:
    if status.get("publicUrl"):
        return f"  {status['publicUrl']} → {status['targetUrl']}"
    return f"  {progress_text(status['progress'])}" if status.get("progress") else ""


def causes(status: Record) -> Iterable[str]:
    """Yield why it is as it is, and the page that lets a person go on."""
    if status.get("lastError"):
        yield str(status["lastError"])
    if status.get("actionUrl"):
        yield str(status["actionUrl"])


def progress_text(progress: Record) -> str:
    """Return how far a long step is."""
    received, total = progress.get("received"), progress.get("total")
    text = str(progress.get("message", ""))
    if not isinstance(received, int):
        return text
    if not isinstance(total, int) or total <= 0:
        return f"{text} ({received / _MEGABYTE:.1f} MB)"
    done = min(1.0, received / total)
    bar = "█" * round(20 * done)
    return f"{text} {bar:░<20} {done:.0%} of {total / _MEGABYTE:.1f} MB"


class ProgressLine:
    """Progress on standard error: one line that changes on a terminal, else one line for each new message."""

    def __init__(self) -> None:
        self._moving = sys.stderr.isatty()
        self._last = ""

    def show(self, progress: Record | None) -> None:
        """Show the latest; None takes the line away."""
        if self._moving:
            text = "" if progress is None else progress_text(progress)
            if text != self._last:
                click.echo(f"\r\x1b[K{text}", err=True, nl=False)
        else:
            text = "" if progress is None else str(progress.get("message", ""))
            if text and text != self._last:
                click.echo(text, err=True)
        self._last = text


def show_code(url: str) -> None:
    """Draw a QR code on standard error, so that standard output holds the URL alone."""
    import io  # late, like segno: few calls ask for a code

    import segno

    drawing = io.StringIO()
    segno.make(url, error="m").terminal(drawing, compact=True)
    try:
        drawing.getvalue().encode(getattr(sys.stderr, "encoding", None) or "ascii")
    except UnicodeEncodeError:
        click.echo("This terminal cannot show a QR code.", err=True)
        return
    for line in drawing.getvalue().splitlines():
        # Its own colours: on a light terminal the code would be inverted, which many cameras do not read.
        click.echo(click.style(line, fg="bright_white", bg="black"), err=True)
