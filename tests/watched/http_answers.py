"""Sees every answer of the REST API that this process gets by `http.client`, whoever asks.

Python's own audit event tells of each request, and the connection is then told by which class to read the answer.
"""

from __future__ import annotations

import functools
import http.client
import json
import os
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

VARIABLE = "PORTWAY_TEST_ANSWERS"  # the file to which a child process appends what it saw
_LONGEST_METHOD = 8


@dataclass(frozen=True, slots=True)
class Seen:
    """One whole JSON answer, or one event of a stream."""

    method: str
    target: str
    status: int
    content: str
    event: str | None = None


Tell = Callable[[Seen], None]


def watch(tell: Tell) -> None:
    """Tell of every answer from now on. It cannot be ended: an audit hook stays as long as its process."""

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if event != "http.client.send":
            return
        connection, data = arguments
        if isinstance(data, bytes) and b" /api/" in data[: _LONGEST_METHOD + len(" /api/")]:
            method, target, _ = data.split(b"\r\n", 1)[0].decode("latin-1").split(" ", 2)
            connection.response_class = functools.partial(_WatchedResponse, asked=(method, target), tell=tell)

    sys.addaudithook(hook)


def watch_for_parent() -> None:
    """In a child process: append every answer to the file that the test named, if it did."""
    path = os.environ.get(VARIABLE)
    if path is None:
        return

    def append(seen: Seen) -> None:
        with Path(path).open("a", encoding="utf-8") as file:
            file.write(json.dumps(asdict(seen)) + "\n")

    watch(append)


def told_by_children(path: Path) -> list[Seen]:
    """Return what child processes saw."""
    return [Seen(**json.loads(line)) for line in path.read_text("utf-8").splitlines()] if path.exists() else []


class _WatchedResponse(http.client.HTTPResponse):
    """Reads like any other, and tells what was read."""

    def __init__(self, *arguments: Any, asked: tuple[str, str], tell: Tell, **more: Any) -> None:  # noqa: ANN401 - the library's
        super().__init__(*arguments, **more)
        self._asked = asked
        self._tell = tell
        self._unread = b""

    def read(self, amt: int | None = None) -> bytes:
        return self._saw(super().read(amt))

    def read1(self, n: int = -1) -> bytes:
        return self._saw(super().read1(n))

    def readline(self, limit: int = -1) -> bytes:  # type: ignore[override]
        line = super().readline(limit)
        return line if self.chunked else self._saw(line)  # of chunks it is made by `read`

    def _saw(self, data: bytes) -> bytes:
        self._unread += data
        if self.headers.get_content_type() == "text/event-stream":
            *frames, self._unread = self._unread.split(b"\n\n")
            for frame in frames:
                self._tell_event(frame.decode())
        elif self.isclosed() and self._unread:
            content, self._unread = self._unread.decode("utf-8", "replace"), b""
            self._tell(Seen(*self._asked, self.status, content))
        return data

    def _tell_event(self, frame: str) -> None:
        lines = (line.partition(": ") for line in frame.splitlines() if not line.startswith(":"))
        fields = {name: value for name, _, value in lines if name}
        if fields:
            self._tell(Seen(*self._asked, self.status, fields.get("data", ""), fields.get("event", "")))
