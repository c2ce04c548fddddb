"""How far a long step is, on standard error."""

import contextlib
import sys
import threading
from collections.abc import Iterator

import click

from portway.cli.client.client import Client, Record
from portway.cli.client.event_stream import EventStream
from portway.cli.failure import Failed

_MEGABYTE = 1_000_000


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

    def wait_for(self, what: str) -> None:
        """Say on a terminal what is waited for, until there is progress or nothing more to wait for."""
        if self._moving:
            self.show({"message": what})


@contextlib.contextmanager
def progress_shown(client: Client, backend: str) -> Iterator[None]:
    """Show how far `backend` is, for as long as this block waits for it; only where a person looks."""
    if not sys.stderr.isatty():
        yield
        return
    line = ProgressLine()
    lock = threading.Lock()
    over = False

    def follow() -> None:
        with contextlib.suppress(Failed):
            for status in EventStream(client).of(backend):
                with lock:
                    if over:
                        return
                    line.show(status["progress"])

    threading.Thread(target=follow, name="progress", daemon=True).start()
    try:
        yield
    finally:
        with lock:
            over = True
            line.show(None)
