"""Hands each public URL that comes, changes or goes to the file and the command that a person has set."""

from __future__ import annotations

import logging
import queue
import threading
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal, Slot

from portway.core.errors import Problem, TunnelError
from portway.core.hub import Hub
from portway.core.settings import General
from portway.core.status import BackendId, Phase, TunnelStatus
from portway.system.services import Services
from portway.system.url_hooks import run_command, write_line

logger = logging.getLogger(__name__)


class HookEvent(StrEnum):
    """What became of a public URL."""

    UP = "up"
    CHANGED = "changed"
    DOWN = "down"


class Hook(StrEnum):
    """What takes it."""

    FILE = "file"
    COMMAND = "command"


@dataclass(frozen=True, slots=True)
class UrlEvent:
    """One thing that became of the URL of one backend. Empty texts: there is, or was, none."""

    backend: BackendId
    event: HookEvent
    url: str
    old_url: str


@dataclass(frozen=True, slots=True)
class HookResult:
    """What came of one run of a hook."""

    hook: Hook
    event: UrlEvent
    problem: Problem | None


class UrlHooks(QObject):
    """Lives on the main thread; the hooks run one after the other on a daemon thread, made for the first of them."""

    ran = Signal(object)  # HookResult
    _ended = Signal(object)  # emitted on the thread

    def __init__(self, hub: Hub, services: Services, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._hub = hub
        self._services = services
        self._urls: dict[BackendId, str] = {}
        self._results: dict[Hook, HookResult] = {}
        self._waiting: queue.SimpleQueue[tuple[UrlEvent, General]] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._ended.connect(self._on_ended, Qt.ConnectionType.QueuedConnection)
        self._unsubscribe = hub.subscribe(self._on_status)

    def last_result(self, hook: Hook) -> HookResult | None:
        """Return what came of its last run, None if there was none yet."""
        return self._results.get(hook)

    def try_out(self) -> None:
        """Run the hooks that are set as if a URL had just come; `ran` follows for each.

        It is the one that is up, else that of the local server, which does no harm in a project's file.
        """
        chosen = self._hub.settings.general.hook_backend
        statuses = [status for status in self._hub.statuses() if chosen in ("", status.backend)]
        status = next((status for status in statuses if status.running), statuses[0])
        self._run(UrlEvent(status.backend, HookEvent.UP, status.public_url or status.target_url, ""))

    def close(self) -> None:
        """Hear of nothing more. What is running goes on to its own limit."""
        self._unsubscribe()

    def _on_status(self, status: TunnelStatus) -> None:
        old = self._urls.get(status.backend, "")
        # One that is being brought back is not down: it will have the same URL, or another one.
        kept = old if status.wanted and status.phase is Phase.STARTING else ""
        url = status.public_url or kept
        if url == old:
            return
        self._urls[status.backend] = url
        event = HookEvent.DOWN if not url else HookEvent.CHANGED if old else HookEvent.UP
        chosen = self._hub.settings.general.hook_backend
        if chosen in ("", status.backend):
            self._run(UrlEvent(status.backend, event, url, old))

    def _run(self, event: UrlEvent) -> None:
        general = self._hub.settings.general
        if not general.hook_file and not general.hook_command:
            return
        self._waiting.put((event, general))
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="URL hooks", daemon=True)
            self._thread.start()

    def _work(self) -> None:
        """Runs on the thread."""
        while True:
            event, general = self._waiting.get()
            try:
                for result in self._handed(event, general):
                    self._ended.emit(result)
            except RuntimeError:  # the program ended meanwhile, and this object with it
                return

    def _handed(self, event: UrlEvent, general: General) -> list[HookResult]:
        results = []
        if general.hook_file and event.url:  # at the end the value is left
            results.append(HookResult(Hook.FILE, event, _write(general, event)))
        if general.hook_command:
            facts = {
                "PORTWAY_BACKEND": event.backend, "PORTWAY_URL": event.url, "PORTWAY_OLD_URL": event.old_url,
                "PORTWAY_EVENT": event.event.value,
            }  # fmt: skip
            limit = self._services.timing.hook_limit
            problem = run_command(general.hook_command, facts, self._services.environment, limit)
            results.append(HookResult(Hook.COMMAND, event, problem))
        return results

    @Slot(object)
    def _on_ended(self, result: HookResult) -> None:
        if result.problem is not None:
            logger.warning("%s", result.problem.sentence)
        self._results[result.hook] = result
        self.ran.emit(result)


def _write(general: General, event: UrlEvent) -> Problem | None:
    try:
        write_line(Path(general.hook_file), general.hook_key, event.url)
    except TunnelError as error:
        return error.problem
    return None
