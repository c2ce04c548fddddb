"""Starts cloudflared: its command line and environment, and the way to a tunnel that carries traffic, or to why not."""

import shlex
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from portway.backends.cloudflared.declaration import PROGRAM, SERVICE, CloudflaredOptions
from portway.backends.cloudflared.metrics import Metrics
from portway.backends.cloudflared.output import Findings, Reader, is_public_host
from portway.backends.cloudflared.session import QuickTunnel
from portway.core.backend import Context
from portway.core.cancel import Deadline
from portway.core.codes import Code
from portway.core.errors import Problem, TunnelError
from portway.core.foreign_text import PublicUrl, checked_url
from portway.core.status import Progress
from portway.core.target import Target
from portway.core.timing import Timing
from portway.system.processes.child import Child, Children
from portway.system.processes.environment import child_environment
from portway.system.processes.output_file import OutputFile
from portway.system.processes.output_log import signal_name

MORE_ARGUMENTS = "PORTWAY_CLOUDFLARED_ARGS"  # for tests: shell words
GRACE_SECONDS = 4  # less than `stop_grace`, after which it is killed
_LOOK_EVERY = 0.02
_SECOND_TRY = 2.0  # seconds; cloudflared itself tries again after one
# What does not pass by itself within the time that a start may take.
_HOPELESS = frozenset({Code.TLS_INTERCEPTED, Code.RATE_LIMITED})


def arguments(program: Path, origin: Target, options: CloudflaredOptions, environment: Mapping[str, str]) -> list[str]:
    """Return the command line. An empty --config keeps the person's own config.yml out, which would win."""
    own = [
        str(program),
        "tunnel",
        "--config",
        "",
        "--url",
        origin.url,
        "--no-autoupdate",
        "--metrics",
        "127.0.0.1:0",
        "--protocol",
        options.protocol,
        "--grace-period",
        f"{GRACE_SECONDS}s",
    ]
    if options.protocol == "auto":
        own += ["--max-edge-addr-retries", "1"]  # to fall back to http2 after 13 s instead of 3 minutes
    if options.host_header:
        own += ["--http-host-header", options.host_header]
    if origin.scheme == "https":
        own += ["--no-tls-verify"]  # a local server has a certificate of its own making
    return own + shlex.split(environment.get(MORE_ARGUMENTS, ""))


def environment_of_child(environment: Mapping[str, str]) -> dict[str, str]:
    """Return what it may know: none of the TUNNEL_ variables, which the allow-list leaves out."""
    return child_environment(environment, TUNNEL_NO_PRECHECKS="true", NO_AUTOUPDATE="true")


@dataclass(frozen=True, slots=True)
class Launch:
    """One try to start cloudflared."""

    command: Sequence[str]
    environment: Mapping[str, str]
    output: OutputFile
    timing: Timing
    children: Children
    mark: str

    def run(self, context: Context, started: Callable[[Child], None]) -> QuickTunnel:
        """Block until the edge carries traffic. `started` is called with the process at once.

        Raises TunnelError or Cancelled; the process is then gone.
        """
        process = self.output.start(self.children, self.command, self.environment, mark=self.mark, program=PROGRAM)
        try:
            started(process)
            return self._up(process, context)
        except BaseException:
            process.stop(self.timing.stop_grace)
            raise
        finally:
            context.listener.progress(None)

    def _up(self, process: Child, context: Context) -> QuickTunnel:
        reader = Reader(self.output)
        findings = reader.findings
        deadline = Deadline.after(self.timing.start_limit)
        context.listener.progress(Progress(step="request", message="Asking Cloudflare for an address"))
        connecting, doubt = False, None
        while not deadline.over:
            context.cancel.wait(_LOOK_EVERY)
            ended = process.ended.is_set()
            reader.read(last=ended)
            if ended:
                raise self._ended(process, findings)
            if findings.cause is not None and findings.cause.code in _HOPELESS:
                raise self._raised(findings.cause)
            doubt = self._doubt(findings.cause, doubt)
            if findings.metrics_port is None:
                continue
            if not connecting:
                connecting = True
                context.listener.progress(Progress(step="connect", message="Connecting to Cloudflare"))
            public_url = self._public_url(findings.metrics_port, context)
            if public_url is not None:
                reader.read()
                metrics = Metrics(findings.metrics_port, context.cancel)
                return QuickTunnel(process=process, metrics=metrics, reader=reader, public_url=public_url)
        raise self._too_late(findings)

    def _doubt(self, cause: Problem | None, before: Deadline | None) -> Deadline | None:
        """Give a refused registration the moment of one more try: a new name may not be known everywhere at once."""
        if cause is None or cause.code is not Code.REFUSED_BY_SERVICE:
            return None
        doubt = before or Deadline.after(_SECOND_TRY)
        if doubt.over:
            raise self._raised(cause)
        return doubt

    def _public_url(self, metrics_port: int, context: Context) -> PublicUrl | None:
        """Return its URL once its own words agree: an edge, a name, and our target."""
        metrics = Metrics(metrics_port, context.cancel)
        if not metrics.ready():
            return None
        host = metrics.public_host()
        if host is None:
            return None
        if metrics.service() != context.origin.url:
            reason = "it forwards to another server than the one that was asked for"
            raise TunnelError(Code.PROCESS_DIED, program=PROGRAM, reason=reason)
        return checked_url(f"https://{host}", SERVICE, lambda url: is_public_host(url.host) and url.port is None)

    def _ended(self, process: Child, findings: Findings) -> TunnelError:
        if process.code is None or process.code >= 0 or findings.wrote:
            return self._raised(findings.ended(process.code))
        # Before its first line: that is how macOS treats a file in quarantine.
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
        return TunnelError(
            problem.declared or problem.code, problem.variant, retry_after=wait, **dict(problem.parameters)
        )
