"""Reads the state of a Funnel: by the daemon's own API, which is quick and costs no process, else by the command."""

import logging
import threading
import time
from types import TracebackType
from typing import Self

from portway.backends.tailscale.daemon.bus import Bus
from portway.backends.tailscale.daemon.client import Client, daemon_down
from portway.backends.tailscale.daemon.local_api import DaemonGoneError, LocalApi, NoAnswerError
from portway.backends.tailscale.declaration import TailscaleTiming
from portway.backends.tailscale.parse.node import Node
from portway.backends.tailscale.parse.serve_config import ServeConfig
from portway.core.cancel import CancelToken

logger = logging.getLogger(__name__)


class Lookout:
    """A context, for one thread. The daemon notifies of its state, not of what it serves: that is read at intervals."""

    def __init__(self, client: Client, api: LocalApi, node_id: str, timing: TailscaleTiming, over: CancelToken) -> None:
        self._client = client
        self._api = api
        self._node_id = node_id
        self._timing = timing
        self._over = over
        self._notified = threading.Event()
        self._bus = Bus(api, self._notified.set, timing.poll)
        self._by_api = False
        self._has_answered = False
        self._may_answer = True  # until it was asked once
        self._daemon_gone = False

    def __enter__(self) -> Self:
        self._bus.listen()
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _where: TracebackType | None
    ) -> None:
        self._bus.close()

    def wait(self) -> None:
        """Return when the state may have changed, and at the latest after `timing.poll`. Raises Cancelled."""
        latest = time.monotonic() + self._timing.poll
        while True:
            # A daemon that went away is tried as often as before: this costs no process either.
            seconds = self._timing.daemon_look if self._may_answer else self._timing.poll
            with self._over.calling(self._notified.set):
                rang = self._notified.wait(min(seconds, max(latest - time.monotonic(), 0.0)))
            self._notified.clear()
            self._over.check()
            if rang or self._by_api or time.monotonic() >= latest or self._by_daemon() is not None:
                self._bus.listen()
                return
            self._may_answer = self._has_answered

    def see(self) -> tuple[Node, ServeConfig]:
        """Return the computer and what it serves. Raises TunnelError, Cancelled."""
        seen, was_by_api = self._by_daemon(), self._by_api
        self._by_api = seen is not None
        if seen is not None:
            self._has_answered = self._may_answer = True
            return seen
        if was_by_api and self._daemon_gone:  # the command would take two seconds to say so
            raise daemon_down()
        node = self._client.node(self._over)
        self._node_id = node.id  # another one since somebody logged in anew
        return node, self._client.config(self._over)

    def _by_daemon(self) -> tuple[Node, ServeConfig] | None:
        try:
            node, config = self._api.node(self._over), self._api.config(self._over)
        except NoAnswerError as error:
            self._daemon_gone = isinstance(error, DaemonGoneError)
            if self._by_api:
                logger.info("Tailscale's daemon does not answer, so its command is used: %s", error)
            return None
        return (node, config) if node.id == self._node_id else None
