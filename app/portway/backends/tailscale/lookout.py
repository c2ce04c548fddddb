"""Sees how a Funnel fares: by the daemon's own interface, which is quick and costs no process, else by the command."""

from __future__ import annotations

import logging
import threading
import time
from types import TracebackType
from typing import Self

from portway.backends.tailscale.bus import Bus
from portway.backends.tailscale.client import Client, daemon_down
from portway.backends.tailscale.local_api import DaemonGoneError, LocalApi, NoAnswerError
from portway.backends.tailscale.node import Node
from portway.backends.tailscale.serve_config import ServeConfig
from portway.core.cancel import CancelToken
from portway.core.timing import Timing

logger = logging.getLogger(__name__)


class Lookout:
    """Used as a context, by one thread. The daemon tells of itself, but not of what it serves: that is looked for."""

    def __init__(self, client: Client, api: LocalApi, node_id: str, timing: Timing, over: CancelToken) -> None:
        self._client = client
        self._api = api
        self._node_id = node_id
        self._timing = timing
        self._over = over
        self._news = threading.Event()
        self._bus = Bus(api, self._news.set, timing.poll)
        self._in_touch = False
        self._has_answered = False
        self._may_answer = True  # until it was asked once
        self._is_gone = False

    def __enter__(self) -> Self:
        self._bus.listen()
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _where: TracebackType | None
    ) -> None:
        self._bus.close()

    def wait(self) -> None:
        """Return when there is a reason to look. Raises Cancelled."""
        latest = time.monotonic() + self._timing.poll
        while True:
            # A daemon that went away is looked for as often as it was looked at: this costs no process either.
            seconds = self._timing.daemon_look if self._may_answer else self._timing.poll
            with self._over.calling(self._news.set):
                rang = self._news.wait(min(seconds, max(latest - time.monotonic(), 0.0)))
            self._news.clear()
            self._over.check()
            if rang or self._in_touch or time.monotonic() >= latest or self._by_daemon() is not None:
                self._bus.listen()
                return
            self._may_answer = self._has_answered

    def see(self) -> tuple[Node, ServeConfig]:
        """Return the computer and what it serves. Raises TunnelError, Cancelled."""
        seen, was_in_touch = self._by_daemon(), self._in_touch
        self._in_touch = seen is not None
        if seen is not None:
            self._has_answered = self._may_answer = True
            return seen
        if was_in_touch and self._is_gone:  # the command would take two seconds to say so
            raise daemon_down()
        node = self._client.node(self._over)
        self._node_id = node.id  # another one since somebody logged in anew
        return node, self._client.config(self._over)

    def _by_daemon(self) -> tuple[Node, ServeConfig] | None:
        try:
            node, config = self._api.node(self._over), self._api.config(self._over)
        except NoAnswerError as error:
            self._is_gone = isinstance(error, DaemonGoneError)
            if self._in_touch:
                logger.info("Tailscale's command is asked, as its daemon does not answer: %s", error)
            return None
        return (node, config) if node.id == self._node_id else None
