"""From a command line to a tunnel that carries traffic, or to the cause why not."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from portway.backends.cloudflared.declaration import PROGRAM, SERVICE
from portway.backends.cloudflared.metrics import Metrics
from portway.backends.cloudflared.output import Findings, signal_name
from portway.backends.cloudflared.reading import Reader
from portway.backends.cloudflared.session import Tunnel
from portway.core.backend import Context
from portway.core.codes import Code
from portway.core.errors import Problem, TunnelError
from portway.core.status import Progress
from portway.core.timing import Timing
from portway.system.process import ChildProcess, OutputFile

_LOOK_EVERY = 0.02
# What does not pass by itself within the time that a start may take.
_HOPELESS = frozenset({Code.TLS_INTERCEPTED, Code.RATE_LIMITED})


@dataclass(frozen=True, slots=True)
class Start:
    """One try."""

    command: Sequence[str]
    environment: Mapping[str, str]
    output: OutputFile
    timing: Timing

    def run(self, context: Context, started: Callable[[ChildProcess], None]) -> Tunnel:
        """Block until the edge carries traffic. `started` hears of the process at once.

        Raises TunnelError or Cancelled; the process is then gone.
        """
        process = self._process()
        try:
            started(process)
            return self._up(process, context)
        except BaseException:
            process.stop(self.timing.stop_grace)
            raise
        finally:
            context.listener.progress(None)

    def _process(self) -> ChildProcess:
        try:
            return ChildProcess(self.command, self.environment, self.output)
        except OSError as error:
            reason = error.strerror or type(error).__name__
            raise TunnelError(
                Code.BINARY_UNUSABLE, program=PROGRAM, path=str(Path(self.command[0])), reason=reason
            ) from error

    def _up(self, process: ChildProcess, context: Context) -> Tunnel:
        reader = Reader(self.output)
        findings = reader.findings
        deadline = time.monotonic() + self.timing.start_limit
        context.listener.progress(Progress(step="request", message="Asking Cloudflare for an address"))
        connecting = False
        while time.monotonic() < deadline:
            context.cancel.wait(_LOOK_EVERY)
            ended = process.ended.is_set()
            reader.read(last=ended)
            if ended:
                raise self._ended(process, findings)
            if findings.cause is not None and findings.cause.code in _HOPELESS:
                raise self._raised(findings.cause)
            if findings.metrics_port is None:
                continue
            if not connecting:
                connecting = True
                context.listener.progress(Progress(step="connect", message="Connecting to Cloudflare"))
            public_url = self._public_url(findings.metrics_port, context)
            if public_url is not None:
                reader.read()
                metrics = Metrics(findings.metrics_port)
                return Tunnel(process=process, metrics=metrics, reader=reader, public_url=public_url)
        raise self._too_late(findings)

    def _public_url(self, metrics_port: int, context: Context) -> str | None:
        """Return its URL once its own words agree: an edge, a name, and our target."""
        metrics = Metrics(metrics_port)
        if not metrics.ready():
            return None
        host = metrics.public_host()
        if host is None:
            return None
        if metrics.service() != context.origin.url:
            reason = "it forwards to another server than the one that was asked for"
            raise TunnelError(Code.PROCESS_DIED, program=PROGRAM, reason=reason)
        return f"https://{host}"

    def _ended(self, process: ChildProcess, findings: Findings) -> TunnelError:
        if process.code is None or process.code >= 0 or findings.heard:
            return self._raised(findings.ended(process.code))
        # Before its first word: that is how macOS treats a file in quarantine.
        reason = f"the system ended it at once ({signal_name(-process.code)})"
        return TunnelError(Code.BINARY_UNUSABLE, program=PROGRAM, path=self.command[0], reason=reason)

    def _too_late(self, findings: Findings) -> TunnelError:
        if findings.cause is not None:
            return self._raised(findings.cause)
        if findings.metrics_port is None:
            return TunnelError(Code.NO_NETWORK, "service", service=SERVICE)
        return TunnelError(Code.START_TIMEOUT, program=PROGRAM, seconds=f"{self.timing.start_limit:g}")

    def _raised(self, problem: Problem) -> TunnelError:
        wait = self.timing.intercepted_wait if problem.code is Code.TLS_INTERCEPTED else problem.retry_after
        return TunnelError(problem.code, problem.variant, retry_after=wait, **dict(problem.parameters))
