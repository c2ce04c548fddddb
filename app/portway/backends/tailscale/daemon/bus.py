"""Reads the daemon's stream of notifications, so that a change is noticed when it happens."""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from portway.backends.tailscale.daemon.local_api import LocalApi, NoAnswerError
from portway.core.cancel import CancelToken
from portway.core.errors import Cancelled
from portway.system.logs.logs import logging_alike

if TYPE_CHECKING:
    from http.client import HTTPResponse

logger = logging.getLogger(__name__)

# Parts of a message that may mean another state, name, right or key. What is served is in none: ipn/backend.go.
_RELEVANT = frozenset({"State", "Prefs", "SelfChange", "NetMap", "ErrMessage", "Health"})
_LONGEST = 1 << 18  # bytes; the map of a large tailnet is longer: it counts as relevant, and is not kept
_PAUSE = 0.1  # seconds after a relevant message, and after so many bytes of others: a flood waits in the socket
_IRRELEVANT_AT_ONCE = 1 << 16


class Bus:
    """Calls `ring`, which returns at once, on a thread that lives as long as the stream does and sleeps between."""

    def __init__(self, api: LocalApi, ring: Callable[[], None], pause: float) -> None:
        self._api = api
        self._ring = ring
        self._pause = pause
        self._over = CancelToken()
        self._next = 0.0
        self._thread: threading.Thread | None = None

    def listen(self) -> None:
        """Begin to read, unless it does; after an end or a failure not before `pause` seconds. Returns at once."""
        now = time.monotonic()
        if now < self._next or (self._thread is not None and self._thread.is_alive()):
            return
        self._next = now + self._pause
        self._thread = threading.Thread(target=logging_alike(self._follow), name="portway-tailscale-bus", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop reading. Bounded."""
        self._over.cancel()
        if self._thread is not None:
            self._thread.join(self._api.limit)

    def _follow(self) -> None:
        try:
            with self._api.bus(self._over) as stream:
                self._pass_on(stream)
            self._ring()  # it ended: perhaps with the daemon
        except Cancelled:
            return
        except NoAnswerError as error:
            logger.info("Tailscale's stream of changes cannot be read, so it is asked at intervals: %s", error)
        except Exception:  # a border: nothing above this thread would tell
            logger.exception("Reading Tailscale's notifications failed: an error of Portway")

    def _pass_on(self, stream: HTTPResponse) -> None:
        skipped = 0
        for line in _lines(stream):
            relevant = line is None or _is_relevant(line)
            if relevant:
                self._ring()
            skipped += 0 if line is None else len(line)
            if relevant or skipped > _IRRELEVANT_AT_ONCE:
                self._over.wait(_PAUSE)
                skipped = 0


def _lines(stream: HTTPResponse) -> Iterator[bytes | None]:
    """Return each line, None for one that is too long to keep. Blocks in between."""
    cut = False
    while line := stream.readline(_LONGEST):
        whole = line.endswith(b"\n")
        if whole and not cut:
            yield line
        elif whole or not cut:
            yield None
        cut = not whole


def _is_relevant(line: bytes) -> bool:
    """Return whether a message may concern the Funnel. Raises NoAnswerError for one that is none."""
    try:
        message = json.loads(line)
    except (ValueError, RecursionError):
        message = None
    if not isinstance(message, dict):
        text = "its bus tells something else than messages"
        raise NoAnswerError(text)
    return any(message.get(part) is not None for part in _RELEVANT)
