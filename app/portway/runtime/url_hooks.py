"""Hands each public URL that comes, changes or goes to the file and the command that a person has set."""

import logging
import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from portway.core.codes import Code
from portway.core.errors import Problem, TunnelError
from portway.core.hub import Hub
from portway.core.settings import General
from portway.core.status import Phase, TunnelId, TunnelStatus
from portway.system.services import Services
from portway.system.url_hooks import run_hook, write_line

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
    """One thing that became of the URL of one tunnel. Empty texts: there is, or was, none."""

    tunnel: TunnelId
    backend: str
    event: HookEvent
    url: str
    old_url: str


@dataclass(frozen=True, slots=True)
class HookResult:
    """How one call of a hook ended."""

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
        self._urls: dict[TunnelId, str] = {}
        self._results: dict[Hook, HookResult] = {}
        self._waiting: queue.SimpleQueue[tuple[UrlEvent, General]] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._ended.connect(self._on_ended)
        self._unsubscribe = hub.subscribe(self._on_status)

    def last_result(self, hook: Hook) -> HookResult | None:
        """Return how its last call ended, None before the first."""
        return self._results.get(hook)

    def try_out(self) -> None:
        """Run the hooks that are set as if a URL had just come; `ran` follows for each.

        It is the one that is up, else that of the local server, which does no harm in a project's file.
        """
        chosen = self._hub.settings.general.hook_backend
        found = [status for status in self._hub.statuses() if chosen in ("", status.id)]
        first = (found or self._hub.statuses())[0]  # none is found where the chosen one is gone
        status = next((status for status in found if status.running), first)
        url = status.public_url if found else None
        self._run(UrlEvent(status.id, status.backend, HookEvent.UP, url or status.target_url, ""))

    def close(self) -> None:
        """Call no more hooks. What is running goes on to its own limit."""
        self._unsubscribe()

    def _on_status(self, status: TunnelStatus) -> None:
        old = self._urls.get(status.id, "")
        # One that is being brought back is not down: it will have the same URL, or another one.
        kept = old if status.wanted and status.phase is Phase.STARTING else ""
        url = status.public_url or kept
        if url == old:
            return
        self._urls[status.id] = url
        event = HookEvent.DOWN if not url else HookEvent.CHANGED if old else HookEvent.UP
        chosen = self._hub.settings.general.hook_backend
        if chosen in ("", status.id):
            self._run(UrlEvent(status.id, status.backend, event, url, old))

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
            for hook, run in self._due(event, general).items():
                result = HookResult(hook, event, _outcome(run))
                try:
                    self._ended.emit(result)
                except RuntimeError:  # the program ended meanwhile, and this object with it
                    return

    def _due(self, event: UrlEvent, general: General) -> dict[Hook, Callable[[], Problem | None]]:
        """Return what is to be run, in order."""
        due: dict[Hook, Callable[[], Problem | None]] = {}
        if general.hook_file and event.url:  # at the end the value is left
            due[Hook.FILE] = partial(write_line, Path(general.hook_file), general.hook_key, event.url)
        if general.hook_command:
            facts = {
                "PORTWAY_BACKEND": event.backend,
                "PORTWAY_TUNNEL": event.tunnel,
                "PORTWAY_URL": event.url,
                "PORTWAY_OLD_URL": event.old_url,
                "PORTWAY_EVENT": event.event.value,
            }
            services, limit = self._services, self._services.timing.hook_limit
            due[Hook.COMMAND] = partial(
                run_hook, services.children, general.hook_command, facts, services.environment, limit
            )
        return due

    @Slot(object)
    def _on_ended(self, result: HookResult) -> None:
        if result.problem is not None:
            logger.warning("%s", result.problem.sentence)
        self._results[result.hook] = result
        self.ran.emit(result)


def _outcome(run: Callable[[], Problem | None]) -> Problem | None:
    """Run it; the thread goes on to the next one whatever happens."""
    try:
        return run()
    except TunnelError as error:
        return error.problem
    except Exception:
        logger.exception("A URL hook failed unexpectedly")
        return Problem(Code.INTERNAL)
