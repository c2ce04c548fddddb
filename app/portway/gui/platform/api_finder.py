"""Finds out of which local servers /v1 is an API that others can use: those that tell their models there."""

import json
import logging
import threading
import time
from collections.abc import Callable

from PySide6.QtCore import QObject, Signal, Slot

from portway.core.cancel import Deadline
from portway.core.status import TunnelStatus
from portway.core.target import parse_target
from portway.system.network.loopback_http import ask_loopback

logger = logging.getLogger(__name__)

_LIMIT = 2.0  # seconds for one answer
_FRESH = 30.0  # seconds for which an answer holds, however often a status changes
_NEEDS_KEY = (401, 403)


class ApiFinder(QObject):
    """Lives on the main thread. Asks on a thread of its own, and only about what is open just now."""

    found = Signal()  # what `has_api` says is another thing now
    _ended = Signal(str, bool)  # emitted on the thread that asked

    def __init__(self, parent: QObject | None = None, ask: Callable[[str], bool] | None = None) -> None:
        super().__init__(parent)
        self._ask = ask or lists_models
        self._known: dict[str, bool] = {}
        self._asked: dict[str, float] = {}
        self._ended.connect(self._on_ended)

    def has_api(self, target_url: str) -> bool:
        """Whether it is known to have one; from memory."""
        return self._known.get(target_url, False)

    def take_status(self, status: TunnelStatus) -> None:
        """Ask the server of a tunnel that is open and answers, unless that was done just now."""
        if not status.running or status.problem is not None:
            return
        now, target = time.monotonic(), status.target_url
        if now - self._asked.get(target, float("-inf")) > _FRESH:
            self._asked[target] = now
            # A daemon: a server that is slow to answer must not keep the program from ending.
            threading.Thread(target=self._look, args=(target,), name="models", daemon=True).start()

    def _look(self, target: str) -> None:
        """Runs on the thread."""
        there = self._ask(target)
        try:
            self._ended.emit(target, there)
        except RuntimeError:  # the program ended meanwhile, and this object with it
            logger.debug("Nobody waits for the models of %s any more", target)

    @Slot(str, bool)
    def _on_ended(self, target: str, there: bool) -> None:  # noqa: FBT001 - Qt's signal
        if self.has_api(target) is not there:
            self._known[target] = there
            self.found.emit()


def lists_models(target_url: str) -> bool:
    """Whether GET /v1/models is answered as https://platform.openai.com/docs/api-reference/models/list says.

    A refusal in JSON counts too: such an API wants a key. Blocks for two seconds at most. Any thread.
    """
    target = parse_target(target_url)
    if target.scheme != "http" or target.first.host != "127.0.0.1":
        return False
    try:
        answer = ask_loopback(target.port, "/v1/models", Deadline.after(_LIMIT))
        told = json.loads(answer.body)
    except (OSError, ValueError, RecursionError):
        return False
    if not isinstance(told, dict):
        return False
    return answer.status in _NEEDS_KEY or isinstance(told.get("data"), list)
