"""One open tunnel of Cloudflare: watched by its output, its metrics server and the end of its process."""

import dataclasses
import logging
import threading
import time
from dataclasses import dataclass
from datetime import datetime

from portway.backends.cloudflared import causes
from portway.backends.cloudflared.declaration import PROGRAM, SERVICE, CloudflaredExtras, CloudflaredTiming
from portway.backends.cloudflared.metrics import Metrics
from portway.backends.cloudflared.output import Reader, token_refused
from portway.backends.cloudflared.proof import Proof
from portway.backends.cloudflared.record import TunnelRecordFile
from portway.backends.cloudflared.resume_probe import LONGEST_PAUSE, ResumeProbe
from portway.core.backend import Context, Listener
from portway.core.cancel import CancelToken
from portway.core.codes import Code
from portway.core.errors import Cancelled, Problem, TunnelError, problem_of
from portway.core.foreign_text import PublicUrl
from portway.system.logs.logs import logging_alike
from portway.system.processes.child import Process
from portway.system.processes.file_alarm import watch_file

logger = logging.getLogger(__name__)

_LOOKS_AT_ONCE = 4  # after a line about its edge: /ready may need a moment to follow
_LOOKS_UNTIL_SILENT = 3  # a metrics server that is only slow is no lost edge


@dataclass(frozen=True, slots=True, kw_only=True)
class RunningTunnel:
    """A process with what is known about it. `since` is known of one that an earlier Portway started."""

    process: Process
    metrics: Metrics
    reader: Reader
    proof: Proof
    public_url: PublicUrl
    since: datetime | None = None


class CloudflaredSession:
    """Implements core.backend.Session. A thread of its own watches the process until close or leave."""

    def __init__(
        self,
        tunnel: RunningTunnel,
        listener: Listener,
        timing: CloudflaredTiming,
        record: TunnelRecordFile,
        resume_probe: ResumeProbe,
    ) -> None:
        self.public_url = tunnel.public_url
        self.since = tunnel.since
        self.pid: int | None = tunnel.process.identity.pid
        self._tunnel = tunnel
        self._listener = listener
        self._timing = timing
        self._record = record
        self._resume_probe = resume_probe
        self._over = CancelToken()  # nothing is told any more
        self._metrics = dataclasses.replace(tunnel.metrics, cancel=self._over)
        self._alarm = watch_file(tunnel.reader.path, timing.words_look)
        self._edge_lost = False
        self._silent = 0
        self._looks_at_once = 0
        self._look_at = time.monotonic() + timing.edge_look
        self.extras = CloudflaredExtras()
        watch, await_end = logging_alike(self._watch), logging_alike(self._await_end)
        self._watcher = threading.Thread(target=watch, name=f"watch of {self.pid}", daemon=True)
        self._end_watcher = threading.Thread(target=await_end, name=f"end of {self.pid}", daemon=True)

    def begin(self) -> None:
        """Report what is known, and watch it from now on."""
        self.extras = self._facts()
        self._listener.report(self.extras, self.pid)
        self._watcher.start()
        self._end_watcher.start()

    def close(self, context: Context) -> None:  # noqa: ARG002 - of the Protocol
        """End the process. Raises TunnelError if it is still there."""
        self._over.cancel()
        self._alarm.ring()
        stopped = self._tunnel.process.stop(self._timing.stop_grace)
        self._join()
        if not stopped:
            raise TunnelError(Code.PROCESS_DIED, program=PROGRAM, reason=f"process {self.pid} cannot be ended")
        self._record.clear()
        self._listener.report(CloudflaredExtras())

    def leave(self) -> None:
        """Let it run on; its record lets the next Portway find it."""
        self._over.cancel()
        self._alarm.ring()
        self._tunnel.process.leave()
        self._join(end_too=self._tunnel.process.ended.is_set())

    def _join(self, *, end_too: bool = True) -> None:
        threads = (self._watcher, self._end_watcher) if end_too else (self._watcher,)
        for thread in threads:
            if thread.is_alive() and thread is not threading.current_thread():
                thread.join(self._timing.stop_grace)

    def _await_end(self) -> None:
        """Wake the watching thread as soon as the process has ended."""
        self._tunnel.process.ended.wait()
        self._alarm.ring()

    def _watch(self) -> None:
        while True:
            self._alarm.wait(self._pause())
            if self._tunnel.process.ended.is_set() and not self._over.cancelled:
                self._tell_end()
            try:
                self._over.check()
                self._read_output()
                self._resume_probe.notice(self._alarm.ring)
                if self._look_is_due():
                    self._look()
                self._report()
            except Cancelled:
                break
            except Exception:
                logger.exception("Watching cloudflared failed: an error of Portway")
        self._resume_probe.settle()
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
        self._over.cancel()
        self._listener.lost(problem)

    def _read_output(self) -> None:
        """Read its output, which only gives hints when to ask its metrics server."""
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
        if now < self._look_at and not self._looks_at_once and not self._resume_probe.changed():
            return False
        self._look_at = now + self._timing.edge_look
        self._looks_at_once = max(self._looks_at_once - 1, 0)
        return True

    def _look(self) -> None:
        """Ask for its edge. What its metrics server denies counts more than what a visit from outside showed."""
        ready = self._metrics.ready()
        self._silent = self._silent + 1 if ready is None else 0
        if ready is False and self._tunnel.proof.tunnel_id is not None:
            refusal = token_refused(self._tunnel.reader.findings)
            if refusal is not None:
                self._give_up(refusal)
                return
        if ready is False or self._silent >= _LOOKS_UNTIL_SILENT:
            self._resume_probe.settle()
            self._tell_loss(self._tunnel.reader.findings.cause or _edge_lost())
        elif self._resume_probe.broken:
            self._tell_loss(problem_of(causes.SLEPT, program=PROGRAM))
        elif ready and self._leads_where_it_should() and self._edge_lost:
            self._edge_lost = False
            self._tunnel.reader.findings.cause = None
            self._listener.recovered(self.public_url)

    def _leads_where_it_should(self) -> bool:
        """Look whether Cloudflare's dashboard sends visitors elsewhere by now: then it is over."""
        try:
            self._tunnel.proof.check(self._metrics)
        except TunnelError as error:
            self._give_up(error.problem)
            return False
        return True

    def _give_up(self, problem: Problem) -> None:
        """End a process that would go on for ever without being of use."""
        if self._over.cancelled:
            return  # it is closed just now
        logger.warning("%s is ended: %s", PROGRAM, problem.sentence)
        self._over.cancel()
        if self._tunnel.process.stop(self._timing.stop_grace):
            self._record.clear()
        self._listener.lost(problem)

    def _tell_loss(self, problem: Problem) -> None:
        if not self._edge_lost:
            self._edge_lost = True
            self._listener.recovering(problem)

    def _report(self) -> None:
        """Tell its own status fields where they changed."""
        extras = self._facts()
        if extras != self.extras and not self._over.cancelled:
            self.extras = extras
            self._listener.report(extras, self.pid)

    def _facts(self) -> CloudflaredExtras:
        findings, proof = self._tunnel.reader.findings, self._tunnel.proof
        return CloudflaredExtras(
            protocol=findings.protocol,
            edge_location=findings.edge_location,
            managed=proof.managed,
            tunnel_id=proof.tunnel_id,
        )


def _edge_lost() -> Problem:
    return Problem(Code.EDGE_UNREACHABLE, "", {"service": SERVICE, "reason": "its edge dropped the connection"})
