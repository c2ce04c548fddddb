"""One open quick tunnel: watched by its own words, its metrics server and its end."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from portway.backends.cloudflared.after_sleep import LONGEST_PAUSE, AfterSleep
from portway.backends.cloudflared.declaration import PROGRAM, SERVICE, CloudflaredExtras
from portway.backends.cloudflared.metrics import Metrics
from portway.backends.cloudflared.reading import Reader
from portway.backends.cloudflared.record import TunnelRecordFile
from portway.core.backend import Context, Listener
from portway.core.codes import Code
from portway.core.errors import Problem, TunnelError
from portway.core.timing import Timing
from portway.system.file_alarm import watch_file
from portway.system.process import AdoptedProcess, Process

logger = logging.getLogger(__name__)

_LOOKS_AT_ONCE = 4  # after a word about its edge: /ready may need a moment to follow
_LOOKS_UNTIL_SILENT = 3  # a metrics server that is only slow is no lost edge


@dataclass(frozen=True, slots=True, kw_only=True)
class Tunnel:
    """A process with what is known about it. `since` is known of one that an earlier run started."""

    process: Process
    metrics: Metrics
    reader: Reader
    public_url: str
    since: datetime | None = None


class CloudflaredSession:
    """Implements core.backend.Session. A thread of its own looks after the process until close or leave."""

    def __init__(
        self,
        tunnel: Tunnel,
        listener: Listener,
        timing: Timing,
        record: TunnelRecordFile,
        after_sleep: AfterSleep,
    ) -> None:
        self.public_url = tunnel.public_url
        self.since = tunnel.since
        self.pid: int | None = tunnel.process.identity.pid
        self._tunnel = tunnel
        self._listener = listener
        self._timing = timing
        self._record = record
        self._after_sleep = after_sleep
        self._over = threading.Event()  # nothing is told any more
        self._alarm = watch_file(tunnel.reader.path, timing.words_look)
        self._edge_lost = False
        self._silent = 0
        self._looks_at_once = 0
        self._look_at = time.monotonic() + timing.edge_look
        self._host_refused = False
        self.extras = CloudflaredExtras()
        self._watcher = threading.Thread(target=self._watch, name=f"watch of {self.pid}", daemon=True)
        self._end_watcher = threading.Thread(target=self._await_end, name=f"wake of {self.pid}", daemon=True)

    def begin(self, host_is_refused: Callable[[], bool] | None = None) -> None:
        """Tell what is known, and look after it from now on; the bounded question is asked on a thread of its own."""
        self.extras = self._facts()
        self._listener.report(self.extras, self.pid)
        self._watcher.start()
        self._end_watcher.start()
        if host_is_refused is not None:
            asking = threading.Thread(target=self._ask, args=(host_is_refused,), name="look at the host", daemon=True)
            asking.start()

    def close(self, context: Context) -> None:  # noqa: ARG002 - of the Protocol
        """End the process. Raises TunnelError if it is still there."""
        self._over.set()
        self._alarm.ring()
        stopped = self._tunnel.process.stop(self._timing.stop_grace)
        self._join()
        if not stopped:
            raise TunnelError(Code.PROCESS_DIED, program=PROGRAM, reason=f"process {self.pid} cannot be ended")
        self._record.clear()
        self._listener.report(CloudflaredExtras())

    def leave(self) -> None:
        """Let it run on; its record lets the next Portway find it."""
        self._over.set()
        self._alarm.ring()
        if isinstance(self._tunnel.process, AdoptedProcess):
            self._tunnel.process.leave()
        self._join(end_too=self._tunnel.process.ended.is_set())

    def _join(self, *, end_too: bool = True) -> None:
        threads = (self._watcher, self._end_watcher) if end_too else (self._watcher,)
        for thread in threads:
            if thread.is_alive() and thread is not threading.current_thread():
                thread.join(self._timing.stop_grace)

    def _await_end(self) -> None:
        """The end of the process is news at once, not at the next look."""
        self._tunnel.process.ended.wait()
        self._alarm.ring()

    def _ask(self, host_is_refused: Callable[[], bool]) -> None:
        self._host_refused = host_is_refused()
        self._alarm.ring()

    def _watch(self) -> None:
        while not self._over.is_set():
            self._alarm.wait(self._pause())
            if self._over.is_set():
                break
            if self._tunnel.process.ended.is_set():
                self._tell_end()
                break
            try:
                self._listen()
                self._after_sleep.notice(self._alarm.ring)
                if self._look_is_due():
                    self._look()
                self._report()
            except Exception:
                logger.exception("a look at cloudflared failed")
        self._after_sleep.settle()
        self._alarm.close()

    def _pause(self) -> float:
        if self._looks_at_once:
            return self._timing.words_look
        return min(self._look_at - time.monotonic(), LONGEST_PAUSE)

    def _tell_end(self) -> None:
        self._tunnel.reader.read(last=True)
        problem = self._tunnel.reader.findings.ended(self._tunnel.process.code)
        logger.warning("%s ended: %s", PROGRAM, problem.sentence)
        self._record.clear()
        self._over.set()
        self._listener.lost(problem)

    def _listen(self) -> None:
        """Take its words, which are only hints: they tell when a look is worth it."""
        findings = self._tunnel.reader.findings
        self._tunnel.reader.read()
        if findings.origin_suspect:
            findings.origin_suspect = False
            self._listener.origin_suspect()
        if findings.edge_moved:
            findings.edge_moved = False
            self._looks_at_once = _LOOKS_AT_ONCE

    def _look_is_due(self) -> bool:
        now = time.monotonic()
        if now < self._look_at and not self._looks_at_once and not self._after_sleep.changed():
            return False
        self._look_at = now + self._timing.edge_look
        self._looks_at_once = max(self._looks_at_once - 1, 0)
        return True

    def _look(self) -> None:
        """Ask for its edge. What its metrics server denies counts more than what a visit from outside showed."""
        ready = self._tunnel.metrics.ready()
        self._silent = self._silent + 1 if ready is None else 0
        if ready is False or self._silent >= _LOOKS_UNTIL_SILENT:
            self._after_sleep.settle()
            self._tell_loss(self._tunnel.reader.findings.cause or _edge_lost())
        elif self._after_sleep.broken:
            self._tell_loss(Problem(Code.EDGE_UNREACHABLE, "slept", {"program": PROGRAM}))
        elif ready and self._edge_lost:
            self._edge_lost = False
            self._tunnel.reader.findings.cause = None
            self._listener.recovered(self.public_url)

    def _tell_loss(self, problem: Problem) -> None:
        if not self._edge_lost:
            self._edge_lost = True
            self._listener.recovering(problem)

    def _report(self) -> None:
        """Tell its own status fields where they changed."""
        extras = self._facts()
        if extras != self.extras and not self._over.is_set():
            self.extras = extras
            self._listener.report(extras, self.pid)

    def _facts(self) -> CloudflaredExtras:
        findings = self._tunnel.reader.findings
        return CloudflaredExtras(
            protocol=findings.protocol, edge_location=findings.edge_location, host_refused=self._host_refused
        )


def _edge_lost() -> Problem:
    return Problem(Code.EDGE_UNREACHABLE, "", {"service": SERVICE, "reason": "its edge dropped the connection"})
