"""The statuses of the running program as they change."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Iterator

from portway.cli.answers import failure
from portway.cli.client import Answer, Client, Record
from portway.cli.failure import Failed

_POLL = 0.5  # seconds: on Windows, Ctrl-C is noticed only between two waits


class News:
    """Reads the event stream on a thread of its own: a read from a socket cannot be interrupted everywhere."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._statuses: queue.SimpleQueue[Record | Failed] = queue.SimpleQueue()
        threading.Thread(target=self._read, name="news", daemon=True).start()

    def of(self, backend: str, limit: float | None = None) -> Iterator[Record]:
        """Yield the status of one backend now and at every change, for up to `limit` seconds. Raises Failed."""
        for status in self.all(limit):
            if status.get("backend") == backend:
                yield status

    def all(self, limit: float | None = None) -> Iterator[Record]:
        """Yield every status now and at every change, for up to `limit` seconds. Raises Failed."""
        until = None if limit is None else time.monotonic() + limit
        while True:
            wait = _POLL if until is None else min(_POLL, until - time.monotonic())
            if wait <= 0:
                return
            try:
                status = self._statuses.get(timeout=wait)
            except queue.Empty:
                continue
            if isinstance(status, Failed):
                raise status
            yield status

    def _read(self) -> None:
        try:
            with self._client.stream("GET", "/api/events") as frames:
                if isinstance(frames, Answer):
                    raise failure(frames.body)
                for frame in frames:
                    self._statuses.put(frame.data)
            raise Failed("Portway has ended.")  # noqa: TRY301 - the one place where the reading ends
        except Failed as failed:
            self._statuses.put(failed)
