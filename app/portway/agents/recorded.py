"""The tools for recorded requests: listed, read, sent again, and waited for."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from portway.agents.shapes import Record
from portway.agents.task import Arguments, Task
from portway.cli.client.client import Frame
from portway.cli.client.event_stream import REQUEST

LONGEST_WAIT = 600  # seconds
_WAIT = 60
_PAGE = 100  # rows, where nothing else is asked for
_REPLAY_LIMIT = 60.0  # seconds
_NO_FILTERS = ("tunnel", "request", "after", "seconds")
_LOOK_AGAIN = 2.0  # seconds: news may have been lost with a Portway that ended


def list_requests(task: Task, arguments: Arguments) -> Record:
    """Return recorded requests, the newest first."""
    return task.call("GET", f"{_path(arguments)}{_query(arguments)}")


def read_request(task: Task, arguments: Arguments) -> Record:
    """Return one request with its headers and bodies; secrets are masked, as in every call of a program."""
    return task.fetch(f"{_path(arguments)}/{arguments['request']}")


def replay_request(task: Task, arguments: Arguments) -> Record:
    """Send a request again, changed where that is asked for."""
    body = {key: value for key, value in arguments.items() if key not in ("tunnel", "request")}
    return task.call("POST", f"{_path(arguments)}/{arguments['request']}/replay", body, _REPLAY_LIMIT)


def wait_for_request(task: Task, arguments: Arguments) -> Record:
    """Return the first matching request that is newer than asked for, or null after so many seconds."""
    until = time.monotonic() + int(arguments.get("seconds", _WAIT))
    tunnel, news = str(arguments["tunnel"]), threading.Event()

    def hear(frame: Frame) -> None:
        if frame.event == REQUEST and frame.data["tunnel"] == tunnel:
            news.set()

    task.when_cancelled(news.set)
    with task.link.following(hear):
        after = arguments["after"] if "after" in arguments else _newest(task, arguments)
        while not task.cancelled:
            news.clear()
            found = _first_after(task, arguments, int(after))
            left = until - time.monotonic()
            if found is not None:
                return {"request": task.fetch(f"{_path(arguments)}/{found['id']}")}
            if left <= 0:
                break
            news.wait(min(left, _LOOK_AGAIN))
    return {"request": None}


def _newest(task: Task, arguments: Arguments) -> int:
    rows = task.call("GET", f"{_path(arguments)}?limit=1")["requests"]
    return int(rows[0]["id"]) if rows else 0


def _first_after(task: Task, arguments: Arguments, after: int) -> Record | None:
    """Return the oldest of the newer ones that have ended; what was sent again by Portway is no visitor's."""
    oldest, before = None, None
    while True:  # page by page: a burst may bring more than one page has
        rows = task.call("GET", f"{_path(arguments)}{_query(arguments, before)}")["requests"]
        new = [row for row in rows if row["id"] > after]
        seen = [row for row in new if row["state"] != "open" and row["replayOf"] is None]
        oldest = seen[-1] if seen else oldest
        if len(rows) < _PAGE or len(new) < len(rows):
            return oldest
        before = rows[-1]["id"]


def _path(arguments: Mapping[str, Any]) -> str:
    return f"/api/tunnels/{arguments['tunnel']}/requests"


def _query(arguments: Arguments, before: int | None = None) -> str:
    filters = {key: value for key, value in arguments.items() if key not in _NO_FILTERS}
    filters |= {} if before is None else {"before": before}
    return f"?{urlencode(filters)}" if filters else ""
