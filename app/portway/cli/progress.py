"""Progress on a terminal while a call that waits for a backend has no answer yet."""

from __future__ import annotations

import contextlib
import sys
import threading
from collections.abc import Iterator

from portway.cli.client import Client
from portway.cli.failure import Failed
from portway.cli.news import News
from portway.cli.show import ProgressLine


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
            for status in News(client).of(backend):
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
